"""The tiers as stated rules: one table of thresholds, one function that applies it.

A segment is **most profitable** when its enquiries are worth at least the company's average, it has enough sales to
say so, and it brings the most revenue of those; or when it alone brings half of all revenue.
**Promising**: clearly better than average in conversion, in revenue per enquiry or in LTV, but not (yet) the largest,
or on few sales. **Not ours**: surely buys less than half as often as the average and brings next to no revenue.
**Secondary**: everything else, also what is too small to judge. A segment that costs more to win than it brings is
never above secondary.

The same function is applied to the measured figures and to every re-drawn set of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.portrait.model import Tier

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

TIERS = (Tier.MOST_PROFITABLE, Tier.PROMISING, Tier.SECONDARY, Tier.NOT_OURS)
"""Codes of the tiers, best first."""


@dataclass(frozen=True)
class Thresholds:
    """The numbers that steer the tiers; shown next to the portrait."""

    customers_to_judge: int = 10
    """Fewer customers are too few to tell: 0 of 9 buyers is compatible with a conversion of 30 % (Wilson)."""
    wins_to_judge: int = 3
    """Fewer sales say nothing of money: no interval exists below three values."""
    wins_for_first: int = 10
    """Sales behind `most profitable`: claims on fewer are preliminary everywhere in the product."""
    young_wins: int = 5
    young_share: float = 0.25
    """In a company with few sales: five, if they are a quarter of all sales."""
    half_of_revenue: float = 0.5
    """Half of the money is the core of the business whatever an enquiry is worth."""
    better: float = 1.2
    """`Clearly better than average`: by a fifth; smaller differences drown in samples of a few dozen."""
    much_better: float = 1.5
    """The same for LTV, which rests on the few who bought."""
    hardly_buys: float = 0.5
    """Conversion below this part of the average: not ours, if also …"""
    negligible: float = 0.05
    """… the revenue share is below this: one coin in twenty."""
    surely: float = 0.8
    """Part of the draws that must agree before a segment is called not ours: dropping people needs proof."""
    tie: float = 0.25
    """Two segments share the first tier when the other one leads in this part of the draws."""
    breaks_even: float = 1.0
    """LTV : CAC below this loses money on every customer won."""


RULES = Thresholds()


@dataclass(frozen=True)
class Standing:
    """What is fixed about k segments while their figures are re-drawn; arrays are (k,)."""

    judged: Bools
    """Enough customers."""
    told: Bools
    """Enough sales to speak of money."""
    enough: Bools
    """Enough sales for the first tier."""
    losing: Bools
    """LTV : CAC is known and below break-even."""


@dataclass(frozen=True)
class Figures:
    """What the rules look at; (draws, k) or (k,), averages (draws, 1) or scalar arrays."""

    conversion: Floats
    value: Floats
    """Revenue per customer who got in touch."""
    ltv: Floats
    revenue: Floats
    average_conversion: Floats
    average_value: Floats
    average_ltv: Floats
    total_revenue: Floats

    @property
    def share(self) -> Floats:
        """Share of all revenue, 0 where there is none."""
        return np.divide(
            self.revenue, self.total_revenue, out=np.zeros_like(self.revenue), where=self.total_revenue > 0
        )


def leads_in(figures: Figures, standing: Standing) -> Bools:
    """Segments with the most revenue of those whose enquiries are worth the average."""
    eligible = standing.enough & ~standing.losing & (figures.value >= figures.average_value) & (figures.revenue > 0)
    ranked = np.where(eligible, figures.revenue, -np.inf)
    first: Bools = eligible & (ranked == ranked.max(axis=-1, keepdims=True, initial=-np.inf))
    return first


def is_half(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Bools:
    """Segments with half of all revenue."""
    half: Bools = standing.enough & ~standing.losing & (figures.share >= rules.half_of_revenue)
    return half


def converts_well(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Bools:
    """Buys clearly more often than the average."""
    return standing.judged & standing.told & (figures.conversion >= rules.better * figures.average_conversion)


def worth_much(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Bools:
    """An enquiry is worth clearly more than the average."""
    return standing.judged & standing.told & (figures.value >= rules.better * figures.average_value)


def brings_much(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Bools:
    """A buyer brings much more than the average buyer."""
    return standing.judged & standing.told & (figures.ltv >= rules.much_better * figures.average_ltv)


def hardly_buys(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Bools:
    """Buys less than half as often as the average and brings next to nothing."""
    rarely = figures.conversion < rules.hardly_buys * figures.average_conversion
    return standing.judged & rarely & (figures.share < rules.negligible)


def codes_of(figures: Figures, standing: Standing, rules: Thresholds = RULES) -> Codes:
    """Index into `TIERS` for every segment (and draw)."""
    first = leads_in(figures, standing) | is_half(figures, standing, rules)
    better = (
        converts_well(figures, standing, rules)
        | worth_much(figures, standing, rules)
        | brings_much(figures, standing, rules)
    ) & ~standing.losing
    codes = np.full(figures.conversion.shape, TIERS.index(Tier.SECONDARY), dtype=np.int8)
    codes[hardly_buys(figures, standing, rules)] = TIERS.index(Tier.NOT_OURS)
    codes[better] = TIERS.index(Tier.PROMISING)
    codes[first] = TIERS.index(Tier.MOST_PROFITABLE)
    return codes
