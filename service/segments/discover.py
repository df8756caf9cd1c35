"""From a corpus to its segments, in reading order: who is a customer, which groups emerge, what is true of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from service.core.progress import Progress, silent
from service.corpus.model import Corpus
from service.segments.describe import described, too_few
from service.segments.edited import edited
from service.segments.edits import Edit
from service.segments.levels import sub_segments
from service.segments.map import customer_map
from service.segments.material import Material, keep_customers, material_of
from service.segments.model import Segmentation
from service.segments.outsiders import find_outsiders
from service.segments.partition import Vectors, find_partition, identified, no_partition
from service.segments.parts import positions_in
from service.segments.succession import found_before, succeeded

FEWEST_CUSTOMERS = 30
"""Below this no segment is claimed: a group of eight in twenty is as likely chance as pattern."""


def discover(
    corpus: Corpus,
    vectors: Vectors,
    seed: int = 0,
    before: Segmentation | None = None,
    progress: Progress = silent,
    edits: Sequence[Edit] = (),
) -> Segmentation:
    """The segmentation of a corpus. `before` is the previous run's, for ids and names that continue; `edits` are what
    people changed, those in force, oldest first."""
    material = material_of(corpus)
    outsiders = set_apart(material, vectors)
    rest = [customer for customer in material.texts.customers if customer not in outsiders]
    everyone, earlier = frozenset(corpus.customers), found_before(before)
    if len(rest) < FEWEST_CUSTOMERS:
        nothing = no_partition(seed)
        wanted = edited(nothing, edits, everyone, lambda _: np.zeros((0, 0)))
        outsiders |= wanted.excluded
        result = too_few(corpus, outsiders, {"seed": seed, "fewest_customers": FEWEST_CUSTOMERS})
        return _counted(replace(result, lineage=succeeded(before, nothing, wanted, result, earlier.names)), corpus)
    found = find_partition(keep_customers(material.texts, rest), vectors, seed, progress)
    partition = identified(found.partition, earlier)
    positions = positions_in(found.space, material.texts, vectors)
    wanted = edited(partition, edits, everyone, positions)
    outsiders = (outsiders | wanted.excluded) - wanted.pinned
    parts = sub_segments(found.space, wanted.partition, positions, found.second)
    result = described(corpus, material, wanted.partition, outsiders, earlier.names, parts)
    result = replace(result, map=customer_map(found.space, wanted.partition, seed))
    return _counted(replace(result, lineage=succeeded(before, partition, wanted, result, earlier.names)), corpus)


def _counted(result: Segmentation, corpus: Corpus) -> Segmentation:
    """With how many documents of each customer it rests on."""
    held = {customer: len(found) for customer, found in corpus.documents_of.items()}
    placed = (replace(assignment, documents=held.get(assignment.customer, 0)) for assignment in result.assignments)
    return replace(result, assignments=tuple(placed))


def set_apart(material: Material, vectors: Vectors) -> set[str]:
    """Customers who are no customers at all."""
    texts = material.evidence
    if not texts.customers:
        return set()
    found = find_outsiders(
        texts,
        vectors(texts.texts).astype(np.float64),
        [material.won.get(customer, False) for customer in texts.customers],
        [material.has_deal.get(customer, False) for customer in texts.customers],
    )
    return {customer for customer, out in zip(texts.customers, found.mask, strict=True) if out}
