"""The company's own address, phones and mail boxes: public, no personal data, so they stay in the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ingest.redaction.lexicon import LANGUAGES, normal, rules
from ingest.redaction.numbers import number_runs, number_words
from ingest.redaction.spans import WORD, Span

PHONE_TAIL = 10
"""Digits by which two spellings of one phone are compared: country and trunk codes vary."""
STEM = 5
"""Letters by which a street is recognised in any case form."""
LEAST_PHONE = 6


class _Place(NamedTuple):
    streets: frozenset[str]
    numbers: tuple[str, ...]


class CompanyContacts:
    """What of `listed` (names and contacts of the company, as a person wrote them) is a contact."""

    def __init__(self, listed: Iterable[str]) -> None:
        entries = sorted(set(listed))
        digits = [_digits(entry) for entry in entries]
        self._phones = frozenset(number[-PHONE_TAIL:] for number in digits if len(number) >= LEAST_PHONE)
        self._boxes = frozenset(normal(entry.strip()) for entry in entries if "@" in entry or "/" in entry)
        places = [_place(entry) for entry in entries]
        self._places = [place for place in places if place.streets and place.numbers]

    def own(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """The spans that hold nothing but the company's own contacts."""
        if not (self._phones or self._boxes or self._places):
            return []
        return [span for span in spans if self._is_own(span.kind, text[span.start : span.end])]

    def _is_own(self, kind: str, found: str) -> bool:
        if kind == "phone":
            return _digits(found)[-PHONE_TAIL:] in self._phones
        if kind in ("email", "handle"):
            return normal(found.strip()) in self._boxes
        if kind != "address":
            return False
        place = _place(found)
        return any(
            place.streets & listed.streets and place.numbers and place.numbers == listed.numbers[: len(place.numbers)]
            for listed in self._places
        )


def _digits(text: str) -> str:
    return "".join(run.digits for run in number_runs(text))


def _place(text: str) -> _Place:
    """Stems of the words that name a street, and the numbers after them."""
    words = [normal(word) for word in WORD.findall(text)]
    named = (word for word in words if len(word) > 3 and not word.isdigit() and word not in _street_words())
    numbers = tuple(run.digits for run in number_runs(text))
    return _Place(frozenset(word[:STEM] for word in named), numbers)


def _street_words() -> frozenset[str]:
    """Words that every address has: kinds of street, house, flat, and numbers said aloud."""
    listed = (word for language in LANGUAGES for word in rules(language)["streets"]["kinds"])
    return frozenset((*listed, *number_words()))
