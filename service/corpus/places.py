"""Places in files as those see them who may not see contacts: a recording's name is often its caller's number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ingest.contacts import EMAIL
from ingest.model import Reject
from service.corpus.receipt import Receipt, TableNote

PHONE_SHOWN: Final = "[phone]"
EMAIL_SHOWN: Final = "[email]"

_DAY = r"(?:19|20)\d\d[-._]?[01]\d[-._]?[0-3]\d(?:[\sT_-]?[0-2]\d[-._:]?[0-5]\d(?:[-._:]?[0-5]\d)?)?(?!\d)"
_NUMBER = r"\+?\d(?:[\s().-]{0,2}\d){9,14}(?!\d)"
_DIGITS = re.compile(rf"(?<!\d)(?:(?P<day>{_DAY})|(?P<number>{_NUMBER}))")


def without_contacts(place: str) -> str:
    """The place with telephones and e-mails masked; days and short numbers stay, so that files can be told apart."""
    hidden = EMAIL.sub(EMAIL_SHOWN, place) if "@" in place else place
    return _DIGITS.sub(lambda found: found["day"] or PHONE_SHOWN, hidden)


def reject_without_contacts(reject: Reject) -> Reject:
    """A reject whose place and sentence name no contact."""
    reason = {language: without_contacts(words) for language, words in reject.reason.items()}
    return Reject(reject.code, without_contacts(reject.place), reason)


def receipt_without_contacts(receipt: Receipt) -> Receipt:
    """A receipt for those who may not see contacts."""
    return replace(
        receipt,
        rejects=tuple(map(reject_without_contacts, receipt.rejects)),
        tables=tuple(_table(note) for note in receipt.tables),
    )


def _table(note: TableNote) -> TableNote:
    return replace(note, place=without_contacts(note.place))
