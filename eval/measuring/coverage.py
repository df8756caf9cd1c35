"""How often a 90 % interval holds the truth, on drawn groups whose truth is known.

Shares; skewed money; medians of days; what buyers bring when every fifth buyer sends the order back; churn-aware LTV
of a subscription watched for a year, a third of whose buyers still pay.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np

from service.economics.intervals import Interval, mean_interval, median_interval, wilson
from service.economics.lifetime import Leaving, Stays, expected_worth

LEVEL = 0.9
LEAST, MOST = 0.88, 0.92
SIZES = (8, 20, 60, 200)
FAIR = 20
"""From this many units the goal is held to; smaller groups are marked as few everywhere."""
KINDS = ("share", "money (mean)", "days (median)", "LTV with refunds", "churn-aware LTV")
CHURN, WATCHED = 0.15, 12
Generator = np.random.Generator


class Drawn(NamedTuple):
    """One drawn group's interval, and the truth it should hold."""

    interval: Interval
    truth: float


class Row(NamedTuple):
    """Coverage of every kind of interval at one size of group."""

    n: int
    shares: tuple[float, ...]

    def good(self, rounds: int) -> bool:
        """Within the goal, allowing twice the scatter of so many rounds; groups under `FAIR` are only shown."""
        scatter = 2 * sqrt(LEVEL * (1 - LEVEL) / rounds)
        return self.n < FAIR or all(LEAST - scatter <= share <= MOST + scatter for share in self.shares)


def coverage(n: int, rounds: int) -> Row:
    """Share of rounds in which the interval holds the truth."""
    generator = np.random.default_rng([7, n])
    return Row(n, tuple(_hits(one, generator, n, rounds) for one in _DRAWN))


def _hits(drawn: Callable[[Generator, int, int], Drawn], generator: Generator, n: int, rounds: int) -> float:
    hits = 0
    for round_ in range(rounds):
        (low, high), truth = drawn(generator, n, round_ % 7)
        hits += low is not None and high is not None and low <= truth <= high
    return hits / rounds


def _share(generator: Generator, n: int, seed: int) -> Drawn:
    chance = generator.uniform(0.1, 0.9)
    return Drawn(wilson(int(generator.binomial(n, chance)), n, LEVEL), chance)


def _money(generator: Generator, n: int, seed: int) -> Drawn:
    return Drawn(mean_interval(generator.gamma(2.0, 1500.0, n), seed, LEVEL), 3000.0)


def _days(generator: Generator, n: int, seed: int) -> Drawn:
    return Drawn(median_interval(generator.exponential(20.0, n), seed, LEVEL), 20.0 * float(np.log(2.0)))


def _refunded(generator: Generator, n: int, seed: int) -> Drawn:
    kept = generator.random(n) >= 0.2
    return Drawn(mean_interval(generator.gamma(4.0, 250.0, n) * kept, seed, LEVEL), 800.0)


def _churning(generator: Generator, n: int, seed: int) -> Drawn:
    """Everybody pays 100 a month on average; a share leaves each month; who came lately is watched for less long."""
    life, price = generator.geometric(CHURN, n), generator.gamma(6.0, 100.0 / 6.0, n)
    watched = generator.integers(1, WATCHED + 1, n)
    months = np.minimum(life, watched)
    stays = Stays(months.astype(np.int64), price * months, life >= watched)
    company = Leaving(WATCHED, np.full(WATCHED, CHURN))
    truth = 100.0 * (1 - (1 - CHURN) ** WATCHED) / CHURN
    found = expected_worth(stays, company, seed, LEVEL)
    return Drawn(found.interval if found else Interval(None, None), truth)


_DRAWN = (_share, _money, _days, _refunded, _churning)
