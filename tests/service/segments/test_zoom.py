"""A segment looked at alone: two that hid in one part, one that is one stays whole."""

from __future__ import annotations

import numpy as np
import pytest

from service.segments.consensus import Consensus
from service.segments.vectors import Floats, View, unit_rows
from service.segments.zoom import SecondLook, parted


def bunches(*sizes: int, apart: float, seed: int = 0) -> list[View]:
    """Three views, each with noise of its own, of customers around so many centres `apart` noises from each other."""
    rng = np.random.default_rng(seed)

    def view() -> View:
        centres = rng.normal(size=(len(sizes), 120))
        centres *= apart / np.linalg.norm(centres, axis=1, keepdims=True)
        noise = rng.normal(size=(sum(sizes), 120)) / np.sqrt(120)
        placed: Floats = unit_rows(noise + np.repeat(centres, sizes, axis=0))
        return lambda shrink: placed

    return [view() for _ in range(3)]


def test_two_bunches_part_and_nobody_is_lost() -> None:
    parts = SecondLook(bunches(25, 20, apart=1.5), 0).parts_of(np.arange(45))
    assert parts is not None
    assert sorted(np.bincount(parts.of).tolist()) == [20, 25]
    assert np.allclose(parts.share.sum(axis=1), 1.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_bunch_stays_whole(seed: int) -> None:
    assert SecondLook(bunches(45, apart=0.0, seed=seed), seed).parts_of(np.arange(45)) is None


def test_too_few_are_not_asked() -> None:
    assert SecondLook(bunches(8, 7, apart=5.0), 0).parts_of(np.arange(15)) is None


def test_parts_replace_the_whole_and_the_rest_stays() -> None:
    views = bunches(25, 20, apart=1.5)
    count = 45
    association = np.ones((count, count))
    found = Consensus(np.zeros(count, dtype=np.intp), np.ones((count, 1)), np.array([1.0]), association, 0.5)
    after = parted(found, SecondLook(views, 0))
    assert after.membership.shape == (count, 2)
    assert np.all(after.membership.sum(axis=1) <= 1 + 1e-9), "parts share what the whole had"
    assert np.bincount(after.labels).tolist() == [25, 20], "numbered by size"
