"""Customers and how surely each belongs to each group: what the consensus leaves, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from service.core.progress import Progress, silent
from service.segments.consensus import JOINS, Consensus, find_consensus, looks_at
from service.segments.lineage import AsFound, segment_ids
from service.segments.material import keep_customers
from service.segments.space import PLACING_SHRINK, Space, learn_space, neighbours_membership
from service.segments.vectors import Floats, Texts
from service.segments.zoom import SecondLook, parted

SAMPLE = 600
"""Customers whose pairs are counted; the rest join by nearest neighbours. Keeps memory at SAMPLE² numbers."""
BATCH = 2000
"""Customers placed at a time."""

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Sentence vectors of texts: (n, dim), L2-normalised."""


@dataclass(frozen=True)
class Partition:
    """`membership`: (n, k) of `customers` in the segments `ids`; a customer belongs where it is largest, if ≥ `JOINS`.

    `stability`: (k,) mean co-association inside; `likeness`: (k, k) mean co-association between; `manifest`: how it was
    found. Columns are ordered by size as found.
    """

    customers: tuple[str, ...]
    membership: Floats
    ids: tuple[str, ...]
    stability: Floats
    likeness: Floats
    manifest: Mapping[str, str | int | float]

    @property
    def labels(self) -> NDArray[np.intp]:
        """(n,) column of each customer's segment, −1 unassigned."""
        if not self.ids:
            return np.full(len(self.customers), -1, dtype=np.intp)
        best = self.membership.argmax(axis=1)
        return np.where(self.membership[np.arange(len(best)), best] >= JOINS, best, -1).astype(np.intp)

    @property
    def members(self) -> list[list[str]]:
        """Customers of each segment."""
        labels = self.labels
        return [[self.customers[row] for row in np.where(labels == number)[0]] for number in range(len(self.ids))]


@dataclass(frozen=True)
class Found:
    """A partition, the space it was found in, in which newcomers can be placed, and the second look at its segments."""

    partition: Partition
    space: Space
    second: SecondLook


def find_partition(texts: Texts, vectors: Vectors, seed: int, progress: Progress = silent) -> Found:
    """Segments of the customers of `texts`. Over `SAMPLE` customers the consensus looks at a seeded sample."""
    count = len(texts.customers)
    chosen = np.arange(count)
    if count > SAMPLE:
        chosen = np.sort(np.random.default_rng(seed).choice(count, SAMPLE, replace=False))
    drawn = keep_customers(texts, [texts.customers[row] for row in chosen]) if count > SAMPLE else texts
    space = learn_space(drawn, vectors(drawn.texts).astype(np.float64), seed)
    second = SecondLook(space.views, seed)
    consensus = parted(find_consensus(space.views, len(drawn.customers), seed, progress), second)
    membership = np.zeros((count, consensus.membership.shape[1]))
    membership[chosen] = consensus.membership
    others = np.setdiff1d(np.arange(count), chosen)
    for start in range(0, len(others), BATCH):
        rows = others[start : start + BATCH]
        batch = keep_customers(texts, [texts.customers[row] for row in rows])
        placed = space.place(batch, vectors(batch.texts).astype(np.float64), PLACING_SHRINK)
        membership[rows] = neighbours_membership(space.customers_at(PLACING_SHRINK), consensus.membership, placed)
    manifest = {
        "seed": seed,
        "looks": looks_at(len(drawn.customers)),
        "cut": consensus.cut,
        "sampled": int(count > SAMPLE),
    }
    partition = Partition(texts.customers, membership, (), consensus.stability, _likeness(consensus), manifest)
    ids = tuple(f"{number}" for number in range(membership.shape[1]))
    return Found(replace(partition, ids=ids), space, second)


def identified(partition: Partition, before: AsFound) -> Partition:
    """The partition under stable ids: those of the earlier run's segments, as found then, that continue."""
    return replace(partition, ids=tuple(segment_ids(partition.members, before.members, before)))


def no_partition(seed: int) -> Partition:
    """Of too few customers: no segment at all."""
    nothing = np.zeros((0, 0))
    return Partition((), nothing, (), np.zeros(0), nothing, {"seed": seed})


def _likeness(consensus: Consensus) -> Floats:
    """Mean co-association between the members of each two segments."""
    count = consensus.membership.shape[1]
    found = np.zeros((count, count))
    for number in range(count):
        mine = consensus.labels == number
        for other in range(count):
            theirs = consensus.labels == other
            if mine.any() and theirs.any():
                found[number, other] = consensus.association[np.ix_(mine, theirs)].mean()
    return found
