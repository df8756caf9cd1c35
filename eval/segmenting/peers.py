"""Other ways to group the same customers by the same vectors.

A peer gets only customers the product does not set apart, so it is spared the noise. UMAP is seeded everywhere here,
with the values BERTopic and Top2Vec set themselves, so that a row can be measured again.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.segmenting.product import customer_vectors
from service.segments.vectors import Floats, Texts, centred, customer_means, unit_rows

Groups = NDArray[np.intp]
"""A number a row; −1 is left out."""

TOP2VEC_SMALLEST = 15
"""Top2Vec's own HDBSCAN min_cluster_size."""
TOP2VEC_MERGE = 0.1
"""Top2Vec's own topic_merge_delta: topics closer than this cosine distance are one."""


@dataclass(frozen=True)
class Customers:
    """What a peer sees. `dense`: (n_documents, dim) sentence vectors of `texts`."""

    texts: Texts
    dense: Floats
    true: int

    @cached_property
    def means(self) -> Floats:
        """Mean sentence vector of each customer, by √ of the words."""
        return customer_means(self.dense, self.texts)

    @cached_property
    def ours(self) -> Floats:
        """The product's own customer vectors."""
        return customer_vectors(self.texts, self.dense)

    @cached_property
    def joined(self) -> list[str]:
        """All words of each customer."""
        words: list[list[str]] = [[] for _ in self.texts.customers]
        for owner, text in zip(self.texts.owner, self.texts.texts, strict=True):
            words[owner].append(text)
        return ["\n".join(said) for said in words]

    def majority(self, groups: Groups) -> Groups:
        """Groups of documents → of customers: where most of their grouped documents are, ties to the lower number."""
        votes: list[Counter[int]] = [Counter() for _ in self.texts.customers]
        for owner, group in zip(self.texts.owner, groups, strict=True):
            if group >= 0:
                votes[owner][int(group)] += 1
        return np.array([min(v, key=lambda g, v=v: (-v[g], g)) if v else -1 for v in votes], dtype=np.intp)  # type: ignore[misc]


Peer = Callable[[Customers, int], Groups]


def k_means(matrix: Floats, k: int, seed: int) -> Groups:
    """The best of ten starts."""
    from sklearn.cluster import KMeans

    groups = KMeans(min(k, len(matrix)), n_init=10, random_state=seed).fit_predict(matrix)
    return np.asarray(groups, dtype=np.intp)


def _umap(matrix: Floats, seed: int | None, **options: Any) -> Floats:
    import umap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a seed means one thread
        reducer = umap.UMAP(
            n_neighbors=min(15, len(matrix) - 1), n_components=5, random_state=seed, n_jobs=1, **options
        )
        return np.asarray(reducer.fit_transform(matrix), dtype=np.float64)


def _hdbscan(matrix: Floats, smallest: int) -> Groups:
    import hdbscan

    return np.asarray(hdbscan.HDBSCAN(min_cluster_size=smallest).fit_predict(matrix), dtype=np.intp)


def umap_hdbscan(matrix: Floats, seed: int) -> Groups:
    """UMAP to five dimensions and HDBSCAN with clusters of ten: what people do first."""
    return _hdbscan(_umap(centred(matrix), seed, min_dist=0.0, metric="cosine"), 10)


def bertopic(words: list[str], matrix: Floats, seed: int | None) -> Groups:
    """BERTopic's defaults; with a seed the same UMAP, seeded."""
    from bertopic import BERTopic
    from umap import UMAP

    options = {}
    if seed is not None:
        # BERTopic's own values (BERTopic.__init__), with a seed
        options["umap_model"] = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed, n_jobs=1
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics, _ = BERTopic(**options).fit_transform(words, embeddings=matrix.astype(np.float32))
    return np.asarray(topics, dtype=np.intp)


def top2vec(matrix: Floats, seed: int) -> Groups:
    """The published pipeline (Angelov 2020) on given vectors: UMAP, HDBSCAN, the mean vector of each dense group is a
    topic, near topics merge, every row goes to its nearest topic.

    Differs from the library: sentence vectors instead of doc2vec, no topic words (they do not touch the groups).
    """
    from sklearn.cluster import DBSCAN

    dense = _hdbscan(_umap(matrix, seed, metric="cosine"), TOP2VEC_SMALLEST)
    found = [number for number in np.unique(dense) if number >= 0]
    if not found:
        return np.full(len(matrix), -1, dtype=np.intp)
    topics = unit_rows(np.stack([matrix[dense == number].mean(axis=0) for number in found]))
    near = DBSCAN(eps=TOP2VEC_MERGE, min_samples=2, metric="cosine").fit_predict(topics)
    groups = [np.flatnonzero(near == number) for number in np.unique(near) if number >= 0]
    groups += [np.array([alone]) for alone in np.flatnonzero(near < 0)]
    merged = unit_rows(np.stack([topics[group].mean(axis=0) for group in groups]))
    return np.asarray((unit_rows(matrix) @ merged.T).argmax(axis=1), dtype=np.intp)


PEERS: dict[str, Peer] = {
    "k-means, true k, mean vectors": lambda c, seed: k_means(c.means, c.true, seed),
    "k-means, true k, our customer vectors": lambda c, seed: k_means(c.ours, c.true, seed),
    "UMAP + HDBSCAN, mean vectors": lambda c, seed: umap_hdbscan(c.means, seed),
    "Top2Vec-style, a customer a row": lambda c, seed: top2vec(c.means, seed),
    "Top2Vec-style, a document a row, majority": lambda c, seed: c.majority(top2vec(c.dense, seed)),
    "BERTopic, a customer a row, mean vectors": lambda c, seed: bertopic(c.joined, c.means, seed),
    "BERTopic, a customer a row, our customer vectors": lambda c, seed: bertopic(c.joined, c.ours, seed),
    "BERTopic, a document a row, majority": lambda c, seed: c.majority(bertopic(list(c.texts.texts), c.dense, seed)),
}


def peers_here() -> dict[str, Peer]:
    """The peers whose libraries are installed: BERTopic comes with the extra `[peers]`."""
    here = importlib.util.find_spec("bertopic") is not None
    return {name: peer for name, peer in PEERS.items() if here or not name.startswith("BERTopic")}


def as_labels(texts: Texts, groups: Sequence[int] | Groups) -> dict[str, str]:
    """Groups of customers as the scores take them."""
    return {c: str(int(group)) for c, group in zip(texts.customers, groups, strict=True) if group >= 0}
