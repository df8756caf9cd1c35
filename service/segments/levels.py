"""The second level: kinds of customers within a segment, too small to be segments of the company, once sizes allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from service.segments.consensus import SEGMENT_AT_LEAST
from service.segments.edited import Positions
from service.segments.partition import Partition
from service.segments.space import Space
from service.segments.zoom import SecondLook

SIZE_ALLOWS = 60
"""Members from which a segment is asked for parts: under it a part could not be told from chance, nor acted upon."""
PART_SHARE = 0.1
"""A part holds at least this share of its segment."""


def sub_segments(
    space: Space, partition: Partition, positions: Positions, second: SecondLook
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The two parts of every segment that has them, larger first: `{segment: (customers, customers)}`.

    The second look (`zoom`) at the members the space was learned on; other members go to the nearer part.
    """
    row_of = {customer: row for row, customer in enumerate(space.customers)}
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for segment, members in zip(partition.ids, partition.members, strict=True):
        learned = [customer for customer in members if customer in row_of]
        if len(learned) < SIZE_ALLOWS:
            continue
        least = max(SEGMENT_AT_LEAST, int(np.ceil(PART_SHARE * len(learned))))
        rows = np.array([row_of[customer] for customer in learned], dtype=np.intp)
        parts = second.parts_of(rows, least)
        if parts is None:
            continue
        sides = [[c for c, part in zip(learned, parts.of, strict=True) if part == side] for side in (0, 1)]
        if min(map(len, sides)) < least:
            continue
        _join_nearer(sides, [customer for customer in members if customer not in row_of], positions)
        found[segment] = tuple(tuple(side) for side in sorted(sides, key=lambda side: (-len(side), side)))
    return found


def _join_nearer(sides: Sequence[list[str]], others: Sequence[str], positions: Positions) -> None:
    if not others:
        return
    middles = np.stack([positions(side).mean(axis=0) for side in sides])
    for customer, row in zip(others, positions(others) @ middles.T, strict=True):
        sides[int(row.argmax())].append(customer)
