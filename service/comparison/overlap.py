"""Who speaks of whom: each pair of stakeholders and all three held side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.model import Stakeholder
from service.comparison.model import Comparison, Coverage
from service.economics.model import MeasureBook

SHARES = ("share_of_customers", "share_of_won", "share_of_revenue")


@dataclass(frozen=True)
class Overlap:
    """Two or three stakeholders together. Shares (0..1, None where unknown) are of the segments all of them name."""

    stakeholders: tuple[Stakeholder, ...]
    shared: tuple[str, ...]
    """Segments every one of them speaks of, most revenue first."""
    only: tuple[tuple[Stakeholder, tuple[str, ...]], ...]
    """Segments one of them speaks of and none of the others here."""
    leads: float | None
    wins: float | None
    revenue: float | None
    meet: tuple[tuple[str, ...], ...]
    """Claims that say the same, by agreement."""
    part: tuple[str, ...]
    """Ids of divergences between exactly these two (or any two of the three)."""
    money: float | None
    """The dearest of those divergences: sums of several would count one segment's money twice."""


def overlaps(comparison: Comparison, book: MeasureBook) -> tuple[Overlap, ...]:
    """Every pair of stakeholders with a persona, then all three; empty for fewer than two personas."""
    coverage = {row.stakeholder: row for row in comparison.coverage}
    there = [who for who in Stakeholder if who in coverage]
    groups = [*combinations(there, 2), *([tuple(there)] if len(there) > 2 else [])]
    return tuple(_overlap(group, coverage, comparison, book) for group in groups)


def _overlap(
    group: Sequence[Stakeholder], coverage: dict[Stakeholder, Coverage], comparison: Comparison, book: MeasureBook
) -> Overlap:
    named = {who: coverage[who].segments for who in group}
    order = sorted({s for found in named.values() for s in found}, key=lambda s: (-_revenue(book, s), s))
    shared = tuple(s for s in order if all(s in found for found in named.values()))
    parting = [d for d in comparison.divergences if len(d.stakeholders) > 1 and d.kind != "blind_spot"]
    mine = [d for d in parting if set(d.stakeholders) <= set(group)]
    money = [d.money for d in mine if d.money is not None]
    leads, wins, revenue = (_total(book, shared, measure) for measure in SHARES)
    return Overlap(
        stakeholders=tuple(group),
        shared=shared,
        only=tuple((who, _alone(who, named, order)) for who in group),
        leads=leads,
        wins=wins,
        revenue=revenue,
        meet=tuple(a.claims for a in comparison.agreements if a.claims and set(group) <= set(a.stakeholders)),
        part=tuple(d.id for d in mine),
        money=max(money, default=None),
    )


def _alone(who: Stakeholder, named: dict[Stakeholder, tuple[str, ...]], order: Sequence[str]) -> tuple[str, ...]:
    others = {s for other, found in named.items() if other is not who for s in found}
    return tuple(s for s in order if s in named[who] and s not in others)


def _revenue(book: MeasureBook, segment: str) -> float:
    return book.value("segment", segment, "revenue") or 0.0


def _total(book: MeasureBook, segments: Sequence[str], measure: str) -> float | None:
    """The segments' shares together; nothing shared is nothing, unless the measure is not known at all."""
    if not any(book.value("segment", name, measure) is not None for name in book.names("segment")):
        return None
    return sum(book.value("segment", s, measure) or 0.0 for s in segments)
