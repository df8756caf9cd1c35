"""Fader and Hardie's CDNOW cohort: 69,659 orders of an online shop whose totals are published."""

from __future__ import annotations

import csv
import gzip
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ingest.model import Deal, DealStatus
from service.corpus.model import Corpus, CorpusDeal
from service.economics.measures import measure_all
from service.segments.model import Segmentation

CUSTOMERS, REVENUE = 23_570, 2_500_315.63


class Shop(NamedTuple):
    """What was measured of the cohort, money in USD."""

    customers: int
    revenue: float
    ltv: float
    repeat: float
    seconds: float

    @property
    def exact(self) -> bool:
        """Customers and total to the cent as published."""
        return self.customers == CUSTOMERS and round(self.revenue, 2) == REVENUE


def online_shop(path: Path) -> Shop:
    """Measure the transactions (customer_id,date,n_items,amount_usd), gzipped."""
    deals = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for i, row in enumerate(csv.DictReader(file)):
            day = date.fromisoformat(row["date"])
            deal = Deal(
                f"cdnow#{i}", (), DealStatus.WON, "", day, day, Decimal(row["amount_usd"]), "USD",
                quantity=int(row["n_items"]),
            )  # fmt: skip
            deals.append(CorpusDeal(f"{i:06d}", row["customer_id"], deal))
    started = time.perf_counter()
    book = measure_all(Corpus("cdnow", "en", "USD", (), tuple(deals), (), (), ""), Segmentation((), ()))
    seconds = time.perf_counter() - started
    customers, revenue, ltv, repeat = (
        book.value("all", "all", measure) or 0.0 for measure in ("customers", "revenue", "ltv", "repeat_share")
    )
    return Shop(int(customers), revenue, ltv, repeat, seconds)
