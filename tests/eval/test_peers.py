"""Peers on points that anybody would group alike."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from eval.segmenting.peers import PEERS, Customers, as_labels, peers_here
from eval.segmenting.scoring import compared
from service.segments.vectors import Texts

KINDS = 3
EACH = 30


@pytest.fixture(scope="module")
def customers() -> Customers:
    """Three far-apart kinds of thirty customers with two documents each."""
    rng = np.random.default_rng(0)
    centres = np.repeat(np.eye(KINDS, 32), EACH * 2, axis=0)
    dense = centres + rng.normal(scale=0.05, size=centres.shape)
    count = KINDS * EACH
    words = ("piano lessons tonight", "garden roses spade", "engine oil brakes")
    texts = Texts(
        texts=tuple(f"{words[row // (2 * EACH)]} number {row}" for row in range(2 * count)),
        kinds=("call",) * (2 * count),
        owner=np.repeat(np.arange(count), 2).astype(np.intp),
        customers=tuple(f"c{number:03}" for number in range(count)),
    )
    return Customers(texts, dense / np.linalg.norm(dense, axis=1, keepdims=True), KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PEERS))
def test_every_peer_finds_what_lies_far_apart(name: str, customers: Customers) -> None:
    if name not in peers_here():
        pytest.skip("BERTopic comes with the extra [peers]")
    labels = as_labels(customers.texts, PEERS[name](customers, 0))
    wanted = [str(number // EACH) for number in range(KINDS * EACH)]
    found = compared(wanted, [labels.get(customer, "") for customer in customers.texts.customers])
    assert found.ari > 0.9


def test_a_customer_goes_where_most_of_their_documents_are(customers: Customers) -> None:
    groups = np.full(len(customers.texts.texts), -1, dtype=np.intp)
    groups[:4] = [2, 1, -1, 7]
    assert customers.majority(groups)[:3].tolist() == [1, 7, -1]


def test_bertopic_is_left_out_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert [name for name in peers_here() if "BERTopic" in name] == []
    assert len(peers_here()) == 5
