"""The persons already known by name: the customer of this text, the company's staff, everybody in the CRM."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ingest.redaction.judgement import Judge, Level, dictionary_level, is_cyrillic, is_never
from ingest.redaction.lexicon import english_names, english_nicknames, name_cues, normal, russian_names
from ingest.redaction.russian_forms import endearments, given_forms, name_forms, romanised, to_latin

_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MAX_NAME_WORDS = 4
_JUNK_NAMES = 3
"""A word no list knows that stands in more names than this is a label of the CRM ("лид"), not a person."""

STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Known:
    """A form of a known person's name and the level of the name it belongs to."""

    label: str
    form: str
    level: Level

    @property
    def certain(self) -> bool:
        """Whether the form is the name wherever it stands; an ordinary word ("жене", "will") needs a sign."""
        if self.level == Level.WORD or dictionary_level(self.form) == Level.WORD:
            return False
        return is_cyrillic(self.form) or (self.form not in _modals() and len(self.form) > 2)


def name_words(name: str, judge: Judge) -> list[tuple[str, Level]]:
    """The words of one name field that can be a person's, with their levels.

    Fields hold phones, e-mails and labels too: what has an at sign or a digit, and what only ordinary words make up,
    is not a name.
    """
    if "@" in name:
        return []
    words = [normal(word) for word in _LETTERS.findall(name)]
    judged = [(word, judge.level(word)) for word in words if len(word) > 1 and not judge.is_trade(word)]
    given = any(level >= Level.PATRONYMIC for _, level in judged)
    if len(judged) > _MAX_NAME_WORDS and not given:
        return []
    surname_allowed = given and len(judged) <= _MAX_NAME_WORDS
    return [
        (word, level)
        for word, level in judged
        if level > Level.WORD or (surname_allowed and len(word) > 2 and not is_never(word))
    ]


def own_people(names: Iterable[str], judge: Judge) -> dict[str, Known]:
    """Words of one customer's names; several spellings of one person share a label, `own-1`, `own-2` …"""
    people: dict[str, Known] = {}
    persons: list[set[str]] = []
    for name in sorted(set(names)):
        words = name_words(name, judge)
        if not words:
            continue
        bare = {canonical(word) for word, _ in words}
        place = next((place for place, person in enumerate(persons) if person & bare), len(persons))
        if place == len(persons):
            persons.append(set())
        persons[place] |= bare
        for word, level in words:
            for form in _own_forms(word, level):
                known = people.get(form)
                if known is None or known.level < level:
                    people[form] = Known(f"own-{place + 1}", form, level)
    return people


def staff_people(names: Iterable[str], judge: Judge) -> dict[str, Known]:
    """Words of the staff's names."""
    people: dict[str, Known] = {}
    for name in sorted(set(names)):
        for word, level in name_words(name, judge):
            if level > Level.WORD:
                for form in _forms(word):
                    people[form] = Known(STAFF, form, level)
    return people


def crm_people(names: Iterable[str], judge: Judge) -> dict[str, Known]:
    """Words of everybody's names that no ordinary reading makes doubtful; labels are the words themselves."""
    distinct = sorted(set(names))
    judged = [name_words(name, judge) for name in distinct]
    seen = Counter(word for words in judged for word, _ in set(words))
    people: dict[str, Known] = {}
    for words in judged:
        for word, level in words:
            rare = seen[word] <= max(_JUNK_NAMES, len(distinct) // 50)
            if level in (Level.SURNAME, Level.SURE) or (level == Level.UNKNOWN and rare and len(word) > 3):
                for form in _forms(word):
                    people.setdefault(form, Known(canonical(word), form, level))
    return people


def canonical(word: str) -> str:
    """One form for all diminutives of a given name; other words stand for themselves."""
    return russian_names().canonical.get(word, word)


def _own_forms(word: str, level: Level) -> set[str]:
    forms = _forms(word)
    if is_cyrillic(word):
        forms |= romanised(word)
        if level >= Level.DOUBTFUL:
            forms |= _short_forms(canonical(word))
        return forms
    head = _romanised_heads().get(word)
    if head is not None:
        return forms | given_forms(head) | _short_forms(head)
    return forms | english_nicknames().get(word, frozenset())


def _forms(word: str) -> set[str]:
    if not is_cyrillic(word):
        return {word}
    return {*name_forms(word), to_latin(word)}


@lru_cache(maxsize=1)
def _modals() -> frozenset[str]:
    return frozenset(name_cues("en")["modals"])


@lru_cache(maxsize=4096)
def _short_forms(head: str) -> frozenset[str]:
    """Every form of every short and tender name of one full name."""
    made = {tender for short in _shorts().get(head, ()) for tender in (short, *endearments(short))}
    return frozenset(form for name in made for form in given_forms(name))


@lru_cache(maxsize=1)
def _romanised_heads() -> dict[str, str]:
    """Latin spelling → the Russian given name or short form it may stand for, the full name first."""
    heads: dict[str, str] = {}
    for head, forms in sorted(_shorts().items()):
        for form in (head, *forms):
            for spelling in sorted(romanised(form)):
                heads.setdefault(spelling, head)
    return heads


@lru_cache(maxsize=1)
def _shorts() -> dict[str, list[str]]:
    names = russian_names()
    shorts: dict[str, list[str]] = {}
    for word in sorted(names.sure | names.ambiguous):
        shorts.setdefault(canonical(word), []).append(word)
    return shorts


def is_english_given(word: str) -> bool:
    """Whether any English list holds the word as a given name."""
    names = english_names()
    return word in names.sure or word in names.ambiguous
