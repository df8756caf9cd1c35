"""Shares of customers with Wilson intervals (Wilson 1927; 95 %)."""

from __future__ import annotations

from math import sqrt

from service.segments.model import Share

Z95 = 1.959963984540054


def share(k: int, n: int) -> Share:
    """k of n with its Wilson 95 % interval."""
    if n <= 0:
        return Share(k, n, None, None, None)
    p = k / n
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return Share(k, n, p, max(0.0, centre - half), min(1.0, centre + half))
