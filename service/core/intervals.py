"""The one interval that several rooms need: of a share."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Ends(NamedTuple):
    """Both ends of an interval."""

    low: float
    high: float


def wilson(k: int, n: int, level: float = 0.95) -> Ends:
    """Score interval of k of n, n > 0 (Wilson 1927; for small n: Brown, Cai and DasGupta 2001)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Ends(0.0 if k == 0 else max(0.0, centre - half), 1.0 if k == n else min(1.0, centre + half))
