"""All measures of all groups: counts, money, cost of customers, time, loyalty, mix.

Money rules are in `ledger`, attribution in `attribution`, interval methods in `intervals`, names and units in
`measures_catalogue`. Three counts are of all who got in touch, people who are no customers included: documents, leads,
and not_a_customer_share. Everything else is of customers, of those who bought, or of their orders; `n` is that base.
Groups too small for an interval have a value without one. Without deals or spend the contract rows are None with n 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from service.corpus.model import Corpus
from service.economics.channels import OTHER, is_referral
from service.economics.groups import Group, Totals, groups_of, totals_of
from service.economics.intervals import (
    NONE,
    Floats,
    mean_interval,
    median_interval,
    ratio_interval,
    scaled,
)
from service.economics.ledger import UNIT, Bools, Ints, Ledger, open_ledger, revenue_of_customers
from service.economics.lifetime import Stays, expected_worth, leaving_of
from service.economics.measures_catalogue import FACET, member
from service.economics.model import Measure, MeasureBook
from service.economics.oddities import oddities_of
from service.economics.sheet import Sheet
from service.segments.model import Segmentation

__all__ = ["measure_all", "revenue_of_customers"]

PRIOR_CUSTOMERS = 10
"""`conversion_shrunk` adds this many customers of the company's average: a group of ten is moved half-way."""

MOST_PRODUCTS = 12
"""Products named in the mix; rarer ones are `other`."""

STAYS = (2, 3, 6, 12)
"""Months of the `stays_N_months` measures."""


def measure_all(
    corpus: Corpus,
    segmentation: Segmentation,
    *,
    seed: int = 0,
    topics: Mapping[str, frozenset[str]] | None = None,
    until: date | None = None,
) -> MeasureBook:
    """Measure the company, its segments, channels and campaigns.

    `topics`: customer → topics they voice, for the `topic:<id>` and `facet:<id>` shares. `until`: the day the newest
    file came; finished deals dated later are counted in `future_dates` and tell nothing of time.
    """
    ledger = open_ledger(corpus, segmentation, topics, until)
    groups = groups_of(ledger, segmentation)
    surveyor = _Surveyor(ledger, totals_of(ledger), groups[0], seed)
    return MeasureBook((row for group in groups for row in surveyor.rows(group)), ledger.currency)


class _Surveyor:
    """Holds what every group is compared with, and measures one group after another."""

    def __init__(self, ledger: Ledger, totals: Totals, everybody: Group, seed: int) -> None:
        self._ledger = ledger
        self._totals = totals
        self._all = everybody
        self._seed = seed
        self._buyers = int(ledger.won[everybody.people].sum())
        self._refunded = int(np.nansum(totals.refunded[everybody.people])) if len(everybody.people) else 0
        self._channels = np.array([ledger.attribution.origin_of[p].channel for p in ledger.people], dtype=object)
        platforms = ledger.attribution.names.platforms
        self._paid = np.array([name in platforms for name in self._channels], dtype=bool)
        self._referred = np.array([is_referral(name) for name in self._channels], dtype=bool)
        self._topics_said, self._voices = _voices(ledger)
        self._product_codes, self._product_names = _products(ledger.orders.product)
        self._leaving = leaving_of(_stays(totals, everybody.people))

    def rows(self, group: Group) -> list[Measure]:
        """Every measure of the group."""
        page = Sheet(group)
        self._counts(page)
        self._sources(page)
        self._topics(page)
        if self._ledger.has_deals:
            self._sales(page)
            self._money(page)
            self._time(page)
            self._loyalty(page)
            self._orders(page)
        self._cost(page)
        if group.level == "all":
            self._outside(page)
        return page.finished()

    def _counts(self, page: Sheet) -> None:
        group = page.group
        n, everyone = len(group.people), len(group.people) + group.outsiders
        page.add("documents", group.documents, group.documents)
        page.add("customers", n, n)
        page.part("share_of_customers", n, len(self._all.people))
        leads, all_leads = _leads(group), _leads(self._all)
        if all_leads:
            page.add("leads", leads, leads)
            page.part("share_of_leads", min(leads, all_leads), all_leads)
        if group.level == "segment":
            page.add("not_a_customer_share", 0.0 if n else None, n)
        else:
            page.share("not_a_customer_share", group.outsiders, everyone)

    def _sources(self, page: Sheet) -> None:
        people = page.group.people
        if page.group.level not in ("all", "segment") or not len(people):
            return
        page.share("paid_share", int(self._paid[people].sum()), len(people))
        page.share("referral_source_share", int(self._referred[people].sum()), len(people))
        for name, k in sorted(Counter(self._channels[people].tolist()).items(), key=lambda item: (-item[1], item[0])):
            page.share(member("channel_share", name), k, len(people))

    def _topics(self, page: Sheet) -> None:
        people = page.group.people[self._ledger.speaks[page.group.people]]
        if not self._topics_said or not len(people):
            return
        counted = self._voices[people].sum(axis=0).tolist()
        for topic, k in zip(self._topics_said, counted, strict=True):
            if not topic.startswith(FACET):
                page.share(member("topic", topic), k, len(people))
            elif k:  # most kinds of people and goals are nobody's in a small group: no row says so as well as a zero
                page.share(topic, k, len(people))

    def _sales(self, page: Sheet) -> None:
        people = page.group.people
        n, won = len(people), int(self._ledger.won[people].sum())
        page.add("won", won, n)
        page.add("orders", len(page.group.orders), len(page.group.orders))
        page.share("conversion", won, n)
        page.part("share_of_won", won, self._buyers)
        if page.group.level in ("all", "segment"):
            page.share("paid_share_of_won", int((self._ledger.won & self._paid)[people].sum()), won)
        if n and len(self._all.people):
            average = self._buyers / len(self._all.people)
            page.add("conversion_shrunk", (won + PRIOR_CUSTOMERS * average) / (n + PRIOR_CUSTOMERS), n)

    def _money(self, page: Sheet) -> None:
        people, totals = page.group.people, self._totals
        priced = people[totals.priced[people]]
        orders = self._priced_orders(page.group)
        revenue = int(orders.net.sum()) / UNIT
        if self._ledger.orders.priced.any():
            page.add("revenue", revenue, len(orders.net))
            self._back_and_again(page)
            page.mean("value_per_lead", totals.net[people], self._seed)
        page.mean("ltv", totals.net[priced], self._seed)
        self._lifetime(page)
        page.mean("average_check", orders.amount, self._seed)
        known = orders.accessories[~np.isnan(orders.accessories)]
        if not np.isnan(self._ledger.orders.accessories).all():
            page.mean("accessories", known, self._seed)
            page.mean("basket", orders.amount + np.nan_to_num(orders.accessories), self._seed)
        self._revenue_share(page, revenue)

    def _back_and_again(self, page: Sheet) -> None:
        """What went back, and what later orders of the same customers brought: parts of the revenue."""
        orders, rows = self._ledger.orders, page.group.orders
        if not np.isnan(orders.refunded).all():
            sent = rows[orders.refund[rows] > 0]
            page.add("refunds", int(orders.refund[rows].sum()) / UNIT, len(sent))
        if self._ledger.orders_of.max(initial=0) > 1:
            again = rows[orders.again[rows] & orders.priced[rows]]
            page.add("revenue_again", int(orders.net[again].sum()) / UNIT, len(again))

    def _lifetime(self, page: Sheet) -> None:
        """Churn-aware LTV where some buyers still pay: what they have brought so far is then only a lower bound."""
        if self._leaving is None:
            return
        stays = _stays(self._totals, page.group.people)
        found = expected_worth(stays, self._leaving, self._seed)
        if found is None:
            return
        n = len(stays.months)
        page.add("ltv_expected", found.value, n, found.interval)
        page.add("monthly_churn", found.leaving, n)
        if page.group.level == "all":
            page.add("ltv_months", self._leaving.horizon, n)

    def _revenue_share(self, page: Sheet, revenue: float) -> None:
        everybody, net = self._all.people, self._totals.net
        whole = net[everybody].sum()
        if whole <= 0 or page.group.level == "all":
            return
        inside = np.zeros(len(net))
        inside[page.group.people] = 1.0
        interval = ratio_interval((net * inside)[everybody], net[everybody], self._seed)
        page.add("share_of_revenue", revenue / whole, len(everybody), interval)

    def _time(self, page: Sheet) -> None:
        orders, people = self._ledger.orders, page.group.people
        days = orders.days[page.group.orders]
        days = days[~np.isnan(days)]
        if len(days):
            page.add("days_to_close", float(np.median(days)), len(days), median_interval(days, self._seed))
        buyers = people[self._ledger.won[people]]
        months = self._totals.months[buyers]
        known = months[~np.isnan(months)]
        page.mean("months_paid", known, self._seed)
        if len(known):
            for least in STAYS:
                page.share(f"stays_{least}_months", int((known >= least).sum()), len(known))
        page.known_share("still_paying_share", self._totals.paying[buyers])

    def _loyalty(self, page: Sheet) -> None:
        ledger, totals, people = self._ledger, self._totals, page.group.people
        buyers = people[ledger.won[people]]
        again = ledger.orders_of[buyers] > 1
        page.share("repeat_share", int(again.sum()), len(buyers))
        if ledger.orders_of.max(initial=0) > 1 or not np.isnan(totals.months).all():
            page.share("stay_share", int((again | (totals.months[buyers] >= 2)).sum()), len(buyers))
        page.add("kept", int(totals.kept[buyers].sum()), len(buyers))
        page.known_share("refund_share", totals.refunded[buyers])
        if self._refunded:
            page.part("share_of_refunds", int(np.nansum(totals.refunded[buyers])), self._refunded)
        page.known_share("referral_share", totals.referred[buyers])
        scores = ledger.orders.satisfaction[page.group.orders]
        scores = scores[~np.isnan(scores)]
        page.mean("satisfaction", scores, self._seed)
        if ledger.scale == "nps":
            page.mean("nps", 100.0 * (scores >= 9) - 100.0 * (scores <= 6), self._seed)
        elif ledger.scale == "csat":
            page.mean("csat", scores, self._seed)

    def _orders(self, page: Sheet) -> None:
        orders, rows = self._ledger.orders, page.group.orders
        page.known_share("discount_share", _at_least(orders.discount[rows], 1e-9))
        page.known_share("quantity_pairs", _at_least(orders.quantity[rows], 2))
        codes = self._product_codes[rows]
        counted = np.bincount(codes[codes >= 0], minlength=len(self._product_names)).tolist()
        found = [(name, k) for name, k in zip(self._product_names, counted, strict=True) if k]
        for name, k in sorted(found, key=lambda item: (-item[1], item[0])):
            page.share(member("product_share", name), k, sum(counted))

    def _cost(self, page: Sheet) -> None:
        group = page.group
        if group.spend is None:
            return
        page.add("spend", group.spend, group.ad_rows)
        if self._all.spend and group.level != "all":
            page.add("share_of_spend", group.spend / self._all.spend, self._all.ad_rows)
        leads = group.leads if group.level == "segment" else group.reported or group.leads
        if leads:
            page.add("cpl", group.spend / leads, leads)
        if not self._ledger.has_deals:
            return
        people, won = group.people, self._ledger.won
        page.cost("cac", group.spend, int(won[people].sum()))
        page.cost("cac_kept", group.spend, int((won & self._totals.kept)[people].sum()))
        if group.level == "all":
            page.cost("cac_paid", group.spend, int((won & self._paid)[people].sum()))
        self._returns_on_spend(page)

    def _returns_on_spend(self, page: Sheet) -> None:
        people = page.group.people
        if page.group.level in ("all", "segment"):  # advertising is not credited with who came by recommendation
            people = people[self._paid[people]]
        spend, net = page.group.spend, self._totals.net[people]
        wins = int(self._ledger.won[people].sum())
        if not spend or not self._ledger.orders.priced.any():
            return
        interval = scaled(mean_interval(net, self._seed), len(net) / spend) if len(net) else NONE
        page.add("roas", float(net.sum()) / spend, wins, interval)
        ltv, cac = page.value("ltv"), page.value("cac")
        if ltv is not None and cac:
            ratio = ltv / cac
            page.add("ltv_cac", ratio, wins, scaled(interval, ratio * spend / float(net.sum())) if net.sum() else NONE)

    def _outside(self, page: Sheet) -> None:
        """What belongs to no segment, and what the files say oddly: shown, never dropped in silence."""
        ledger = self._ledger
        inside = np.array([name is not None for name in ledger.segment], dtype=bool)
        outside: Bools = ~inside & ~ledger.outsider
        n = int(outside.sum())
        page.add("unassigned_customers", n, len(page.group.people))
        if ledger.has_deals:
            page.add("unassigned_won", int((outside & ledger.won).sum()), n)
            page.add("unassigned_revenue", float(self._totals.net[outside].sum()), int(ledger.orders_of[outside].sum()))
        for measure, value, n_rows in oddities_of(ledger):
            page.add(measure, value, n_rows)
        if page.group.spend is not None:
            page.add("spend_on_not_customers", float(ledger.spend[ledger.outsider].sum()), page.group.ad_rows)
            page.add("spend_unattributed", ledger.attribution.unattributed, page.group.ad_rows)

    def _priced_orders(self, group: Group) -> _Priced:
        orders = self._ledger.orders
        rows = group.orders[orders.priced[group.orders]]
        return _Priced(orders.amount[rows], orders.accessories[rows], orders.net[rows])


class _Priced:
    """Orders of a group with a known amount in the main currency."""

    def __init__(self, amount: Floats, accessories: Floats, net: Ints) -> None:
        self.amount, self.accessories, self.net = amount, accessories, net


def _leads(group: Group) -> int:
    return group.leads or group.reported


def _at_least(values: Floats, least: float) -> Floats:
    return np.where(np.isnan(values), np.nan, (values >= least).astype(np.float64))


def _voices(ledger: Ledger) -> tuple[list[str], Bools]:
    """Topics in order, and (n_people, n_topics) who voices which."""
    said = sorted({topic for voiced in ledger.topics.values() for topic in voiced})
    place = {topic: i for i, topic in enumerate(said)}
    voices = np.zeros((len(ledger.people), len(said)), dtype=bool)
    for row, person in enumerate(ledger.people):
        for topic in ledger.topics.get(person, ()):
            voices[row, place[topic]] = True
    return said, voices


def _products(names: Sequence[str | None]) -> tuple[Ints, list[str]]:
    """(n_orders,) place in the list of names, -1 for an order without a product; rare ones are `other`."""
    counted = Counter(name for name in names if name)
    ordered = sorted(counted, key=lambda name: (-counted[name], name))
    kept = ordered if len(ordered) <= MOST_PRODUCTS + 1 else ordered[:MOST_PRODUCTS]
    place = {name: i for i, name in enumerate(kept)}
    rest = place.setdefault(OTHER, len(kept)) if len(kept) < len(ordered) else -1
    codes = np.array([place.get(name, rest) if name else -1 for name in names], dtype=np.int64)
    return codes, list(place)


def _stays(totals: Totals, people: Ints) -> Stays:
    """Buyers of known amounts and paid months, of whom it is known whether they still pay."""
    told = ~np.isnan(totals.months[people]) & ~np.isnan(totals.paying[people])
    known = people[totals.priced[people] & told]
    months = np.maximum(0, totals.months[known]).astype(np.int64)
    return Stays(months, totals.net[known], totals.paying[known] > 0)
