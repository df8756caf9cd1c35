"""The phrasebook: sentences of both languages with named places for facts, names and words.

A template is text with places. `{conversion}` writes the fact by its unit, `{conversion.full}` in another form
(`full`, `of`, `pct`, `k`, `n`, `spread`, `low`, `high`), `{days|day}` adds the noun in the right plural form
(`|person.gen` for the genitive), `{rank~most of all}` prints the given words as a statement of that fact, and
`**words**` are set in bold. Nothing else is special, so a customer's words are never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from service.briefs.model import Fact, Sentence, Span
from service.core.numbers import NBSP, Formatter, Language, plural

_PLACE = re.compile(r"\{(\w+)(?:\.(\w+))?(?:\|([\w.]+))?(?:~([^{}]*))?\}|\*\*(.+?)\*\*")
_LONE = re.compile(r"(?<=[\s(«])([аАвВиИкКоОсСуУяЯ]|[Нн]е|[Нн]и|[Нн]а|[Пп]о|[Зз]а|[Ии]з|[Оо]т|[Дд]о) (?=\S)")


@dataclass(frozen=True)
class Name:
    """A segment's name in a sentence: set apart and in quotation marks, never declined."""

    text: str


@dataclass(frozen=True)
class Label:
    """A name as files spell it (a campaign, a source): set apart, without quotation marks."""

    text: str


@dataclass(frozen=True)
class Words:
    """Words people used, in quotation marks, stated by a fact."""

    text: str
    fact: Fact


Value = Fact | Name | Label | Words | str | Sentence


@cache
def _texts(language: Language) -> dict[str, Any]:
    """All templates and word lists of a language, keys joined by dots."""
    merged: dict[str, Any] = {}
    folder = files("service.briefs") / "text" / language
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name.endswith(".yaml"):
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
            merged.update(_flat(raw, ""))
    return merged


def _flat(node: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not prefix.startswith("nouns."):
            found.update(_flat(value, f"{name}."))
        else:
            found[name] = value
    return found


def keys(language: Language) -> dict[str, Any]:
    """Every template of a language by its key (for tests of parity)."""
    return dict(_texts(language))


def places(template: str) -> set[str]:
    """Names of the places of a template."""
    return {match.group(1) for match in _PLACE.finditer(template) if match.group(1)}


def typographic(text: str, language: Language) -> str:
    """No-break spaces where Russian typography asks for them: before a dash, after one-letter words."""
    if language != "ru":
        return text
    return _LONE.sub(rf"\1{NBSP}", text.replace(" — ", f"{NBSP}— "))


class Phrasebook:
    """Writes the sentences of one language."""

    def __init__(self, language: Language, formatter: Formatter) -> None:
        self.language = language
        self.formatter = formatter
        self._texts = _texts(language)

    def text(self, key: str) -> str:
        """A fixed text without places, such as a heading or a column title."""
        return typographic(str(self._texts[key]), self.language)

    def has(self, key: str) -> bool:
        """Whether there is a text under this key."""
        return key in self._texts

    def say(self, key: str, **values: Value) -> Sentence:
        """The sentence under `key` with its places filled; KeyError names a missing place."""
        return self._fill(typographic(str(self._texts[key]), self.language), values)

    def _fill(self, template: str, values: Mapping[str, Value]) -> Sentence:
        spans: list[Span] = []
        position = 0
        for match in _PLACE.finditer(template):
            spans.append(Span(template[position : match.start()]))
            position = match.end()
            name, form, noun, words, bold = match.groups()
            if bold is not None:
                spans.extend(
                    Span(s.text, s.fact, "strong" if s.style == "plain" else s.style) for s in self._fill(bold, values)
                )
            else:
                spans.extend(self._place(values[name], form, noun, words))
        spans.append(Span(template[position:]))
        return tidy(spans)

    def _place(self, value: Value, form: str | None, noun: str | None, words: str | None) -> Sequence[Span]:
        match value:
            case Fact():
                text = words if words is not None else self.state(value, form, noun)
                return [Span(text, value.id, "quote" if value.kind == "quote" and words is None else "plain")]
            case Name():
                return [Span(self.formatter.quote(value.text), None, "name")]
            case Label():
                return [Span(value.text, None, "name")]
            case Words():
                return [Span(self.formatter.quote(value.text), value.fact.id, "quote")]
            case str():
                return [Span(value)]
            case _:
                return value

    def state(self, fact: Fact, form: str | None = None, noun: str | None = None) -> str:
        """A fact in words: by its unit, or in the form asked for, with the noun where one is given."""
        if fact.kind == "quote":
            return self.formatter.quote(fact.text)
        if form == "full" and noun:
            return self.formatter.full_share(
                fact.k or 0, fact.n or 0, fact.value or 0.0, fact.low, fact.high, self.noun(noun, fact.n or 0)
            )
        text, number = self._figure(fact, form)
        return f"{text}{NBSP}{self.noun(noun, number)}" if noun else text

    def _figure(self, fact: Fact, form: str | None) -> tuple[str, float]:
        """(text, the number that governs the noun)."""
        write = self.formatter
        value, k, n = fact.value or 0.0, fact.k or 0, fact.n or 0
        match form:
            case "full":
                return write.full_share(k, n, value, fact.low, fact.high), n
            case "of":
                return write.of(k, n), n
            case "pct":
                return write.percent(value), value * 100
            case "k":
                return write.count(k), k
            case "n":
                return write.count(n), n
            case "spread":
                return self._spread(fact), value
            case "low":
                return write.value(fact.low or 0.0, fact.unit), fact.low or 0.0
            case "high":
                return write.value(fact.high or 0.0, fact.unit), fact.high or 0.0
            case _:
                return self._by_unit(fact, value), _printed(fact.unit, value)

    def _by_unit(self, fact: Fact, value: float) -> str:
        write = self.formatter
        if fact.unit == "period" and fact.on and fact.until:
            return write.period(fact.on, fact.until)
        if fact.unit == "date" and fact.on:
            return write.day(fact.on)
        return write.value(value, fact.unit)

    def _spread(self, fact: Fact) -> str:
        if fact.low is None or fact.high is None:
            return self._by_unit(fact, fact.value or 0.0)
        return self.formatter.spread(fact.low, fact.high, fact.unit)

    def noun(self, name: str, number: float) -> str:
        """A noun in the plural form of `number`; `name.gen` in the genitive (Russian), plain in English."""
        word, _, case = name.partition(".")
        cases: dict[str, dict[str, str]] = self._texts[f"nouns.{word}"]
        return plural(self.language, number, cases.get(case or "nom") or cases["nom"])

    def listed(self, items: Iterable[Sentence], last: str = "and") -> Sentence:
        """Sentences joined as `a, b and c`."""
        parts = list(items)
        spans: list[Span] = []
        for index, part in enumerate(parts):
            if index:
                joint = f" {self.text(f'joint.{last}')} " if index == len(parts) - 1 else ", "
                spans.append(Span(joint))
            spans.extend(part)
        return tidy(spans)


def _printed(unit: str, value: float) -> float:
    """The number as it stands in the text: it governs the noun."""
    if unit == "count" or (unit == "days" and abs(value) >= 10):
        return round(value)
    return round(value, 1)


def tidy(spans: Iterable[Span]) -> Sentence:
    """Without empty spans, neighbours without a fact and of one style joined."""
    result: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if result and span.fact is None and result[-1].fact is None and result[-1].style == span.style == "plain":
            result[-1] = Span(result[-1].text + span.text)
        else:
            result.append(span)
    return tuple(result)


def joined(*parts: Sentence | str) -> Sentence:
    """Parts one after another as one sentence."""
    return tidy(span for part in parts for span in ((Span(part),) if isinstance(part, str) else part))
