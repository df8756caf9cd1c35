"""Where customers lie in the learned space, and the parts a segment falls into by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.core.errors import BadInput
from service.segments.edited import Positions
from service.segments.material import keep_customers
from service.segments.partition import SAMPLE, Vectors
from service.segments.space import PLACING_SHRINK, Space, learn_space
from service.segments.vectors import Floats, Texts

FEWEST_IN_PART = 4
"""Customers a proposed part has at least: fewer are a handful of people, not a kind of customer."""
STARTS = 10
"""Starts of k-means; the best is taken."""


def space_of(texts: Texts, vectors: Vectors, seed: int) -> Space:
    """The space learned on the customers of `texts`, on a seeded sample where they are many."""
    count = len(texts.customers)
    if count > SAMPLE:
        chosen = np.sort(np.random.default_rng(seed).choice(count, SAMPLE, replace=False))
        texts = keep_customers(texts, [texts.customers[row] for row in chosen])
    return learn_space(texts, vectors(texts.texts).astype(np.float64), seed)


def positions_in(space: Space, texts: Texts, vectors: Vectors) -> Positions:
    """Vectors of any of the customers of `texts` in `space`; zero for customers without words."""

    def positions(customers: Sequence[str]) -> Floats:
        learned = space.customers_at(PLACING_SHRINK)
        row_of = {customer: row for row, customer in enumerate(space.customers)}
        found = np.zeros((len(customers), learned.shape[1]))
        missing = []
        for number, customer in enumerate(customers):
            if customer in row_of:
                found[number] = learned[row_of[customer]]
            else:
                missing.append(customer)
        others = keep_customers(texts, missing)
        if others.customers:
            placed = space.place(others, vectors(others.texts).astype(np.float64), PLACING_SHRINK)
            at = {customer: row for row, customer in enumerate(others.customers)}
            for number, customer in enumerate(customers):
                if customer in at:
                    found[number] = placed[at[customer]]
        return found

    return positions


def proposed_parts(customers: Sequence[str], positions: Positions, count: int, seed: int) -> list[tuple[str, ...]]:
    """The customers in `count` parts that lie together, larger first, by k-means on unit vectors (seeded).

    BadInput where a part would have fewer than `FEWEST_IN_PART` customers: the segment holds together.
    """
    from sklearn.cluster import KMeans

    ordered = sorted(customers)
    if len(ordered) >= count * FEWEST_IN_PART:
        vectors = positions(ordered)
        if len(np.unique(vectors, axis=0)) >= count:
            labels = KMeans(count, n_init=STARTS, random_state=seed).fit_predict(vectors)
            parts = [tuple(c for c, label in zip(ordered, labels, strict=True) if label == n) for n in range(count)]
            if min(map(len, parts)) >= FEWEST_IN_PART:
                return sorted(parts, key=lambda part: (-len(part), part))
    raise BadInput(
        f"The segment of {len(ordered)} customers does not fall into {count} parts of at least {FEWEST_IN_PART}; "
        "name the customers of a part yourself.",
        ru=f"Сегмент из {len(ordered)} клиентов не распадается на {count} части хотя бы по {FEWEST_IN_PART}; назовите "
        "клиентов новой части сами.",
    )
