"""The verifier: finished text states nothing but facts.

It reads a sentence as a person would see it, with the marks of the facts it cites (`12 of 80 [f7]`), and complains of
- a number, percentage, amount, date or number word that no cited fact bears out within the rounding of
  `service.briefs.format` (half of the last digit written; money of 1 000 and more to three significant digits);
- a quotation that is neither a known name nor verbatim part of a cited quote;
- a name that the company's data do not know; a figure of one segment said of another;
- a superlative without a cited ranking in which that segment really is first.
It needs nothing but the text, the facts and the names, so it holds for text from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from service.briefs.format import Formatter, Language, significant
from service.briefs.model import Fact, Sentence
from service.briefs.numerals import Numeral, lists, numerals

Code = Literal["number", "date", "quote", "name", "segment", "superlative", "fact"]

MARK = re.compile(r"\[(f\d+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PAIRS = {"«": "»", "“": "”", '"': '"'}
"""Outer quotation marks; inner ones („ “, ‘ ’) belong to the quoted words."""
_BLANK = "\ue000"
"""Stands, as long as they were, where names and quotations were taken out; no letter, digit or space."""


@dataclass(frozen=True)
class Complaint:
    """What does not hold, and the words it is about."""

    code: Code
    words: str


@dataclass(frozen=True)
class Context:
    """What a sentence may lean on: the facts of the brief by id, names by id, and whom its surroundings are about."""

    facts: Mapping[str, Fact]
    names: Mapping[str, str]
    """Segment, campaign or text id → printed name."""
    language: Language
    currency: str
    about: frozenset[str] = frozenset()
    known_words: frozenset[str] = frozenset()
    """Other names that may stand in quotation marks: topics, sections, tiers (folded)."""


def as_text(sentence: Sentence) -> str:
    """The sentence with the marks of its facts; names in bold. Square brackets of the words themselves are changed."""
    parts: list[str] = []
    for index, span in enumerate(sentence):
        text = span.text.replace("[", "［").replace("]", "］").replace("**", "∗∗")
        if span.style == "name":
            text = f"**{text}**"
        parts.append(text)
        following = sentence[index + 1].fact if index + 1 < len(sentence) else None
        if span.fact is not None and span.fact != following:
            parts.append(f"[{span.fact}]")
    return "".join(parts)


def verify(text: str, context: Context) -> list[Complaint]:
    """Complaints about one sentence of finished text, none when it holds."""
    complaints: list[Complaint] = []
    cited: dict[str, Fact] = {}
    for mark in MARK.findall(text):
        fact = context.facts.get(mark)
        if fact is None:
            complaints.append(Complaint("fact", mark))
        else:
            cited.setdefault(mark, fact)
    reader = _Reader(MARK.sub("", text), tuple(cited.values()), context)
    complaints.extend(reader.quotations())
    complaints.extend(reader.unknown_names())
    reader.take_out_names()
    reader.take_out_dates()
    complaints.extend(reader.wrong_numbers())
    complaints.extend(reader.bare_superlatives())
    complaints.extend(_whose(context, cited, reader.mentioned))
    return complaints


class _Reader:
    """One sentence being read; what is accounted for is blanked, so that places stay."""

    def __init__(self, text: str, cited: tuple[Fact, ...], context: Context) -> None:
        self.text = text
        self.cited = cited
        self.context = context
        self._places: list[tuple[int, str]] = []
        self._by_name = {fold(name): key for key, name in context.names.items()}

    @property
    def mentioned(self) -> list[str]:
        """Ids of the names the sentence gives, in order."""
        return list(dict.fromkeys(key for _, key in sorted(self._places)))

    def _blank(self, start: int, end: int) -> None:
        self.text = self.text[:start] + _BLANK * (end - start) + self.text[end:]

    def quotations(self) -> list[Complaint]:
        """Quotations that are neither names nor words of a cited fact; all are blanked."""
        found = []
        for start, end in _quoted(self.text):
            words = fold(self.text[start + 1 : end - 1])
            if words in self._by_name:
                self._places.append((start, self._by_name[words]))
            elif words not in self.context.known_words and not any(_holds(fact, words) for fact in self.cited):
                found.append(Complaint("quote", self.text[start:end]))
            self._blank(start, end)
        return found

    def unknown_names(self) -> list[Complaint]:
        """Bold stretches are names; those that are not known are complained of."""
        found = []
        for match in list(_BOLD.finditer(self.text)):
            words = fold(match.group(1).replace(_BLANK, ""))
            if words in self._by_name:
                self._places.append((match.start(), self._by_name[words]))
                self._blank(match.start(), match.end())
            elif words and words not in self.context.known_words:
                found.append(Complaint("name", match.group(1)))
        return found

    def take_out_names(self) -> None:
        """Blank names with digits (campaigns, texts) and other known words wherever they stand."""
        digits = [name for name in self.context.names.values() if any(c.isdigit() for c in name) and len(name) > 2]
        for name in sorted({*digits, *(w for w in self.context.known_words if len(w) > 2)}, key=lambda n: (-len(n), n)):
            if name.casefold() in self.text.casefold():
                for match in list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", self.text, re.IGNORECASE)):
                    self._blank(match.start(), match.end())

    def take_out_dates(self) -> None:
        """Blank the dates that cited facts bear out; others are left for the number check."""
        write = Formatter(self.context.language, self.context.currency)
        for fact in self.cited:
            if fact.on is None:
                continue
            forms = [write.day(fact.on), write.short_day(fact.on)]
            if fact.until is not None:
                forms.append(write.period(fact.on, fact.until))
            for form in sorted(forms, key=len, reverse=True):
                self.text = self.text.replace(form, _BLANK * len(form))

    def wrong_numbers(self) -> list[Complaint]:
        """Numerals without a cited fact."""
        found = []
        for numeral in numerals(self.text, self.context.language):
            if not any(_bears(fact, numeral) for fact in self.cited):
                code: Code = "date" if numeral.kind == "month" else "number"
                found.append(Complaint(code, numeral.text))
        return found

    def bare_superlatives(self) -> list[Complaint]:
        """Superlatives without a cited first place in that direction."""
        ranks = {fact.direction for fact in self.cited if fact.kind == "comparison" and fact.value == 1}
        folded = self.text.casefold().replace("ё", "е").replace("\u00a0", " ")
        return [
            Complaint("superlative", match.group())
            for direction, pattern in _superlatives(self.context.language)
            for match in pattern.finditer(folded)
            if direction not in ranks and not (direction == "either" and ranks)
        ]


def _quoted(text: str) -> list[tuple[int, int]]:
    """Places of outermost quotations; an unclosed one reaches to the end."""
    places = []
    index = 0
    while index < len(text):
        closing = _PAIRS.get(text[index])
        if closing is None:
            index += 1
            continue
        end = text.find(closing, index + 1)
        end = len(text) if end < 0 else end + 1
        places.append((index, end))
        index = end
    return places


def fold(text: str) -> str:
    """Case, blanks, quotation marks, brackets and ё do not tell words apart."""
    plain = re.sub(r"[«»“”„‘’\"'`*\[\]［］∗]", "", text.casefold().replace("ё", "е"))
    return " ".join(plain.split())


@cache
def _folded_text(text: str) -> str:
    return fold(text)


def _holds(fact: Fact, words: str) -> bool:
    """Whether the words stand in the fact's text, whole words at both ends."""
    text = _folded_text(fact.text)
    if not words or not text:
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _bears(fact: Fact, numeral: Numeral) -> bool:
    """Whether a fact bears out a numeral of its kind."""
    if numeral.kind == "percent":
        return fact.unit == "share" and any(_same(v * 100, numeral) for v in _values(fact))
    if numeral.kind == "money":
        return fact.unit == "money" and any(_same_money(v, numeral) for v in _values(fact))
    if numeral.kind == "word":
        return any(count == numeral.value for count in (fact.k, fact.n)) or (
            fact.unit in ("count", "days", "months") and fact.value == numeral.value
        )
    if numeral.kind == "month":
        return False
    counts = [float(c) for c in (fact.k, fact.n) if c is not None and fact.kind == "number"]
    plain = [] if fact.unit in ("share", "money") or fact.kind != "number" else _values(fact)
    return any(_same(v, numeral) for v in (*counts, *plain))


def _values(fact: Fact) -> list[float]:
    return [v for v in (fact.value, fact.low, fact.high) if v is not None]


def _same(value: float, numeral: Numeral) -> bool:
    """Equal after rounding to the last digit written."""
    return abs(abs(value) - numeral.value) <= numeral.step / 2 + 1e-9


def _same_money(value: float, numeral: Numeral) -> bool:
    """Equal to the digit, or to three significant digits from a thousand up."""
    if _same(value, numeral):
        return True
    return abs(value) >= 1000 and abs(significant(abs(value)) - numeral.value) < 1e-6 * max(1.0, abs(value))


@cache
def _superlatives(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = lists(language)
    return tuple(
        (direction, re.compile(rf"(?<!\w)(?:{pattern})"))
        for direction in ("highest", "lowest", "either")
        for pattern in known[direction]
    )


def _whose(context: Context, cited: Mapping[str, Fact], mentioned: list[str]) -> list[Complaint]:
    """Figures said of the wrong group: each cited subject is named or meant, and named ones come in the same order."""
    named = set(mentioned)
    meant = named | context.about
    complaints = []
    for fact in cited.values():
        if fact.subject is None or fact.subject not in context.names or fact.speaker == "agent":
            continue
        if fact.kind == "quote":
            if context.about and fact.subject not in meant:
                complaints.append(Complaint("segment", fact.text))
        elif fact.subject not in meant:
            complaints.append(Complaint("segment", context.names[fact.subject]))
    subjects = [f.subject for f in cited.values() if f.subject is not None and f.kind != "quote"]
    if subjects:
        for key in mentioned:
            sourced = any(key in fact.source for fact in cited.values())
            if key not in subjects and key not in context.about and not sourced and not _text_name(key):
                complaints.append(Complaint("segment", context.names[key]))
        cited_order = [s for s in dict.fromkeys(subjects) if s in mentioned]
        if [key for key in mentioned if key in cited_order] != cited_order:
            complaints.append(Complaint("segment", " / ".join(context.names[key] for key in cited_order)))
    return complaints


def _text_name(key: str) -> bool:
    """Names of the company's own texts are no groups of customers."""
    return ":" in key
