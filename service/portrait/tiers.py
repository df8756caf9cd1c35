"""Segments in their tiers, with how sure that is and what would change it.

How sure: the figures are drawn again a thousand times and the same rules applied. Conversion comes from its Jeffreys
distribution Beta(won + ½, not won + ½), so that a segment without a sale is not certain never to buy; what a buyer
brings comes from a bootstrap over the segment's buyers (over all buyers, where it has fewer than `wins_to_judge`).
Without amounts every sale counts the same; without deals nothing can be placed: all are secondary (`no_deals`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.model import DealStatus
from service.corpus.model import Corpus
from service.economics.measures import revenue_of_customers
from service.economics.model import MeasureBook
from service.portrait.model import Placed, Portrait, Tier
from service.portrait.rules import (
    RULES,
    TIERS,
    Bools,
    Codes,
    Figures,
    Floats,
    Standing,
    brings_much,
    codes_of,
    converts_well,
    hardly_buys,
    is_half,
    leads_in,
    worth_much,
)
from service.segments.model import Segmentation

DRAWS = 1000


@dataclass(frozen=True)
class Market:
    """The segments' sales as arrays (k,); `elsewhere` is (customers, buyers, revenue) outside all segments."""

    segments: tuple[str, ...]
    customers: Floats
    won: Floats
    money: tuple[Floats, ...]
    """Net revenue of each buyer of a segment; ones where no amounts are known."""
    elsewhere: tuple[float, float, float]
    all_money: Floats
    losing: Bools
    priced: bool


def place(corpus: Corpus, segmentation: Segmentation, book: MeasureBook, seed: int) -> Portrait:
    """Put every segment into its tier. `book`: the run's measures of the same corpus and segmentation."""
    segments = tuple(s.id for s in segmentation.segments if s.kind == "segment")
    if not segments:
        return Portrait(())
    if not (book.value("all", "all", "won") or 0):
        sold = book.value("all", "all", "won") is not None
        reason, change = ("no_sales", "more_data") if sold else ("no_deals", "add_deals")
        order = sorted(segments, key=lambda s: (-(book.value("segment", s, "customers") or 0), s))
        return Portrait(tuple(Placed(s, Tier.SECONDARY, 0.0, (reason,), change) for s in order))
    market = _market(corpus, segmentation, book, segments)
    standing = _standing(market)
    figures = _measured(market)
    draws = _drawn(market, seed)
    return _portrait(market, standing, figures, codes_of(draws, standing), leads_in(draws, standing))


def _market(corpus: Corpus, segmentation: Segmentation, book: MeasureBook, segments: tuple[str, ...]) -> Market:
    buyers = sorted({item.customer for item in corpus.deals if item.deal.status is DealStatus.WON})
    net = revenue_of_customers(corpus)
    priced = bool(net)
    worth = {
        customer: net.get(customer, 0.0) if priced else 1.0 for customer in buyers if not priced or customer in net
    }
    segment_of = segmentation.segment_of()
    money = tuple(np.array([worth[c] for c in worth if segment_of.get(c) == s], dtype=np.float64) for s in segments)
    customers = np.array([book.value("segment", s, "customers") or 0.0 for s in segments])
    won = np.array([book.value("segment", s, "won") or 0.0 for s in segments])
    returns = [book.value("segment", s, "ltv_cac") for s in segments]
    everything = np.array(list(worth.values()), dtype=np.float64)
    return Market(
        segments=segments,
        customers=customers,
        won=won,
        money=money,
        elsewhere=(
            (book.value("all", "all", "customers") or 0.0) - float(customers.sum()),
            (book.value("all", "all", "won") or 0.0) - float(won.sum()),
            float(everything.sum()) - sum(float(part.sum()) for part in money),
        ),
        all_money=everything,
        losing=np.array([ratio is not None and ratio < RULES.breaks_even for ratio in returns], dtype=bool),
        priced=priced,
    )


def _standing(market: Market) -> Standing:
    whole = float(market.won.sum()) + market.elsewhere[1]
    young = (market.won >= RULES.young_wins) & (market.won >= RULES.young_share * whole)
    return Standing(
        judged=market.customers >= RULES.customers_to_judge,
        told=market.won >= RULES.wins_to_judge,
        enough=(market.won >= RULES.wins_for_first) | young,
        losing=market.losing,
    )


def _measured(market: Market) -> Figures:
    ltv = np.array([float(part.mean()) if len(part) else 0.0 for part in market.money])
    conversion = np.divide(market.won, market.customers, out=np.zeros_like(market.won), where=market.customers > 0)
    return _figures(market, conversion, ltv)


def _drawn(market: Market, seed: int) -> Figures:
    """(DRAWS, k) figures. Each segment has its own stream, so that a new segment does not move the others' draws."""
    conversion, ltv = [], []
    for name, customers, won, money in zip(market.segments, market.customers, market.won, market.money, strict=True):
        generator = np.random.default_rng([seed, *name.encode()])
        conversion.append(generator.beta(won + 0.5, max(customers - won, 0.0) + 0.5, DRAWS))
        ltv.append(_drawn_mean(money if len(money) >= RULES.wins_to_judge else market.all_money, generator))
    return _figures(market, np.stack(conversion, axis=1), np.stack(ltv, axis=1))


def _drawn_mean(values: Floats, generator: np.random.Generator) -> Floats:
    """(DRAWS,) bootstrap means; beyond a thousand values their normal limit."""
    if not len(values):
        return np.zeros(DRAWS)
    if len(values) > 1000:
        return generator.normal(values.mean(), values.std() / np.sqrt(len(values)), DRAWS)
    means: Floats = values[generator.integers(0, len(values), (DRAWS, len(values)))].mean(axis=1)
    return means


def _figures(market: Market, conversion: Floats, ltv: Floats) -> Figures:
    revenue = market.customers * conversion * ltv
    customers, won, money = market.elsewhere
    all_customers = max(1.0, float(market.customers.sum()) + customers)
    all_won = (market.customers * conversion).sum(axis=-1, keepdims=True) + won
    total = revenue.sum(axis=-1, keepdims=True) + money
    return Figures(
        conversion=conversion,
        value=conversion * ltv,
        ltv=ltv,
        revenue=revenue,
        average_conversion=all_won / all_customers,
        average_value=total / all_customers,
        average_ltv=np.divide(total, all_won, out=np.zeros_like(total), where=all_won > 0),
        total_revenue=total,
    )


def _portrait(market: Market, standing: Standing, figures: Figures, drawn: Codes, leading: Bools) -> Portrait:
    codes = codes_of(figures, standing)
    odds = np.stack([(drawn == code).mean(axis=0) for code in range(len(TIERS))], axis=1)
    surely_out = odds[:, TIERS.index(Tier.NOT_OURS)] >= RULES.surely
    codes = np.where((codes == TIERS.index(Tier.NOT_OURS)) & ~surely_out, TIERS.index(Tier.SECONDARY), codes)
    first = codes == TIERS.index(Tier.MOST_PROFITABLE)
    tied = ~first & (leading.mean(axis=0) >= RULES.tie) & first.any()
    codes = np.where(tied, TIERS.index(Tier.MOST_PROFITABLE), codes)
    ties = tied | (first & tied.any() & leads_in(figures, standing))
    placed = [
        Placed(
            segment=segment,
            tier=TIERS[codes[i]],
            probability=round(float(odds[i, codes[i]]), 3),
            reasons=_reasons(i, TIERS[codes[i]], market, standing, figures, bool(tied[i])),
            would_change=_would_change(i, TIERS[codes[i]], market, standing, figures),
            odds=tuple((tier, round(float(odds[i, code]), 3)) for code, tier in enumerate(TIERS)),
            tie=bool(ties[i]),
        )
        for i, segment in enumerate(market.segments)
    ]
    place_of = {segment: i for i, segment in enumerate(market.segments)}
    order = sorted(
        placed,
        key=lambda p: (
            TIERS.index(p.tier),
            -figures.revenue[place_of[p.segment]],
            -market.customers[place_of[p.segment]],
            p.segment,
        ),
    )
    return Portrait(tuple(order))


def _reasons(i: int, tier: Tier, market: Market, standing: Standing, figures: Figures, tied: bool) -> tuple[str, ...]:
    """Keys of what holds, the deciding one first."""
    first = tier is Tier.MOST_PROFITABLE
    found = {
        "largest_revenue": first and leads_in(figures, standing)[i],
        "tie_for_revenue": tied,
        "half_of_revenue": first and is_half(figures, standing)[i],
        "hardly_buys": tier is Tier.NOT_OURS,
        "loses_money": standing.losing[i],
        "worth_much": worth_much(figures, standing)[i],
        "converts_well": converts_well(figures, standing)[i],
        "brings_much": brings_much(figures, standing)[i],
        "few_wins": tier is Tier.PROMISING and not standing.enough[i],
        "not_largest": tier is Tier.PROMISING and standing.enough[i],
        "may_not_be_ours": tier is Tier.SECONDARY and hardly_buys(figures, standing)[i],
        "too_few": tier is Tier.SECONDARY and _unclear(i, market, standing),
        "below_average": tier is Tier.SECONDARY
        and _below(i, figures)
        and not (_unclear(i, market, standing) or hardly_buys(figures, standing)[i]),
        "no_amounts": not market.priced,
    }
    reasons = tuple(key for key, holds in found.items() if holds)
    return reasons if set(reasons) - {"no_amounts"} else ("near_average", *reasons)


def _below(i: int, figures: Figures) -> bool:
    """Clearly below average both in how often they buy and in what an enquiry is worth."""
    rarely = RULES.better * figures.conversion[i] < figures.average_conversion[0]
    return bool(rarely and RULES.better * figures.value[i] < figures.average_value[0])


def _unclear(i: int, market: Market, standing: Standing) -> bool:
    """Too few customers, or too few sales unless so many customers did not buy that there is nothing to wait for."""
    waited = market.customers[i] >= 5 * RULES.customers_to_judge
    return not (standing.judged[i] and (standing.told[i] or waited))


def _would_change(i: int, tier: Tier, market: Market, standing: Standing, figures: Figures) -> str:
    if tier is Tier.MOST_PROFITABLE:
        return "falls_to_average" if len(market.segments) > 1 else "nothing_to_compare"
    if standing.losing[i]:
        return "cheaper_to_win"
    if tier is Tier.PROMISING:
        if not standing.enough[i]:
            return "more_wins"
        return "more_customers_like_them" if worth_much(figures, standing)[i] else "worth_more"
    if tier is Tier.NOT_OURS:
        return "other_offer"
    if _unclear(i, market, standing):
        return "more_data"
    conversion, average = float(figures.conversion[i]), float(figures.average_conversion[0])
    return "convert_better" if conversion < average else "worth_more"
