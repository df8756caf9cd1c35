"""Synthetic companies of any size."""

from __future__ import annotations

import numpy as np
from planted_shop import planted_shop
from talking_shop import word_vectors

from eval.segmenting.growth import _before_arrivals, grown


def test_as_many_customers_as_asked_for_in_the_shares_of_the_model() -> None:
    company = planted_shop(12, outsiders=4)
    many = grown(company, word_vectors, 200).company
    assert len(many.corpus.customers) == 200
    assert sum(planted.segment == "parents" for planted in many.planted.values()) == 60
    assert len({d.document.ref for d in many.corpus.documents}) == len(many.corpus.documents)


def test_vectors_are_at_hand_unit_long_and_near_the_model() -> None:
    many = grown(planted_shop(), word_vectors, 120)
    texts = [d.customer_text for d in many.company.corpus.documents]
    made = many.vectors(texts)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.array_equal(made, grown(planted_shop(), word_vectors, 120).vectors(texts))


def test_a_hundredth_of_the_documents_comes_later() -> None:
    many = grown(planted_shop(), word_vectors, 200).company
    assert len(many.corpus.documents) - len(_before_arrivals(many).documents) == len(many.corpus.documents) // 100
