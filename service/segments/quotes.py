"""Quotes that speak for a segment: together they cover what sets it apart, each by another customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.segments.facets import facets_in
from service.segments.model import Quote
from service.segments.phrases import phrases_of
from service.segments.portrayal import Line, soundness, spans
from service.segments.topics import topics_in

QUOTES = 5
"""Quotes of a segment."""
OF_A_TOPIC = 3
"""Quotes of a topic."""


@dataclass(frozen=True)
class Sentence:
    """A possible quote: what it holds (phrases, topics, facets) and how well it reads alone."""

    quote: Quote
    holds: frozenset[str]
    sound: float


def sentences_of(lines: Iterable[Line], language: str) -> list[Sentence]:
    """Every possible quote of these utterances, in order; the same words twice are one."""
    found: list[Sentence] = []
    seen: set[str] = set()
    for line in lines:
        for quote in spans(line):
            plain = quote.text.casefold()
            if plain in seen:
                continue
            seen.add(plain)
            holds = {phrase.lemma for phrase in phrases_of(quote.text)}
            holds |= topics_in(quote.text, language) | facets_in(quote.text, language)
            found.append(Sentence(quote, frozenset(holds), soundness(quote, line)))
    return found


def choose_quotes(sentences: Sequence[Sentence], weight: Mapping[str, float], most: int = QUOTES) -> tuple[Quote, ...]:
    """Quotes that together cover most of what sets the segment apart; one a customer, nothing told twice.

    Greedy weighted coverage: each step takes the sentence with the largest sum of yet uncovered weights (`weight`: of
    phrases, topics and facets that are truer of members), scaled by how well it reads alone. Ties go to the earlier
    document.
    """
    telling = [(sentence, sentence.holds & weight.keys()) for sentence in sentences]
    left = [(sentence, held) for sentence, held in telling if held]
    chosen: list[Quote] = []
    covered: set[str] = set()
    customers: set[str] = set()
    while len(chosen) < most and left:
        ranked = [
            (-sum(weight[one] for one in sorted(held - covered)) * s.sound, s.quote.document, s.quote.position, place)
            for place, (s, held) in enumerate(left)
            if s.quote.customer not in customers
        ]
        if not ranked or min(ranked)[0] >= 0:
            break
        sentence, held = left[min(ranked)[3]]
        chosen.append(sentence.quote)
        covered |= held
        customers.add(sentence.quote.customer)
    return tuple(chosen)


def topic_quotes(
    sentences: Sequence[Sentence], topics: Iterable[str], weight: Mapping[str, float], most: int = OF_A_TOPIC
) -> dict[str, tuple[Quote, ...]]:
    """The soundest sentences of each topic, of different customers, those with more of the segment's words first."""
    fitting: dict[str, list[tuple[float, int]]] = {}
    wanted = set(topics)
    for place, sentence in enumerate(sentences):
        worth = sentence.sound + 0.1 * sum(1 for one in sentence.holds if one in weight)
        for topic in sentence.holds & wanted:
            fitting.setdefault(topic, []).append((-worth, place))
    found = {}
    for topic, ranked in fitting.items():
        picked: dict[str, Quote] = {}
        for _, place in sorted(ranked):
            quote = sentences[place].quote
            picked.setdefault(quote.customer, quote)
            if len(picked) == most:
                break
        found[topic] = tuple(picked.values())
    return found
