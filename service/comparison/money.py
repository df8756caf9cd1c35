"""What a divergence may cost, with the terms of the sum shown. Keys of terms are measures of the economics book."""

from __future__ import annotations

from collections.abc import Sequence

from service.comparison.model import JudgedClaim
from service.economics.model import MeasureBook

Priced = tuple[float | None, tuple[tuple[str, float], ...]]
OVER = frozenset({"most", "first", "majority", "only", "number", "high", "all", "is", "equal"})
SIZES = frozenset({"leads", "wins", "revenue", "identity", "conversion", "value", "lifetime", "retention"})


class Purse:
    """Money of segments and campaigns, from the book."""

    def __init__(self, book: MeasureBook) -> None:
        self._book = book

    def revenue(self, segment: str) -> float:
        """Net revenue of a segment, 0 when unknown."""
        return self._book.value("segment", segment, "revenue") or 0.0

    def _terms(self, level: str, name: str, *measures: str) -> tuple[tuple[str, float], ...]:
        found = [(m, self._book.value(level, name, m)) for m in measures]  # type: ignore[arg-type]
        return tuple((m, value) for m, value in found if value is not None)

    def _spent(self, level: str, names: Sequence[str]) -> Priced:
        """The ad money of some campaigns or channels."""
        spends = [self._book.value(level, name, "spend") for name in names]  # type: ignore[arg-type]
        known = [spend for spend in spends if spend is not None]
        terms = tuple(term for name in names for term in self._terms(level, name, "spend", "revenue"))
        return (sum(known) if known else None), terms

    def of_segment(self, segment: str) -> Priced:
        """A segment's revenue."""
        terms = self._terms("segment", segment, "revenue", "share_of_revenue", "conversion", "customers")
        return (self._book.value("segment", segment, "revenue"), terms)

    def gap(self, one: str, two: str) -> Priced:
        """The difference of two segments' revenue."""
        a, b = self._book.value("segment", one, "revenue"), self._book.value("segment", two, "revenue")
        if a is None or b is None:
            return None, ()
        return abs(a - b), (("revenue", max(a, b)), ("revenue", min(a, b)))

    def dear(self, segment: str, times: float) -> Priced | None:
        """The ad money of a segment that takes more of it than it gives of the revenue; None when it does not."""
        spend = self._book.value("segment", segment, "share_of_spend")
        revenue = self._book.value("segment", segment, "share_of_revenue")
        if spend is None or revenue is None or spend < times * revenue:
            return None
        terms = self._terms("segment", segment, "spend", "share_of_spend", "share_of_revenue")
        return self._book.value("segment", segment, "spend"), terms

    def at_stake(self, judged: JudgedClaim) -> Priced:
        """What a wrong claim steers: the campaign's money, the ad money of people thought better than they are, or the
        revenue of people thought worse (or misunderstood)."""
        finding, atom = judged.findings[0], judged.claim.atoms[0]
        if finding.level in ("campaign", "channel") and finding.name:
            return self._spent(finding.level, finding.names or (finding.name,))
        segment = judged.segment
        if segment is None:
            return None, ()
        overrated = atom.measure in SIZES and atom.operator in OVER and not atom.negated
        spend = self._book.value("segment", segment, "spend")
        if overrated and spend:
            return spend, self._terms("segment", segment, "spend", "share_of_spend", "share_of_revenue")
        return self.of_segment(segment)
