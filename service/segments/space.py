"""The learned space: what fitting the views on some customers leaves, so that others can be placed among them.

The consensus is found once, on at most a few thousand customers; everybody else, and whoever arrives between two runs,
is placed by nearest neighbours in the same whitened space.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.segments.vectors import (
    CHARACTERS,
    WORDS,
    CustomerView,
    Floats,
    Lexical,
    Texts,
    View,
    customer_view,
    joined,
    learn_lexical,
    unit_rows,
)

NEIGHBOURS = 15
"""Nearest customers whose memberships a newcomer inherits."""
PLACING_SHRINK = 0.7
"""λ of the whitening newcomers are placed with: the middle of those the consensus looks with."""


@dataclass(frozen=True)
class Space:
    """Three views of the same customers: meaning + characters, meaning + words, all three (docs/decisions/0004)."""

    customers: tuple[str, ...]
    mean: Floats
    """(dim,) mean sentence vector."""
    characters: Lexical
    words: Lexical
    learned: tuple[CustomerView, ...]

    @property
    def views(self) -> tuple[View, ...]:
        """λ → customer vectors, of each view."""
        return tuple(view.at for view in self.learned)

    def customers_at(self, shrink: float) -> Floats:
        """Vectors of the customers it was learned on, in the view of everything: (n, dim)."""
        return self.learned[-1].at(shrink)

    def place(self, texts: Texts, dense: Floats, shrink: float) -> Floats:
        """Vectors of other customers in the view of everything: (n_customers, dim), unit rows."""
        meaning = unit_rows(dense - self.mean)
        documents = joined(meaning, self.characters.place(texts.texts), self.words.place(texts.texts))
        return self.learned[-1].place(documents, texts, shrink)


def learn_space(texts: Texts, dense: Floats, seed: int) -> Space:
    """Fit the views on the documents of `texts`; `dense`: (n_documents, dim) sentence vectors."""
    mean = dense.mean(axis=0)
    meaning = unit_rows(dense - mean)
    characters, character_rows = learn_lexical(texts.texts, CHARACTERS, seed)
    words, word_rows = learn_lexical(texts.texts, WORDS, seed)
    return Space(
        customers=texts.customers,
        mean=mean,
        characters=characters,
        words=words,
        learned=(
            customer_view(joined(meaning, character_rows), texts),
            customer_view(joined(meaning, word_rows), texts),
            customer_view(joined(meaning, character_rows, word_rows), texts),
        ),
    )


def nearest(known: Floats, placed: Floats, count: int = NEIGHBOURS) -> tuple[NDArray[np.intp], Floats]:
    """Rows of `known` nearest to each row of `placed`, and their cosines: (m, count) both, nearest first."""
    likeness = placed @ known.T
    count = min(count, likeness.shape[1])
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
    return order.astype(np.intp), np.take_along_axis(likeness, order, axis=1)


def neighbours_membership(known: Floats, membership: Floats, placed: Floats) -> Floats:
    """Membership of newcomers, (m, k): the mean of their nearest neighbours'. Nobody to compare with: zeros."""
    if not len(placed) or not len(known):
        return np.zeros((len(placed), membership.shape[1]))
    order, _ = nearest(known, placed)
    inherited = membership[order].mean(axis=1)
    inherited[~np.any(placed, axis=1)] = 0.0  # no usable word: no neighbours either
    return np.asarray(inherited, dtype=np.float64)
