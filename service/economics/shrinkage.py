"""Small groups beside the company: their figures moved towards its own, and a mark on those that say little.

The company's value counts as `PRIOR` more units of the group (customers, buyers, orders): a group of ten is moved
half-way, one of a hundred by a tenth. This is the posterior mean with a prior of that weight (Efron and Morris 1977);
the measured value always stands beside it, and nothing is ranked by what was shrunk.
"""

from __future__ import annotations

from typing import Final

from service.economics.measures_catalogue import entry_of
from service.economics.model import Measure, MeasureBook

PRIOR: Final = 10
FEW: Final = 10
"""A figure on fewer units is marked: verdicts call it preliminary from the same number."""

SHRUNK: Final = frozenset({
    "conversion", "average_check", "basket", "accessories", "ltv", "ltv_expected", "value_per_lead", "days_to_close",
    "months_paid", "monthly_churn", "stay_share", "stays_2_months", "stays_3_months", "stays_6_months",
    "stays_12_months", "repeat_share", "still_paying_share", "refund_share", "satisfaction", "nps", "csat",
    "referral_share", "discount_share", "quantity_pairs", "paid_share", "paid_share_of_won", "referral_source_share",
    "not_a_customer_share", "topic:", "facet:", "product_share:", "channel_share:",
})  # fmt: skip
"""Averages and shares of a group; sums, counts and parts of the whole are what they are."""

MARKED: Final = SHRUNK | {"cac", "cac_kept", "cac_paid", "cpl", "ltv_cac", "roas"}


def shrunk(measure: Measure, book: MeasureBook) -> float | None:
    """The value as it would be with `PRIOR` units of the company's average in the group; None where that is no idea."""
    average = book.value("all", "all", measure.measure)
    if measure.level == "all" or measure.value is None or average is None:
        return None
    if entry_of(measure.measure).name not in SHRUNK:
        return None
    return (measure.n * measure.value + PRIOR * average) / (measure.n + PRIOR)


def is_few(measure: Measure) -> bool:
    """Whether the figure rests on too few to lean on."""
    return measure.value is not None and measure.n < FEW and entry_of(measure.measure).name in MARKED
