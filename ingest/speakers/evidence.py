"""What an utterance's words say about its speaker: cues, and likeness to what agents repeat in call after call."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from ingest.speakers.words import LANGUAGES, phrases

MAX_CUES = 2
"""Cues of one side counted per utterance at most."""
SCRIPT_MIDDLE = 0.35
SCRIPT_WEIGHT = 4.0
CUE_WEIGHT = 1.2
STAFF_NAME_CUE = 1.5
OPENING = 4
"""Utterances in which a staff name is the agent introducing himself."""
FEW_CALLS = 20
SCRIPT_SHARE = 0.04
GRAM = 3
MIN_SCRIPT_WORDS = 4
CLOSING_WORDS = 8
"""Recipe A5.3 to A5.5: set by hand before the first run and never tuned."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance as evidence: its bare words, how many, and which speaker tag of the call it has (-1: none)."""

    words: str
    size: int
    tag: int


def seeds(calls: Sequence[Sequence[Spoken]], staff: frozenset[str]) -> list[list[float]]:
    """Log-odds for "agent" of every utterance from script-likeness and cues, by call."""
    likeness = _Script(calls)
    every = []
    for number, call in enumerate(calls):
        own = likeness.grams_of(number)
        scores = []
        for place, spoken in enumerate(call):
            cue = cue_score(spoken.words)
            if place < OPENING and staff and staff & set(spoken.words.split()):
                cue += STAFF_NAME_CUE
            share = None if is_closing(spoken.words) else likeness.share(own[place])
            script = SCRIPT_WEIGHT * (share - SCRIPT_MIDDLE) if share is not None else 0.0
            scores.append(script + CUE_WEIGHT * cue)
        every.append(scores)
    return every


@lru_cache(maxsize=65536)
def cue_score(words: str) -> float:
    """Agent cues less customer cues, each side counted up to `MAX_CUES`."""
    agent = sum(1 for pattern in _patterns("agent") if pattern.search(words))
    customer = sum(1 for pattern in _patterns("customer") if pattern.search(words))
    return float(min(agent, MAX_CUES) - min(customer, MAX_CUES))


def cue_places(words: Sequence[str]) -> list[tuple[int, int, int]]:
    """(first word, last word, 1 for the agent or -1) of every cue in a call taken as one stretch of words."""
    text = " ".join(words)
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))[:-1]
    found = []
    for side, sign in (("agent", 1), ("customer", -1)):
        for pattern in _patterns(side):
            for match in pattern.finditer(text):
                if match.end() > match.start():
                    first, last = (bisect_right(starts, at) - 1 for at in (match.start(), match.end() - 1))
                    found.append((first, last, sign))
    return found


@lru_cache(maxsize=65536)
def is_closing(words: str) -> bool:
    """A short polite formula: both sides say it in every call, so repetition tells nothing."""
    if words.count(" ") >= CLOSING_WORDS - 1:
        return False
    return _closings().search(words) is not None and cue_score(words) <= 0


@lru_cache(maxsize=2)
def _patterns(side: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for language in LANGUAGES for pattern in phrases(language)[side])


@lru_cache(maxsize=1)
def _closings() -> re.Pattern[str]:
    every = "|".join(phrases(language)["closing"] for language in LANGUAGES)
    return re.compile(rf"(?<!\w)(?:{every})(?!\w)")


def enough_calls(calls: int) -> int:
    """Calls a sequence of words is said in before it counts as script."""
    return 2 if calls < FEW_CALLS else max(3, round(SCRIPT_SHARE * calls))


class _Script:
    """In how many calls each three-word sequence occurs."""

    def __init__(self, calls: Sequence[Sequence[Spoken]]) -> None:
        self._grams = [[_grams(spoken.words) for spoken in call] for call in calls]
        self._calls_with: Counter[str] = Counter()
        for call in self._grams:
            self._calls_with.update(set().union(*call) if call else ())
        self._enough = enough_calls(len(calls))

    def grams_of(self, number: int) -> list[frozenset[str]]:
        return self._grams[number]

    def share(self, grams: frozenset[str]) -> float | None:
        """Share of an utterance's sequences said in enough other calls; None when it is too short to tell."""
        if len(grams) < MIN_SCRIPT_WORDS - GRAM + 1:
            return None
        return sum(self._calls_with[gram] > self._enough for gram in grams) / len(grams)


def _grams(words: str) -> frozenset[str]:
    parts = words.split()
    return frozenset(" ".join(parts[place : place + GRAM]) for place in range(len(parts) - GRAM + 1))
