"""What each customer was heard to say, read once: phrases, noun phrases, topics and facets.

Phrases are the customer's own words only. Topics and facets are also heard in what a colleague noted about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.segments.facets import facets_in
from service.segments.nouns import learn_nouns
from service.segments.phrases import Vocabulary, vocabulary
from service.segments.portrayal import Line, own_words
from service.segments.topics import topics_in

HEARD = 4000
"""Customers whose words are read for phrases, topics and quotes; of more a seeded sample, so that describing a hundred
thousand costs what four thousand cost. Intervals of shares of 4,000 are under 2 points wide."""
LINES = 400
"""Utterances read of one customer, spread over all their documents: beyond, a customer only repeats themselves."""


@dataclass(frozen=True)
class Heard:
    """`customers`: those who were read; `topics`: what each touches, catalogue ids and facet ids together."""

    customers: frozenset[str]
    lines_of: Mapping[str, Sequence[Line]]
    known: Vocabulary
    nouns: Vocabulary
    """Noun phrases in the form a name wants."""
    topics: Mapping[str, frozenset[str]]
    voiced_by: Mapping[str, frozenset[str]]
    """Topic or facet id → customers."""
    language: str

    def of(self, customers: Iterable[str]) -> list[str]:
        """Those of `customers` who were read, in their order."""
        return [customer for customer in customers if customer in self.customers]


def listen(lines_of: Mapping[str, Sequence[Line]], everyone: Sequence[str], language: str, seed: int = 0) -> Heard:
    """Read what `everyone` said; over `HEARD` customers a seeded sample of them."""
    chosen = list(everyone)
    if len(chosen) > HEARD:
        rows = np.random.default_rng(seed).choice(len(chosen), HEARD, replace=False)
        chosen = [chosen[row] for row in np.sort(rows)]
    lines = {customer: _spread(lines_of.get(customer, ())) for customer in chosen}
    texts = {customer: [words for line in mine for words in own_words(line)] for customer, mine in lines.items()}
    nouns = learn_nouns(text for customer in chosen for text in texts[customer])
    topics = {customer: _touched((line.text for line in lines[customer]), language) for customer in chosen}
    voiced: dict[str, set[str]] = {}
    for customer, touched in topics.items():
        for topic in touched:
            voiced.setdefault(topic, set()).add(customer)
    return Heard(
        customers=frozenset(chosen),
        lines_of=lines,
        known=vocabulary(texts, without=nouns.names),
        nouns=vocabulary(texts, nouns.phrases),
        topics=topics,
        voiced_by={topic: frozenset(who) for topic, who in voiced.items()},
        language=language,
    )


def _spread(lines: Sequence[Line]) -> Sequence[Line]:
    if len(lines) <= LINES:
        return lines
    return [lines[int(row)] for row in np.linspace(0, len(lines) - 1, LINES)]


def _touched(texts: Iterable[str], language: str) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        found |= topics_in(text, language) | facets_in(text, language)
    return frozenset(found)
