"""Conversion, average check, LTV, CAC and tiers against the planted ones, in money exact to the cent.

Two readings of each demo company: with the planted customers and segments (what the arithmetic is worth), and with the
product's own joins and segments (what a user sees; segments are paired with the planted one they share most customers
with). Then the coverage of the intervals by simulation, and an online shop's 69,659 orders where the file is at hand:

    python -m eval economics [--case ru_coworking] [--own] [--data FOLDER] [--scale]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from eval.measuring.coverage import FAIR, KINDS, LEAST, MOST, SIZES, coverage
from eval.measuring.scale import GOAL_MEGABYTES, GOAL_SECONDS, cost_of
from eval.measuring.shop import online_shop
from eval.planted import CASES, load_truth, own_reading, planted_corpus, planted_segmentation
from service.economics.measures import measure_all
from service.economics.model import Level, MeasureBook
from service.portrait.model import Portrait
from service.portrait.tiers import place

Truth = dict[str, Any]


class Expected(NamedTuple):
    """One planted figure. `places`: decimals the truth was rounded to."""

    level: Level
    name: str
    measure: str
    value: float | None
    places: int = 0


class Compared(NamedTuple):
    """A planted figure next to the measured one."""

    expected: Expected
    found: float | None

    @property
    def same(self) -> bool:
        """Equal at the precision of the truth (half of its last decimal); nothing measured equals zero or nothing."""
        planted = self.expected.value
        if planted is None or self.found is None:
            return not planted and not self.found
        return abs(planted - self.found) <= 0.5000001 * 10.0**-self.expected.places


def main(argv: Sequence[str]) -> int:
    """Print the comparison as Markdown; 1 where a figure that must be exact is not."""
    options = _options(argv)
    wrong = 0
    for case in options.case:
        truth = load_truth(case)
        wrong += sum(not row.same for row in _planted(case, truth))
        if options.own:
            _own(case, truth)
    wrong += not _covered(options.rounds)
    if options.data:
        wrong += not _shop(options.data)
    if options.scale:
        wrong += not _large()
    return 1 if wrong else 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval economics", description=__doc__)
    parser.add_argument("--case", action="append", choices=CASES, help="only this company")
    parser.add_argument("--own", action="store_true", help="also with the product's own joins and segments")
    parser.add_argument("--data", type=Path, help="a folder of public sets, for its mkt_ltv_cdnow/transactions.csv.gz")
    parser.add_argument("--rounds", type=int, default=1000, help="rounds of the simulated coverage")
    parser.add_argument("--scale", action="store_true", help="also a company of 100,000 customers: seconds and memory")
    options = parser.parse_args(argv)
    options.case = options.case or list(CASES)
    return options


def compare(book: MeasureBook, planted: Sequence[Expected]) -> list[Compared]:
    """Every planted figure next to the measured one."""
    return [Compared(e, book.value(e.level, e.name, e.measure)) for e in planted]


def expected_of(case: str, truth: Truth) -> list[Expected]:
    """The figures a company's truth holds."""
    return list(_coworking(truth) if case == "ru_coworking" else _ebikes(truth))


def _covered(rounds: int) -> bool:
    """How often 90 % intervals hold the truth; the bar is held to groups of `FAIR` and more."""
    print("## Coverage of 90 % intervals by simulation\n")
    print(f"{rounds} rounds a figure; the goal is {LEAST:.0%}–{MOST:.0%} from {FAIR} units on.\n")
    print(f"| n | {' | '.join(KINDS)} |\n|---|{'---|' * len(KINDS)}")
    rows = [coverage(n, rounds) for n in SIZES]
    for row in rows:
        print(f"| {row.n} | {' | '.join(f'{share:.1%}' for share in row.shares)} |")
    print()
    return all(row.good(rounds) for row in rows)


def _large() -> bool:
    cost = cost_of()
    print("\n## 100,000 customers, 300,000 deals\n\n| | measured | goal |\n|---|---:|---:|")
    print(f"| measures of all groups | {cost.measures} | |")
    print(f"| processor seconds of one core | {cost.seconds:.1f} | {GOAL_SECONDS:.0f} |")
    print(f"| memory, MB (the company itself: {cost.before_mb:.0f}) | {cost.peak_mb:.0f} | {GOAL_MEGABYTES:.0f} |")
    return cost.good


def _shop(folder: Path) -> bool:
    shop = online_shop(folder / "mkt_ltv_cdnow" / "transactions.csv.gz")
    figures = f"{shop.customers} customers, {shop.revenue:.2f} USD, LTV {shop.ltv:.2f}, repeat {shop.repeat:.1%}"
    same = "As published." if shop.exact else "**Not as published.**"
    print(f"## CDNOW\n\n{figures}, {shop.seconds:.1f} s. {same}")
    return shop.exact


def _planted(case: str, truth: Truth) -> list[Compared]:
    corpus = planted_corpus(case, truth)
    segmentation = planted_segmentation(corpus, truth, mixed=case != "ru_coworking")
    started = time.perf_counter()
    book = measure_all(corpus, segmentation)
    seconds = time.perf_counter() - started
    rows = compare(book, expected_of(case, truth))
    print(f"## {case}: planted customers and segments\n")
    print(f"{len(book)} measures in {seconds:.2f} s\n")
    _print(rows)
    _reconcile(book)
    _tiers(place(corpus, segmentation, book, 0), {name: name for name in truth["segments"]}, truth)
    return rows


def _print(rows: Sequence[Compared]) -> None:
    print("| level | group | measure | planted | measured | same |\n|---|---|---|---:|---:|---|")
    for (level, name, measure, value, places), found in rows:
        same = "yes" if Compared(Expected(level, name, measure, value, places), found).same else "**no**"
        print(f"| {level} | {name} | {measure} | {_figure(value)} | {_figure(found)} | {same} |")
    print(f"\n{sum(row.same for row in rows)} of {len(rows)} figures are the planted ones.\n")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _reconcile(book: MeasureBook) -> None:
    """Channels and campaigns must add up to the whole."""
    sums: list[tuple[Level, str]] = [
        ("channel", "won"), ("channel", "revenue"), ("channel", "spend"), ("campaign", "spend")
    ]  # fmt: skip
    for level, measure in sums:
        total = sum(book.value(level, name, measure) or 0.0 for name in book.names(level))
        whole = book.value("all", "all", measure) or 0.0
        print(f"- {measure} over {level}s: {total:.2f} of {whole:.2f}")
    attributed = sum(book.value("segment", name, "spend") or 0.0 for name in book.names("segment"))
    lost = book.value("all", "all", "spend_on_not_customers") or 0.0
    print(f"- spend of segments {attributed:.2f}, on people who are no customers {lost:.2f}\n")


def _own(case: str, truth: Truth) -> None:
    """The product's own reading, paired with the planted segments."""
    book, portrait, segment_of = own_reading(case)
    pairs = _pairs(segment_of, truth)
    rows = [
        Compared(e, book.value(e.level, pairs.get(e.name, e.name), e.measure))
        for e in expected_of(case, truth)
        if e.level != "segment" or e.name in pairs
    ]
    print(f"## {case}: the product's own joins and segments\n")
    _print(rows)
    relative = [
        abs(row.found - row.expected.value) / abs(row.expected.value)
        for row in rows
        if row.found is not None and row.expected.value
    ]
    if relative:
        print(f"Median difference {np.median(relative):.1%}, nine in ten within {np.quantile(relative, 0.9):.1%}.\n")
    _tiers(portrait, {own: planted for planted, own in pairs.items()}, truth)


def _tiers(portrait: Portrait, planted_name: dict[str, str], truth: Truth) -> None:
    """The portrait next to the planted roles."""
    if "portrait" in truth:
        roles = {segment: tier for tier, segments in truth["portrait"].items() for segment in segments}
    else:
        roles = {segment: figures["role"] for segment, figures in truth["insights"].items()}
    print("| segment | planted role | tier | probability | reasons |\n|---|---|---|---:|---|")
    for placed in portrait.placed:
        name = planted_name.get(placed.segment, placed.segment)
        reasons = ", ".join(placed.reasons)
        print(f"| {name} | {roles.get(name, '–')} | {placed.tier.value} | {placed.probability:.2f} | {reasons} |")
    print()


def _pairs(segment_of: dict[str, str], truth: Truth) -> dict[str, str]:
    """Planted segment → the product's segment with most of its documents, one to one, largest overlap first.

    `segment_of`: document ref → the product's segment.
    """
    shared: Counter[tuple[str, str]] = Counter()
    for ref, customer in truth["documents"].items():
        planted = truth["customers"][customer]["segment"]
        if ref in segment_of and planted in truth["segments"]:
            shared[planted, segment_of[ref]] += 1
    pairs: dict[str, str] = {}
    for (planted, own), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if planted not in pairs and own not in pairs.values():
            pairs[planted] = own
    return pairs


def _coworking(truth: Truth) -> Iterator[Expected]:
    yield Expected("all", "all", "revenue", truth["total_revenue_rub"], 2)
    yield Expected("all", "all", "won", truth["total_won"])
    yield Expected("all", "all", "customers", truth["counts"]["real"])
    keys = {
        "customers": ("customers", 0), "share_of_real_customers": ("share_of_customers", 3), "won": ("won", 0),
        "conversion": ("conversion", 3), "share_of_won": ("share_of_won", 3), "mean_months": ("months_paid", 2),
        "mean_ltv_rub": ("ltv", 0), "revenue_rub": ("revenue", 2), "revenue_share": ("share_of_revenue", 3),
        "value_per_lead_rub": ("value_per_lead", 0), "median_days_to_won": ("days_to_close", 1),
        "mean_nps_score": ("satisfaction", 1), "from_paid_ads_share": ("paid_share", 3),
    }  # fmt: skip
    for segment, figures in truth["economics"].items():
        for key, (measure, places) in keys.items():
            yield Expected("segment", segment, measure, figures[key], places)
    keys = {
        "spend_rub": ("spend", 0), "lead_rows": ("leads", 0), "cpl_rub": ("cpl", 0), "customers": ("customers", 0),
        "won": ("won", 0), "cac_rub": ("cac", 0), "revenue_rub": ("revenue", 2), "return_on_spend": ("roas", 2),
    }  # fmt: skip
    for name, figures in truth["channels"].items():
        level: Level = "campaign" if figures["spend_rub"] else "channel"
        # The truth calls `site` what the CRM's own column calls `organic`.
        group = "organic" if name == "site" else name
        for key, (measure, places) in keys.items():
            if key in figures:
                yield Expected(level, group, measure, figures[key], places)


def _ebikes(truth: Truth) -> Iterator[Expected]:
    yield Expected("all", "all", "customers", truth["sizes"]["genuine_single"] + truth["sizes"]["mixed"])
    keys = {
        "customers": ("customers", 0), "share_of_genuine": ("share_of_customers", 3), "won": ("won", 0),
        "conversion": ("conversion", 3), "share_of_won": ("share_of_won", 3), "avg_order": ("average_check", 0),
        "avg_accessories": ("accessories", 0), "avg_basket": ("basket", 0), "revenue_net_of_returns": ("revenue", 2),
        "return_rate": ("refund_share", 3), "referral_rate": ("referral_share", 3), "csat_mean": ("satisfaction", 2),
        "cycle_days_median": ("days_to_close", 1), "revenue_net_per_lead": ("value_per_lead", 0),
        "share_of_net_revenue": ("share_of_revenue", 3),
    }  # fmt: skip
    for segment, figures in truth["economics"].items():
        for key, (measure, places) in keys.items():
            yield Expected("segment", segment, measure, figures[key], places)
        yield Expected("segment", segment, "discount_share", figures["discounted"] / figures["won"], 6)
        yield Expected("segment", segment, "quantity_pairs", figures["two_or_more_bikes"] / figures["won"], 6)
    keys = {
        "spend": ("spend", 2), "leads": ("leads", 0), "cost_per_lead": ("cpl", 2), "won": ("won", 0),
        "kept": ("kept", 0), "cac": ("cac", 2), "cac_kept": ("cac_kept", 2),
    }  # fmt: skip
    for platform, figures in truth["cac"]["by_platform"].items():
        for key, (measure, places) in keys.items():
            yield Expected("channel", platform, measure, figures[key], places)
    for source, figures in truth["cac"]["unpaid"].items():
        yield Expected("channel", source, "won", figures["won"])
