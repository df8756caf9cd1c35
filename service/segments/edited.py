"""A partition as people want it: their edits over what the machine found, oldest first, as one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from service.segments.consensus import JOINS
from service.segments.edits import Change, Edit, Part, Reason
from service.segments.lineage import Hands
from service.segments.partition import Partition
from service.segments.vectors import Floats, unit_rows

Positions = Callable[[Sequence[str]], Floats]
"""Vectors of customers in the learned space: (n, dim) unit rows, zero for who has no usable word."""


@dataclass(frozen=True)
class Edited:
    """The partition with edits applied, and what came of each."""

    partition: Partition
    excluded: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    applied: tuple[str, ...] = ()
    sleeping: Mapping[str, Reason] = field(default_factory=dict)
    hands: Hands = field(default_factory=Hands)


def edited(partition: Partition, edits: Sequence[Edit], everyone: frozenset[str], positions: Positions) -> Edited:
    """Apply the edits in force, in order: each acts on what the earlier ones left.

    `everyone`: all customers there are, also those set apart. An edit whose segment or customer is not there sleeps:
    it stays in the log and is tried again in the next run. Columns that lost all members go.
    """
    work = _Work(partition, everyone, positions)
    applied: list[str] = []
    sleeping: dict[str, Reason] = {}
    for edit in edits:
        if edit.reshapes:
            reason = work.apply(edit.change)
            if reason is None:
                applied.append(edit.id)
            else:
                sleeping[edit.id] = reason
    return Edited(
        _tidy(work.partition), frozenset(work.excluded), frozenset(work.pinned), tuple(applied), sleeping, work.hands()
    )


class _Work:
    """The partition under way."""

    def __init__(self, partition: Partition, everyone: frozenset[str], positions: Positions) -> None:
        self.partition, self.everyone, self.positions = partition, everyone, positions
        self.excluded: set[str] = set()
        self.pinned: set[str] = set()
        self._merged: dict[str, str] = {}
        self._split: dict[str, tuple[str, ...]] = {}

    def hands(self) -> Hands:
        """What the applied merges and splits did."""
        return Hands(dict(self._merged), dict(self._split))

    def apply(self, change: Change) -> Reason | None:
        """Do it, or say why it cannot be done."""
        match change.kind:
            case "merge":
                return self._merge(change)
            case "split":
                return self._divide(change)
            case "pin":
                return self._pin(change)
            case _:
                return self._exclude(change)

    def _merge(self, change: Change) -> Reason | None:
        if change.segment not in self.partition.ids or not change.into:
            return "segment"
        self.partition = merged(self.partition, change.segment, change.into)
        self._merged[change.segment] = change.into
        return None

    def _divide(self, change: Change) -> Reason | None:
        if change.segment not in self.partition.ids:
            return "segment"
        found = divided(self.partition, change.segment, change.parts, self.positions)
        if found is None:
            return "parts"
        self.partition = found
        others = tuple(part.segment for part in change.parts if part.segment != change.segment)
        self._split[change.segment] = (*self._split.get(change.segment, ()), *others)
        return None

    def _pin(self, change: Change) -> Reason | None:
        if change.customer not in self.everyone or not change.customer:
            return "customer"
        if change.segment not in self.partition.ids:
            return "segment"
        self.partition = pinned(self.partition, change.customer, self.partition.ids.index(change.segment))
        self.pinned.add(change.customer)
        self.excluded.discard(change.customer)
        return None

    def _exclude(self, change: Change) -> Reason | None:
        if change.customer not in self.everyone or not change.customer:
            return "customer"
        self.partition = without(self.partition, change.customer)
        self.excluded.add(change.customer)
        self.pinned.discard(change.customer)
        return None


def merged(partition: Partition, segment: str, into: str) -> Partition:
    """Both as one under the id `into`, also where only `segment` was found: then it is called `into`.

    Membership is the larger of the two, so its members are exactly those of both; what it says of stability is the mean
    over all pairs inside.
    """
    ids = list(partition.ids)
    source = ids.index(segment)
    if into not in ids:
        ids[source] = into
        return replace(partition, ids=tuple(ids))
    target = ids.index(into)
    sizes = np.array([len(people) for people in partition.members], dtype=np.float64)
    membership = partition.membership.copy()
    membership[:, target] = np.maximum(membership[:, target], membership[:, source])
    weight = sizes[[target, source]] / max(1.0, sizes[[target, source]].sum())
    likeness = partition.likeness.copy()
    between = likeness[target, source]
    likeness[target] = weight[0] * likeness[target] + weight[1] * likeness[source]
    likeness[:, target] = likeness[target]
    stability = partition.stability.copy()
    stability[target] = weight[0] ** 2 * stability[target] + weight[1] ** 2 * stability[source]
    stability[target] += 2 * weight[0] * weight[1] * between
    likeness[target, target] = stability[target]
    kept = [number for number in range(len(ids)) if number != source]
    return _columns(replace(partition, membership=membership, stability=stability, likeness=likeness), kept)


def divided(partition: Partition, segment: str, parts: Sequence[Part], positions: Positions) -> Partition | None:
    """The segment as its parts: listed members go where they were put, everybody else to the nearest part.

    A part that the machine has come to find itself (its id is there) takes its members in. None when fewer than two
    parts have members.
    """
    whole = partition.ids.index(segment)
    rows = np.flatnonzero(partition.membership[:, whole] >= JOINS)
    owner = _owners([partition.customers[row] for row in rows], parts, positions)
    inside = partition.labels[rows] == whole
    others = {part.segment for part in parts} & (set(partition.ids) - {segment})
    filled = {parts[n].segment for n in set(owner[inside])} | others
    if len(filled) < 2:
        return None
    membership = partition.membership[:, whole].copy()
    columns, ids = partition.membership.copy(), list(partition.ids)
    columns[rows, whole] = 0.0
    stability, likeness = partition.stability, partition.likeness
    for number, part in enumerate(parts):
        if part.segment not in ids:
            ids.append(part.segment)
            columns = np.hstack([columns, np.zeros((len(columns), 1))])
            stability, likeness = _another(stability, likeness, whole)
        at, mine = ids.index(part.segment), rows[owner == number]
        columns[mine, at] = np.maximum(columns[mine, at], membership[mine])
    return replace(partition, membership=columns, ids=tuple(ids), stability=stability, likeness=likeness)


def _owners(
    customers: Sequence[str], parts: Sequence[Part], positions: Positions
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """(n,) number of each customer's part: the one that lists them, else the nearest to its listed members' mean."""
    listed = {customer: number for number, part in enumerate(parts) for customer in part.customers}
    owner = np.array([listed.get(customer, -1) for customer in customers], dtype=np.intp)
    if (owner >= 0).all():
        return owner
    vectors = positions(customers)
    centres = np.zeros((len(parts), vectors.shape[1]))
    for number in range(len(parts)):
        if (owner == number).any():
            centres[number] = vectors[owner == number].mean(axis=0)
    sizes = np.bincount(owner[owner >= 0], minlength=len(parts))
    likeness = np.where(sizes > 0, vectors @ unit_rows(centres).T, -2.0)
    nearest = np.where(np.any(vectors, axis=1), likeness.argmax(axis=1), sizes.argmax())
    return np.where(owner >= 0, owner, nearest).astype(np.intp)


def _another(stability: Floats, likeness: Floats, whole: int) -> tuple[Floats, Floats]:
    """Room for one more column that is like `whole`, from which it was cut."""
    count = len(stability)
    wider = np.zeros((count + 1, count + 1))
    wider[:count, :count] = likeness
    wider[count, :count] = likeness[whole]
    wider[:count, count] = likeness[:, whole]
    wider[count, count] = stability[whole]
    wider[count, whole] = wider[whole, count] = stability[whole]
    return np.append(stability, stability[whole]), wider


def pinned(partition: Partition, customer: str, column: int) -> Partition:
    """The customer surely in the segment of `column`, and there alone."""
    row = np.zeros((1, len(partition.ids)))
    row[0, column] = 1.0
    if customer not in partition.customers:
        return replace(
            partition, customers=(*partition.customers, customer), membership=np.vstack([partition.membership, row])
        )
    membership = partition.membership.copy()
    membership[partition.customers.index(customer)] = row[0]
    return replace(partition, membership=membership)


def without(partition: Partition, customer: str) -> Partition:
    """The partition less one customer."""
    if customer not in partition.customers:
        return partition
    keep = [number for number, other in enumerate(partition.customers) if other != customer]
    return replace(
        partition, customers=tuple(partition.customers[n] for n in keep), membership=partition.membership[keep]
    )


def _tidy(partition: Partition) -> Partition:
    """Columns with members only, larger first."""
    sizes = [len(people) for people in partition.members]
    return _columns(partition, sorted((n for n, size in enumerate(sizes) if size), key=lambda n: (-sizes[n], n)))


def _columns(partition: Partition, kept: Sequence[int]) -> Partition:
    order = list(kept)
    return replace(
        partition,
        membership=partition.membership[:, order],
        ids=tuple(partition.ids[n] for n in order),
        stability=partition.stability[order],
        likeness=partition.likeness[np.ix_(order, order)],
    )
