"""The verifier: finished text states nothing but facts.

It reads a sentence as a person would see it, with the marks of the facts it cites (`12 of 80 [f7]`), and complains of
- a number, percentage, amount, date or number word that the fact it is marked with does not bear out within the
  rounding of `service.core.numbers` (half of the last digit written; money of 1 000 and more to three digits);
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

from service.briefs.model import Fact, Sentence
from service.briefs.numerals import Numeral, lists, numerals
from service.core.numbers import Formatter, Language, significant

Code = Literal["number", "date", "quote", "name", "segment", "superlative", "fact"]

MARK = re.compile(r"\[(f\d+)\]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_PAIRS = {"«": "»", "“": "”", '"': '"'}
"""Outer quotation marks; inner ones („ “, ‘ ’) belong to the quoted words."""
_CUT = "… "
"""At the ends of a quotation it says that the words go on."""
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
    """Other names that may stand in quotation marks: topics, sections (folded)."""


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
    plain, marks = _unmarked(text)
    complaints = [Complaint("fact", mark) for _, mark in marks if mark not in context.facts]
    known = [(place, context.facts[mark]) for place, mark in marks if mark in context.facts]
    reader = _Reader(plain, known, context)
    complaints.extend(reader.unknown_names())
    complaints.extend(reader.quotations())
    reader.take_out_names()
    reader.take_out_dates()
    complaints.extend(reader.wrong_numbers())
    complaints.extend(reader.bare_superlatives())
    complaints.extend(_whose(context, {fact.id: fact for _, fact in known}, reader.mentioned))
    return complaints


def _unmarked(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without its marks, and the marks with their places in it."""
    parts: list[str] = []
    marks: list[tuple[int, str]] = []
    length = end = 0
    for match in MARK.finditer(text):
        piece = text[end : match.start()]
        parts.append(piece)
        length += len(piece)
        marks.append((length, match.group(1)))
        end = match.end()
    return "".join([*parts, text[end:]]), marks


class _Reader:
    """One sentence being read; what is accounted for is blanked, so that places stay.

    A mark speaks for what stands between it and the mark before it.
    """

    def __init__(self, text: str, marks: list[tuple[int, Fact]], context: Context) -> None:
        self.text = text
        self.cited = tuple(fact for _, fact in marks)
        self.context = context
        self._marks = marks
        self._places: list[tuple[int, str]] = []
        self._by_name = {fold(name): key for key, name in context.names.items()}

    def _fact_after(self, place: int) -> Fact | None:
        """The fact of the first mark at or after a place."""
        return next((fact for at, fact in self._marks if at >= place), None)

    def _marked(self, place: int) -> bool:
        """Whether a mark stands right here."""
        return any(at == place for at, _ in self._marks)

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
            words = fold(self.text[start + 1 : end - 1].strip(_CUT))
            if self._marked(end):
                fact = self._fact_after(end)
                if fact is None or not _holds(fact, words):
                    found.append(Complaint("quote", self.text[start:end]))
            elif words in self._by_name:
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
            fact = self._fact_after(numeral.end)
            if fact is None or not _bears(fact, numeral):
                code: Code = "date" if numeral.kind == "month" else "number"
                found.append(Complaint(code, numeral.text))
        return found

    def bare_superlatives(self) -> list[Complaint]:
        """Superlatives without a cited first place in that direction."""
        folded = self.text.casefold().replace("ё", "е").replace("\u00a0", " ")
        return [
            Complaint("superlative", match.group())
            for direction, pattern in _superlatives(self.context.language)
            for match in pattern.finditer(folded)
            if not _earned(self._fact_after(match.end()), direction, match.group())
        ]


def _earned(fact: Fact | None, direction: str, words: str) -> bool:
    """Whether the fact a superlative is marked with is a first place in that direction, or a tier of that name."""
    if fact is None:
        return False
    if fact.source.startswith("tier:"):
        return words in fold(fact.text)
    return fact.kind == "comparison" and fact.value == 1 and direction in (fact.direction, "either")


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
    """Whether a fact bears out a numeral in its role."""
    if numeral.kind == "month":
        return False
    if numeral.role in ("k", "n"):
        return numeral.kind == "plain" and {"k": fact.k, "n": fact.n}[numeral.role] == numeral.value
    ends = {"low": fact.low, "high": fact.high}
    value = ends.get(numeral.role, fact.value)
    if numeral.kind == "percent":
        return fact.unit == "share" and value is not None and _same(value * 100, numeral)
    if numeral.kind == "money":
        return fact.unit == "money" and value is not None and _same_money(value, numeral)
    if fact.kind != "number":
        return False
    if numeral.role == "alone" and fact.k is not None:
        return numeral.value == fact.k
    return fact.unit not in ("share", "money") and value is not None and _same(value, numeral)


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
    """Figures said of the wrong group: each cited subject is named or meant, and named ones come in the same order.

    Groups are told apart by their printed names, so a campaign and a channel of one name are one.
    """
    names = {key: fold(name) for key, name in context.names.items()}
    named = list(dict.fromkeys(names[key] for key in mentioned))
    meant = {*named, *(names.get(key, key) for key in context.about)}
    complaints, subjects = [], []
    for fact in cited.values():
        if fact.subject is None or fact.subject not in names or fact.speaker == "agent":
            continue
        if fact.kind != "quote":
            subjects.append(names[fact.subject])
        if names[fact.subject] not in meant and (fact.kind != "quote" or context.about):
            complaints.append(Complaint("segment", context.names[fact.subject]))
    if subjects:
        sources = " ".join(fold(fact.source) for fact in cited.values())
        lean = {*subjects, *(names.get(key, key) for key in context.about)}
        strangers = [key for key in mentioned if names[key] not in lean and names[key] not in sources]
        complaints.extend(Complaint("segment", context.names[key]) for key in strangers if not _text_name(key))
        order = [subject for subject in dict.fromkeys(subjects) if subject in named]
        if [name for name in named if name in order] != order:
            complaints.append(Complaint("segment", " / ".join(order)))
    return complaints


def _text_name(key: str) -> bool:
    """Names of the company's own texts are no groups of customers."""
    return ":" in key
