"""Many cheap, different looks; what keeps landing together is a segment. The one door to umap and hdbscan.

Evidence accumulation (Fred & Jain, IEEE PAMI 2005) over looks that differ in the view, the whitening's shrinkage, the
drawn customers, the neighbourhood and the smallest cluster. Single looks swing; the co-association matrix does not.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.core.progress import Progress, silent
from service.segments.vectors import Floats, View

Labels = NDArray[np.intp]

LOOKS = 45
"""15 for each of three views, for up to `LOOKED` customers; twice as many move ARI by under 0.01."""
LOOKED = 300
FEWEST_LOOKS = 24
"""The more customers a look draws, the more pairs speak for a segment and the fewer looks it takes."""
DRAWN = 0.85
"""Share of customers in a look."""
SHRINKAGES = (0.5, 0.7, 0.9)
"""λ of the whitening (RESEARCH: 0.5–0.9 are alike)."""
EPOCHS = 100
"""UMAP's own default is 500 for small data; the consensus over looks does not need it: 200 find the same."""
LAYOUT_EPOCHS = 200
"""Of the map people look at."""
NEIGHBOURS = (10, 15, 20, 30)
"""UMAP n_neighbors."""
SMALLEST = ((6, 8, 10, 12),)
"""HDBSCAN min_cluster_size for up to 400 customers; scaled up with their number. A look reads its layout at each size
of one drawn tuple. Reading at all of them costs a fifth more and halves the looks it takes (docs/decisions/0006)."""
LAYOUT_NEIGHBOURS = 15
"""UMAP n_neighbors of the map people look at (its own default)."""
LAYOUT_APART = 0.3
"""UMAP min_dist of the map: dots that do not cover each other."""
CUTS = tuple(round(0.30 + 0.02 * step, 2) for step in range(33))
"""Heights of the average-link tree that are tried."""
SETTLES = 0.25
"""Mean co-association from which a customer shapes a segment (0.2–0.3 are alike)."""
JOINS = 0.15
"""Mean co-association from which a customer belongs to a segment at all, be it softly; under it, unassigned."""
CORE = 0.5
"""Mean co-association from which a member is core: more often in than out."""
SEGMENT_AT_LEAST = 8
SEGMENT_SHARE = 0.03
"""A segment has at least max(8, 3 % of customers): fewer cannot be told from chance, nor acted upon."""


@dataclass(frozen=True)
class Consensus:
    """`labels`: (n,) segment number from 0, −1 unassigned; `membership`: (n, k) mean co-association with each segment
    (self excluded); `stability`: (k,) mean co-association inside; `cut`: the height chosen."""

    labels: Labels
    membership: Floats
    stability: Floats
    association: Floats
    cut: float


def smallest_segment(customers: int) -> int:
    """Fewest customers that make a segment."""
    return max(SEGMENT_AT_LEAST, int(np.ceil(SEGMENT_SHARE * customers)))


def looks_for(customers: int, looks: int, up_to: int, fewest: int) -> int:
    """`looks` for up to so many customers, then in inverse proportion, `fewest` at least; a multiple of three views."""
    return looks if customers <= up_to else max(fewest, 3 * math.ceil(looks * up_to / customers / 3))


def looks_at(customers: int) -> int:
    """Looks the consensus of so many customers takes."""
    return looks_for(customers, LOOKS, LOOKED, FEWEST_LOOKS)


@cache
def _umap() -> Any:
    """The umap package with its compiled kernels kept on disk: compiling them takes 12 s a process."""
    import umap
    from umap import layouts, umap_

    layout = getattr(layouts, "_nb_optimize_layout_euclidean_single_epoch", None)
    for kernel in (umap_.smooth_knn_dist, umap_.compute_membership_strengths, layout, layouts.clip, layouts.rdist):
        enable = getattr(kernel, "enable_caching", None)
        if enable is not None:
            enable()
    return umap


def warm_up() -> None:
    """Compile what a look needs, so that the first analysis does not wait for it (set-up calls this)."""
    vectors = np.random.default_rng(0).normal(size=(64, 8))
    look(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 10, SMALLEST[0], 0)


def _neighbours(vectors: Floats, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Exact nearest rows, itself first: indices and Euclidean distances, (n, count); on unit rows they rank like the
    cosine."""
    squared = np.maximum(0.0, 2.0 - 2.0 * (vectors @ vectors.T))
    np.fill_diagonal(squared, -1.0)
    order = np.argsort(squared, axis=1, kind="stable")[:, :count]
    distances = np.sqrt(np.maximum(0.0, np.take_along_axis(squared, order, axis=1)))
    return order.astype(np.int32), distances.astype(np.float32)


def look(vectors: Floats, neighbours: int, smallest: Sequence[int], seed: int) -> list[Labels]:
    """One seeded UMAP of unit rows to 5-d, then HDBSCAN at each smallest size: (n,) labels each, −1 noise."""
    import hdbscan

    count = min(neighbours, len(vectors) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # umap warns that a seed means one thread, and that it keeps no search index
        reduced = (
            _umap()
            .UMAP(
                n_components=5,
                n_neighbors=count,
                min_dist=0.0,
                metric="euclidean",
                random_state=seed,
                n_jobs=1,
                n_epochs=EPOCHS,
                precomputed_knn=_neighbours(vectors, count),
                force_approximation_algorithm=True,  # else small data ignore the neighbours given
            )
            .fit_transform(vectors)
        )
    placed = np.asarray(reduced, dtype=np.float64)
    read = (
        hdbscan.HDBSCAN(min_cluster_size=size, approx_min_span_tree=False, core_dist_n_jobs=1).fit_predict(placed)
        for size in smallest
    )
    return [np.asarray(labels, dtype=np.intp) for labels in read]


def layout(vectors: Floats, seed: int) -> Floats:
    """Unit rows in the plane by one seeded UMAP, for people to look at, never to cluster: (n, 2)."""
    count = min(LAYOUT_NEIGHBOURS, len(vectors) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        placed = (
            _umap()
            .UMAP(
                n_components=2,
                n_neighbors=count,
                min_dist=LAYOUT_APART,
                metric="euclidean",
                random_state=seed,
                n_jobs=1,
                n_epochs=LAYOUT_EPOCHS,
                precomputed_knn=_neighbours(vectors, count),
                force_approximation_algorithm=True,
            )
            .fit_transform(vectors)
        )
    return np.asarray(placed, dtype=np.float64)


def co_association(
    views: Sequence[View],
    customers: int,
    seed: int,
    progress: Progress = silent,
    neighbourhoods: Sequence[int] = NEIGHBOURS,
    smallest: Sequence[Sequence[int]] = SMALLEST,
    looks: int | None = None,
) -> Floats:
    """How often each pair landed together, of the looks that drew both: (n, n) in 0..1, diagonal 1."""
    looks = looks_at(customers) if looks is None else looks
    together = np.zeros((customers, customers))
    drawn = np.zeros((customers, customers))
    rng = np.random.default_rng(seed)
    prepared = {(view, shrink): at(shrink) for view, at in enumerate(views) for shrink in SHRINKAGES}
    scale = max(1.0, customers / 400)
    for number in range(looks):
        vectors = prepared[number % len(views), SHRINKAGES[(number // len(views)) % len(SHRINKAGES)]]
        chosen = np.sort(rng.choice(customers, max(2, int(DRAWN * customers)), replace=False))
        sizes = [round(size * scale) for size in smallest[int(rng.integers(len(smallest)))]]
        read = look(vectors[chosen], neighbourhoods[number % len(neighbourhoods)], sizes, int(rng.integers(2**31)))
        square = np.ix_(chosen, chosen)
        drawn[square] += 1
        together[square] += np.mean([_together(labels) for labels in read], axis=0)
        progress(number + 1, looks)
    association = together / np.maximum(drawn, 1)
    np.fill_diagonal(association, 1.0)
    return np.asarray(association, dtype=np.float64)


def _together(labels: Labels) -> NDArray[np.bool_]:
    """(n, n) whether two rows are in one cluster."""
    return np.asarray((labels[:, None] == labels[None, :]) & (labels[:, None] >= 0))


def memberships(association: Floats, labels: Labels) -> Floats:
    """Mean co-association of each customer with each segment's members, itself excluded: (n, k)."""
    count = int(labels.max(initial=-1)) + 1
    columns = []
    for segment in range(count):
        inside = labels == segment
        totals = association[:, inside].sum(axis=1) - inside
        columns.append(totals / np.maximum(inside.sum() - inside, 1))
    return np.stack(columns, axis=1) if columns else np.zeros((len(labels), 0))


def _numbered(labels: Labels) -> Labels:
    """Labels renumbered 0.. by size, ties by first member; −1 stays."""
    kept = [label for label in np.unique(labels) if label >= 0]
    order = sorted(kept, key=lambda label: (-int((labels == label).sum()), int(np.argmax(labels == label))))
    out = np.full_like(labels, -1)
    for number, label in enumerate(order):
        out[labels == label] = number
    return out


def settled(association: Floats, labels: Labels, least: int) -> Labels:
    """Each customer to the segment it co-occurs with most, unassigned under `SETTLES`; small segments dissolve.

    Repeats until nothing moves (at most five times), so that membership and probability agree.
    """
    labels = _numbered(labels)
    for _ in range(5):
        membership = memberships(association, labels)
        if membership.shape[1] == 0:
            return labels
        best = membership.argmax(axis=1)
        moved = np.where(membership[np.arange(len(labels)), best] >= SETTLES, best, -1)
        sizes = np.bincount(moved[moved >= 0], minlength=membership.shape[1])
        moved = _numbered(np.where((moved >= 0) & (sizes[np.maximum(moved, 0)] >= least), moved, -1))
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def misfit(association: Floats, labels: Labels) -> float:
    """Least squares between the co-association and the partition's indicator matrix, per pair."""
    same = (labels[:, None] == labels[None, :]) & (labels[:, None] >= 0)
    upper = np.triu_indices(len(labels), 1)
    return float(np.mean((association[upper] - same[upper]) ** 2)) if len(upper[0]) else 0.0


def partition(association: Floats, least: int, exactly: int | None = None) -> tuple[Labels, float] | None:
    """The settled cut of the average-link tree that fits the co-association best, and its height.

    None when `exactly` so many segments are wanted, of `least` customers each, and no cut has them.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(1.0 - association, checks=False), "average")
    best: tuple[float, float, Labels] | None = None
    tried: set[bytes] = set()
    for height in CUTS:
        raw = fcluster(tree, height, "distance").astype(np.intp)
        sizes = np.bincount(raw)
        labels = settled(association, np.where(sizes[raw] >= least, raw, -1), least)
        if labels.tobytes() in tried or exactly not in (None, int(labels.max(initial=-1)) + 1):
            continue
        tried.add(labels.tobytes())
        cost = misfit(association, labels)
        if best is None or cost < best[0] - 1e-12:
            best = (cost, height, labels)
    return (best[2], best[1]) if best else None


def find_consensus(views: Sequence[View], customers: int, seed: int, progress: Progress = silent) -> Consensus:
    """Segments of `customers` rows seen through `views`."""
    association = co_association(views, customers, seed, progress)
    found = partition(association, smallest_segment(customers))
    assert found is not None  # where no number is wanted every cut will do
    labels, cut = found
    return Consensus(labels, memberships(association, labels), inner(association, labels), association, cut)


def inner(association: Floats, labels: Labels) -> Floats:
    """(k,) mean co-association inside each segment."""
    membership = memberships(association, labels)
    return np.array(
        [float(membership[labels == number, number].mean()) for number in range(membership.shape[1])], dtype=np.float64
    )
