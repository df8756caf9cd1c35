"""What the measurements ask of the product, in one place."""

from __future__ import annotations

import numpy as np

from eval.segmenting.companies import Vectors
from service.corpus.model import Corpus
from service.segments.model import Segmentation
from service.segments.vectors import Floats, Texts


def segmented(corpus: Corpus, vectors: Vectors, seed: int = 0, before: Segmentation | None = None) -> Segmentation:
    """The product's segmentation with its defaults: from vectors to named, described segments."""
    from service.segments.discover import discover

    return discover(corpus, vectors, seed, before)


def customers_kept(corpus: Corpus, vectors: Vectors) -> Texts:
    """The documents of customers whom the product does not set apart."""
    from service.segments.discover import set_apart
    from service.segments.material import keep_customers, material_of

    material = material_of(corpus)
    outside = set_apart(material, vectors)
    return keep_customers(material.texts, [c for c in material.texts.customers if c not in outside])


def every_customer(corpus: Corpus) -> Texts:
    """The documents of all customers who say something."""
    from service.segments.material import material_of

    return material_of(corpus).texts


def every_text(corpus: Corpus) -> list[str]:
    """All texts the product asks vectors of."""
    from service.segments.material import material_of

    material = material_of(corpus)
    return sorted({*material.texts.texts, *material.evidence.texts})


def customer_vectors(texts: Texts, dense: Floats, seed: int = 0) -> Floats:
    """The product's own customer vectors: three views joined, source removed, whitened. (n_customers, dim)."""
    from service.segments.space import PLACING_SHRINK, learn_space

    return np.asarray(learn_space(texts, dense, seed).customers_at(PLACING_SHRINK), dtype=np.float64)


def warm_up() -> None:
    """Load and compile what a run needs, as set-up does, so that the first measured run does not pay for it."""
    from service.segments import consensus

    consensus.warm_up()
