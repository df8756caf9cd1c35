"""Loads the word lists and patterns of `locale/{ru,en}` once and keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class NameLists:
    """Given names of one language: `sure` ones, those that are also `ambiguous` words, and a canonical form of each."""

    sure: frozenset[str]
    inflected: frozenset[str]
    """Case forms of sure names: a few of them ("жене") are ordinary words, the dictionary decides."""
    ambiguous: frozenset[str]
    canonical: dict[str, str]


def normal(word: str) -> str:
    """Lower case with `ё` as `е` and one kind of apostrophe: the form in which all lists are kept."""
    return word.lower().replace("ё", "е").replace("’", "'")


def _read(language: str, name: str) -> str:
    return files("ingest.redaction").joinpath("locale", language, name).read_text(encoding="utf-8")


def _lines(language: str, name: str) -> list[str]:
    return [line for line in _read(language, name).splitlines() if line and not line.startswith("#")]


@cache
def rules(language: str) -> dict[str, Any]:
    """Number words, e-mail words, streets, dates and document words of one language."""
    loaded = yaml.safe_load(_read(language, "rules.yaml"))
    assert isinstance(loaded, dict)
    return loaded


@cache
def name_cues(language: str) -> dict[str, Any]:
    """Patterns around names of one language and the words that are never names."""
    loaded = yaml.safe_load(_read(language, "names.yaml"))
    assert isinstance(loaded, dict)
    return loaded


@lru_cache(maxsize=1)
def russian_names() -> NameLists:
    """The hand-written list with every case form; all forms of a line share the first as canonical."""
    from ingest.redaction.russian_forms import endearments, given_forms

    sure: set[str] = set()
    inflected: set[str] = set()
    ambiguous: set[str] = set()
    canonical: dict[str, str] = {}
    for line in _lines("ru", "given_names.txt"):
        forms = line.split()
        head = forms[0].rstrip("?")
        for form in forms:
            name = form.rstrip("?")
            (ambiguous if form.endswith("?") else sure).add(name)
            cases = given_forms(name)
            (ambiguous if form.endswith("?") else inflected).update(cases)
            if not form.endswith("?"):
                tender = {case for made in endearments(name) for case in given_forms(made)}
                inflected |= tender
                cases |= tender
            for case in sorted(cases):
                canonical.setdefault(case, head)
    plain = frozenset(sure)
    return NameLists(plain, frozenset(inflected) - plain - ambiguous, frozenset(ambiguous) - plain, canonical)


@lru_cache(maxsize=1)
def romanised_names() -> NameLists:
    """Russian given names and short forms in the usual spellings with Latin letters."""
    from ingest.redaction.russian_forms import romanised

    def spelt(names: frozenset[str]) -> frozenset[str]:
        return frozenset(spelling for name in names for spelling in romanised(name) if len(spelling) > 3)

    names = russian_names()
    sure = spelt(names.sure)
    return NameLists(sure, frozenset(), spelt(names.ambiguous) - sure, {})


@lru_cache(maxsize=1)
def english_names() -> NameLists:
    """Census and other given names in Latin letters; no canonical forms."""
    sure: set[str] = set()
    ambiguous: set[str] = set()
    for line in _lines("en", "first_names.txt"):
        word, _, mark = line.partition(" ")
        (ambiguous if mark else sure).add(word)
    return NameLists(frozenset(sure), frozenset(), frozenset(ambiguous), {})


@lru_cache(maxsize=1)
def english_nicknames() -> dict[str, frozenset[str]]:
    """A given name → its everyday forms, and an everyday form → the names it may stand for."""
    forms: dict[str, set[str]] = {}
    for line in _lines("en", "nicknames.txt"):
        name, *short = line.split()
        forms.setdefault(name, set()).update(short)
        for nick in short:
            forms.setdefault(nick, set()).add(name)
    return {name: frozenset(others) for name, others in forms.items()}


@lru_cache(maxsize=1)
def _english_bases() -> frozenset[str]:
    return frozenset(_lines("en", "common_words.txt"))


@lru_cache(maxsize=1)
def english_surnames() -> NameLists:
    """Surnames in Latin letters; the ambiguous ones are everyday words ("brown")."""
    words = [line.partition(" ") for line in _lines("en", "surnames.txt")]
    sure = frozenset(word for word, _, mark in words if not mark)
    return NameLists(sure, frozenset(), frozenset(word for word, _, mark in words if mark), {})


@lru_cache(maxsize=65536)
def is_english_word(word: str) -> bool:
    """Whether a lower-case word is ordinary English, inflected or not."""
    bases = _english_bases()
    return word in bases or any(base in bases for base in _english_stems(word))


def _english_stems(word: str) -> list[str]:
    stems: list[str] = []
    if word.endswith("s"):
        stems += [word[:-1], word[:-2], word[:-3] + "y" if word.endswith("ies") else word[:-1]]
    if word.endswith("ed"):
        stems += [word[:-1], word[:-2], word[:-3], word[:-3] + "y" if word.endswith("ied") else word[:-2]]
    if word.endswith("ing"):
        stems += [word[:-3], word[:-3] + "e", word[:-4]]
    if word.endswith("ly"):
        stems.append(word[:-2])
    return [stem for stem in stems if len(stem) > 2]
