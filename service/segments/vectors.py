"""From document texts to customer vectors: views, source removal, within-customer whitening.

What stays the same across one customer's documents is who they are; what changes is the topic of the day. Whitening by
the pooled within-customer covariance keeps the first and damps the second (WCCN: Hatch, Kajarekar, Stolcke,
Interspeech 2006, known from speaker verification).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.segments.words import lemmas, without_placeholders

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

LEXICAL_DIMENSIONS = 100
"""Width of a lexical view after SVD (RESEARCH: 100; fewer loses customers, more adds topics)."""


FEWEST_RETURNING = 10
"""Customers with two documents needed to learn what varies within a customer; below, directions stay as they are."""


@dataclass(frozen=True)
class Texts:
    """One row a document, sorted by document id.

    `owner[i]` is the row of the document's customer in `customers`; `unit[i]` groups rows that stand for the same
    document: rows of one document split in two halves share a customer but not a unit.
    """

    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    owner: Ints
    customers: tuple[str, ...]

    @property
    def weights(self) -> Floats:
        """√ of the number of words of each text: a long call says more than a form, but not in proportion."""
        return np.sqrt(np.array([max(1, len(text.split())) for text in self.texts], dtype=np.float64))


def unit_rows(matrix: Floats) -> Floats:
    """Rows scaled to length 1; zero rows stay zero."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1.0), dtype=np.float64)


def centred(matrix: Floats) -> Floats:
    """Rows minus the mean row, scaled to length 1."""
    return unit_rows(matrix - matrix.mean(axis=0, keepdims=True))


def _svd_view(texts: Sequence[str], seed: int, **options: object) -> Floats:
    """TF-IDF → truncated SVD → centred unit rows; a constant column where the texts share no term."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    rare = 3 if len(texts) >= 60 else 1
    try:
        tfidf = TfidfVectorizer(sublinear_tf=True, min_df=rare, dtype=np.float64, **options).fit_transform(texts)
    except ValueError:  # an empty vocabulary
        return np.zeros((len(texts), 1))
    width = min(LEXICAL_DIMENSIONS, min(tfidf.shape) - 1)
    if width < 1:
        return np.zeros((len(texts), 1))
    return centred(TruncatedSVD(width, algorithm="randomized", random_state=seed).fit_transform(tfidf))


def character_view(texts: Sequence[str], seed: int) -> Floats:
    """Character 3–5-grams inside words: robust to typing errors and to Russian endings. (n, ≤100)."""
    prepared = [without_placeholders(text).lower() for text in texts]
    return _svd_view(prepared, seed, analyzer="char_wb", ngram_range=(3, 5))


def word_view(texts: Sequence[str], seed: int) -> Floats:
    """Dictionary forms, single words and pairs. (n, ≤100)."""
    prepared = [" ".join(lemmas(text)) for text in texts]
    return _svd_view(prepared, seed, token_pattern=r"\S+", ngram_range=(1, 2), max_df=0.5)


def joined(*views: Floats) -> Floats:
    """Views side by side with equal weight."""
    return np.hstack(views)


def without_source(matrix: Floats, kinds: Sequence[str]) -> Floats:
    """Rows minus the mean of their document kind: who typed it and where is not who the customer is."""
    out = matrix.copy()
    names = np.array(kinds)
    for kind in sorted(set(kinds)):
        rows = names == kind
        if rows.sum() > 1:
            out[rows] -= matrix[rows].mean(axis=0, keepdims=True)
    return out


def customer_means(matrix: Floats, texts: Texts) -> Floats:
    """Weighted mean row of each customer's documents: (n_customers, dim)."""
    weights = texts.weights
    sums = np.zeros((len(texts.customers), matrix.shape[1]))
    totals = np.zeros(len(texts.customers))
    np.add.at(sums, texts.owner, matrix * weights[:, None])
    np.add.at(totals, texts.owner, weights)
    return np.asarray(sums / np.where(totals > 0, totals, 1.0)[:, None], dtype=np.float64)


def within_covariance(matrix: Floats, texts: Texts) -> tuple[Floats, int]:
    """Pooled covariance of documents around their customer's mean, and the number of customers it rests on.

    Only customers with two documents or more speak: (dim, dim).
    """
    counts = np.bincount(texts.owner, minlength=len(texts.customers))
    plain = np.zeros((len(texts.customers), matrix.shape[1]))
    np.add.at(plain, texts.owner, matrix)
    means = plain / np.maximum(counts, 1)[:, None]
    rows = counts[texts.owner] >= 2
    customers = int((counts >= 2).sum())
    if customers == 0:
        return np.eye(matrix.shape[1]), 0
    deviations = matrix[rows] - means[texts.owner[rows]]
    freedom = max(1, int(rows.sum()) - customers)
    return deviations.T @ deviations / freedom, customers


@dataclass(frozen=True)
class Whitening:
    """Eigenvalues (dim,) and eigenvectors (dim, dim) of a covariance: shrinkage moves the values only, so they are
    found once for all λ."""

    values: Floats
    vectors: Floats

    def scales(self, shrink: float) -> Floats:
        """Factor for each eigenvector: 1/√ of the eigenvalues of W_λ = (1−λ)·W + λ·tr(W)/p·I."""
        blended = (1 - shrink) * self.values + shrink * self.values.mean()
        return np.asarray(1.0 / np.sqrt(np.maximum(blended, 1e-12)), dtype=np.float64)

    def applied(self, rows: Floats, shrink: float) -> Floats:
        """Rows in the eigenbasis, whitened: (n, dim). Distances are those of rows · W_λ^(−1/2)."""
        return np.asarray((rows @ self.vectors) * self.scales(shrink), dtype=np.float64)


def whitening(covariance: Floats) -> Whitening:
    """The whitening of a within-customer covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return Whitening(np.maximum(values, 0.0), vectors)


View = Callable[[float], Floats]
"""Shrinkage λ → customer vectors (n_customers, dim), centred unit rows."""


def customer_view(documents: Floats, texts: Texts) -> View:
    """The customer vectors of one joined view, as a function of the shrinkage."""
    cleaned = without_source(documents, texts.kinds)
    covariance, customers = within_covariance(cleaned, texts)
    means = customer_means(cleaned, texts)
    basis = whitening(covariance)

    def at(shrink: float) -> Floats:
        return centred(basis.applied(means, shrink if customers >= FEWEST_RETURNING else 1.0))

    return at
