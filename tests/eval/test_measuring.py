"""The measurement of measures: drawn companies, coverage, and a public shop's totals."""

from __future__ import annotations

import gzip
from pathlib import Path

from eval.measuring.coverage import FAIR, KINDS, Row, coverage
from eval.measuring.scale import cost_of, drawn_company
from eval.measuring.shop import online_shop


def test_a_drawn_company_is_the_same_every_time() -> None:
    one, two = (drawn_company(50, 150, seed=3)[0] for _ in range(2))
    assert one == two
    assert len(one.customers) == 50
    assert len(one.deals) == 150


def test_the_cost_of_a_small_company_is_within_the_goals() -> None:
    cost = cost_of(300, 900)
    assert cost.measures > 1000
    assert cost.seconds > 0


def test_coverage_tells_every_kind_and_fails_when_it_is_far_off() -> None:
    row = coverage(FAIR, 30)
    assert len(row.shares) == len(KINDS)
    assert all(share > 0.6 for share in row.shares)
    assert not Row(FAIR, (0.9, 0.9, 0.6, 0.9, 0.9)).good(1000)
    assert Row(FAIR, (0.9, 0.88, 0.92, 0.9, 0.9)).good(1000)
    assert Row(8, (0.6,)).good(1000)


def test_a_shop_is_exact_only_as_published(tmp_path: Path) -> None:
    path = tmp_path / "transactions.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("customer_id,date,n_items,amount_usd\n00001,1997-01-01,1,11.77\n00001,1997-03-01,2,12.00\n")
    shop = online_shop(path)
    assert (shop.customers, round(shop.revenue, 2), shop.repeat) == (1, 23.77, 1.0)
    assert not shop.exact
