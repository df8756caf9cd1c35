"""The made-up repair shop as a company whose segments are known."""

from __future__ import annotations

import random

from talking_shop import shop

from eval.segmenting.companies import Company, Planted


def planted_shop(per_group: int = 12, outsiders: int = 4, seed: int = 1) -> Company:
    """Three segments of `per_group` customers with two or three documents each, and some who are no customers."""
    corpus, group_of = shop(per_group, outsiders, seed)
    planted = {
        customer: Planted("noise", None) if group == "outsider" else Planted("one", group)
        for customer, group in group_of.items()
    }
    return Company("shop", corpus, planted, {d.document.ref: d.customer for d in corpus.documents})


def labels_of(company: Company) -> dict[str, str]:
    """What a perfect method would say."""
    return {name: planted.segment for name, planted in company.planted.items() if planted.segment}


def drawn(seed: int = 0) -> random.Random:
    """A seeded source of chance."""
    return random.Random(seed)
