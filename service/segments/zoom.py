"""A second look at each segment alone: does it fall in two?

Two small segments that differ little against the rest of the company land together in every look at everybody. Looked
at without the rest, they part; a segment that is one does not. Measured in docs/decisions/0006: over the development
companies segments made of two planted ones parted with a sharpness of 0.27–0.75, whole ones with 0.06–0.22, most of
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
    looks_for,
    memberships,
    partition,
    smallest_segment,
)
from service.segments.vectors import Floats, View, centred

NEIGHBOURHOODS = (5, 7, 10)
SMALLEST = ((6,), (7,), (8,))
"""UMAP n_neighbors and HDBSCAN min_cluster_size: smaller than in the looks at everybody, for there are fewer."""
LOOKS = 45
"""15 for each view, for up to `LOOKED` members: few members make cheap looks, but not all too cheap."""
LOOKED = 60
FEWEST_LOOKS = 24
FALLS_APART = 0.25
"""Sharpness from which a segment is two: between what the whole ones reach and what the merged ones do."""


@dataclass(frozen=True)
class Parts:
    """What a segment falls into: `of[i]` the part of the segment's i-th member (all have one); `share`: (members, 2)
    how much of the member's belonging is each part's, rows sum to 1; `sharpness`: mean difference of the two."""

    of: Labels
    share: Floats
    sharpness: float


class SecondLook:
    """Looks at some of the rows of the views, without the rest. The same rows are looked at once."""

    def __init__(self, views: Sequence[View], seed: int) -> None:
        self._views = views
        self._seed = seed + 1  # not the draws of the looks at everybody
        self._seen: dict[bytes, Floats] = {}

    def parts_of(self, rows: Labels, least: int = SEGMENT_AT_LEAST) -> Parts | None:
        """The two parts, of `least` members each, of the segment whose members are `rows`; None where it is one."""
        if len(rows) < 2 * least:
            return None
        found = _halves(self._association(rows), least)
        return found if found is not None and found.sharpness >= FALLS_APART else None

    def _association(self, rows: Labels) -> Floats:
        key = rows.tobytes()
        if key not in self._seen:
            alone = [_only(view, rows) for view in self._views]
            looks = looks_for(len(rows), LOOKS, LOOKED, FEWEST_LOOKS)
            self._seen[key] = co_association(
                alone, len(rows), self._seed, neighbourhoods=NEIGHBOURHOODS, smallest=SMALLEST, looks=looks
            )
        return self._seen[key]


def _halves(association: Floats, least: int) -> Parts | None:
    """The best two parts of all rows, however unsharp; None where no two parts are large enough."""
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


def parted(consensus: Consensus, second: SecondLook) -> Consensus:
    """The consensus with every segment that falls in two replaced by its parts, and these looked at in turn.

    A member's membership in a part is that in the whole times the part's share of it; for everybody else, the mean
    co-association with the part's members. A part that would not be as large as a segment must be is no part.
    """
    least = smallest_segment(len(consensus.labels))
    columns = list(consensus.membership.T)
    waiting = list(range(len(columns)))
    while waiting:
        number = waiting.pop(0)
        rows = np.where(_labels(columns) == number)[0]
        parts = second.parts_of(rows, least)
        if parts is None:
            continue
        halves = [_part(consensus.association, columns[number], rows, parts, part) for part in (0, 1)]
        tried = [*columns[:number], halves[0], *columns[number + 1 :], halves[1]]
        if np.bincount(_labels(tried) + 1, minlength=len(tried) + 1)[1:].min() >= least:
            columns = tried
            waiting += [number, len(columns) - 1]
    return _by_size(columns, consensus)


def _part(association: Floats, whole: Floats, rows: Labels, parts: Parts, part: int) -> Floats:
    """(n,) membership of everybody in one part of the segment whose members are `rows`."""
    column = np.asarray(association[:, rows[parts.of == part]].mean(axis=1), dtype=np.float64)
    column[rows] = whole[rows] * parts.share[:, part]
    return column


def _labels(columns: Sequence[Floats]) -> Labels:
    """The column of each customer's largest membership, −1 under `JOINS`."""
    if not columns:
        return np.zeros(0, dtype=np.intp)
    membership = np.stack(columns, axis=1)
    best = membership.argmax(axis=1)
    return np.where(membership[np.arange(len(best)), best] >= JOINS, best, -1).astype(np.intp)


def _by_size(columns: Sequence[Floats], consensus: Consensus) -> Consensus:
    """The segments of these memberships, numbered by size."""
    if not columns:
        return consensus
    sizes = np.bincount(_labels(columns) + 1, minlength=len(columns) + 1)[1:]
    ordered = [columns[number] for number in sorted(range(len(columns)), key=lambda c: (-sizes[c], c))]
    labels = _labels(ordered)
    stability = [float(column[labels == number].mean()) for number, column in enumerate(ordered)]
    return Consensus(labels, np.stack(ordered, axis=1), np.array(stability), consensus.association, consensus.cut)
