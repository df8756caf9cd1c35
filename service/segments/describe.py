"""From a partition to a segmentation: everybody's place, and what is true of each segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from service.core.ids import stable_id
from service.corpus.model import Corpus
from service.segments.consensus import CORE, JOINS
from service.segments.contrasts import differences, facet_shares, topic_shares
from service.segments.hearing import Heard, listen
from service.segments.material import Material
from service.segments.model import (
    Assignment,
    Keyphrase,
    Nearest,
    Quote,
    Segment,
    Segmentation,
    Status,
    SubSegment,
    TopicShare,
)
from service.segments.naming import named
from service.segments.outside import outside_counts
from service.segments.partition import Partition
from service.segments.phrases import TELLS_APART, contrast
from service.segments.quotes import choose_quotes, sentences_of, topic_quotes
from service.segments.shares import share
from service.segments.vectors import Floats

APART = 5
"""Phrases told of each of two neighbouring segments."""
QUOTED = 300
"""Core members whose sentences are looked through for quotes, evenly drawn: five are wanted."""
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
        outside=outside_counts(corpus, assignments),
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
    parts: Mapping[str, Sequence[Sequence[str]]] = MappingProxyType({}),
) -> Segmentation:
    """The segmentation of a partition. `outsiders` are not customers; `names`: what segments are called already;
    `parts`: the customers of each sub-segment, by segment."""
    placed = _placed(partition.customers, partition.membership, partition.ids)
    known = set(partition.customers)
    everyone = [*partition.customers, *(c for c in material.lines_of if c not in known and c not in outsiders)]
    heard = listen(material.lines_of, everyone, corpus.language)
    documents = {customer: len(found) for customer, found in corpus.documents_of.items()}
    segments = _segments(partition, placed, documents, heard, names)
    status = {assignment.customer: assignment.status for assignment in placed}
    segments = [
        replace(segment, parts=_sub_segments(segment, parts[segment.id], status, heard))
        if segment.id in parts
        else segment
        for segment in segments
    ]
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
        manifest={**partition.manifest, "split_documents": int(material.split), "heard": len(heard.customers)},
        outside=outside_counts(corpus, assignments),
    )


def _segments(
    partition: Partition,
    placed: Sequence[Assignment],
    documents: Mapping[str, int],
    heard: Heard,
    names: Mapping[str, str],
) -> list[Segment]:
    status = {assignment.customer: assignment.status for assignment in placed}
    everyone = heard.of(assignment.customer for assignment in placed)
    groups = [heard.of(people) for people in partition.members]
    called = named(groups, partition.ids, everyone, heard, names)
    segments = []
    for number, (people, segment_id) in enumerate(zip(partition.members, partition.ids, strict=True)):
        said = _portrait(groups[number], everyone, status, heard)
        segments.append(
            Segment(
                id=segment_id,
                kind="segment",
                name=called[number].name,
                ordinal=number + 1,
                size=len(people),
                core=sum(status[customer] == "core" for customer in people),
                soft=sum(status[customer] == "soft" for customer in people),
                share=share(len(people), len(placed)),
                stability=round(float(partition.stability[number]), 4),
                keyphrases=said.keyphrases,
                topics=said.topics,
                quotes=said.quotes,
                nearest=_nearest(number, partition, groups, heard),
                name_check=called[number].check,
                documents=sum(documents.get(customer, 0) for customer in people),
                facets=said.facets,
            )
        )
    return segments


def _sub_segments(
    segment: Segment, parts: Sequence[Sequence[str]], status: Mapping[str, Status], heard: Heard
) -> tuple[SubSegment, ...]:
    """What sets each part apart from the rest of its segment."""
    ids = [stable_id("p_", segment.id, *sorted(people)) for people in parts]
    groups = [heard.of(people) for people in parts]
    within = [customer for group in groups for customer in group]
    called = named(groups, ids, within, heard, {})
    found = []
    for number, (people, group) in enumerate(zip(parts, groups, strict=True)):
        said = _portrait(group, within, status, heard)
        found.append(
            SubSegment(
                id=ids[number],
                name=called[number].name,
                size=len(people),
                share=share(len(people), segment.size),
                keyphrases=said.keyphrases,
                quotes=said.quotes,
                members=tuple(sorted(people)),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Portrait:
    keyphrases: tuple[Keyphrase, ...]
    topics: tuple[TopicShare, ...]
    facets: tuple[TopicShare, ...]
    quotes: tuple[Quote, ...]


def _portrait(members: Sequence[str], everyone: Sequence[str], status: Mapping[str, Status], heard: Heard) -> _Portrait:
    """What is true of members and not of others. Quotes are of core members, where there are any."""
    inside = set(members)
    others = [customer for customer in everyone if customer not in inside]
    keyphrases = contrast(members, others, heard.known, shown=heard.nouns.surface)
    topics = topic_shares(members, others, heard, {})
    facets = facet_shares(members, others, heard, {})
    weight = {phrase.lemma: phrase.score for phrase in keyphrases}
    weight |= {row.topic: row.score for row in (*topics, *facets) if row.score >= TELLS_APART}
    core = [customer for customer in members if status[customer] == "core"] or members
    asked = [core[int(row)] for row in np.linspace(0, len(core) - 1, min(len(core), QUOTED))]
    sentences = sentences_of((line for c in asked for line in heard.lines_of.get(c, ())), heard.language)
    examples = topic_quotes(sentences, [row.topic for row in (*topics, *facets)], weight)
    return _Portrait(
        keyphrases,
        topic_shares(members, others, heard, examples),
        facet_shares(members, others, heard, examples),
        choose_quotes(sentences, weight),
    )


def _nearest(number: int, partition: Partition, groups: Sequence[Sequence[str]], heard: Heard) -> Nearest | None:
    """The segment whose members land together with this one's most often."""
    others = [other for other in range(len(partition.ids)) if other != number]
    if not others:
        return None
    other = max(others, key=lambda column: (partition.likeness[number, column], -column))
    here, there = groups[number], groups[other]
    return Nearest(
        partition.ids[other],
        round(float(partition.likeness[number, other]), 4),
        _apart(here, there, heard),
        _apart(there, here, heard),
        differences(here, there, heard),
    )


def _apart(here: Sequence[str], there: Sequence[str], heard: Heard) -> tuple[str, ...]:
    """Phrases truer of one segment than of its nearest neighbour."""
    return tuple(phrase.text for phrase in contrast(here, there, heard.known, APART, heard.nouns.surface))
