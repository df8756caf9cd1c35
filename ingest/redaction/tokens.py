"""A text as words with what their surroundings tell: sentence starts, capitals, levels."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingest.redaction.judgement import Judge, Level
from ingest.redaction.lexicon import normal
from ingest.redaction.spans import WORD

_SENTENCE_START = re.compile(r"(?<!\b[A-ZА-ЯЁ])\.|[!?…\n:;»«\"“”(\[—–•*/|]|\s-\s")
"""The full stop of an initial ("L. Odom") ends no sentence."""
_POSSESSIVE = re.compile(r"'s$|s'$")


@dataclass(slots=True)
class Token:
    """A word at `text[start:end]`, its form in the lists and its level; `label` is the person it names, if any."""

    start: int
    end: int
    word: str
    capital: bool
    first: bool
    """First of a sentence: its capital says nothing."""
    level: Level
    cased: bool
    """Whether its line uses capitals at all: recognisers write some utterances without."""
    label: str = ""


def tokens_of(text: str, judge: Judge) -> list[Token]:
    """The words of the text in order, numbers and initials left out, possessive endings cut."""
    tokens: list[Token] = []
    cased = _cased_lines(text)
    for match in WORD.finditer(text):
        raw = match.group()
        if raw[0].isdigit() or (len(raw) == 1 and raw.isupper() and text[match.end() : match.end() + 1] == "."):
            continue
        start, face = match.start(), _face(raw)
        gap = text[tokens[-1].end : start] if tokens else ""
        first = gap != " " and (not tokens or _SENTENCE_START.search(text, tokens[-1].end, start) is not None)
        level = judge.level(face.word)
        tokens.append(Token(start, start + face.size, face.word, face.capital, first, level, cased(start)))
    return tokens


class _Face(NamedTuple):
    """What the letters of a word alone tell."""

    word: str
    size: int
    """Letters without a possessive ending."""
    capital: bool


@lru_cache(maxsize=32768)
def _face(raw: str) -> _Face:
    word = normal(raw)
    tail = _POSSESSIVE.search(word)
    capital = raw[0].isupper() and not (raw.isupper() and len(raw) > 2)
    if tail is not None and len(word) > 3:
        return _Face(word[: tail.start()], tail.start(), capital)
    return _Face(word, len(raw), capital)


def _cased_lines(text: str) -> Callable[[int], bool]:
    """Tells whether the line at an offset has capitals (and not only capitals)."""
    ends: list[int] = []
    flags: list[bool] = []
    for line in text.splitlines(keepends=True):
        ends.append((ends[-1] if ends else 0) + len(line))
        flags.append(line != line.lower() and not line.isupper())
    return lambda offset: flags[bisect(ends, offset)]
