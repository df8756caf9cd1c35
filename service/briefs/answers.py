"""What agents answered to a doubt, and after which words customers bought.

For each topic, each customer who voiced it on a call is one case: the agent's next words are the answer, the deal
the outcome. Every word agents use is held against the outcome, and the strongest is kept only when a shuffle of
the outcomes hardly ever gives one as strong (a permutation test on the maximum, Westfall and Young 1993), so looking
at many words does not make luck look like skill.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ingest.model import Speaker
from service.briefs.inputs import BriefInputs
from service.briefs.own_texts import content_lemmas
from service.corpus.model import SURE, CorpusDocument
from service.segments.model import Quote
from service.segments.topics import topics_in

LEAST_CASES = 12
"""Customers who voiced the doubt and were answered, before answers are compared at all."""
LEAST_EACH = 4
"""Customers on either side of a comparison."""
SHUFFLES = 400
CHANCE = 0.05
"""Largest share of shuffles that may give a word as strong."""
NEAR = 2
"""An answer is the agent's first turn within so many utterances."""
SHORT, LONG = 15, 220
"""Characters of an answer worth quoting."""


@dataclass(frozen=True)
class Case:
    """One customer who voiced a doubt on calls, with what agents said next."""

    customer: str
    won: bool
    answers: tuple[Quote, ...]
    lemmas: frozenset[str]


@dataclass(frozen=True)
class Contrast:
    """How those answered with a word fared beside those answered without it."""

    lemma: str
    won_with: int
    with_it: int
    won_without: int
    without_it: int
    example: Quote
    """The shortest such answer of a won call."""


def cases(inputs: BriefInputs, topic: str, customers: Iterable[str]) -> list[Case]:
    """Customers with a known outcome who voiced `topic` on a call and got an answer, sorted by id."""
    found = []
    for customer in sorted(set(customers) & (inputs.winners | inputs.lost)):
        answers: list[Quote] = []
        for document in inputs.corpus.documents_of.get(customer, []):
            answers.extend(answers_to(document, topic))
        if answers:
            words = frozenset().union(*(_lemmas(a.text) for a in answers))
            found.append(Case(customer, customer in inputs.winners, tuple(answers), words))
    return found


def answers_to(document: CorpusDocument, topic: str) -> list[Quote]:
    """The agent's next words after each utterance of the customer that touches the topic."""
    utterances = document.document.utterances
    found = []
    for position, utterance in enumerate(utterances):
        if utterance.speaker is not Speaker.CUSTOMER or utterance.confidence < SURE:
            continue
        if topic not in _topics(utterance.text, document.document.language):
            continue
        for next_position in range(position + 1, min(position + 1 + NEAR, len(utterances))):
            answer = utterances[next_position]
            if answer.speaker is Speaker.AGENT and answer.confidence >= SURE and answer.text.strip():
                found.append(Quote(document.id, next_position, 0, len(answer.text), answer.text, document.customer))
                break
    return found


@lru_cache(maxsize=50_000)
def _topics(text: str, language: str) -> frozenset[str]:
    return topics_in(text, language)


@lru_cache(maxsize=50_000)
def _lemmas(text: str) -> frozenset[str]:
    return content_lemmas(text)


def best_answer(found: list[Case]) -> Contrast | None:
    """The word after which customers bought more often, if luck does not explain it; None otherwise."""
    if len(found) < LEAST_CASES or not 0 < sum(case.won for case in found) < len(found):
        return None
    columns = _columns(found)
    if not columns:
        return None
    won = [case.won for case in found]
    scores = {word: _score(column, won) for word, column in columns.items()}
    word = min(scores, key=lambda w: (-scores[w], -len(w), w))
    if scores[word] <= 0 or _chance(list(columns.values()), won, scores[word]) > CHANCE:
        return None
    return _contrast(found, word)


def _columns(found: list[Case]) -> dict[str, tuple[int, ...]]:
    """Word → rows of the cases it was said in, for words on both sides of the comparison."""
    rows: dict[str, list[int]] = {}
    for index, case in enumerate(found):
        for word in case.lemmas:
            rows.setdefault(word, []).append(index)
    return {
        word: tuple(indices)
        for word, indices in sorted(rows.items())
        if LEAST_EACH <= len(indices) <= len(found) - LEAST_EACH
    }


def _score(column: tuple[int, ...], won: list[bool]) -> float:
    """The pooled z of the difference of two shares; positive when the word goes with buying."""
    n, total, wins = len(column), len(won), sum(won)
    k = sum(won[index] for index in column)
    rate = wins / total
    spread = (rate * (1 - rate) * (1 / n + 1 / (total - n))) ** 0.5
    return float((k / n - (wins - k) / (total - n)) / spread) if spread else 0.0


def _chance(columns: list[tuple[int, ...]], won: list[bool], observed: float) -> float:
    """Share of shuffled outcomes whose strongest word is at least as strong."""
    shuffled, chooser = list(won), random.Random(0)
    as_strong = 0
    for _ in range(SHUFFLES):
        chooser.shuffle(shuffled)
        as_strong += max(_score(column, shuffled) for column in columns) >= observed - 1e-9
    return as_strong / SHUFFLES


def _contrast(found: list[Case], word: str) -> Contrast | None:
    having = [case for case in found if word in case.lemmas]
    rest = [case for case in found if word not in case.lemmas]
    said = [a for case in having if case.won for a in case.answers if word in _lemmas(a.text)]
    fitting = [a for a in said if SHORT <= len(a.text) <= LONG and "[" not in a.text]
    if not fitting:
        return None
    example = min(fitting, key=lambda a: (len(a.text), a.document, a.position))
    return Contrast(word, sum(c.won for c in having), len(having), sum(c.won for c in rest), len(rest), example)
