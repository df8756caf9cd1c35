"""The rows of one group while it is measured: each with its n, its interval and the unit of the catalogue."""

from __future__ import annotations

import numpy as np

from service.economics.groups import Group
from service.economics.intervals import NONE, Floats, Interval, inverted, mean_interval, wilson
from service.economics.measures_catalogue import CONTRACT, entry_of
from service.economics.model import Measure


class Sheet:
    """The rows of one group as they are found."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._rows: dict[str, Measure] = {}

    def add(self, measure: str, value: float | None, n: int, interval: Interval = NONE) -> None:
        """One row; its unit comes from the catalogue."""
        kept = None if value is None else float(value)
        low, high = interval if kept is not None else NONE
        unit = entry_of(measure).unit
        self._rows[measure] = Measure(self.group.level, self.group.name, measure, kept, low, high, n, unit)

    def share(self, measure: str, k: int, n: int) -> None:
        """k of n with a Wilson interval; no row of nothing."""
        if n:
            self.add(measure, k / n, n, wilson(k, n))

    def part(self, measure: str, k: int, n: int) -> None:
        """The group's part of the whole; the whole itself has no such row."""
        if self.group.level != "all":
            self.share(measure, k, n)

    def known_share(self, measure: str, marks: Floats) -> None:
        """Share of ones among marks that are 0, 1 or NaN (unknown)."""
        known = marks[~np.isnan(marks)]
        self.share(measure, int((known > 0).sum()), len(known))

    def mean(self, measure: str, values: Floats, seed: int) -> None:
        """Mean with its interval; no row of nothing."""
        if len(values):
            self.add(measure, float(values.mean()), len(values), mean_interval(values, seed))

    def cost(self, measure: str, spend: float, wins: int) -> None:
        """Spend per customer won; the interval comes from the uncertainty of how many of the group buy."""
        if wins:
            n = len(self.group.people)
            interval = inverted(spend / n, wilson(wins, n)) if spend else NONE
            self.add(measure, spend / wins, wins, interval)

    def value(self, measure: str) -> float | None:
        """The value of a row found so far."""
        return self._rows[measure].value if measure in self._rows else None

    def finished(self) -> list[Measure]:
        """All rows, the contract's first and complete."""
        for measure in CONTRACT:
            if measure not in self._rows:
                self.add(measure, None, 0)
        return sorted(self._rows.values(), key=lambda row: row.measure not in CONTRACT)
