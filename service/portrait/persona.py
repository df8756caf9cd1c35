"""The unified portrait: one segment in the form of a persona, made of what the data hold and of nothing else.

Traits are those told more often by members than by others; doubts and worries nearly everybody has are told too,
marked as common, because a seller meets them all the same. Every line carries its count and interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.model import Stakeholder
from service.comparison.model import Comparison
from service.economics.model import Measure, MeasureBook
from service.economics.shrinkage import is_few
from service.portrait.model import Placed, Portrait
from service.portrait.rules import RULES
from service.segments.facets import ORDER
from service.segments.model import Keyphrase, Quote, Segment, Segmentation, TopicShare
from service.segments.phrases import TELLS_APART

RARE = 3
"""Members who must show a trait before it is told."""
COMMON = 0.15
"""Share of members from which a trait that tells nobody apart is told as well."""
MOST_TRAITS = 4
MOST_WORDS = 8
MOST_CHANNELS = 4
MOST_QUOTES = 3
TOLD_ANYWAY = frozenset({"pain", "objection", "question", "trigger", "need"})
"""Facets where the most frequent are told even if others say them as often."""
CHECK = ("average_check", "basket", "ltv", "ltv_expected", "cac", "ltv_cac")
DECISION = ("conversion", "days_to_close", "stay_share", "repeat_share", "refund_share", "satisfaction", "nps",
            "referral_share")  # fmt: skip
SHARES = ("share_of_customers", "share_of_won", "share_of_revenue", "share_of_spend")
ENOUGH_CUSTOMERS = 30
"""Below this an estimate is called rough everywhere in the product."""
STEADY = 0.8
"""Part of the clusterings in which a steady segment comes together again."""

Strength = Literal["strong", "fair", "weak"]


@dataclass(frozen=True)
class Trait:
    """A topic or facet of the segment. `distinct`: said more often here than elsewhere."""

    row: TopicShare
    distinct: bool


@dataclass(frozen=True)
class Known:
    """What one stakeholder's picture makes of the segment: whether it is named, and how its claims fared."""

    stakeholder: Stakeholder
    named: bool
    protagonist: bool
    right: int
    partly: int
    wrong: int
    unknown: int


@dataclass(frozen=True)
class Persona:
    """A segment in the form of a persona."""

    segment: str
    name: str
    placed: Placed | None
    traits: tuple[tuple[str, tuple[Trait, ...]], ...]
    """(facet, its traits) in the order a person would tell it: who, situation, trigger, goal, need, pain …"""
    words: tuple[Keyphrase, ...]
    quotes: tuple[Quote, ...]
    channels: tuple[Measure, ...]
    """`channel_share:<name>` rows, largest first."""
    check: tuple[Measure, ...]
    decision: tuple[Measure, ...]
    shares: tuple[Measure, ...]
    known: tuple[Known, ...]
    customers: int
    won: int
    strength: Strength


def personas(
    segmentation: Segmentation, book: MeasureBook, portrait: Portrait, comparison: Comparison | None = None
) -> tuple[Persona, ...]:
    """Every real segment in the order of the portrait; segments it does not place come last."""
    placed = {one.segment: one for one in portrait.placed}
    order = {segment: i for i, segment in enumerate(placed)}
    real = [segment for segment in segmentation.segments if segment.kind == "segment"]
    real.sort(key=lambda segment: (order.get(segment.id, len(order)), segment.ordinal, segment.id))
    return tuple(_persona(segment, book, placed.get(segment.id), comparison) for segment in real)


def _persona(segment: Segment, book: MeasureBook, placed: Placed | None, comparison: Comparison | None) -> Persona:
    won = int(book.value("segment", segment.id, "won") or 0)
    return Persona(
        segment=segment.id,
        name=segment.name,
        placed=placed,
        traits=_traits(segment),
        words=segment.keyphrases[:MOST_WORDS],
        quotes=segment.quotes[:MOST_QUOTES],
        channels=_channels(segment.id, book),
        check=tuple(row for row in _rows(segment.id, book, CHECK) if row.measure != "ltv_cac" or not is_few(row)),
        decision=_rows(segment.id, book, DECISION),
        shares=_rows(segment.id, book, SHARES),
        known=_known(segment.id, comparison) if comparison else (),
        customers=segment.size,
        won=won,
        strength=strength_of(segment.size, won, segment.stability),
    )


def strength_of(customers: int, won: int, stability: float) -> Strength:
    """How much the portrait rests on: `strong` needs customers, buyers and a segment that comes together again."""
    if customers >= ENOUGH_CUSTOMERS and won >= RULES.wins_for_first and stability >= STEADY:
        return "strong"
    return "fair" if customers >= RULES.customers_to_judge and won >= RULES.wins_to_judge else "weak"


def _traits(segment: Segment) -> tuple[tuple[str, tuple[Trait, ...]], ...]:
    rows = [row for row in (*segment.facets, *segment.topics) if row.members.k >= RARE]
    kinds = {row.topic for row in segment.facets if row.facet == "who"}
    found = []
    for facet in ORDER:
        mine = [row for row in rows if row.facet == facet and (facet != "who" or not kinds or row.topic in kinds)]
        traits = [Trait(row, True) for row in sorted(mine, key=_by_score) if row.score >= TELLS_APART]
        if facet in TOLD_ANYWAY:
            common = [r for r in mine if r.score < TELLS_APART and (r.members.value or 0.0) >= COMMON]
            traits += [Trait(row, False) for row in sorted(common, key=_by_share)]
        if traits:
            found.append((str(facet), tuple(traits[:MOST_TRAITS])))
    return tuple(found)


def _by_score(row: TopicShare) -> tuple[float, str]:
    return -row.score, row.topic


def _by_share(row: TopicShare) -> tuple[float, str]:
    return -(row.members.value or 0.0), row.topic


def _channels(segment: str, book: MeasureBook) -> tuple[Measure, ...]:
    rows = [row for row in book if row.level == "segment" and row.name == segment]
    shares = [row for row in rows if row.measure.startswith("channel_share:") and row.value]
    return tuple(sorted(shares, key=lambda row: (-(row.value or 0.0), row.measure))[:MOST_CHANNELS])


def _rows(segment: str, book: MeasureBook, measures: tuple[str, ...]) -> tuple[Measure, ...]:
    found = [book.get("segment", segment, measure) for measure in measures]
    return tuple(row for row in found if row is not None and row.value is not None)


def _known(segment: str, comparison: Comparison) -> tuple[Known, ...]:
    found = []
    for row in comparison.coverage:
        mine = [j for j in comparison.claims if j.claim.stakeholder is row.stakeholder and j.segment == segment]
        verdicts = [judged.verdict.value for judged in mine]
        counts = [verdicts.count(v) for v in ("supported", "partly", "contradicted", "no_evidence")]
        named = segment in row.segments
        found.append(Known(row.stakeholder, named, row.segments[:1] == (segment,), *counts))
    return tuple(found)
