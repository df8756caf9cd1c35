"""Measures and the book that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["all", "segment", "channel", "campaign"]
Unit = Literal["count", "share", "money", "days", "months", "score", "ratio"]


@dataclass(frozen=True)
class Measure:
    """One quantity of one group. `value` is None when the data hold nothing for it (and n is 0).

    `name` is `all`, a segment id, a channel or a campaign. `low`/`high`: 95 % interval (Wilson for shares,
    bootstrap for money and days), None where none makes sense (exact counts and sums).
    """

    level: Level
    name: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit


class MeasureBook:
    """All measures of a run, looked up by (level, name, measure)."""

    def __init__(self, measures: Iterable[Measure], currency: str) -> None:
        self.currency = currency
        self._by_key = {(m.level, m.name, m.measure): m for m in measures}

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, level: Level, name: str, measure: str) -> Measure | None:
        """The measure, or None when this group has no such row."""
        return self._by_key.get((level, name, measure))

    def value(self, level: Level, name: str, measure: str) -> float | None:
        """Its value, or None."""
        found = self.get(level, name, measure)
        return found.value if found else None

    def names(self, level: Level) -> list[str]:
        """Groups of a level, in the order they were measured."""
        return list(dict.fromkeys(m.name for m in self if m.level == level))
