"""Mentions of people in a persona: "young parents", "предприниматель с маленькой командой", "the tech guys".

Russian: animate nouns by the dictionary; English: a list of words for people and the endings of doers. Words for
everybody ("client", "customer") name nobody in particular and are left to the reader of subjects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from service.personas.cues import CueBook, cue_book
from service.personas.numbers import quantities
from service.personas.tokens import Patterns, Tokens, by_lemma, lemma_pattern
from service.segments.words import lemma, part_of_speech

_DOER = re.compile(r"^[a-z]{3,}(?:ers|ors|ists|ians|eurs|ees)$")


@dataclass(frozen=True)
class Mention:
    """Words that name people: tokens `first` to `last`; `key` is the same for every spelling of it."""

    first: int
    last: int
    key: str


def mentions(tokens: Tokens, language: str) -> list[Mention]:
    """Mentions in order, each with the words that narrow it."""
    book = cue_book(language)
    heads = _heads(tokens, book)
    found: list[Mention] = []
    for first, last in heads:
        first = _with_modifiers(tokens, first, book, found[-1].last if found else 0)
        last = _with_company(tokens, last, book)
        if found and first < found[-1].last:
            continue
        if found and _joined(tokens, found[-1].last, first):
            first = found.pop().first
        found.append(Mention(first, last, key_of(tokens, first, last, book)))
    return found


def _joined(tokens: Tokens, before: int, after: int) -> bool:
    """ "students and young renters", "мамы, папы": one group in two words."""
    between = [token.word for token in tokens.items[before:after]]
    return between in (["and"], ["и"], ["&"], ["or"], ["или"])


def key_of(tokens: Tokens, first: int, last: int, book: CueBook) -> str:
    """Dictionary forms of the content words, in order."""
    skipped = set(book.raw.function_words)
    return " ".join(lemma(w) for w in tokens.words(first, last) if w not in skipped and len(w) > 1) or " ".join(
        tokens.words(first, last)
    )


def _heads(tokens: Tokens, book: CueBook) -> list[tuple[int, int]]:
    nobody = {i for a, b in book.patterns("not_people").spans(tokens) for i in range(a, b)}
    cues = {i for hit in book.measure_hits(tokens) for i in range(hit.first, hit.last)}
    blocked = nobody | cues
    plain, bases = _people(book.language)
    spans = [
        (a, b)
        for a, b in sorted({*plain.spans(tokens), *_many(tokens, bases)})
        if not set(range(a, b)) <= nobody and not set(range(a, b)) <= cues
    ]
    taken = {i for a, b in spans for i in range(a, b)}
    for index, token in enumerate(tokens.items):
        if index not in taken and index not in blocked and _is_person(token.word, book.language):
            spans.append((index, index + 1))
    return [span for span in sorted(spans) if not any(_wider(other, span) for other in spans)]


def _many(tokens: Tokens, bases: Patterns) -> list[tuple[int, int]]:
    """Russian plurals in any case: "команд" is people, "организацию" is a thing."""
    return [(a, b) for a, b in bases.spans(by_lemma(tokens)) if _is_plural(tokens.items[b - 1].word)]


@lru_cache(maxsize=20_000)
def _is_plural(word: str) -> bool:
    return bool(re.match(r"[а-я]", word)) and "plur" in str(_morph().parse(word)[0].tag)


def _wider(other: tuple[int, int], span: tuple[int, int]) -> bool:
    return other != span and other[0] <= span[0] and span[1] <= other[1]


@cache
def _people(language: str) -> tuple[Patterns, Patterns]:
    """The list as written, and over dictionary forms."""
    people = cue_book(language).raw.people
    return Patterns(people), Patterns(map(lemma_pattern, people))


def _is_person(word: str, language: str) -> bool:
    if language == "ru":
        return _is_animate(word)
    return bool(_DOER.match(word))


@lru_cache(maxsize=20_000)
def _is_animate(word: str) -> bool:
    """A common animate noun by its likeliest parse; names of persons are no groups."""
    if len(word) < 4 or not re.match(r"[а-я]", word):
        return False
    tag = str(_morph().parse(word)[0].tag)
    return "NOUN" in tag and "anim" in tag and not {"Name", "Surn", "Patr"} & set(re.split(r"[ ,]", tag))


@cache
def _morph() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _with_modifiers(tokens: Tokens, first: int, book: CueBook, floor: int) -> int:
    """Back over the adjectives (ru) or content words (en) right before the head, two at most."""
    skipped = set(book.raw.function_words)
    counted = {i for q in quantities(tokens, book.language) for i in range(q.first, q.last)}
    levels = {"high", "low"}
    operators = [h for h in book.operator_hits(tokens) if h.name not in levels or h.last - h.first > 1]
    cues = {i for h in (*book.measure_hits(tokens), *operators) for i in range(h.first, h.last)}
    start = first
    while start > floor and first - start < 2:
        word = tokens.items[start - 1].word
        if not word[0].isalpha() or word in skipped or start - 1 in cues | counted:
            break
        if book.language == "ru" and part_of_speech(word) not in ("ADJF", "PRTF"):
            break
        start -= 1
    return start


def _with_company(tokens: Tokens, last: int, book: CueBook) -> int:
    """Forward over "с маленькой командой", "with small teams", "from the ads"."""
    openers = {
        "ru": ("с", "со", "из", "без", "на", "для"),
        "en": ("with", "from", "of", "without", "in", "on", "over", "under"),
    }[book.language]
    if last >= len(tokens.items) or tokens.items[last].word not in openers:
        return last
    end = last + 1
    while end < len(tokens.items) and end - last <= 3 and tokens.items[end].word[0].isalpha():
        word = tokens.items[end].word
        end += 1
        if book.language == "ru" and part_of_speech(word) == "NOUN":
            break
        if book.language == "en" and word not in ("the", "a", "an", "our", "their", "small", "big", "young", "little"):
            break
    return end
