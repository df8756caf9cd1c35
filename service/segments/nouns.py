"""Noun phrases people themselves use, in the form a name wants: what a segment can be called by.

Russian: nouns and agreeing pairs by pymorphy3's parses, put into the nominative. English has no tagger here: a word is
taken for a noun by the company it keeps in this very corpus (after determiners and possessives, before little words or
a stop), and for a verb by the same token (after pronouns and auxiliaries).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, product
from typing import Any, NamedTuple

from service.segments.phrases import Phrase, stop_words
from service.segments.words import WORD, lemma, parses, without_placeholders

SHORTEST = 3
"""Letters of a word that may name something."""
MODIFIED_BY = frozenset({"ADJF", "PRTF"})
JOINED_BY = frozenset({"для", "из", "без", "на", "от", "по"})
"""Prepositions that keep two nouns one thing: работа из дома, курсы для детей."""
NOUN_AT_LEAST = 2
"""Uses after a determiner that make an English word a noun."""
NOUN_OVER_VERB = 2.0
"""How many times as often it must stand as a noun than as a verb."""

_STOP = re.compile(r"[.!?…,;:()\[\]\"«»“”\n—–\d]")
_DETERMINERS = frozenset(
    "a an the my our his her their your its this that these those no any some every each another which whose for of "
    "with without in on at from into about by per".split()
)
_PREDICATORS = frozenset(
    "i you we they he she it who to can could will would should must may might don't doesn't didn't won't wouldn't "
    "can't couldn't i'd i'll we'd we'll you'd you'll they'd they'll let's not just never always gonna wanna please "
    "i've we've they've i'm we're you're they're he's she's".split()
)
_PRONOUNS_OF_NOUNS = frozenset({"one", "ones", "thing", "things", "kind", "way"})
"""After these little words what stands before is an adjective: the green one."""
_NEVER_NOUNS = re.compile(r".+(?:ly|ed|n't|'ll|'d|'ve|'re)$")
_NEVER_MODIFIERS = re.compile(r".+(?:ly|n't|'ll|'d|'ve|'re)$")


class Token(NamedTuple):
    """A lower-case word, as written, and whether a stop or a number stands before it."""

    word: str
    after_stop: bool


def tokens(text: str) -> list[Token]:
    """Words in order, remembering where speech stops between them."""
    plain = without_placeholders(text).replace("’", "'")
    found: list[Token] = []
    end = 0
    for match in WORD.finditer(plain):
        gap = plain[end : match.start()]
        found.append(Token(match.group().lower(), not found or (gap != " " and bool(_STOP.search(gap)))))
        end = match.end()
    return found


@dataclass(frozen=True)
class Nouns:
    """What this corpus taught about English words: uses as a noun and as a verb, by word."""

    as_noun: Mapping[str, int] = field(default_factory=dict)
    as_verb: Mapping[str, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    """Words that stand with a capital inside a sentence: names of people, places and months."""

    def is_noun(self, word: str) -> bool:
        """Whether an English word may be the thing a phrase is about."""
        if _NEVER_NOUNS.match(word):
            return False
        held = self.as_noun.get(word, 0)
        return held >= NOUN_AT_LEAST and held >= NOUN_OVER_VERB * self.as_verb.get(word, 0)

    def phrases(self, text: str) -> list[Phrase]:
        """Noun phrases of one utterance: key and the form to show."""
        found = tokens(text)
        return _russian(found) + self._english(found)

    def _english(self, found: list[Token]) -> list[Phrase]:
        phrases = []
        for before, run, _ in _runs(found):
            last = run[-1]
            if last in self.names or not self.is_noun(last):
                continue
            phrases.append(Phrase(_key(last), last))
            if len(run) > 1 and self._modifies(run, before):
                phrases.append(Phrase(f"{_key(run[-2])} {_key(last)}", f"{run[-2]} {last}"))
        return phrases

    def _modifies(self, run: list[str], before: str) -> bool:
        word = run[-2]
        if word in self.names or _NEVER_MODIFIERS.match(word) or (len(run) == 2 and before in _PREDICATORS):
            return False
        return self.as_verb.get(word, 0) <= self.as_noun.get(word, 0)


def learn_nouns(lines: Iterable[str]) -> Nouns:
    """Count in which company English words stand."""
    as_noun: Counter[str] = Counter()
    as_verb: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for line in lines:
        found = tokens(line)
        for before, run, after in _runs(found):
            if before in _DETERMINERS and after not in _PRONOUNS_OF_NOUNS:
                as_noun[run[-1]] += 1
            if before in _PREDICATORS:
                as_verb[run[0]] += 1
        for name in _capitals(line):
            capital[name] += 1
        every.update(token.word for token in found)
    names = frozenset(word for word, count in capital.items() if 2 * count > every[word])
    return Nouns(as_noun, as_verb, names)


def _capitals(line: str) -> Iterable[str]:
    """Words with a capital that open no sentence."""
    for first, second in pairwise(WORD.finditer(line)):
        word = second.group()
        if word[0].isupper() and not _STOP.search(line[first.end() : second.start()]) and not word.isupper():
            yield word.lower()


class _Run(NamedTuple):
    """English content words in a row, with the little word before and after them ("" for a stop)."""

    before: str
    words: list[str]
    after: str


def _runs(found: list[Token]) -> list[_Run]:
    runs: list[_Run] = []
    run: list[str] = []
    before = ""
    for token in found:
        content = token.word.isascii() and len(token.word) >= SHORTEST and token.word not in stop_words()
        if token.after_stop or not content:
            if run:
                runs.append(_Run(before, run, "" if token.after_stop else token.word))
            run, before = [], "" if content else token.word
        if content:
            run.append(token.word)
    if run:
        runs.append(_Run(before, run, ""))
    return runs


def _key(word: str) -> str:
    return lemma(word)


def _russian(found: list[Token]) -> list[Phrase]:
    phrases: list[Phrase] = []
    for place, token in enumerate(found):
        noun = _noun(token.word)
        if noun is None:
            continue
        phrases.append(Phrase(noun.key, noun.shown))
        before = found[place - 1] if place and not token.after_stop else None
        if before is not None:
            phrases += _modified(before.word, noun, token.word)
        phrases += _complemented(found, place, noun)
    return phrases


class _Noun(NamedTuple):
    key: str
    shown: str
    """Nominative, singular or plural as it stood."""
    parse: Any


@lru_cache(maxsize=100_000)
def _noun(word: str) -> _Noun | None:
    """A Russian noun that may name something; None for names of people and places, and for everything else."""
    if len(word) < SHORTEST or word.isascii():
        return None
    best = parses(word)[0]
    tag = best.tag
    key = str(best.normal_form).replace("ё", "е")
    if tag.POS != "NOUN" or {"Name", "Surn", "Patr", "Geox", "Abbr"} & set(tag.grammemes):
        return None
    if key in stop_words() or word in stop_words():
        return None
    shown = best.inflect({"nomn"})
    return _Noun(key, shown.word if shown else word, best)


@lru_cache(maxsize=100_000)
def _modifier(word: str) -> Any:
    """The likeliest parse as an adjective that says something; None for none."""
    for parse in parses(word)[:3]:
        tag = parse.tag
        if tag.POS in MODIFIED_BY and not {"Apro", "Anum"} & set(tag.grammemes):
            key = str(parse.normal_form).replace("ё", "е")
            return None if key in stop_words() or word in stop_words() else parse
    return None


def _modified(word: str, noun: _Noun, written: str) -> list[Phrase]:
    """`детскую` + `комнату` → детская комната, by the first readings of the two that agree."""
    if _modifier(word) is None:
        return []
    for parse, thing in product(parses(word), parses(written)):
        mine, its = parse.tag, thing.tag
        if mine.POS not in MODIFIED_BY or its.POS != "NOUN" or mine.case != its.case or mine.number != its.number:
            continue
        if its.number == "sing" and mine.gender != its.gender:
            continue
        wanted = {"nomn", "plur"} if its.number == "plur" else {"nomn", "sing", str(its.gender)}
        shown, named = parse.inflect(wanted), thing.inflect({"nomn"})
        if shown is not None and named is not None:
            key = str(parse.normal_form).replace("ё", "е")
            return [Phrase(f"{key} {noun.key}", f"{shown.word} {named.word}")]
    return []


def _complemented(found: list[Token], place: int, noun: _Noun) -> list[Phrase]:
    """`счёт на организацию`, `день рождения`: a noun with what it is of or for."""
    rest = found[place + 1 : place + 3]
    if not rest or rest[0].after_stop:
        return []
    other = _noun(rest[0].word)
    if other is not None and other.parse.tag.case == "gent" and other.key != noun.key:
        return [Phrase(f"{noun.key} {other.key}", f"{noun.shown} {rest[0].word}")]
    if rest[0].word in JOINED_BY and len(rest) == 2 and not rest[1].after_stop:
        other = _noun(rest[1].word)
        if other is not None and other.key != noun.key and other.parse.tag.case != "nomn":
            return [Phrase(f"{noun.key} {rest[0].word} {other.key}", f"{noun.shown} {rest[0].word} {rest[1].word}")]
    return []
