"""The groups measures are taken of, and what each person of the ledger adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from ingest.model import AdSpend
from service.economics.channels import UNKNOWN
from service.economics.ledger import Bools, Floats, Ints, Ledger
from service.economics.model import Level
from service.segments.model import Segmentation


@dataclass(frozen=True)
class Totals:
    """Per person, (n_people,): sums over their orders. NaN where the files say nothing."""

    net: Floats
    priced: Bools
    """At least one order with a known amount in the main currency."""
    months: Floats
    refunded: Floats
    referred: Floats
    paying: Floats
    kept: Bools


@dataclass(frozen=True)
class Group:
    """One group. `people` and `orders` are row numbers of the ledger; outsiders are counted apart.

    `spend` is None where no report tells; `leads` counts ad responses, `reported` the leads the report counts.
    """

    level: Level
    name: str
    people: Ints
    orders: Ints
    outsiders: int
    documents: int
    leads: int
    reported: int
    spend: float | None
    ad_rows: int


def totals_of(ledger: Ledger) -> Totals:
    """Add up each person's orders."""
    orders, n = ledger.orders, len(ledger.people)
    kept = np.bincount(orders.customer[~orders.returned], minlength=n) > 0
    return Totals(
        net=np.bincount(orders.customer, weights=orders.net.astype(np.float64), minlength=n) / 10_000,
        priced=np.bincount(orders.customer[orders.priced], minlength=n) > 0,
        months=_gathered(orders.customer, orders.months, n, np.add),
        refunded=_gathered(orders.customer, orders.refunded, n, np.maximum),
        referred=_gathered(orders.customer, orders.referred, n, np.maximum),
        paying=_gathered(orders.customer, orders.paying, n, np.maximum),
        kept=kept,
    )


def groups_of(ledger: Ledger, segmentation: Segmentation) -> list[Group]:
    """All groups in reading order: all; segments by ordinal; channels and campaigns by spend, then size."""
    sorter = _Sorter(ledger)
    segments = sorted((s for s in segmentation.segments if s.kind == "segment"), key=lambda s: (s.ordinal, s.id))
    return [
        sorter.everybody(),
        *(sorter.segment(segment.id) for segment in segments),
        *_biggest_first(sorter.channel(name) for name in sorter.channels()),
        *_biggest_first(sorter.campaign(name) for name in sorter.campaigns()),
    ]


def _biggest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda g: (-(g.spend or 0.0), -len(g.people), g.name))


def _gathered(customer: Ints, values: Floats, n: int, how: np.ufunc) -> Floats:
    """Values of a person's orders put together; NaN for people without a known one."""
    known = ~np.isnan(values)
    found = np.zeros(n)
    how.at(found, customer[known], values[known])
    found[np.bincount(customer[known], minlength=n) == 0] = np.nan
    return found


class _Sorter:
    """Puts people, orders, responses and spend into groups, each once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        attribution = ledger.attribution
        origins = [attribution.origin_of[person] for person in ledger.people]
        self._segment = _places(ledger.segment)
        self._channel = _places([origin.channel for origin in origins])
        self._campaign = _places([origin.campaign for origin in origins])
        self._by_person = np.argsort(ledger.orders.customer, kind="stable")
        self._starts = np.searchsorted(ledger.orders.customer[self._by_person], np.arange(len(ledger.people) + 1))
        self._channel_leads = _tally(r.origin.channel for r in attribution.responses)
        self._campaign_leads = _tally(r.origin.campaign for r in attribution.responses)
        self._channel_rows: dict[str, list[AdSpend]] = defaultdict(list)
        self._campaign_rows: dict[str, list[AdSpend]] = defaultdict(list)
        spelled = {name.casefold(): name for name in attribution.campaign_names}
        for row in ledger.ad_rows:
            self._channel_rows[attribution.channel_of(row)].append(row)
            campaign = row.campaign.strip()
            self._campaign_rows[spelled.get(campaign.casefold(), campaign) or UNKNOWN].append(row)

    def channels(self) -> set[str]:
        """Every channel with people or spend."""
        return {*(name for name in self._channel if name is not None), *self._channel_rows}

    def campaigns(self) -> set[str]:
        """Every campaign with people, responses or spend."""
        named = {name for name in self._campaign if name is not None}
        return {*named, *self._campaign_rows, *(name for name in self._campaign_leads if name is not None)}

    def everybody(self) -> Group:
        ledger = self._ledger
        rows = ledger.ad_rows
        spend = _sum(rows) if rows else None
        people = np.arange(len(ledger.people))
        return self._group("all", "all", people, len(ledger.attribution.responses), rows, spend)

    def segment(self, name: str) -> Group:
        ledger = self._ledger
        members = self._segment.get(name, np.array([], dtype=np.int64))
        members = members[~ledger.outsider[members]]
        leads = int(ledger.responses[members].sum())
        untold = any(ledger.attribution.may_have_cost(ledger.people[member]) for member in members.tolist())
        spend = float(ledger.spend[members].sum()) if ledger.ad_rows and not untold else None
        group = self._group("segment", name, members, leads, (), spend)
        return replace(group, ad_rows=leads)

    def channel(self, name: str) -> Group:
        rows = self._channel_rows.get(name, [])
        silent = name in self._ledger.attribution.names.platforms or not self._ledger.has_spend
        spend = _sum(rows) if rows else None if silent or self._ledger.foreign_spend else 0.0
        return self._group("channel", name, self._channel.get(name), self._channel_leads.get(name, 0), rows, spend)

    def campaign(self, name: str) -> Group:
        rows = self._campaign_rows.get(name, [])
        spend = _sum(rows) if rows else None
        return self._group("campaign", name, self._campaign.get(name), self._campaign_leads.get(name, 0), rows, spend)

    def _group(
        self, level: Level, name: str, found: Ints | None, leads: int, rows: Iterable[AdSpend], spend: float | None
    ) -> Group:
        ledger = self._ledger
        everybody = np.array([], dtype=np.int64) if found is None else found
        people = everybody[~ledger.outsider[everybody]]
        ad_rows = list(rows)
        return Group(
            level=level,
            name=name,
            people=people,
            orders=self._orders(people),
            outsiders=len(everybody) - len(people),
            documents=int(ledger.documents[everybody].sum()),
            leads=leads,
            reported=sum(row.leads or 0 for row in ad_rows),
            spend=spend,
            ad_rows=len(ad_rows),
        )

    def _orders(self, people: Ints) -> Ints:
        buyers = people[self._ledger.won[people]]
        if not len(buyers):
            return np.array([], dtype=np.int64)
        starts, lengths = self._starts[buyers], self._starts[buyers + 1] - self._starts[buyers]
        before = np.cumsum(lengths) - lengths
        found: Ints = self._by_person[np.repeat(starts - before, lengths) + np.arange(lengths.sum())]
        return found


def _places(names: Iterable[str | None]) -> dict[str | None, Ints]:
    found: dict[str | None, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        found[name].append(i)
    return {name: np.array(rows, dtype=np.int64) for name, rows in found.items()}


def _tally(names: Iterable[str | None]) -> dict[str | None, int]:
    found: dict[str | None, int] = defaultdict(int)
    for name in names:
        found[name] += 1
    return dict(found)


def _sum(rows: Iterable[AdSpend]) -> float:
    return float(sum((row.spend for row in rows), Decimal(0)))
