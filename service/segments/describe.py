"""From a partition to a segmentation: everybody's place, and what is true of each segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from service.core.ids import stable_id
from service.corpus.model import Corpus
from service.segments.consensus import CORE, JOINS
from service.segments.material import Material
from service.segments.model import Assignment, Nearest, Segment, Segmentation
from service.segments.partition import Partition
from service.segments.phrases import Vocabulary, contrast, vocabulary
from service.segments.portrayal import apart, check_name, choose_quotes, proposed_name, topic_shares
from service.segments.shares import share
from service.segments.vectors import Floats

SECOND = 0.25
"""Membership from which a second segment is told."""


def too_few(corpus: Corpus, outsiders: set[str], manifest: Mapping[str, str | int | float]) -> Segmentation:
    """Too few customers to look for segments: nobody is put anywhere, and the result says so."""
    everyone = corpus.customers
    assignments = tuple(_outside(c) if c in outsiders else Assignment(c, None, "unassigned", 0.0) for c in everyone)
    outside = _outside_segment(outsiders, corpus)
    return Segmentation(
        segments=(outside,) if outside else (),
        assignments=assignments,
        small=True,
        customers=len(everyone),
        unassigned=len(everyone) - len(outsiders),
        not_a_customer=len(outsiders),
        manifest=dict(manifest),
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


def described(
    corpus: Corpus,
    material: Material,
    partition: Partition,
    outsiders: set[str],
    names: Mapping[str, str],
) -> Segmentation:
    """The segmentation of a partition. `outsiders` are not customers; `names`: what segments are called already."""
    placed = _placed(partition.customers, partition.membership, partition.ids)
    segments = _segments(corpus, material, partition, placed, names)
    outside = _outside_segment(outsiders, corpus)
    done = {assignment.customer for assignment in placed}
    for customer in corpus.customers:
        if customer in outsiders:
            placed.append(_outside(customer))
        elif customer not in done:
            placed.append(Assignment(customer, None, "unassigned", 0.0))
    assignments = tuple(sorted(placed, key=lambda assignment: assignment.customer))
    return Segmentation(
        segments=(*segments, *((outside,) if outside else ())),
        assignments=assignments,
        customers=len(corpus.customers),
        unassigned=sum(assignment.status == "unassigned" for assignment in assignments),
        not_a_customer=len(outsiders),
        manifest={**partition.manifest, "split_documents": int(material.split)},
    )


def _segments(
    corpus: Corpus,
    material: Material,
    partition: Partition,
    placed: Sequence[Assignment],
    names: Mapping[str, str],
) -> list[Segment]:
    known = vocabulary({customer: [line.text for line in lines] for customer, lines in material.lines_of.items()})
    status = {assignment.customer: assignment.status for assignment in placed}
    everyone = sorted(status)
    members = partition.members
    documents = {customer: len(found) for customer, found in corpus.documents_of.items()}
    taken: set[str] = set()
    segments = []
    for number, (people, segment_id) in enumerate(zip(members, partition.ids, strict=True)):
        inside = set(people)
        others = [customer for customer in everyone if customer not in inside]
        keyphrases = contrast(people, others, known)
        core = [customer for customer in people if status[customer] == "core"] or list(people)
        lines = [line for customer in core for line in material.lines_of.get(customer, ())]
        name = names.get(segment_id) or proposed_name(people, others, known, taken)
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
                stability=round(float(partition.stability[number]), 4),
                keyphrases=keyphrases,
                topics=topic_shares(people, others, material.lines_of, corpus.language),
                quotes=choose_quotes(lines, keyphrases),
                nearest=_nearest(number, partition, known),
                name_check=check_name(name, people, others, known),
                documents=sum(documents.get(customer, 0) for customer in people),
            )
        )
    return segments


def _nearest(number: int, partition: Partition, known: Vocabulary) -> Nearest | None:
    """The segment whose members land together with this one's most often."""
    others = [other for other in range(len(partition.ids)) if other != number]
    if not others:
        return None
    other = max(others, key=lambda column: (partition.likeness[number, column], -column))
    here, there = partition.members[number], partition.members[other]
    return Nearest(
        partition.ids[other],
        round(float(partition.likeness[number, other]), 4),
        apart(here, there, known),
        apart(there, here, known),
    )
