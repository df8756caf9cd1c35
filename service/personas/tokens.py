"""Words of a persona with their places, and word patterns that find cues in them.

A pattern is words apart by spaces. `*` at the end of a word is any ending, `a/b` is either word, `_` is up to three
words of any kind (never across a clause's end). Case and ё/е do not matter; a comma between words is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from service.segments.words import lemma

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|[%$€£₽]|[,.;:!?()«»\"“”—–-]")
_ENDS = frozenset(".;:!?()")
_SILENT = frozenset('«»"“”')
_PAUSES = frozenset({",", "—", "–", "-"})


@dataclass(frozen=True)
class Token:
    """One word, number or mark; `text[start:end]` of the sentence it was taken from."""

    word: str
    start: int
    end: int


def plain(text: str) -> str:
    """Lower case, ё as е, straight apostrophes and hyphens."""
    return text.lower().replace("ё", "е").replace("’", "'").replace("‑", "-")


@dataclass(frozen=True)
class Tokens:
    """A sentence as tokens. `flat` is the words joined by spaces, where patterns look."""

    items: tuple[Token, ...]

    @cached_property
    def flat(self) -> str:
        return "".join(f" {token.word}" for token in self.items) + " "

    @cached_property
    def _index_at(self) -> dict[int, int]:
        """Offset in `flat` where a token's word begins → its index."""
        places, offset = {}, 0
        for index, token in enumerate(self.items):
            places[offset + 1] = index
            offset += 1 + len(token.word)
        return places

    def index_of(self, offset: int) -> int:
        """Index of the token that begins at `offset` of `flat`."""
        return self._index_at[offset]

    def words(self, start: int = 0, end: int | None = None) -> list[str]:
        """Words without marks."""
        return [token.word for token in self.items[start:end] if token.word[0].isalnum()]


def tokens_of(text: str) -> Tokens:
    """Tokens of a sentence; quotation marks are left out."""
    items = []
    for match in _TOKEN.finditer(text):
        if match.group() not in _SILENT:
            items.append(Token(plain(match.group()), match.start(), match.end()))
    return Tokens(tuple(items))


def by_lemma(tokens: Tokens) -> Tokens:
    """The same tokens with dictionary forms for words, so that "заплатил" meets "заплатить"."""
    return Tokens(tuple(Token(_base(t.word), t.start, t.end) for t in tokens.items))


def lemma_pattern(pattern: str) -> str:
    """A pattern over dictionary forms: parts without `*` are put into theirs."""
    return " ".join("/".join(_base(choice) for choice in part.split("/")) for part in plain(pattern).split())


def _base(word: str) -> str:
    return word if word.endswith("*") or word == "_" or not word[0].isalpha() else lemma(word)


def is_end(token: Token) -> bool:
    """Whether the token closes a clause for good."""
    return token.word in _ENDS


def is_pause(token: Token) -> bool:
    """A comma or dash: a clause may end here."""
    return token.word in _PAUSES


_GAP = r"(?: [^ .;:!?()]+){0,3}?"
_BREAK = r"(?: [,—–-])?"


def _part(part: str) -> str:
    choices = []
    for choice in part.split("/"):
        stem = re.escape(choice.rstrip("*"))
        choices.append(stem + (r"[^ ]*" if choice.endswith("*") else ""))
    return "(?:" + "|".join(choices) + ")"


def expression(pattern: str) -> str:
    """The regular expression of one pattern, over `Tokens.flat`."""
    pieces: list[str] = []
    for part in plain(pattern).split():
        if part == "_":
            pieces.append(_GAP)
        else:
            pieces.append((_BREAK if pieces else "") + " " + _part(part))
    return "".join(pieces)


class Patterns:
    """Many patterns looked for at once; the longest at each place wins."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(dict.fromkeys(patterns))
        ordered = sorted(self.patterns, key=lambda p: (-len(p.split()), -len(p), p))
        self._regex = re.compile("(?:" + "|".join(map(expression, ordered)) + ")(?= )") if ordered else None

    def spans(self, tokens: Tokens) -> list[tuple[int, int]]:
        """(first token, one past the last) of every match that does not overlap an earlier one."""
        if self._regex is None:
            return []
        found = []
        for match in self._regex.finditer(tokens.flat):
            text = match.group()
            first = tokens.index_of(match.start() + 1)
            found.append((first, first + len(text.split())))
        return found

    def any(self, tokens: Tokens) -> bool:
        """Whether one of them occurs."""
        return self._regex is not None and self._regex.search(tokens.flat) is not None
