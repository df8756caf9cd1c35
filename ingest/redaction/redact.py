"""The one door of redaction: text in, text with typed placeholders and counts out, and a gate that looks again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.redaction.company import CompanyContacts
from ingest.redaction.cues import asks_for_name
from ingest.redaction.judgement import Judge
from ingest.redaction.lexicon import normal
from ingest.redaction.names import find_names
from ingest.redaction.people import STAFF, Known, crm_people, own_people, staff_people
from ingest.redaction.rules import find_contacts
from ingest.redaction.scene import Directory
from ingest.redaction.spans import WORD, Span, hide, untangle

PLACEHOLDERS = {
    "phone": "[phone]",
    "email": "[email]",
    "handle": "[handle]",
    "card": "[card]",
    "address": "[address]",
    "birth": "[birth]",
    "passport": "[passport]",
    "snils": "[snils]",
    "ssn": "[ssn]",
    "inn": "[inn]",
    "iban": "[iban]",
}
"""What stands in the text instead of the data; names are `[name-1]`, `[name-2]` …, staff `[staff]`."""

MAX_PASSES = 3
"""What one pass uncovers the next may see; three are never needed twice, the gate catches the rest."""

_PLACEHOLDER = re.compile(rf"\[(?:name-\d+|staff|{'|'.join(value.strip('[]') for value in PLACEHOLDERS.values())})\]")
_AT = re.compile(r"\S@\S")
_DIGITS = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){9,12}(?![\d.])")


class _Mark(NamedTuple):
    """A placeholder at `[start:end]` of the text as it is now and what it stands for in the original."""

    start: int
    end: int
    origin: Span


@dataclass(frozen=True, slots=True)
class Redacted:
    """Text without personal data; `counts` says how many strings of each kind went (`phone`, `name`, `staff` …).

    `spans` are the places of the original text that went, in order, without overlaps.
    """

    text: str
    counts: dict[str, int]
    spans: tuple[Span, ...] = ()


class Redactor:
    """Knows the company's people and words; redacts one text at a time.

    `staff` become `[staff]` everywhere; `all_names` are the CRM's names, looked for in every document;
    `company_names` (company, products, brands, its own addresses, phones and mail boxes) are never redacted;
    `corpus_words` counts words as written (`count_words`) so that words of the trade are not taken for names.
    """

    def __init__(
        self,
        *,
        staff: Iterable[str] = (),
        all_names: Iterable[str] = (),
        company_names: Iterable[str] = (),
        corpus_words: Mapping[str, int] | None = None,
    ) -> None:
        company_names = tuple(company_names)
        self._company = CompanyContacts(company_names)
        self._trade = frozenset(normal(word) for name in company_names for word in WORD.findall(name))
        self._judge = Judge(corpus_words, self._trade)
        plain = Judge(None, self._trade)
        self._staff = staff_people(staff, plain)
        self._crm = crm_people(all_names, self._judge)
        self._plain = plain
        self._own: dict[frozenset[str], dict[str, Known]] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._clean = ""

    def redact(
        self, text: str, *, language: str, own_names: Iterable[str] = (), context: str = "", scope: str = ""
    ) -> Redacted:
        """Replaces personal data by placeholders.

        `own_names` are the names of the customer the text belongs to: they are `[name-1]` (two persons: 1 and 2).
        Others are numbered as they appear, the same for one `scope` (a customer's id; when empty, for equal
        `own_names`). `context` is the utterance before, which may ask for a name. `language` is the text's
        language; words are judged by their own script, so mixed text is safe.
        """
        names = frozenset(own_names)
        own = self._own_people(names)
        numbers = self._numbering(scope, names, own)
        counts: Counter[str] = Counter()
        asked = bool(context) and asks_for_name(context)
        gone: list[_Mark] = []
        for _ in range(MAX_PASSES):
            spans = self._find(text, own, asked, numbers)
            if not spans:
                self._clean = text
                break
            text, gone = _replaced(text, gone, [(span, self._placeholder(span, numbers, counts)) for span in spans])
        return Redacted(text, dict(sorted(counts.items())), tuple(mark.origin for mark in gone))

    def leaks(self, text: str, *, own_names: Iterable[str] = ()) -> list[str]:
        """Kinds of personal data still in a redacted text, the company's own words excepted."""
        rest = _without_placeholders(text)
        rest = hide(rest, self._company.own(rest, find_contacts(rest)) if text != self._clean or "@" in text else ())
        return _leaks(rest, self._own_people(frozenset(own_names)), searched=text == self._clean)

    def _own_people(self, names: frozenset[str]) -> dict[str, Known]:
        if names not in self._own:
            self._own[names] = own_people(names, self._plain)
        return self._own[names]

    def _numbering(self, scope: str, names: frozenset[str], own: Mapping[str, Known]) -> dict[str, int]:
        if not scope and not own:
            return {}
        numbers = self._numbers.setdefault(scope or "\n".join(sorted(names)), {})
        for label in sorted({known.label for known in own.values()}, key=lambda own_label: int(own_label[4:])):
            numbers.setdefault(label, len(numbers) + 1)
        return numbers

    def _find(self, text: str, own: Mapping[str, Known], asked: bool, heard: Container[str]) -> list[Span]:
        rest = _without_placeholders(text)
        contacts = find_contacts(rest)
        own_contacts = self._company.own(rest, contacts)
        contacts = [span for span in contacts if span not in own_contacts]
        people = Directory(own, self._staff, self._crm)
        names = find_names(hide(rest, contacts), self._judge, people, asked=asked, heard=heard)
        return untangle(contacts + names)

    def _placeholder(self, span: Span, numbers: dict[str, int], counts: Counter[str]) -> str:
        if span.kind != "name":
            counts[span.kind] += 1
            return PLACEHOLDERS[span.kind]
        if span.label == STAFF:
            counts["staff"] += 1
            return "[staff]"
        counts["name"] += 1
        return f"[name-{numbers.setdefault(span.label, len(numbers) + 1)}]"


def _replaced(text: str, marks: list[_Mark], found: list[tuple[Span, str]]) -> tuple[str, list[_Mark]]:
    """The text with placeholders for what was found (spans of this text, in order), and all marks so far."""
    parts, made, position, grown = [], [], 0, 0
    waiting = [mark for mark in marks if not any(s.start < mark.end and mark.start < s.end for s, _ in found)]
    for span, placeholder in found:
        while waiting and waiting[0].end <= span.start:
            made.append(_moved(waiting.pop(0), grown))
        start = span.start + grown
        origin = replace(span, start=_original(marks, span.start), end=_original(marks, span.end))
        made.append(_Mark(start, start + len(placeholder), origin))
        parts += [text[position : span.start], placeholder]
        position = span.end
        grown += len(placeholder) - (span.end - span.start)
    return "".join([*parts, text[position:]]), [*made, *(_moved(mark, grown) for mark in waiting)]


def _moved(mark: _Mark, by: int) -> _Mark:
    return mark._replace(start=mark.start + by, end=mark.end + by)


def _original(marks: list[_Mark], place: int) -> int:
    """Where a place between the placeholders lies in the original text."""
    before = [mark for mark in marks if mark.end <= place]
    return place + (before[-1].origin.end - before[-1].end if before else 0)


def leaks(text: str, *, own_names: Iterable[str] = ()) -> list[str]:
    """Kinds of personal data still in a redacted text: `email`, `phone`, `card` …, `name` (of this customer).

    A second look with other eyes: any at sign between characters, any ten to thirteen digits close together,
    everything the rules find, the customer's own name in any form. A document with a hit is not stored.
    """
    return _leaks(_without_placeholders(text), own_people(own_names, Judge()))


def _without_placeholders(text: str) -> str:
    return hide(text, [Span(m.start(), m.end(), "") for m in _PLACEHOLDER.finditer(text)])


def _leaks(rest: str, own: Mapping[str, Known], *, searched: bool = False) -> list[str]:
    """`searched`: the rules have just found nothing in this very text."""
    kinds = set() if searched else {span.kind for span in find_contacts(rest)}
    if _AT.search(rest):
        kinds.add("email")
    for word in WORD.findall(rest):
        known = own.get(normal(word))
        if known is not None and known.certain:
            kinds.add("name")
    return sorted(kinds)


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """Words as written with their counts, for `Redactor(corpus_words=…)`.

    Only texts in ordinary case count: a recogniser's lower-case stream would make every name an ordinary word.
    The first word of a sentence says nothing and is left out.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        if text != text.lower() and text != text.upper():
            counts.update(match.group() for match in _INNER_WORD.finditer(text))
    return dict(counts)


_INNER_WORD = re.compile(r"(?<=[\w,] )[^\W\d_]+(?:['’][^\W\d_]+)*")
