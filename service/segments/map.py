"""The map of customers: a plane in which those who speak alike, and keep landing together, stand near."""

from __future__ import annotations

import numpy as np

from service.segments.consensus import layout
from service.segments.model import CustomerMap, MapPoint
from service.segments.partition import Partition
from service.segments.space import PLACING_SHRINK, Space
from service.segments.vectors import Floats, unit_rows

DRAWN = 2000
"""Customers on the map; of more a seeded sample: a screen has no room for more dots."""
FEWEST = 10
"""Below this there is nothing to lay out."""
TOGETHER = 0.5
"""Weight of landing together beside speaking alike: keeps more of each customer's ten nearest in place than the vectors
alone (trustworthiness .836 against .821 and .821 against .807, `python -m eval portrayal --map`)."""
DIGITS = 5
"""Decimals of the vectors that are laid out: the last bits differ between machines, the map should not."""
PLACES = 3
"""Decimals of a place on the map."""


def customer_map(space: Space, partition: Partition, seed: int, together: float = TOGETHER) -> CustomerMap | None:
    """Places of the customers the space was learned on, None of too few of them."""
    row_of = {customer: row for row, customer in enumerate(partition.customers)}
    rows = np.array([row for row, customer in enumerate(space.customers) if customer in row_of], dtype=np.intp)
    if len(rows) > DRAWN:
        rows = np.sort(np.random.default_rng(seed).choice(rows, DRAWN, replace=False))
    if len(rows) < FEWEST:
        return None
    customers = [space.customers[row] for row in rows]
    alike = space.customers_at(PLACING_SHRINK)[rows]
    landed = partition.membership[[row_of[customer] for customer in customers]]
    joined = unit_rows(np.hstack([alike, together * landed]))
    places = _settled(layout(np.round(joined, DIGITS), seed))
    points = (MapPoint(c, float(x), float(y)) for c, (x, y) in zip(customers, places, strict=True))
    return CustomerMap(tuple(points), len(customers), len(partition.customers))


def _settled(places: Floats) -> Floats:
    """Turned so that the longer way lies across and the first customer's side is left and top, scaled to 0..1: (n, 2).

    Both axes share one scale.
    """
    centred = places - places.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes.T
    turned = turned * np.where(turned[0] > 0, -1.0, 1.0)
    low = turned.min(axis=0)
    span = (turned.max(axis=0) - low).max() or 1.0
    return np.asarray(np.round((turned - low) / span, PLACES), dtype=np.float64)
