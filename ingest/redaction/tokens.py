"""A text as words with what their surroundings tell: sentence starts, capitals, levels."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass

from ingest.redaction.judgement import Judge, Level
from ingest.redaction.lexicon import normal
from ingest.redaction.spans import WORD

_SENTENCE_START = re.compile(r"[.!?…\n:;»«\"“”(\[—–•*/|]|\s-\s")
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
    """The words of the text in order, numbers left out, possessive endings cut."""
    tokens: list[Token] = []
    cased = _cased_lines(text)
    for match in WORD.finditer(text):
        raw = match.group()
        if raw[0].isdigit():
            continue
        word, end = normal(raw), match.end()
        tail = _POSSESSIVE.search(word)
        if tail is not None and len(word) > 3:
            word, end = word[: tail.start()], match.start() + tail.start()
        first = not tokens or _SENTENCE_START.search(text, tokens[-1].end, match.start()) is not None
        capital = raw[0].isupper() and not (raw.isupper() and len(raw) > 2)
        tokens.append(Token(match.start(), end, word, capital, first, judge.level(word), cased(match.start())))
    return tokens


def _cased_lines(text: str) -> Callable[[int], bool]:
    """Tells whether the line at an offset has capitals (and not only capitals)."""
    ends: list[int] = []
    flags: list[bool] = []
    for line in text.splitlines(keepends=True):
        ends.append((ends[-1] if ends else 0) + len(line))
        flags.append(line != line.lower() and not line.isupper())
    return lambda offset: flags[bisect(ends, offset)]
