"""Quotes for and against a claim: customers' own sentences that voice what it speaks of, at most three a side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.comparison.evidence import Evidence
from service.comparison.model import JudgedClaim
from service.comparison.voiced import Support
from service.personas.model import Reading
from service.segments.model import Quote

MOST = 3
CANDIDATES = 24
"""Sentences compared by meaning for one side of one claim."""
DENIALS = frozenset({"none", "rare", "low"})
TOPIC_OF_MEASURE = {"discount": ("discount",), "returns": ("warranty",)}
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def with_quotes(judged: JudgedClaim, evidence: Evidence, encode: Encode | None = None) -> JudgedClaim:
    """The claim with its quotes; claims about figures alone keep none."""
    for atom in judged.claim.atoms:
        spoken = _spoken(atom)
        if spoken is None:
            continue
        voicing = _choose(spoken, judged.claim.quote, evidence, encode)
        rivals = _choose(replace(spoken, topics=spoken.versus, words=()), judged.claim.quote, evidence, encode)
        if not spoken.versus:
            rivals = ()
        if atom.operator in DENIALS or atom.negated:
            return replace(judged, quotes_for=rivals, quotes_against=voicing)
        return replace(judged, quotes_for=voicing, quotes_against=rivals)
    return judged


def _spoken(atom: Reading) -> Reading | None:
    """The reading as a topic, when customers' words can bear on it."""
    if atom.measure == "topic" and (atom.topics or atom.words):
        return atom
    if atom.condition:
        return replace(atom, topics=atom.condition, words=())
    if atom.measure in TOPIC_OF_MEASURE:
        return replace(atom, topics=TOPIC_OF_MEASURE[atom.measure], words=())
    return None


def _choose(atom: Reading, claim: str, evidence: Evidence, encode: Encode | None) -> tuple[Quote, ...]:
    """The sentences nearest to the claim, one a customer; without an encoder the first of middling length."""
    support = Support(atom, evidence.voices)
    if not support.known:
        return ()
    segment = atom.subject.segment if atom.subject.kind == "segment" else None
    found: list[Quote] = []
    for customer in evidence.voices.customers(segment):
        mine = [q for q in evidence.voices.quotes([customer], support.fits) if support.heard(q.text)]
        found += sorted(mine, key=lambda q: (abs(len(q.text) - 90), q.document, q.position, q.start))[:1]
        if len(found) >= CANDIDATES:
            break
    if encode is None or len(found) <= MOST:
        return tuple(sorted(found, key=lambda q: (abs(len(q.text) - 90), q.document, q.position))[:MOST])
    vectors = encode([claim, *(q.text for q in found)])
    order = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")
    return tuple(found[int(i)] for i in order[:MOST])
