"""How likely a word is a person's name by itself, in Russian and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.redaction.lexicon import (
    english_names,
    english_surnames,
    is_english_word,
    name_cues,
    normal,
    romanised_names,
    russian_names,
)

if TYPE_CHECKING:
    import pymorphy3

SURE_SCORE = 0.7
DOUBT_SCORE = 0.15
SURNAME_SCORE = 0.5
CASE_FORM_SCORE = 0.3
SURNAME_TOO_SCORE = 0.1
"""Sums of the analyser's parse scores tagged as a name: a little above .6, a list by hand has the doubtful."""

ORDINARY_COUNT = 3
ORDINARY_RATIO = 2
"""A word seen this often in lower case, and this many times as often as capitalised, is a word of the trade."""


_APOSTROPHE_NAME = re.compile(r"(?:o|d|l|m)'[^\W\d_]{3,}")
"""O'Connell, D'Angelo."""


_ROMANISED_SURNAME = re.compile(
    r"[a-z]{3,}(?:ov|ev|ova|eva|ina|skiy|skii|tsky|skaya|enko|chuk|dze|shvili|ullin|utdinov)"
)
"""Sokolova, Petrenko: Russian surnames in Latin letters by their endings."""


_IN = re.compile(r"ин(?:а|у|ым|ом|е|ой|ы)?$")


class Level(IntEnum):
    """From never a name to surely one."""

    WORD = 0
    UNKNOWN = 1
    SURNAME = 2
    PATRONYMIC = 3
    DOUBTFUL = 4
    SURE = 5


class _Scores(NamedTuple):
    name: float
    patronymic: float
    surname: float
    known: bool


class Judge:
    """Judges words; `trade` holds words that are no names in this business (its name, products, corpus words)."""

    def __init__(self, corpus_words: Mapping[str, int] | None = None, trade: frozenset[str] = frozenset()) -> None:
        self._counts = corpus_words or {}
        self._trade = trade
        self._cased = any(word[:1].isupper() for word in self._counts)
        self._levels: dict[str, Level] = {}

    def level(self, word: str) -> Level:
        """The level of a word in the form of `normal`."""
        if word not in self._levels:
            self._levels[word] = self._judge(word)
        return self._levels[word]

    def is_said(self, word: str) -> bool:
        """Whether the company's own texts use the word in lower case."""
        return self._cased and self._counts.get(word, 0) > 0

    def is_trade(self, word: str) -> bool:
        """Whether the word belongs to the company's name or products."""
        return word in self._trade

    def _judge(self, word: str) -> Level:
        if word in self._trade or len(word) < 2 or self._is_ordinary(word):
            return Level.WORD
        return dictionary_level(word)

    def _is_ordinary(self, word: str) -> bool:
        if not self._cased:
            return False
        lower = self._counts.get(word, 0)
        return lower >= ORDINARY_COUNT and lower > ORDINARY_RATIO * self._counts.get(word.capitalize(), 0)


@lru_cache(maxsize=65536)
def dictionary_level(word: str) -> Level:
    """The level by lists and analyser alone."""
    if is_cyrillic(word):
        return _russian_level(word)
    return _english_level(word)


def is_cyrillic(word: str) -> bool:
    """Whether the word is written in Cyrillic letters."""
    return bool(word) and "\u0400" <= word[0] <= "\u04ff"


def is_never(word: str) -> bool:
    """Whether the locale lists the word as no name, whatever dictionaries say."""
    return word in _never()


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    return frozenset(normal(word) for language in ("ru", "en") for word in name_cues(language)["never"])


@lru_cache(maxsize=1)
def _calendar() -> frozenset[str]:
    return frozenset(name_cues("en")["calendar"])


def _russian_level(word: str) -> Level:
    names = russian_names()
    if word in names.sure:
        return Level.SURE
    if is_never(word):
        return Level.WORD
    scores = _scores(word)
    if word in names.inflected:
        if scores.name >= CASE_FORM_SCORE or not scores.known:
            return Level.SURE
        return Level.DOUBTFUL if scores.name >= DOUBT_SCORE else Level.WORD
    if word in names.ambiguous:
        return Level.DOUBTFUL
    return _analysed(word, scores)


def _analysed(word: str, scores: _Scores) -> Level:
    if scores.patronymic >= SURE_SCORE and len(word) > 4:
        return Level.PATRONYMIC
    if scores.known and scores.name >= SURE_SCORE:
        return Level.SURE if len(word) > 3 else Level.DOUBTFUL
    if scores.surname >= SURNAME_SCORE and scores.surname >= scores.name:
        return Level.SURNAME
    if scores.known:
        return Level.DOUBTFUL if scores.name >= DOUBT_SCORE else Level.WORD
    return Level.SURNAME if _surname_shape().fullmatch(word) else Level.UNKNOWN


def _english_level(word: str) -> Level:
    names = english_names()
    if is_never(word):
        return Level.WORD
    if word in names.sure:
        return Level.DOUBTFUL if word in _calendar() else Level.SURE
    if word in names.ambiguous:
        return Level.DOUBTFUL
    if word in romanised_names().sure:
        return Level.DOUBTFUL if is_english_word(word) else Level.SURE
    if word in romanised_names().ambiguous and not is_english_word(word):
        return Level.DOUBTFUL
    if word in english_surnames().sure:
        return Level.SURNAME
    if "'" in word:
        return Level.UNKNOWN if _APOSTROPHE_NAME.fullmatch(word) else Level.WORD
    if is_english_word(word):
        return Level.WORD
    return Level.SURNAME if _ROMANISED_SURNAME.fullmatch(word) else Level.UNKNOWN


@lru_cache(maxsize=1)
def _surname_shape() -> re.Pattern[str]:
    ending = name_cues("ru")["surname"]
    return re.compile(rf"[а-я]{{3,}}{ending}(?:а|у|ым|ом|е|ой|ы|ых|ыми)?")


@lru_cache(maxsize=1)
def _analyser() -> pymorphy3.MorphAnalyzer:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=65536)
def _scores(word: str) -> _Scores:
    analyser = _analyser()
    name = patronymic = surname = 0.0
    for parse in analyser.parse(word):
        grammemes: Any = parse.tag.grammemes
        name += parse.score * ("Name" in grammemes)
        patronymic += parse.score * ("Patr" in grammemes)
        surname += parse.score * ("Surn" in grammemes)
    return _Scores(name, patronymic, surname, bool(analyser.word_is_known(word)))


def may_be_surname(word: str) -> bool:
    """Whether a Russian word beside a given name can be its surname: by its ending, by any such reading, unknown."""
    scores = _scores(word)
    return scores.surname > 0 or not scores.known or _surname_shape().fullmatch(word) is not None


@lru_cache(maxsize=16384)
def is_surname_too(word: str) -> bool:
    """Whether a Russian word of another meaning is read as a surname too, and ends like one."""
    scores = _scores(word)
    return scores.surname > SURNAME_TOO_SCORE and _surname_shape().fullmatch(word) is not None


@lru_cache(maxsize=16384)
def is_lone_surname(word: str) -> bool:
    """Whether a capital alone makes a Russian word a surname: no town, and a known one or of a clear ending.

    Names of medicines and brands end in "-ин" as surnames do, so for unknown words that ending says nothing.
    """
    if is_place(word):
        return False
    return _scores(word).known or (_surname_shape().fullmatch(word) is not None and not _IN.search(word))


@lru_cache(maxsize=16384)
def is_place(word: str) -> bool:
    """Whether the analyser knows the word as a town or a country."""
    return any("Geox" in parse.tag.grammemes for parse in _analyser().parse(word))


def is_russian_word(word: str) -> bool:
    """Whether the analyser's dictionary holds the word with some reading that is no name."""
    scores = _scores(word)
    return scores.known and scores.name + scores.patronymic + scores.surname < 1 - DOUBT_SCORE
