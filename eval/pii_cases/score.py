"""Redaction against gold spans: what stayed readable, what went without need, and whether the type was right."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eval.pii_cases.render import Case, Gold
from ingest.redaction.redact import Redactor
from ingest.redaction.spans import Span

TYPES = ("PHONE", "EMAIL", "CARD", "PASSPORT", "SNILS", "INN", "IBAN", "ADDRESS", "DOB", "NAME", "HANDLE")
KINDS = {
    "phone": "PHONE", "email": "EMAIL", "card": "CARD", "passport": "PASSPORT", "snils": "SNILS", "inn": "INN",
    "iban": "IBAN", "address": "ADDRESS", "birth": "DOB", "name": "NAME", "handle": "HANDLE", "ssn": "SSN",
}  # fmt: skip
"""The product's kinds in the names of the table."""

_WORD_CHARACTER = re.compile(r"\w")
Z95 = 1.959964


@dataclass
class Tally:
    """Counts of one type in one part of the texts."""

    gold: int = 0
    masked: int = 0
    """Gold strings of which no letter or digit can be read any more, under whatever placeholder."""
    exact: int = 0
    """Gold strings replaced from their first to their last character by a placeholder of their type."""
    found: int = 0
    """Placeholders of this type."""
    right: int = 0
    """Of those, the ones that touch a gold string of their type."""
    needless: int = 0
    """Of those, the ones that touch no gold string at all."""
    entities: int = 0
    hidden_entities: int = 0
    """Persons and values all of whose mentions in a text are masked."""

    def add(self, other: Tally) -> None:
        """Adds the counts of another part."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Part:
    """Figures of one language, split and half."""

    types: dict[str, Tally] = field(default_factory=dict)
    texts: int = 0
    leaking: int = 0
    words: int = 0
    lost_words: int = 0
    """Words outside every gold string that were replaced."""
    misses: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)

    @property
    def all(self) -> Tally:
        """All types together."""
        total = Tally()
        for tally in self.types.values():
            total.add(tally)
        return total


def score(cases: Iterable[Case], *, with_names: bool = False) -> Part:
    """Redact every text by itself (`with_names`: knowing its persons from a CRM) and compare with its gold."""
    part = Part({kind: Tally() for kind in TYPES})
    redactor = Redactor()
    for case in cases:
        names = case.names if with_names else ()
        found = redactor.redact(case.text, language=case.language, own_names=names).spans
        _count(part, case, found)
    return part


def _count(part: Part, case: Case, found: Sequence[Span]) -> None:
    covered = [False] * len(case.text)
    for span in found:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    hidden = {gold: _is_masked(case.text, gold, covered) for gold in case.gold}
    for gold, masked in hidden.items():
        tally = part.types[gold.kind]
        tally.gold += 1
        tally.masked += masked
        tally.exact += any(_same(case.text, span, gold) for span in found)
        if not masked:
            part.misses.append(_shown(case, gold.start, gold.end, gold.kind))
    _count_found(part, case, found)
    for entity in {gold.entity for gold in case.gold}:
        mentions = [gold for gold in case.gold if gold.entity == entity]
        part.types[mentions[0].kind].entities += 1
        part.types[mentions[0].kind].hidden_entities += all(hidden[gold] for gold in mentions)
    part.texts += 1
    part.leaking += not all(hidden.values())
    _count_words(part, case, covered)


def _count_found(part: Part, case: Case, found: Sequence[Span]) -> None:
    for span in found:
        tally = part.types.setdefault(KINDS[span.kind], Tally())
        touched = [gold for gold in case.gold if span.start < gold.end and gold.start < span.end]
        tally.found += 1
        tally.right += any(gold.kind == KINDS[span.kind] for gold in touched)
        tally.needless += not touched
        if not touched:
            part.extras.append(_shown(case, span.start, span.end, span.kind))


def _count_words(part: Part, case: Case, covered: Sequence[bool]) -> None:
    for word in re.finditer(r"\w+", case.text):
        if not any(gold.start < word.end() and word.start() < gold.end for gold in case.gold):
            part.words += 1
            part.lost_words += any(covered[word.start() : word.end()])


def _is_masked(text: str, gold: Gold, covered: Sequence[bool]) -> bool:
    return all(covered[i] for i in range(gold.start, gold.end) if _WORD_CHARACTER.match(text[i]))


def _same(text: str, span: Span, gold: Gold) -> bool:
    """Same type and same borders, punctuation at the edges aside."""
    if KINDS[span.kind] != gold.kind:
        return False
    return _core(text, span.start, span.end) == _core(text, gold.start, gold.end)


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    inner = [i for i in range(start, end) if _WORD_CHARACTER.match(text[i])]
    return (inner[0], inner[-1]) if inner else (start, end)


def _shown(case: Case, start: int, end: int, kind: str) -> str:
    before, after = case.text[max(0, start - 30) : start], case.text[end : end + 25]
    return f"{kind:8} {before}⟦{case.text[start:end]}⟧{after}"


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share; (0, 1) of nothing."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def f2(precision: float, recall: float) -> float:
    """Recall weighs four times what precision weighs."""
    return 5 * precision * recall / (4 * precision + recall) if precision + recall else 0.0


def extras_of(part: Part) -> list[tuple[str, int]]:
    """Needless placeholders, the most frequent first."""
    return Counter(part.extras).most_common()
