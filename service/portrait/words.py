"""Tiers, reasons and rules in words, from `locale/{ru,en}.yaml`; the rules' numbers come from the thresholds' table."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import cast

import yaml

from service.core.numbers import Formatter
from service.portrait.model import Tier
from service.portrait.rules import RULES

REASONS = (
    "largest_revenue", "tie_for_revenue", "half_of_revenue", "hardly_buys", "loses_money", "worth_much",
    "converts_well", "brings_much", "few_wins", "not_largest", "may_not_be_ours", "too_few", "below_average",
    "near_average", "no_amounts", "no_sales", "no_deals",
)  # fmt: skip
"""Every key `Placed.reasons` may hold."""

CHANGES = (
    "falls_to_average", "nothing_to_compare", "cheaper_to_win", "more_wins", "more_customers_like_them", "worth_more",
    "convert_better", "other_offer", "more_data", "add_deals",
)  # fmt: skip
"""Every key `Placed.would_change` may hold."""

SHARES = frozenset({"young_share", "half_of_revenue", "hardly_buys", "negligible", "surely", "tie"})
"""Thresholds people read as percents."""


def tier_name(tier: Tier, language: str) -> str:
    """`Most profitable`."""
    return _words(language)["tiers"][tier.value]


def reason(key: str, language: str) -> str:
    """The sentence of a reason's key."""
    return _words(language)["reasons"][key]


def would_change(key: str, language: str) -> str:
    """The sentence on what would move the segment."""
    return _words(language)["would_change"][key]


def rules(language: str) -> tuple[str, ...]:
    """The stated rules, best tier first, then how the probability is found."""
    write = Formatter(language)
    numbers = {
        name: write.percent(value) if name in SHARES else write.decimal(value) for name, value in asdict(RULES).items()
    }
    return tuple(sentence.format(**numbers) for sentence in _words(language)["rules"].values())


@cache
def _words(language: str) -> dict[str, dict[str, str]]:
    known = language if language in ("ru", "en") else "en"
    text = files("service.portrait").joinpath("locale", f"{known}.yaml").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, str]]", yaml.safe_load(text))
