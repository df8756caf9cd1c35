"""What the files say oddly: counted and named, never dropped in silence and never guessed at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from service.economics.ledger import UNIT, Ledger, exact
from service.economics.measures_catalogue import member
from service.economics.model import MeasureBook

ODDITIES: Final = (
    "orders_without_amount",
    "refunds_over_paid",
    "odd_dates",
    "future_dates",
    "future_spend",
    "nameless_orders",
    "mixed_currency",
    "spend_without_campaign",
    "spend_unattributed",
)
"""Measures of the whole company that tell what its files leave unclear, in the order a person would put them right."""


class Oddity(NamedTuple):
    """One measure, its value, and of how many rows."""

    measure: str
    value: float
    n: int


def oddities_of(ledger: Ledger) -> Iterator[Oddity]:
    """Those the ledger holds; nothing for files without any. `spend_unattributed` is measured with the spend."""
    orders = ledger.orders
    n, foreign = len(orders.customer), sum(len(sums) for sums in ledger.foreign_orders.values())
    counts = {
        "orders_without_amount": int((~orders.priced).sum()) - foreign,
        "refunds_over_paid": int((orders.net < 0).sum()),
        "odd_dates": ledger.odd_dates,
        "future_dates": ledger.future_orders,
        "nameless_orders": ledger.nameless_orders,
        "mixed_currency": foreign,
    }
    yield from (Oddity(measure, k, n) for measure, k in counts.items() if k)
    if ledger.future_spend:
        yield Oddity("future_spend", float(ledger.future_spend), len(ledger.ad_rows))
    bare = [row for row in ledger.ad_rows if not row.campaign.strip() and row.spend]
    if bare:
        yield Oddity("spend_without_campaign", float(sum(row.spend for row in bare)), len(bare))
    for code, sums in ledger.foreign_orders.items():
        yield Oddity(member("revenue", code), sum(exact(net) for net in sums) / UNIT, len(sums))
    for code, money in ledger.foreign_spend.items():
        yield Oddity(member("spend", code), float(money), 1)


def named_oddities(book: MeasureBook) -> list[str]:
    """Measures of a book that a person should look at, and sums left out for their currency."""
    found = [measure for measure in ODDITIES if book.value("all", "all", measure)]
    families = ("revenue:", "spend:")
    return [*found, *sorted(row.measure for row in book if row.level == "all" and row.measure.startswith(families))]
