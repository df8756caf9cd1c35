"""The topic catalogue: what customers of any small business worry about, need and ask, as editable word lists.

A stem is one or more words; `*` at the end of a word stands for any ending (`скидк*`, `talk to my *`), a word without
it must match whole. Words of a phrase stand side by side. Case and ё/е do not matter. Matching works on
words, each looked up once and remembered, so thousands of utterances take a fraction of a second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

Facet = Literal["objection", "need", "pain", "trigger", "who", "question", "situation", "goal", "reason"]
"""The catalogue knows the first six; who people are in detail, their situation, what they are after and what decides
for them is `service/segments/facets`."""
LANGUAGES = ("ru", "en")
_STEM_BREAK = re.compile(r"[\s-]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True)
class Topic:
    """One topic as one language voices it. `name` is for people, by language."""

    id: str
    facet: Facet
    name: dict[str, str] = field(hash=False)
    stems: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """Lower-case words of a text, ё as е, typographic apostrophes straightened."""
    return _WORD.findall(text.lower().replace("ё", "е").replace("’", "'"))


@cache
def catalogue(language: str) -> tuple[Topic, ...]:
    """The topics with the stems of `language` (English for a language without a list)."""
    known = language if language in LANGUAGES else "en"
    raw = {code: _read(code) for code in LANGUAGES}
    return tuple(
        Topic(
            id=topic_id,
            facet=cast(Facet, entry["facet"]),
            name={code: raw[code][topic_id]["name"] for code in LANGUAGES},
            stems=tuple(entry["stems"]),
        )
        for topic_id, entry in raw[known].items()
    )


def topics_in(text: str, language: str) -> frozenset[str]:
    """Ids of the topics the text touches."""
    return _matcher(language if language in LANGUAGES else "en").find(words_of(text))


def _read(language: str) -> dict[str, dict[str, Any]]:
    path = files("service.segments") / "locale" / f"{language}_topics.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


class StemList:
    """Keys by stems: which keys' stems occur in a list of words. Remembers every word it has seen."""

    def __init__(self, stems: dict[str, tuple[str, ...]]) -> None:
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for key, entries in stems.items():
            self._phrases[key] = [tuple(_STEM_BREAK.split(stem.lower().replace("ё", "е"))) for stem in entries]
        self._parts = sorted({part for phrases in self._phrases.values() for p in phrases for part in p})
        self._whole = {part for part in self._parts if not part.endswith("*")}
        self._prefix: dict[str, str] = {part[:-1]: part for part in self._parts if part.endswith("*")}
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._single: dict[str, set[str]] = {}
        self._longer: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
        for key, phrases in self._phrases.items():
            for phrase in phrases:
                if len(phrase) == 1:
                    self._single.setdefault(phrase[0], set()).add(key)
                else:
                    self._longer.setdefault((phrase[0], phrase[1]), []).append((key, phrase))
        self._opens = {first for first, _ in self._longer}
        self._seen: dict[str, frozenset[str]] = {}

    def find(self, words: list[str]) -> frozenset[str]:
        """Keys with at least one stem in `words` (as `words_of` gives them)."""
        return frozenset(key for key, _, _ in self.hits(words))

    def hits(self, words: list[str]) -> list[tuple[str, int, int]]:
        """(key, first word, one past the last word) of every match, in order of place."""
        found: list[tuple[str, int, int]] = []
        for index, word in enumerate(words):
            parts = self._seen.get(word)
            for part in self._matching(word) if parts is None else parts:
                found.extend((key, index, index + 1) for key in sorted(self._single.get(part, ())))
                if part in self._opens and index + 1 < len(words):
                    found.extend(self._longer_at(words, index, part))
        return found

    def _longer_at(self, words: list[str], index: int, first: str) -> list[tuple[str, int, int]]:
        """Phrases that begin here; looked up by two words, for many begin with the same "my" or "не"."""
        return [
            (key, index, index + len(phrase))
            for second in self._matching(words[index + 1])
            for key, phrase in self._longer.get((first, second), ())
            if len(phrase) == 2 or self._stands_at(words, index, phrase)
        ]

    def _stands_at(self, words: list[str], index: int, phrase: tuple[str, ...]) -> bool:
        stretch = words[index : index + len(phrase)]
        return len(stretch) == len(phrase) and all(
            part in self._matching(word) for part, word in zip(phrase, stretch, strict=True)
        )

    def _matching(self, word: str) -> frozenset[str]:
        """The stem parts this word satisfies."""
        known = self._seen.get(word)
        if known is None:
            parts = {word} & self._whole
            parts |= {self._prefix[word[:n]] for n in self._lengths if n <= len(word) and word[:n] in self._prefix}
            known = self._seen[word] = frozenset(parts)
        return known


@cache
def _matcher(language: str) -> StemList:
    return StemList({topic.id: topic.stems for topic in catalogue(language)})
