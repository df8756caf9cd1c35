"""From a corpus to its segments: who is a customer at all, which groups emerge, what is true of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from service.core.ids import stable_id
from service.core.progress import Progress, silent
from service.corpus.model import Corpus
from service.segments.consensus import CORE, JOINS, LOOKS, Consensus, find_consensus
from service.segments.lineage import segment_ids
from service.segments.material import Material, keep_customers, material_of
from service.segments.model import Assignment, Nearest, Segment, Segmentation
from service.segments.outsiders import find_outsiders
from service.segments.phrases import Vocabulary, contrast, vocabulary
from service.segments.portrayal import apart, check_name, choose_quotes, proposed_name, topic_shares
from service.segments.shares import share
from service.segments.vectors import (
    Floats,
    Texts,
    View,
    centred,
    character_view,
    customer_view,
    joined,
    word_view,
)

FEWEST_CUSTOMERS = 30
"""Below this no segment is claimed: a group of eight in twenty is as likely chance as pattern."""
SAMPLE = 2000
"""Customers whose pairs are counted; the rest join by nearest neighbours. Keeps memory at SAMPLE² numbers."""
SECOND = 0.25
"""Membership from which a second segment is told."""
NEIGHBOURS_ASSIGN = 15

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Sentence vectors of texts: (n, dim), L2-normalised."""


def make_views(dense: Floats, texts: Texts, seed: int) -> tuple[View, ...]:
    """Three looks at the same customers: meaning + characters, meaning + words, all three (docs/decisions/0004)."""
    meaning = centred(dense)
    characters, word_pairs = character_view(texts.texts, seed), word_view(texts.texts, seed)
    return (
        customer_view(joined(meaning, characters), texts),
        customer_view(joined(meaning, word_pairs), texts),
        customer_view(joined(meaning, characters, word_pairs), texts),
    )


def discover(
    corpus: Corpus,
    vectors: Vectors,
    seed: int = 0,
    before: Segmentation | None = None,
    progress: Progress = silent,
) -> Segmentation:
    """The segmentation of a corpus. `before` is the previous run's, for ids and names that continue."""
    material = material_of(corpus)
    apart_ids = set_apart(material, vectors)
    rest = [customer for customer in material.texts.customers if customer not in apart_ids]
    everyone = corpus.customers
    if len(rest) < FEWEST_CUSTOMERS:
        return _small(corpus, everyone, apart_ids, seed)
    texts = keep_customers(material.texts, rest)
    views = make_views(vectors(texts.texts).astype(np.float64), texts, seed)
    consensus, chosen = _consensus(views, len(texts.customers), seed, progress)
    membership = _everybody(views, consensus, chosen, len(texts.customers))
    return _assembled(corpus, material, texts, consensus, membership, apart_ids, seed, before)


def set_apart(material: Material, vectors: Vectors) -> set[str]:
    """Customers who are no customers at all."""
    texts = material.evidence
    if not texts.customers:
        return set()
    found = find_outsiders(
        texts,
        vectors(texts.texts).astype(np.float64),
        [material.won.get(customer, False) for customer in texts.customers],
        [material.has_deal.get(customer, False) for customer in texts.customers],
    )
    return {customer for customer, out in zip(texts.customers, found.mask, strict=True) if out}


def _consensus(views: Sequence[View], count: int, seed: int, progress: Progress) -> tuple[Consensus, NDArray[np.intp]]:
    """Consensus over all customers, or over a seeded sample of them; and the rows it was found on."""
    if count <= SAMPLE:
        return find_consensus(views, count, seed, progress), np.arange(count)
    chosen = np.sort(np.random.default_rng(seed).choice(count, SAMPLE, replace=False))

    def only(view: View) -> View:
        return lambda shrink: view(shrink)[chosen]

    return find_consensus([only(view) for view in views], SAMPLE, seed, progress), chosen


def _everybody(views: Sequence[View], consensus: Consensus, chosen: NDArray[np.intp], count: int) -> Floats:
    """Membership of every customer, (n, k): the sample's own, for the rest the mean of their nearest neighbours'."""
    if len(chosen) == count:
        return consensus.membership
    from sklearn.neighbors import NearestNeighbors

    place = views[-1](0.7)
    others = np.setdiff1d(np.arange(count), chosen)
    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS_ASSIGN).fit(place[chosen]).kneighbors(place[others])[1]
    out = np.zeros((count, consensus.membership.shape[1]))
    out[chosen] = consensus.membership
    out[others] = consensus.membership[nearest].mean(axis=1)
    return out


def _small(corpus: Corpus, everyone: Sequence[str], outsiders: set[str], seed: int) -> Segmentation:
    """Too few customers to look for segments: nobody is put anywhere, and the result says so."""
    assignments = tuple(_outside(c) if c in outsiders else Assignment(c, None, "unassigned", 0.0) for c in everyone)
    outside = _outside_segment(outsiders, corpus)
    return Segmentation(
        segments=(outside,) if outside else (),
        assignments=assignments,
        small=True,
        customers=len(everyone),
        unassigned=len(everyone) - len(outsiders),
        not_a_customer=len(outsiders),
        manifest={"seed": seed, "fewest_customers": FEWEST_CUSTOMERS},
    )


def _outside_id() -> str:
    return stable_id("s_", "not_a_customer")


def _outside(customer: str) -> Assignment:
    return Assignment(customer, _outside_id(), "not_a_customer", 1.0)


def _outside_segment(outsiders: set[str], corpus: Corpus) -> Segment | None:
    if not outsiders:
        return None
    return Segment(
        id=_outside_id(),
        kind="not_a_customer",
        name="not_a_customer",
        ordinal=0,
        size=len(outsiders),
        core=len(outsiders),
        soft=0,
        share=share(len(outsiders), len(corpus.customers)),
        stability=1.0,
        documents=sum(document.customer in outsiders for document in corpus.documents),
    )


def _placed(customers: Sequence[str], membership: Floats, ids: Sequence[str]) -> list[Assignment]:
    """Each customer to their best segment; soft when they are out of it more often than in."""
    placed = []
    for row, customer in enumerate(customers):
        order = np.argsort(-membership[row], kind="stable")
        best = float(membership[row, order[0]]) if order.size else 0.0
        if best < JOINS:
            placed.append(Assignment(customer, None, "unassigned", round(best, 4)))
            continue
        second = float(membership[row, order[1]]) if len(order) > 1 else 0.0
        placed.append(
            Assignment(
                customer,
                ids[int(order[0])],
                "core" if best >= CORE else "soft",
                round(best, 4),
                ids[int(order[1])] if second >= SECOND else None,
                round(second, 4) if second >= SECOND else 0.0,
            )
        )
    return placed


def _assembled(
    corpus: Corpus,
    material: Material,
    texts: Texts,
    consensus: Consensus,
    membership: Floats,
    outsiders: set[str],
    seed: int,
    before: Segmentation | None,
) -> Segmentation:
    count = membership.shape[1]
    best = np.where(membership.max(axis=1, initial=0.0) >= JOINS, membership.argmax(axis=1) if count else -1, -1)
    members = [[texts.customers[row] for row in np.where(best == number)[0]] for number in range(count)]
    ids = segment_ids(members, _earlier_members(before))
    placed = _placed(texts.customers, membership, ids)
    known = vocabulary({customer: [line.text for line in lines] for customer, lines in material.lines_of.items()})
    described = _described(corpus, material, consensus, members, ids, placed, known, before)
    outside = _outside_segment(outsiders, corpus)
    done = {assignment.customer for assignment in placed}
    for customer in corpus.customers:
        if customer in outsiders:
            placed.append(_outside(customer))
        elif customer not in done:
            placed.append(Assignment(customer, None, "unassigned", 0.0))
    assignments = tuple(sorted(placed, key=lambda assignment: assignment.customer))
    return Segmentation(
        segments=(*described, *((outside,) if outside else ())),
        assignments=assignments,
        customers=len(corpus.customers),
        unassigned=sum(assignment.status == "unassigned" for assignment in assignments),
        not_a_customer=len(outsiders),
        manifest={
            "seed": seed,
            "looks": LOOKS,
            "cut": consensus.cut,
            "sampled": int(len(texts.customers) > SAMPLE),
            "split_documents": int(material.split),
        },
    )


def _earlier_members(before: Segmentation | None) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for customer, segment in (before.segment_of() if before else {}).items():
        found.setdefault(segment, []).append(customer)
    return found


def _described(
    corpus: Corpus,
    material: Material,
    consensus: Consensus,
    members: Sequence[Sequence[str]],
    ids: Sequence[str],
    placed: Sequence[Assignment],
    known: Vocabulary,
    before: Segmentation | None,
) -> list[Segment]:
    status = {assignment.customer: assignment.status for assignment in placed}
    everyone = sorted(status)
    earlier_names = {segment.id: segment.name for segment in before.segments} if before else {}
    documents = {customer: len(found) for customer, found in corpus.documents_of.items()}
    taken: set[str] = set()
    segments = []
    for number, (people, segment_id) in enumerate(zip(members, ids, strict=True)):
        inside = set(people)
        others = [customer for customer in everyone if customer not in inside]
        keyphrases = contrast(people, others, known)
        core = [customer for customer in people if status[customer] == "core"] or list(people)
        lines = [line for customer in core for line in material.lines_of.get(customer, ())]
        name = earlier_names.get(segment_id) or proposed_name(people, others, known, taken)
        segments.append(
            Segment(
                id=segment_id,
                kind="segment",
                name=name or f"№ {number + 1}",
                ordinal=number + 1,
                size=len(people),
                core=sum(status[customer] == "core" for customer in people),
                soft=sum(status[customer] == "soft" for customer in people),
                share=share(len(people), len(everyone)),
                stability=round(float(consensus.stability[number]), 4),
                keyphrases=keyphrases,
                topics=topic_shares(people, others, material.lines_of, corpus.language),
                quotes=choose_quotes(lines, keyphrases),
                nearest=_nearest(number, members, ids, consensus, known),
                name_check=check_name(name, people, others, known),
                documents=sum(documents.get(customer, 0) for customer in people),
            )
        )
    return segments


def _nearest(
    number: int, members: Sequence[Sequence[str]], ids: Sequence[str], consensus: Consensus, known: Vocabulary
) -> Nearest | None:
    """The segment whose members land together with this one's most often."""
    labels, association = consensus.labels, consensus.association
    mine = labels == number
    likeness = [
        (float(association[np.ix_(mine, labels == other)].mean()), -other)
        for other in range(len(members))
        if other != number and mine.any() and (labels == other).any()
    ]
    if not likeness:
        return None
    similarity, negative = max(likeness)
    other = -negative
    return Nearest(
        ids[other],
        round(similarity, 4),
        apart(members[number], members[other], known),
        apart(members[other], members[number], known),
    )
