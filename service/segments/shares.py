"""Shares of customers with their Wilson 95 % intervals."""

from __future__ import annotations

from service.core.intervals import wilson
from service.segments.model import Share


def share(k: int, n: int) -> Share:
    """k of n with its interval; no value where n is 0."""
    if n <= 0:
        return Share(k, n, None, None, None)
    low, high = wilson(k, n)
    return Share(k, n, k / n, low, high)
