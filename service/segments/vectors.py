"""From document texts to customer vectors: views, source removal, within-customer whitening.

What stays the same across one customer's documents is who they are; what changes is the topic of the day. Whitening by
the pooled within-customer covariance keeps the first and damps the second (WCCN: Hatch, Kajarekar, Stolcke,
Interspeech 2006, known from speaker verification).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


CHARACTERS = "characters"
"""Character 3–5-grams inside words: robust to typing errors and to Russian endings."""
WORDS = "words"
"""Dictionary forms, single words and pairs."""
_OPTIONS: dict[str, dict[str, Any]] = {
    CHARACTERS: {"analyzer": "char_wb", "ngram_range": (3, 5)},
    WORDS: {"token_pattern": r"\S+", "ngram_range": (1, 2), "max_df": 0.5},
}


def _prepared(texts: Sequence[str], kind: str) -> list[str]:
    if kind == CHARACTERS:
        return [without_placeholders(text).lower() for text in texts]
    return [" ".join(lemmas(text)) for text in texts]


@dataclass(frozen=True)
class Lexical:
    """A lexical view learned on some documents: TF-IDF and SVD, and the mean they were centred by.

    `tfidf` is None where the documents shared no term: the view is one constant column then.
    """

    kind: str
    tfidf: Any
    svd: Any
    mean: Floats

    def place(self, texts: Sequence[str]) -> Floats:
        """Other documents in this view: (n, ≤100), unit rows; zero where no term is known."""
        if self.tfidf is None:
            return np.zeros((len(texts), 1))
        terms = self.tfidf.transform(_prepared(texts, self.kind))
        rows = unit_rows(self.svd.transform(terms) - self.mean)
        rows[np.diff(terms.indptr) == 0] = 0.0
        return rows


def learn_lexical(texts: Sequence[str], kind: str, seed: int) -> tuple[Lexical, Floats]:
    """TF-IDF → truncated SVD → centred unit rows: the view and its rows of `texts`, (n, ≤100)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    rare = 3 if len(texts) >= 60 else 1
    nothing = Lexical(kind, None, None, np.zeros(1)), np.zeros((len(texts), 1))
    tfidf = TfidfVectorizer(sublinear_tf=True, min_df=rare, dtype=np.float64, **_OPTIONS[kind])
    try:
        terms = tfidf.fit_transform(_prepared(texts, kind))
    except ValueError:  # an empty vocabulary
        return nothing
    width = min(LEXICAL_DIMENSIONS, min(terms.shape) - 1)
    if width < 1:
        return nothing
    svd = TruncatedSVD(width, algorithm="randomized", random_state=seed)
    rows = svd.fit_transform(terms)
    mean = rows.mean(axis=0)
    return Lexical(kind, tfidf, svd, mean), unit_rows(rows - mean)


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


@dataclass(frozen=True)
class CustomerView:
    """Customer vectors of one joined view, for those it was learned on and for others.

    `means`: (n_customers, dim) of the former, without their source; `of_kind`: the mean of each document kind.
    Learned on too few returning customers, whitening does not look within customers (λ = 1).
    """

    means: Floats
    of_kind: Mapping[str, Floats]
    basis: Whitening
    returning: int

    def _shrink(self, wanted: float) -> float:
        return wanted if self.returning >= FEWEST_RETURNING else 1.0

    def at(self, shrink: float) -> Floats:
        """Vectors of the customers it was learned on: (n_customers, dim), centred unit rows."""
        return centred(self.basis.applied(self.means, self._shrink(shrink)))

    def place(self, documents: Floats, texts: Texts, shrink: float) -> Floats:
        """Vectors of the customers of `texts`, whose documents in this view are `documents`: (n, dim), unit rows."""
        nothing = np.zeros(documents.shape[1])
        cleaned = documents - np.stack([self.of_kind.get(kind, nothing) for kind in texts.kinds])
        silent = ~np.any(documents, axis=1)
        cleaned[silent] = 0.0
        own = self.basis.applied(customer_means(cleaned, texts), self._shrink(shrink))
        middle = self.basis.applied(self.means, self._shrink(shrink)).mean(axis=0, keepdims=True)
        placed = unit_rows(own - middle)
        placed[np.bincount(texts.owner[~silent], minlength=len(texts.customers)) == 0] = 0.0
        return placed


def customer_view(documents: Floats, texts: Texts) -> CustomerView:
    """Learn a view on the documents of `texts`: (n_documents, dim)."""
    cleaned = without_source(documents, texts.kinds)
    covariance, returning = within_covariance(cleaned, texts)
    names = np.array(texts.kinds)
    of_kind = {
        kind: documents[names == kind].mean(axis=0) for kind in sorted(set(texts.kinds)) if (names == kind).sum() > 1
    }
    return CustomerView(customer_means(cleaned, texts), of_kind, whitening(covariance), returning)
