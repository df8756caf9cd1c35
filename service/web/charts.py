"""Geometry of the charts on the pages, in SVG units: the templates draw it, a table always says the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.core.numbers import ROUGH, TOO_FEW
from service.economics.model import Measure

WIDTH = 200.0
"""Width of every chart's view box; the page stretches it."""
EDGE = 7.0
"""Room for half a dot at both ends."""
NICE = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Ends of an axis for shares."""


@dataclass(frozen=True)
class Range:
    """A dot with its interval; `mean` is the dashed line of all customers. None where there is nothing to draw."""

    dot: float
    low: float | None
    high: float | None
    mean: float | None
    rough: bool
    """Fewer than `ROUGH` customers: drawn hollow."""


@dataclass(frozen=True)
class Bar:
    """A rectangle of a stacked bar."""

    name: str
    x: float
    width: float


def axis_end(values: Iterable[float | None]) -> float:
    """The round share at or above every value."""
    top = max((v for v in values if v is not None), default=0.0)
    return next((end for end in NICE if end >= top - 1e-9), 1.0)


def scaled(value: float, end: float) -> float:
    """Where a value between 0 and `end` stands on the axis."""
    return round(EDGE + (WIDTH - 2 * EDGE) * min(max(value / end if end else 0.0, 0.0), 1.0), 1)


def dot_range(
    value: float | None, low: float | None, high: float | None, n: int, end: float, mean: float | None = None
) -> Range | None:
    """A row of the dot-and-interval chart; None below `TOO_FEW` customers (PAGES B7) or without a value."""
    if value is None or n < TOO_FEW:
        return None
    return Range(
        dot=scaled(value, end),
        low=None if low is None else scaled(low, end),
        high=None if high is None else scaled(high, end),
        mean=None if mean is None else scaled(mean, end),
        rough=n < ROUGH,
    )


def measured_range(row: Measure | None, end: float, mean: float | None = None) -> Range | None:
    """`dot_range` of a measure; an end below nothing is drawn at nothing."""
    if row is None:
        return None
    return dot_range(row.value, row.low, row.high, row.n, end, mean)


def share_width(share: float | None, end: float = 1.0) -> float:
    """Width of a plain bar."""
    return round(WIDTH * min((share or 0.0) / end, 1.0), 1) if end else 0.0


def stacked(parts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    """Parts of a whole side by side, empty ones left out."""
    total = sum(count for _, count in parts)
    bars: list[Bar] = []
    x = 0.0
    for name, count in parts:
        if count:
            width = round(WIDTH * count / total, 2)
            bars.append(Bar(name, round(x, 2), width))
            x += width
    return tuple(bars)
