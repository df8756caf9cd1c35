"""Cue lists of a language and what of them a sentence contains.

The lists (`locale/{ru,en}_cues.yaml`) are general business language, editable, and know nothing of any company.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from service.personas.tokens import Patterns, Tokens, by_lemma, lemma_pattern

LANGUAGES = ("ru", "en")
Strength = Literal["strong", "plain", "high", "low"]

WEIGHTS: dict[Strength, float] = {"strong": 2.0, "plain": 1.0, "high": 2.0, "low": 2.0}
LONGER = 0.25
"""Added for every further word of a cue: a longer phrase is the surer sign."""


class MeasureCues(BaseModel):
    """Cues of one measure class."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    strong: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()


class CueFile(BaseModel):
    """A language's cue file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    measures: dict[str, MeasureCues]
    operators: dict[str, tuple[str, ...]]
    negations: tuple[str, ...]
    negations_ignored: tuple[str, ...]
    dismissals: tuple[str, ...]
    prices: tuple[str, ...]
    up: tuple[str, ...]
    down: tuple[str, ...]
    universal: tuple[str, ...]
    nouns_for_all: tuple[str, ...]
    everyone: tuple[str, ...]
    pronouns: tuple[str, ...]
    superlatives: tuple[str, ...]
    not_everyone: tuple[str, ...]
    ours: tuple[str, ...]
    channels: dict[str, tuple[str, ...]]
    proposals: tuple[str, ...]
    predictions: tuple[str, ...]
    follows: tuple[str, ...]
    relatives: tuple[str, ...]
    correlates: tuple[str, ...]
    premises: tuple[str, ...]
    contrast: tuple[str, ...]
    joiners: tuple[str, ...]
    than: tuple[str, ...]
    objections: tuple[str, ...]
    function_words: tuple[str, ...]
    people: tuple[str, ...]
    not_people: tuple[str, ...]


NEVER_INFLECTED = frozenset({"demographic", "no_data", "leads", "wins"})
"""Classes told by set forms: the dictionary form of "younger" is "young", which says nothing of age."""


TIMES = frozenset("год лето месяц неделя день час раз".split())
"""Dictionary forms too plain to be cues: "годами" says that people stay, "десять лет назад" does not."""


def _inflected(patterns: Iterable[str], language: str) -> list[str]:
    """Patterns to look for in any form: all Russian ones; English ones of long words, whose stems are unmistakable."""
    if language == "ru":
        return [p for p in patterns if lemma_pattern(p) not in TIMES]
    return [p for p in patterns if all(len(part) >= 6 or part in ("_", "*") for part in p.split())]


@dataclass(frozen=True)
class Hit:
    """A cue found: tokens `first` to `last` (exclusive)."""

    name: str
    strength: Strength
    first: int
    last: int
    weight: float


class CueBook:
    """The compiled lists of one language."""

    def __init__(self, raw: CueFile, language: str) -> None:
        self.language = language
        self.raw = raw
        lists = [
            (name, strength, getattr(cues, strength))
            for name, cues in raw.measures.items()
            for strength in WEIGHTS
            if getattr(cues, strength)
        ]
        self._measures = [(name, strength, Patterns(patterns)) for name, strength, patterns in lists]
        self._by_lemma = [
            (name, strength, Patterns(map(lemma_pattern, _inflected(patterns, language))))
            for name, strength, patterns in lists
            if name not in NEVER_INFLECTED
        ]
        self._operators = [(name, Patterns(patterns)) for name, patterns in raw.operators.items()]
        self._lists: dict[str, Patterns] = {}
        self.channels = [(name, Patterns(patterns)) for name, patterns in raw.channels.items()]

    def patterns(self, name: str) -> Patterns:
        """One of the plain lists: `negations`, `up`, `pronouns` …"""
        if name not in self._lists:
            self._lists[name] = Patterns(getattr(self.raw, name))
        return self._lists[name]

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the measure classes."""
        return tuple(self.raw.measures)

    def measure_hits(self, tokens: Tokens) -> list[Hit]:
        """Cues of all classes; one that lies inside a longer one of any class does not count."""
        found = {
            (name, strength, first, last): Hit(
                name, strength, first, last, WEIGHTS[strength] + LONGER * (last - first - 1)
            )
            for table, where in ((self._measures, tokens), (self._by_lemma, by_lemma(tokens)))
            for name, strength, patterns in table
            for first, last in patterns.spans(where)
        }
        longer = [
            (first, last)
            for name in ("pronouns", "people")
            for first, last in self.patterns(name).spans(tokens)
            if last - first >= 2
        ]
        return [
            hit
            for hit in sorted(found.values(), key=lambda h: (h.first, h.last, h.name, h.strength))
            if not any(_covers(other, hit) for other in found.values())
            and (hit.name == "identity" or not any(_swallows(span, hit) for span in longer))
        ]

    def operator_hits(self, tokens: Tokens) -> list[Hit]:
        """Operators; shorter ones inside a longer one do not count, nor set phrases that only look like one."""
        found = [
            Hit(name, "strong", first, last, float(last - first))
            for name, patterns in self._operators
            for first, last in patterns.spans(tokens)
        ]
        phrases = self.patterns("superlatives").spans(tokens)
        return [
            hit
            for hit in found
            if not _inside(hit.first, hit.last, phrases) and not any(_covers(other, hit) for other in found)
        ]

    def negation_places(self, tokens: Tokens) -> list[int]:
        """Token indices of negations that negate."""
        ignored = self.patterns("negations_ignored").spans(tokens)
        spans = self.patterns("negations").spans(tokens) + self.patterns("dismissals").spans(tokens)
        return sorted({first for first, last in spans if not _inside(first, last, ignored)})


def _covers(other: Hit, hit: Hit) -> bool:
    longer = other.last - other.first > hit.last - hit.first
    return longer and other.first <= hit.first and hit.last <= other.last and other.name != hit.name


def _swallows(span: tuple[int, int], hit: Hit) -> bool:
    """Whether a longer naming phrase ("this age group", "people over sixty") holds the cue."""
    return span[0] <= hit.first and hit.last <= span[1] and span[1] - span[0] > hit.last - hit.first


def _inside(first: int, last: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(a <= first and last <= b for a, b in spans)


@cache
def cue_book(language: str) -> CueBook:
    """The cue book of a language (English for a language without one)."""
    known = language if language in LANGUAGES else "en"
    path = files("service.personas") / "locale" / f"{known}_cues.yaml"
    return CueBook(CueFile.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)), known)
