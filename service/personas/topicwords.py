"""Which topics a thought names, which of them it puts second, and the words of its own that no topic covers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from service.personas.clauses import Group
from service.personas.cues import CueBook, Hit
from service.personas.tokens import Tokens
from service.segments.topics import StemList, catalogue
from service.segments.words import lemma, part_of_speech


@dataclass(frozen=True)
class TopicHit:
    """A catalogue topic named by tokens `first` to `last`."""

    topic: str
    first: int
    last: int


@cache
def _stems(language: str) -> StemList:
    return StemList({topic.id: topic.stems for topic in catalogue(language)})


def topic_hits(tokens: Tokens, language: str) -> list[TopicHit]:
    """Topics of the catalogue in the sentence, with their places."""
    words: list[str] = []
    place: list[int] = []
    for index, token in enumerate(tokens.items):
        for part in token.word.split("-"):
            if part and part[0].isalnum():
                words.append(part)
                place.append(index)
    return [TopicHit(t, place[a], place[b - 1] + 1) for t, a, b in _stems(language).hits(words)]


@dataclass(frozen=True)
class TopicReading:
    """Topics in order of naming; `versus` come second; `condition` are those of a premise."""

    topics: tuple[str, ...]
    versus: tuple[str, ...]
    condition: tuple[str, ...]
    words: tuple[str, ...]


def read_topics(
    tokens: Tokens, group: Group, hits: list[TopicHit], taken: set[int], negations: list[int], book: CueBook
) -> TopicReading:
    """Topics of one thought. `taken`: tokens that belong to cues, people and numbers, never content of their own."""
    inside = [h for h in hits if group.has(h.first)]
    second = _second_spans(tokens, group, inside, negations, book)
    versus = [h.topic for h in inside if any(a <= h.first < b for a, b in second)]
    topics = [h.topic for h in inside if h.topic not in versus]
    condition = [h.topic for h in hits if any(a <= h.first < b for a, b in group.premises)]
    words = [
        lemma(token.word)
        for index, token in enumerate(tokens.items)
        if group.has(index)
        and index not in taken
        and not any(a <= index < b for a, b in second)
        and _is_content(token.word, book)
    ]
    return TopicReading(_unique(topics), _unique(versus) if topics or words else (), _unique(condition), _unique(words))


def _second_spans(
    tokens: Tokens, group: Group, inside: list[TopicHit], negations: list[int], book: CueBook
) -> list[tuple[int, int]]:
    """Stretches that name what matters less: "not A but B", "B, not A", "more … than A", "A they ask less"."""
    words = [token.word for token in tokens.items]
    spans: list[tuple[int, int]] = []
    for first, last in book.patterns("than").spans(tokens):
        if group.has(first):
            spans.append((last, _clause_end(tokens, last)))
    for place in negations:
        end = _clause_end(tokens, place)
        following = words[end + 1] if end + 1 < len(words) else ""
        near = any(place < h.first <= place + 3 for h in inside)
        set_apart = bool(place) and words[place - 1] in (",", "а", "and")
        contrasted = following in ("а", "but", "it's", "it") or set_apart
        others = any(not place <= h.first < end for h in inside) or following in ("а", "but") or set_apart
        if near and contrasted and others:
            spans.append((place, end))
    for start, end in group.spans:
        if len(group.spans) > 1 and any(w in ("реже", "less") for w in words[start:end]):
            spans.append((start, end))
    return spans


def _clause_end(tokens: Tokens, index: int) -> int:
    while index < len(tokens.items) and tokens.items[index].word not in ",.;:!?—–()":
        index += 1
    return index


def _is_content(word: str, book: CueBook) -> bool:
    if len(word) < 3 or not word[0].isalpha() or word in _function_words(book.language):
        return False
    return part_of_speech(word) in ("", "NOUN", "ADJF")


@cache
def _function_words(language: str) -> frozenset[str]:
    from service.personas.cues import cue_book

    return frozenset(word.replace("ё", "е") for word in cue_book(language).raw.function_words)


def _unique(items: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def cue_tokens(hits: list[Hit]) -> set[int]:
    """Token indices that some cue covers."""
    return {index for hit in hits for index in range(hit.first, hit.last)}
