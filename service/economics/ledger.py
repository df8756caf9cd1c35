"""The corpus as columns: one row a customer, one row an order, money in exact ten-thousandths.

Rules of money (an order is a won deal):
- `amount` is the price of the whole order, or of one period where the file counts paid months. It is never multiplied
  by the quantity: CRMs keep the deal's total there (two bicycles for 3,800 are 3,800);
- paid = amount × months paid (once, where the file has no months) + accessories;
- net = paid − refund; an order marked as returned without a refund sum is worth nothing;
- average check = mean amount of an order as in the file; basket = the same with accessories;
- revenue, LTV and value per customer are net. A refund larger than what was paid stays negative and is counted;
- an order without an amount is a win without money: counted in `orders_without_amount`, left out of money measures.

Rules of people: a customer set apart as `not_a_customer` is out, unless they paid: whoever paid is a customer.
Kept = won customers with at least one order that was not returned whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ingest.model import AdSpend, Deal, DealStatus, DocumentKind
from service.corpus.model import Corpus
from service.economics.attribution import Attribution, attribute
from service.segments.model import Segmentation

UNIT = 10_000
"""Money is kept as whole ten-thousandths, the precision of the tables, so that sums are exact."""

DAYS_A_MONTH = 30.44

LONGEST_DEAL_DAYS = 3650
"""A sale that took more than ten years has a mistyped date."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Orders:
    """Won deals in id order; every array is (n_orders,). NaN where the file says nothing."""

    customer: Ints
    amount: Floats
    accessories: Floats
    net: Ints
    """Ten-thousandths; 0 where `priced` is false."""
    refund: Ints
    """Ten-thousandths that went back; 0 where `priced` is false."""
    priced: Bools
    """The amount is known and in the main currency."""
    again: Bools
    """The same customer had bought before."""
    months: Floats
    refunded: Floats
    """1 when any money went back, 0 when not, NaN when the file has no word on it."""
    returned: Bools
    """The whole order went back."""
    referred: Floats
    discount: Floats
    quantity: Floats
    days: Floats
    """Days from the deal's creation to its closing; NaN when a date is missing or the two contradict."""
    paying: Floats
    """1 when the paid months reach past the last day the data know, NaN without months."""
    satisfaction: Floats
    product: tuple[str | None, ...]


@dataclass(frozen=True)
class Ledger:
    """Everything the measures are computed from. Arrays over people are (n_people,), in customer-id order."""

    people: tuple[str, ...]
    outsider: Bools
    documents: Ints
    responses: Ints
    speaks: Bools
    """Whether the customer's own words are known."""
    orders_of: Ints
    segment: tuple[str | None, ...]
    attribution: Attribution
    spend: Floats
    """Attributed advertising money per person."""
    orders: Orders
    ad_rows: tuple[AdSpend, ...]
    """Spend in the main currency."""
    currency: str
    has_deals: bool
    has_spend: bool
    scale: str
    """`nps` or `csat`: the scale most answers use; "" without answers."""
    topics: Mapping[str, frozenset[str]]
    odd_dates: int = 0
    future_orders: int = 0
    """Won deals dated after the day the files came."""
    nameless_orders: int = 0
    """Won deals that neither a contact nor a document ties to anybody: each counts as a customer of its own."""
    future_spend: Decimal = Decimal(0)
    foreign_orders: dict[str, list[Decimal]] = field(default_factory=dict)
    foreign_spend: dict[str, Decimal] = field(default_factory=dict)

    @property
    def won(self) -> Bools:
        """Who bought at least once."""
        return self.orders_of > 0


def open_ledger(
    corpus: Corpus,
    segmentation: Segmentation,
    topics: Mapping[str, frozenset[str]] | None = None,
    until: date | None = None,
) -> Ledger:
    """Read the corpus into columns. `topics`: customer → topics they voice; `until`: the last day the data can know."""
    people = corpus.customers
    index = {customer: i for i, customer in enumerate(people)}
    won = [item for item in corpus.deals if item.deal.status is DealStatus.WON]
    currency = main_currency(corpus)
    rows = tuple(row for row in corpus.ad_spend if (row.currency or currency) == currency)
    attribution = attribute(corpus, rows)
    orders, odd = _orders(corpus, [(index[item.customer], item.deal) for item in won], currency, until)
    spoken = {item.customer for item in corpus.documents}
    orders_of = np.bincount(orders.customer, minlength=len(people)).astype(np.int64)
    outsiders = segmentation.outsiders()
    segment_of = segmentation.segment_of()
    return Ledger(
        people=people,
        outsider=np.array([c in outsiders for c in people], dtype=bool) & (orders_of == 0),
        documents=_count(index, (d.customer for d in corpus.documents)),
        responses=_count(index, (d.customer for d in corpus.documents if d.document.kind is DocumentKind.AD_RESPONSE)),
        speaks=_count(index, {d.customer for d in corpus.documents if d.customer_text}) > 0
        if topics is not None
        else np.zeros(len(people), dtype=bool),
        orders_of=orders_of,
        segment=tuple(segment_of.get(c) for c in people),
        attribution=attribution,
        spend=np.array([attribution.spend_of.get(c, 0.0) for c in people], dtype=np.float64),
        orders=orders,
        ad_rows=rows,
        currency=currency,
        has_deals=bool(corpus.deals),
        has_spend=bool(corpus.ad_spend),
        scale=_scale([item.deal for item in won]),
        topics=topics or {},
        odd_dates=odd,
        future_orders=sum(_is_future(item.deal, until) for item in won),
        nameless_orders=sum(item.customer not in spoken and _is_nameless(item.deal) for item in won),
        future_spend=sum((row.spend for row in rows if until and row.day and row.day > until), Decimal(0)),
        foreign_orders=_foreign_orders([item.deal for item in won], currency),
        foreign_spend=_foreign_spend(corpus, currency),
    )


def revenue_of_customers(corpus: Corpus) -> dict[str, float]:
    """Customer → money received less refunds, in the main currency; customers who bought nothing have none."""
    currency = main_currency(corpus)
    found: dict[str, int] = {}
    for item in corpus.deals:
        deal = item.deal
        if deal.status is DealStatus.WON and deal.amount is not None and (deal.currency or currency) == currency:
            found[item.customer] = found.get(item.customer, 0) + exact(net_of(deal))
    return {customer: money / UNIT for customer, money in found.items()}


def main_currency(corpus: Corpus) -> str:
    """The currency most orders name, else most spend rows, else the corpus's; rows that name none are in it."""
    for named in (
        [item.deal.currency for item in corpus.deals if item.deal.status is DealStatus.WON],
        [row.currency for row in corpus.ad_spend],
    ):
        counted = Counter(code for code in named if code)
        if counted:
            return min(counted, key=lambda code: (-counted[code], code != corpus.currency, code))
    return corpus.currency


def exact(money: Decimal) -> int:
    """Money as whole ten-thousandths."""
    return int((money * UNIT).to_integral_value())


def net_of(deal: Deal) -> Decimal:
    """What an order left after refunds; the amount must be known."""
    return paid_of(deal) - refund_of(deal)


def refund_of(deal: Deal) -> Decimal:
    """What went back: the refund's sum, or all that was paid where the order is only marked as returned."""
    if deal.refund:
        return abs(deal.refund)
    return paid_of(deal) if deal.refunded else Decimal(0)


def paid_of(deal: Deal) -> Decimal:
    """What was paid for an order before refunds; the amount must be known."""
    periods = 1 if deal.months_paid is None else deal.months_paid
    return (deal.amount or Decimal(0)) * periods + (deal.accessories or Decimal(0))


def returned_whole(deal: Deal) -> bool:
    """Whether the order went back altogether."""
    if deal.refund and deal.amount is not None:
        return abs(deal.refund) >= paid_of(deal) > 0
    return bool(deal.refunded)


def _orders(corpus: Corpus, won: list[tuple[int, Deal]], currency: str, until: date | None) -> tuple[Orders, int]:
    last = _last_day(corpus)
    scale = _scale([deal for _, deal in won])
    deals = [deal for _, deal in won]
    priced = np.array([d.amount is not None and (d.currency or currency) == currency for d in deals], dtype=bool)
    days = np.array([float("nan") if _is_future(d, until) else _days(d) for d in deals], dtype=np.float64)
    odd = sum(1 for d in deals if d.created_on and d.closed_on and np.isnan(_days(d)))
    net = [exact(net_of(d)) if known else 0 for d, known in zip(deals, priced, strict=True)]
    back = [exact(refund_of(d)) if known else 0 for d, known in zip(deals, priced, strict=True)]
    orders = Orders(
        customer=np.array([i for i, _ in won], dtype=np.int64),
        amount=_column(d.amount if known else None for d, known in zip(deals, priced, strict=True)),
        accessories=_column(d.accessories if known else None for d, known in zip(deals, priced, strict=True)),
        net=np.array(net, dtype=np.int64),
        refund=np.array(back, dtype=np.int64),
        priced=priced,
        again=_again(won),
        months=_column(d.months_paid for d in deals),
        refunded=_column(_refunded(d) for d in deals),
        returned=np.array([returned_whole(d) for d in deals], dtype=bool),
        referred=_column(d.referred for d in deals),
        discount=_column(d.discount_percent for d in deals),
        quantity=_column(d.quantity for d in deals),
        days=days,
        paying=_column(_paying(d, last) for d in deals),
        satisfaction=_column(d.satisfaction if (d.satisfaction_scale or scale) == scale else None for d in deals),
        product=tuple(d.product for d in deals),
    )
    return orders, odd


def _column(values: Iterable[Decimal | float | None]) -> Floats:
    return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)


def _count(index: dict[str, int], customers: Iterable[str]) -> Ints:
    found = np.array([index[c] for c in customers], dtype=np.int64)
    return np.bincount(found, minlength=len(index)).astype(np.int64)


def _again(won: list[tuple[int, Deal]]) -> Bools:
    """(n_orders,) whether it is a later order of its customer, by closing (else creation) day."""
    order = sorted(range(len(won)), key=lambda i: (won[i][1].closed_on or won[i][1].created_on or date.max, i))
    again, seen = np.zeros(len(won), dtype=bool), set()
    for i in order:
        again[i] = won[i][0] in seen
        seen.add(won[i][0])
    return again


def _refunded(deal: Deal) -> bool | None:
    if deal.refunded is None and deal.refund is None:
        return None
    return bool(deal.refunded) or bool(deal.refund)


def _days(deal: Deal) -> float:
    """NaN for a missing date, a closing before the creation, or a duration nobody would believe."""
    if deal.created_on is None or deal.closed_on is None:
        return float("nan")
    days = (deal.closed_on - deal.created_on).days
    return float(days) if 0 <= days <= LONGEST_DEAL_DAYS else float("nan")


def _is_future(deal: Deal, until: date | None) -> bool:
    """Whether a finished deal claims a day that had not come when its file did."""
    return until is not None and any(day is not None and day > until for day in (deal.created_on, deal.closed_on))


def _is_nameless(deal: Deal) -> bool:
    """Whether the deal's only key is its own number or title."""
    return all(key.startswith(("deal:", "title:")) for key in deal.keys)


def _last_day(corpus: Corpus) -> date | None:
    """The last day deals or spend speak of: up to there the paid months are known.

    Days more than a year after 99 % of the others are typing errors. The clock is not asked: the same data give the
    same figures on any day.
    """
    days = [item.deal.created_on for item in corpus.deals if item.deal.created_on]
    days += [d.deal.closed_on for d in corpus.deals if d.deal.closed_on and d.deal.status is not DealStatus.OPEN]
    days += [row.day for row in corpus.ad_spend if row.day]
    days.sort()
    if not days:
        return None
    usual = days[int(0.99 * (len(days) - 1))] + timedelta(days=366)
    return max(day for day in days if day <= usual)


def _paying(deal: Deal, last: date | None) -> bool | None:
    if deal.months_paid is None or deal.closed_on is None or last is None:
        return None
    return deal.closed_on + timedelta(days=min(deal.months_paid, 1200) * DAYS_A_MONTH) >= last


def _scale(deals: list[Deal]) -> str:
    counted = Counter(d.satisfaction_scale or "csat" for d in deals if d.satisfaction is not None)
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _foreign_orders(deals: list[Deal], currency: str) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for deal in deals:
        if deal.amount is not None and deal.currency and deal.currency != currency:
            found.setdefault(deal.currency, []).append(net_of(deal))
    return dict(sorted(found.items()))


def _foreign_spend(corpus: Corpus, currency: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in corpus.ad_spend:
        if row.currency and row.currency != currency:
            found[row.currency] = found.get(row.currency, Decimal(0)) + row.spend
    return dict(sorted(found.items()))
