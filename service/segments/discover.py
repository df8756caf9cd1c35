"""From a corpus to its segments, in reading order: who is a customer, which groups emerge, what is true of each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from service.core.progress import Progress, silent
from service.corpus.model import Corpus
from service.segments.describe import described, too_few
from service.segments.material import Material, keep_customers, material_of
from service.segments.model import Segmentation
from service.segments.outsiders import find_outsiders
from service.segments.partition import Vectors, find_partition, identified

FEWEST_CUSTOMERS = 30
"""Below this no segment is claimed: a group of eight in twenty is as likely chance as pattern."""


def discover(
    corpus: Corpus,
    vectors: Vectors,
    seed: int = 0,
    before: Segmentation | None = None,
    progress: Progress = silent,
) -> Segmentation:
    """The segmentation of a corpus. `before` is the previous run's, for ids and names that continue."""
    material = material_of(corpus)
    outsiders = set_apart(material, vectors)
    rest = [customer for customer in material.texts.customers if customer not in outsiders]
    if len(rest) < FEWEST_CUSTOMERS:
        return too_few(corpus, outsiders, {"seed": seed, "fewest_customers": FEWEST_CUSTOMERS})
    found = find_partition(keep_customers(material.texts, rest), vectors, seed, progress)
    partition = identified(found.partition, _earlier_members(before))
    names = {segment.id: segment.name for segment in before.segments} if before else {}
    return described(corpus, material, partition, outsiders, names)


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


def _earlier_members(before: Segmentation | None) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for customer, segment in (before.segment_of() if before else {}).items():
        found.setdefault(segment, []).append(customer)
    return found
