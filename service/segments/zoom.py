"""A second look at each segment alone: does it fall in two?

Two small segments that differ little against the rest of the company land together in every look at everybody. Looked
at without the rest, they part; a segment that is one does not. Measured in docs/decisions/0006: over the development
companies segments made of two planted ones parted with a sharpness of 0.32–0.68, whole ones with 0.06–0.26, most of
them not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.segments.consensus import (
    JOINS,
    SEGMENT_AT_LEAST,
    Consensus,
    Labels,
    co_association,
    memberships,
    partition,
    smallest_segment,
)
from service.segments.vectors import Floats, View, centred

NEIGHBOURHOODS = (5, 7, 10)
SMALLEST = (6, 7, 8)
"""UMAP n_neighbors and HDBSCAN min_cluster_size: smaller than in the looks at everybody, for there are fewer."""
FALLS_APART = 0.3
"""Sharpness from which a segment is two: between what the whole ones reach and what the merged ones do."""


@dataclass(frozen=True)
class Parts:
    """What a segment falls into: `of[i]` the part of the segment's i-th member (all have one); `share`: (members, 2)
    how much of the member's belonging is each part's, rows sum to 1; `sharpness`: mean difference of the two."""

    of: Labels
    share: Floats
    sharpness: float


def parts_of(views: Sequence[View], rows: Labels, seed: int, least: int = SEGMENT_AT_LEAST) -> Parts | None:
    """The two parts of the segment whose members are `rows` of the views; None where it is one."""
    if len(rows) < 2 * least:
        return None
    alone = [_only(view, rows) for view in views]
    found = _halves(alone, len(rows), seed, least)
    return found if found is not None and found.sharpness >= FALLS_APART else None


def _halves(views: Sequence[View], count: int, seed: int, least: int) -> Parts | None:
    """The best two parts of all `count` rows, however unsharp; None where no two parts are large enough."""
    association = co_association(views, count, seed, neighbourhoods=NEIGHBOURHOODS, smallest=SMALLEST)
    found = partition(association, least, exactly=2)
    if found is None:
        return None
    belonging = memberships(association, found[0])
    sharpness = float(np.abs(belonging[:, 0] - belonging[:, 1]).mean())
    total = belonging.sum(axis=1, keepdims=True)
    share = np.where(total > 0, belonging / np.where(total > 0, total, 1.0), 0.5)
    return Parts(share.argmax(axis=1).astype(np.intp), share, sharpness)


def _only(view: View, rows: Labels) -> View:
    return lambda shrink: centred(view(shrink)[rows])


def parted(consensus: Consensus, views: Sequence[View], seed: int) -> Consensus:
    """The consensus with every segment that falls in two replaced by its parts, and these looked at in turn.

    A member's membership in a part is that in the whole times the part's share of it; for everybody else, the mean
    co-association with the part's members. Every part is as large as a segment must be.
    """
    count = len(consensus.labels)
    least = smallest_segment(count)
    waiting = [
        (np.where(consensus.labels == column)[0], consensus.membership[:, column])
        for column in range(consensus.membership.shape[1])
    ]
    kept: list[Floats] = []
    stability: list[float] = []
    while waiting:
        rows, whole = waiting.pop(0)
        seed += 1
        parts = parts_of(views, rows, seed, least)
        if parts is None or np.bincount(parts.of, minlength=2).min() < least:
            kept.append(whole)
            stability.append(float(whole[rows].mean()))
            continue
        others = np.setdiff1d(np.arange(count), rows)
        for part in (0, 1):
            inside = rows[parts.of == part]
            column = np.zeros(count)
            column[rows] = whole[rows] * parts.share[:, part]
            column[others] = consensus.association[np.ix_(others, inside)].mean(axis=1)
            waiting.append((inside, column))
    membership = np.stack(kept, axis=1) if kept else np.zeros((count, 0))
    return _by_size(Consensus(consensus.labels, membership, np.array(stability), consensus.association, consensus.cut))


def _by_size(consensus: Consensus) -> Consensus:
    """Labels by largest membership, segments numbered by size."""
    membership = consensus.membership
    if membership.shape[1] == 0:
        return consensus
    best = membership.argmax(axis=1)
    labels = np.where(membership[np.arange(len(best)), best] >= JOINS, best, -1)
    sizes = np.bincount(labels[labels >= 0], minlength=membership.shape[1])
    order = np.array(sorted(range(len(sizes)), key=lambda column: (-sizes[column], column)), dtype=np.intp)
    place = np.argsort(order)
    return Consensus(
        np.where(labels >= 0, place[np.maximum(labels, 0)], -1).astype(np.intp),
        membership[:, order],
        consensus.stability[order],
        consensus.association,
        consensus.cut,
    )
