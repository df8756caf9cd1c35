"""Quotes for and against a claim, at most three a side: customers' own sentences, told apart by a counter-claim.

Likeness to the claim alone would rank "price is everything" and "price is nothing" alike: both speak of price. So each
sentence is held against two poles, the claim and its counter-claim (the same thing said the other way round, in
words), and ranked by how much nearer it is to the one than to the other. What plays the thing down ("the price does
not matter to us") stands on the other side whatever its likeness. Further counter-evidence by what the claim says:
*first* – the topic that comes first instead; *only* – others who say it too; "not A but B" – those who voice B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from service.comparison.denials import plays_down
from service.comparison.evidence import Evidence
from service.comparison.model import JudgedClaim, Verdict
from service.comparison.rules import sentence
from service.comparison.voiced import Support, rivals_of, topic_counts
from service.personas.model import Reading
from service.segments.facets import facet_names
from service.segments.model import Quote
from service.segments.portrayal import soundness, spans
from service.segments.words import words

MOST = 3
HEARD = 200
"""Customers listened to for one side of one claim."""
CANDIDATES = 12
"""The soundest of their sentences, compared by meaning: each costs the encoder a sentence."""
DENIALS = frozenset({"none", "rare", "low"})
TOPIC_OF_MEASURE = {"discount": ("discount",), "returns": ("warranty",)}
WRONG = frozenset({Verdict.CONTRADICTED, Verdict.PARTLY})
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Sides:
    """Sentences that voice what a claim speaks of: those that mean it, those that play it down, those that speak of
    something else in its place."""

    meant: tuple[Quote, ...]
    played_down: tuple[Quote, ...]
    instead: tuple[Quote, ...]


def with_quotes(judged: JudgedClaim, evidence: Evidence, encode: Encode | None = None) -> JudgedClaim:
    """The claim with its quotes; claims about figures alone keep none."""
    for atom in judged.claim.atoms:
        spoken = _spoken(atom)
        if spoken is None:
            continue
        sides = _sides(spoken, judged, evidence)
        poles = (judged.claim.quote, counter_claim(spoken, evidence.voices.language))
        denied = atom.operator in DENIALS or atom.negated
        mine, others = (sides.played_down, sides.meant) if denied else (sides.meant, sides.played_down)
        instead = sides.instead
        found = _nearest(mine, poles, encode), _nearest(others, poles[::-1], encode)
        return replace(
            judged,
            quotes_for=(*found[0], *(instead if denied else ()))[:MOST],
            quotes_against=(*found[1], *(() if denied else instead))[:MOST],
        )
    return judged


def counter_claim(atom: Reading, language: str) -> str:
    """The opposite of a reading in one plain sentence: that the topic is nothing to them, or that it is much."""
    names = facet_names("ru" if language == "ru" else "en")
    topic = ", ".join(names.get(t, t) for t in atom.topics) or ", ".join(atom.words)
    denied = atom.operator in DENIALS or atom.negated
    return sentence("counter.voiced" if denied else "counter.unvoiced", language).format(topic=topic)


def _spoken(atom: Reading) -> Reading | None:
    """The reading as a topic, when customers' words can bear on it."""
    if atom.measure == "topic" and (atom.topics or atom.words):
        return atom
    if atom.condition:
        return replace(atom, topics=atom.condition, words=())
    if atom.measure in TOPIC_OF_MEASURE:
        return replace(atom, topics=TOPIC_OF_MEASURE[atom.measure], words=())
    return None


def _sides(atom: Reading, judged: JudgedClaim, evidence: Evidence) -> Sides:
    voices = evidence.voices
    segment = atom.subject.segment if atom.subject.kind == "segment" else None
    members = voices.customers(segment)
    voicing = _candidates(atom, members, evidence)
    down = tuple(q for q in voicing if plays_down(q.text, voices.language))
    heard = frozenset(down)
    meant = tuple(q for q in voicing if q not in heard)
    if atom.versus:
        instead = _candidates(replace(atom, topics=atom.versus, words=()), members, evidence)
    elif atom.operator == "only" and segment:
        inside = set(members)
        instead = _candidates(atom, [c for c in voices.everybody if c not in inside], evidence)
    elif atom.operator == "first" and judged.verdict in WRONG:
        instead = _of_the_first(atom, members, evidence)
    else:
        instead = ()
    fresh = (q for q in instead if q not in voicing and not plays_down(q.text, voices.language))
    return Sides(meant[:CANDIDATES], down[:CANDIDATES], tuple(fresh)[:CANDIDATES])


def _of_the_first(atom: Reading, members: Sequence[str], evidence: Evidence) -> tuple[Quote, ...]:
    """Sentences of the worry that most of them voice, when it is another one."""
    if not atom.topics:
        return ()
    counts = topic_counts(evidence.voices, members, rivals_of(atom.topics, evidence.voices.language))
    best = min(counts, key=lambda topic: (-counts[topic], topic), default=None)
    if best is None or not counts[best]:
        return ()
    return _candidates(replace(atom, topics=(best,), words=(), versus=()), members, evidence)


def _candidates(atom: Reading, customers: Sequence[str], evidence: Evidence) -> tuple[Quote, ...]:
    """Sentences that voice it, the soundest of each customer, soundest first; no words twice."""
    support = Support(atom, evidence.voices)
    if not support.known:
        return ()
    found: dict[str, tuple[float, tuple[int, str, int, int], Quote]] = {}
    for customer in customers:
        lines = [said.line for said in evidence.voices.said.get(customer, ()) if support.fits(said)]
        mine = [(-soundness(q, line), _by_length(q), q) for line in lines for q in spans(line) if support.heard(q.text)]
        if mine:
            best = min(mine, key=lambda one: one[:2])
            found.setdefault(" ".join(words(best[2].text)), best)
        if len(found) >= HEARD:
            break
    return tuple(one[2] for one in sorted(found.values(), key=lambda one: one[:2]))


def _nearest(quotes: Sequence[Quote], poles: tuple[str, str], encode: Encode | None) -> tuple[Quote, ...]:
    """Those nearer to the first pole than to the second; without an encoder those of middling length."""
    if encode is None or len(quotes) <= MOST:
        return tuple(sorted(quotes, key=_by_length)[:MOST])
    vectors = encode([*poles, *(quote.text for quote in quotes)])
    lead = vectors[2:] @ (vectors[0] - vectors[1])
    # Sentences that speak of the thing at all come before those that merely dislike the other pole.
    near = vectors[2:] @ vectors[0]
    order = np.argsort(-(lead + near), kind="stable")
    return tuple(quotes[int(i)] for i in order[:MOST])


def _by_length(quote: Quote) -> tuple[int, str, int, int]:
    return abs(len(quote.text) - 90), quote.document, quote.position, quote.start
