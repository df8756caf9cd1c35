"""Lists of contacts: no documents of their own, but they tell whose phone stands behind a contact's id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.raw import Contact, RawFile
from ingest.readers.columns import Table, body_under, field_of, recognise, trimmed
from ingest.readers.sheet import Sheet
from ingest.readers.source import Source
from ingest.readers.who import person_of

_NAMED = re.compile(r"contact|контакт|клиент|client|customer|покупател|address.?book", re.IGNORECASE)
_ANSWERS = re.compile(r"form\b|заявк|lead|лид|отклик|анкет|response", re.IGNORECASE)
LOOKED_AT = 10
"""First rows among which the header is."""
_OTHERS = ("campaign", "campaign_id", "ad", "ad_id", "form", "form_id", "adset", "is_test", "gclid")
"""Fields that a list of contacts does not have and answers to an advertisement do."""


def cards_of(source: Source, sheet: Sheet) -> Table | None:
    """The table when it lists contacts: named so, with an id and a phone or e-mail, and nothing that happened."""
    name = f"{source.stem} {sheet.title}"
    if not _NAMED.search(name) or _ANSWERS.search(name):
        return None
    table = recognise(source, sheet)
    if table is not None and (table.kind != "lead" or any(map(table.has, _OTHERS))):
        return None
    return next(
        filter(None, (_under(source, sheet, index) for index in range(min(LOOKED_AT, len(sheet.rows) - 1)))), None
    )


def _under(source: Source, sheet: Sheet, index: int) -> Table | None:
    """The table whose header is this row."""
    headers = trimmed(sheet.rows[index].cells)
    known = [field_of(header, "lead") if header else None for header in headers]
    fields = tuple(found.field if found else None for found in known)
    if any(header.endswith("?") for header in headers):
        return None
    if not {"id", "contact_id"} & set(fields) or not {"phone", "email"} & set(fields) or set(_OTHERS) & set(fields):
        return None
    rows, rejects = body_under(source, sheet, index, len(headers))
    unknown = tuple(place for place, found in enumerate(known) if found is None)
    return Table("lead", source, headers, fields, unknown, rows, 0.0, rejects=(*sheet.rejects, *rejects))


def read(table: Table) -> RawFile:
    """One contact a row."""
    contacts: list[Contact] = []
    for row in table.rows:
        contact = person_of(table, row)
        own = table.first(row, "id")
        if own and not contact.contact_ids:
            contact = replace(contact, contact_ids=(own,))
        if contact.contact_ids and (contact.phones or contact.emails or contact.names):
            contacts.append(contact)
    return RawFile(contacts=tuple(contacts), rejects=table.rejects, rows=len(contacts))


def with_cards(contact: Contact, cards: dict[str, Contact]) -> Contact:
    """A record's contact with what the card of its contact id adds; as it was where there is none."""
    found = [cards[one] for one in contact.contact_ids if one in cards]
    if not found:
        return contact
    return replace(
        contact,
        phones=_together(contact.phones, *(card.phones for card in found)),
        emails=_together(contact.emails, *(card.emails for card in found)),
        names=_together(contact.names, *(card.names for card in found)),
    )


def by_id(contacts: Sequence[Contact]) -> dict[str, Contact]:
    """Cards by contact id; an id that two different people have tells nothing and is left out."""
    found: dict[str, Contact] = {}
    double: set[str] = set()
    for contact in contacts:
        for one in contact.contact_ids:
            if one in found and found[one] != contact:
                double.add(one)
            found[one] = contact
    return {one: contact for one, contact in found.items() if one not in double}


def _together(*parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))
