"""Campaigns: whom they bring, what they cost, and how much of that went to people who will never buy."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.numbers import Formatter
from service.economics.model import MeasureBook
from service.web.i18n import Words

ROUGH = 30
"""People below which a share is marked as rough …"""
FEWEST = 5
"""… and below which it is not told at all."""


@dataclass(frozen=True)
class CampaignLine:
    """One campaign. `outside`: share of its people who are no customers, of `people`; `wasted`: that share of the
    spend. None where nothing can be said."""

    name: str
    people: int
    outside: float | None
    outside_low: float | None
    outside_high: float | None
    spend: float | None
    wasted: float | None
    wasted_low: float | None
    wasted_high: float | None
    won: int | None
    cac: float | None


@dataclass(frozen=True)
class CampaignRow:
    """A line in words."""

    name: str
    people: str
    outside: str
    spread: str
    spend: str
    wasted: str
    won: str
    cac: str
    rough: bool


@dataclass(frozen=True)
class CampaignsView:
    """The page."""

    finding: str
    rows: tuple[CampaignRow, ...]


def campaign_lines(measures: MeasureBook) -> tuple[CampaignLine, ...]:
    """All campaigns, those that waste most money first, then by the share of people who are no customers."""
    lines = [_line(measures, name) for name in measures.names("campaign")]
    return tuple(sorted(lines, key=lambda line: (-(line.wasted or 0.0), -(line.outside or 0.0), line.name)))


def _line(measures: MeasureBook, name: str) -> CampaignLine:
    share, spend = measures.get("campaign", name, "not_a_customer_share"), measures.value("campaign", name, "spend")
    told = share is not None and share.n >= FEWEST and share.value is not None
    people = share.n if share is not None else 0
    value, low, high = (share.value, share.low, share.high) if share is not None and told else (None, None, None)
    won = measures.value("campaign", name, "won")
    return CampaignLine(
        name,
        people,
        value,
        low,
        high,
        spend,
        _part(spend, value),
        _part(spend, low),
        _part(spend, high),
        round(won) if won is not None else None,
        measures.value("campaign", name, "cac"),
    )


def _part(spend: float | None, share: float | None) -> float | None:
    return spend * share if spend is not None and share is not None else None


def campaigns_view(measures: MeasureBook, words: Words, formatter: Formatter) -> CampaignsView:
    """The campaigns in words."""
    lines = campaign_lines(measures)
    rows = tuple(_row(line, formatter) for line in lines)
    worst = lines[0] if lines and lines[0].wasted else None
    if worst is not None and worst.wasted is not None and worst.outside is not None:
        finding = words(
            "campaigns.finding",
            name=worst.name,
            share=formatter.percent(worst.outside),
            money=formatter.value(worst.wasted, "money"),
        )
    else:
        finding = words("campaigns.finding_none" if lines else "campaigns.none")
    return CampaignsView(finding, rows)


def _row(line: CampaignLine, formatter: Formatter) -> CampaignRow:
    spread = ""
    if line.outside_low is not None and line.outside_high is not None:
        spread = formatter.spread(line.outside_low, line.outside_high, "share")
    return CampaignRow(
        line.name,
        formatter.count(line.people),
        formatter.percent(line.outside) if line.outside is not None else formatter.unknown,
        spread,
        _money(line.spend, formatter),
        _money(line.wasted, formatter),
        formatter.count(line.won) if line.won is not None else formatter.unknown,
        _money(line.cac, formatter),
        FEWEST <= line.people < ROUGH,
    )


def _money(value: float | None, formatter: Formatter) -> str:
    return formatter.value(value, "money") if value is not None else formatter.unknown
