"""Intervals: known values, small groups, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from service.economics.intervals import inverted, mean_interval, median_interval, ratio_interval, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(12, 80, 0.088, 0.244), (22, 33, 0.496, 0.802), (0, 16, 0.0, 0.194), (7, 7, 0.646, 1.0)],
    ids=["12 of 80", "22 of 33", "none", "all"],
)
def test_wilson_known_values(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-4)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) == (None, None)
    assert mean_interval(np.array([5.0, 9.0])) == (None, None)
    assert median_interval(np.array([5.0])) == (None, None)
    assert ratio_interval(np.zeros(9), np.zeros(9)) == (None, None)


def test_money_that_is_never_negative_has_no_negative_end() -> None:
    low, high = mean_interval(np.array([0.0] * 30 + [1000.0, 4000.0]))
    assert low is not None
    assert high is not None
    assert low >= 0.0
    assert high > 187.5


def test_one_price_for_all_has_no_spread() -> None:
    assert mean_interval(np.full(12, 3900.0)) == (3900.0, 3900.0)


def test_the_ends_of_a_cost_swap() -> None:
    assert inverted(100.0, wilson(10, 20)) == pytest.approx((142.7, 334.1), abs=0.6)
    assert inverted(100.0, wilson(0, 20))[1] is None


def test_large_groups_agree_with_the_bootstrap() -> None:
    values = np.random.default_rng(0).gamma(2.0, 50.0, 1000)
    assert mean_interval(values) == pytest.approx(mean_interval(np.append(values, values.mean())), rel=0.02)


@pytest.mark.parametrize("n", [8, 15, 40], ids=lambda n: f"n={n}")
@pytest.mark.parametrize("kind", ["mean", "median", "share"])
def test_ninety_percent_intervals_hold_the_truth_nine_times_in_ten(kind: str, n: int) -> None:
    generator = np.random.default_rng(3)
    hits, rounds = 0, 300
    for i in range(rounds):
        if kind == "share":
            truth = generator.uniform(0.1, 0.9)
            low, high = wilson(int(generator.binomial(n, truth)), n, 0.9)
        elif kind == "mean":
            truth, values = 3000.0, generator.gamma(2.0, 1500.0, n)
            low, high = mean_interval(values, i % 5, 0.9)
        else:
            truth, values = 20 * np.log(2), generator.exponential(20.0, n)
            low, high = median_interval(values, i % 5, 0.9)
        assert low is not None
        assert high is not None
        hits += low <= truth <= high
    # 300 rounds scatter by 1.7 points around the true coverage; 4 points is the bar of 88–92 % and that scatter.
    assert abs(hits / rounds - 0.9) <= 0.04
