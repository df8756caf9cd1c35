"""Every measure there is: its unit, what its n counts, and its words in both languages.

`label` and `explain` come from `locale/{ru,en}.yaml`. Open families carry an id after a colon:
`channel_share:<channel>`, `product_share:<product>`, `topic:<id>`, `facet:<id>`, `revenue:<currency>`,
`spend:<currency>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml

from service.core.ids import stable_id
from service.economics.model import Unit
from service.segments.facets import facet_names

Counted = Literal["people", "customers", "won", "orders", "answers", "documents", "responses", "ad_rows"]
"""What n counts: everybody who wrote, customers, customers who bought, won deals, survey answers, documents,
ad responses, rows of the advertising report."""


@dataclass(frozen=True)
class Entry:
    """One measure. A name ending in `:` is a family."""

    name: str
    unit: Unit
    of: Counted


CATALOGUE: tuple[Entry, ...] = (
    Entry("documents", "count", "documents"),
    Entry("customers", "count", "customers"),
    Entry("leads", "count", "responses"),
    Entry("won", "count", "customers"),
    Entry("conversion", "share", "customers"),
    Entry("conversion_shrunk", "share", "customers"),
    Entry("average_check", "money", "orders"),
    Entry("basket", "money", "orders"),
    Entry("accessories", "money", "orders"),
    Entry("revenue", "money", "orders"),
    Entry("refunds", "money", "orders"),
    Entry("revenue_again", "money", "orders"),
    Entry("ltv", "money", "won"),
    Entry("ltv_expected", "money", "won"),
    Entry("ltv_months", "months", "won"),
    Entry("monthly_churn", "share", "won"),
    Entry("value_per_lead", "money", "customers"),
    Entry("spend", "money", "ad_rows"),
    Entry("cpl", "money", "responses"),
    Entry("cac", "money", "won"),
    Entry("cac_paid", "money", "won"),
    Entry("cac_kept", "money", "won"),
    Entry("ltv_cac", "ratio", "won"),
    Entry("roas", "ratio", "won"),
    Entry("days_to_close", "days", "orders"),
    Entry("months_paid", "months", "won"),
    Entry("stay_share", "share", "won"),
    Entry("stays_2_months", "share", "won"),
    Entry("stays_3_months", "share", "won"),
    Entry("stays_6_months", "share", "won"),
    Entry("stays_12_months", "share", "won"),
    Entry("repeat_share", "share", "won"),
    Entry("still_paying_share", "share", "won"),
    Entry("kept", "count", "won"),
    Entry("refund_share", "share", "won"),
    Entry("share_of_refunds", "share", "won"),
    Entry("satisfaction", "score", "answers"),
    Entry("nps", "score", "answers"),
    Entry("csat", "score", "answers"),
    Entry("referral_share", "share", "won"),
    Entry("discount_share", "share", "orders"),
    Entry("quantity_pairs", "share", "orders"),
    Entry("share_of_customers", "share", "customers"),
    Entry("share_of_leads", "share", "responses"),
    Entry("share_of_won", "share", "won"),
    Entry("share_of_revenue", "share", "customers"),
    Entry("share_of_spend", "share", "ad_rows"),
    Entry("paid_share", "share", "customers"),
    Entry("paid_share_of_won", "share", "won"),
    Entry("referral_source_share", "share", "customers"),
    Entry("channel_share:", "share", "customers"),
    Entry("product_share:", "share", "orders"),
    Entry("topic:", "share", "customers"),
    Entry("facet:", "share", "customers"),
    Entry("not_a_customer_share", "share", "people"),
    Entry("unassigned_customers", "count", "customers"),
    Entry("unassigned_won", "count", "won"),
    Entry("unassigned_revenue", "money", "orders"),
    Entry("spend_on_not_customers", "money", "ad_rows"),
    Entry("spend_unattributed", "money", "ad_rows"),
    Entry("orders", "count", "orders"),
    Entry("orders_without_amount", "count", "orders"),
    Entry("refunds_over_paid", "count", "orders"),
    Entry("odd_dates", "count", "orders"),
    Entry("future_dates", "count", "orders"),
    Entry("future_spend", "money", "ad_rows"),
    Entry("nameless_orders", "count", "orders"),
    Entry("spend_without_campaign", "money", "ad_rows"),
    Entry("mixed_currency", "count", "orders"),
    Entry("revenue:", "money", "orders"),
    Entry("spend:", "money", "ad_rows"),
)

CONTRACT = (
    "documents", "customers", "leads", "won", "conversion", "average_check", "revenue", "ltv", "spend", "cac",
    "days_to_close", "satisfaction", "not_a_customer_share",
)  # fmt: skip
"""Rows that exist at every level and group; without data their value is None and n is 0."""

FACET = "facet:"
"""Before the id of a facet that no topic is: who people are, how they are placed, `goal:…`, `reason:…`."""

LONGEST_NAME = 48
"""The `measure` column of the table; longer products and channels are cut."""

_BY_NAME = {entry.name: entry for entry in CATALOGUE}


def entry_of(measure: str) -> Entry:
    """The catalogue's entry of a measure or of its family; KeyError for a name that is not there."""
    found = _BY_NAME.get(measure)
    return found if found else _BY_NAME[measure.split(":", 1)[0] + ":"]


def member(family: str, item: str) -> str:
    """The name of a family's member; one too long for the table is cut and told apart by four letters of its hash."""
    name = f"{family}:{item}"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 5]}{stable_id('~', item, length=4)}"


def label(measure: str, language: str) -> str:
    """What people call the measure: `Конверсия`, `Conversion`; a family's member carries its item."""
    return _words(language)[entry_of(measure).name]["label"].format(item=_item(measure, language))


def explain(measure: str, language: str) -> str:
    """One sentence on how it is counted."""
    return _words(language)[entry_of(measure).name]["explain"].format(item=_item(measure, language))


def counted(measure: str, language: str) -> str:
    """What its n counts, in words: `of customers who bought`."""
    return _words(language)["_counted"][entry_of(measure).of]


def group_name(name: str, language: str) -> str:
    """The reserved channel names (`unknown`, `other`) in words; any other name as it is."""
    return _words(language)["_groups"].get(name, name)


def _item(measure: str, language: str) -> str:
    family, _, item = measure.partition(":")
    if family in ("topic", "facet"):
        return facet_names("ru" if language == "ru" else "en").get(item, item)
    return group_name(item, language)


@cache
def _words(language: str) -> dict[str, dict[str, str]]:
    known = language if language in ("ru", "en") else "en"
    text = files("service.economics").joinpath("locale", f"{known}.yaml").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, str]]", yaml.safe_load(text))
