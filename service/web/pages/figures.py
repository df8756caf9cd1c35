"""Figures as the pages print them: value, spread and base of a measure, in one place for every table."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.numbers import ROUGH, TOO_FEW, Formatter
from service.economics.model import Measure
from service.web.i18n import Words

NO_COUNT = frozenset({"share_of_revenue", "share_of_spend", "monthly_churn", "conversion_shrunk"})
"""Shares of money and of months: "119 of 216" would be no count of anybody."""
NOUNS = {"days": "unit.days", "months": "unit.months"}


@dataclass(frozen=True)
class Figure:
    """`value` is what is printed large, `spread` the interval in words, `base` of how many; "" where there is none."""

    value: str
    spread: str = ""
    base: str = ""
    rough: bool = False
    known: bool = True


def figure(measure: Measure | None, words: Words, formatter: Formatter) -> Figure:
    """A measure in print; below five customers shares give way to counts (PAGES B7)."""
    if measure is None or measure.value is None:
        return Figure(formatter.unknown, known=False)
    return written(
        words, formatter, measure.value, measure.low, measure.high, measure.n, measure.unit, None, measure.measure
    )


def written(
    words: Words,
    formatter: Formatter,
    value: float,
    low: float | None,
    high: float | None,
    n: int,
    unit: str,
    k: int | None = None,
    measure: str = "",
) -> Figure:
    """A value with its interval and base."""
    counted = round(value * n) if k is None and unit == "share" else k
    base = ""
    if unit == "share" and n and measure not in NO_COUNT:
        base = formatter.of(counted or 0, n)
        if n < TOO_FEW:
            return Figure(base, base=words("figure.too_few"), rough=True)
    elif unit not in ("count", "share", "") and n and measure not in ("spend",):
        base = words("figure.n", n=n)
    shown = formatter.value(value, unit)
    if unit in NOUNS:
        shown = words(NOUNS[unit], n=round(value), shown=formatter.days(value))
    spread = ""
    if low is not None and high is not None and high > low and unit != "count":
        spread = formatter.spread(low, high, unit)
    return Figure(shown, spread, base, rough=0 < n < ROUGH and unit != "count")
