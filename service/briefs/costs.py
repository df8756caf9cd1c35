"""What a divergence costs: the same few sums an owner would do on paper, from measured figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.briefs.material import Material
from service.briefs.model import Fact, Sentence
from service.briefs.sentences import Label
from service.segments.model import Segment

ENOUGH_SALES = 10
"""Below this many sales a price per customer is called a trial figure."""
TWICE = 2.0
NOTEWORTHY = 0.1
"""A share of the budget below this is not worth a line."""


@dataclass(frozen=True)
class CheapAndDear:
    """The campaign with the cheapest leads beside the one with the best return."""

    cheap: str
    dear: str
    cheap_cpl: Fact
    dear_cpl: Fact
    cheap_cac: Fact
    dear_cac: Fact
    cheap_return: Fact | None
    dear_return: Fact | None

    @property
    def paradox(self) -> bool:
        """Whether the cheaper lead makes the dearer customer."""
        return (self.cheap_cac.value or 0.0) > (self.dear_cac.value or 0.0)

    @property
    def returns_less(self) -> bool:
        """Whether a unit of money in the cheap campaign brings less than half of what it brings in the other."""
        if not self.cheap_return or not self.dear_return:
            return False
        return TWICE * (self.cheap_return.value or 0.0) < (self.dear_return.value or 0.0)


def cost_per_lead(material: Material, campaign: str) -> Fact | None:
    """Spend over leads of a campaign: the book's own row, else calculated."""
    for measure in ("cpl", "cost_per_lead"):
        found = material.ledger.measure("campaign", campaign, measure)
        if found is not None:
            return found
    spend = material.ledger.measure("campaign", campaign, "spend")
    leads = material.ledger.measure("campaign", campaign, "leads")
    if spend is None or leads is None or not spend.value or not leads.value:
        return None
    return material.ledger.money(
        f"cpl/{campaign}", spend.value / leads.value, subject=campaign, n=round(leads.value), terms=(spend, leads)
    )


def money_back(material: Material, campaign: str) -> Fact | None:
    """Revenue over spend of a campaign."""
    spend = material.ledger.measure("campaign", campaign, "spend")
    revenue = material.ledger.measure("campaign", campaign, "revenue")
    if spend is None or revenue is None or not spend.value or revenue.value is None:
        return None
    return material.ledger.ratio(
        f"return/{campaign}", revenue.value / spend.value, "ratio", subject=campaign, terms=(spend, revenue)
    )


def cheap_and_dear(material: Material) -> CheapAndDear | None:
    """The cheapest-lead campaign and the campaign that returns most, when they are two."""
    paid = [c for c in material.inputs.measures.names("campaign") if cost_per_lead(material, c)]
    priced = [c for c in paid if material.ledger.measure("campaign", c, "cac")]
    if len(priced) < 2:
        return None
    cheap = min(priced, key=lambda c: (_value(cost_per_lead(material, c)), c))
    back = {c: _value(money_back(material, c)) for c in priced}
    dear = max(priced, key=lambda c: (back[c], c))
    if cheap == dear:
        return None
    facts = [
        cost_per_lead(material, cheap),
        cost_per_lead(material, dear),
        material.ledger.measure("campaign", cheap, "cac"),
        material.ledger.measure("campaign", dear, "cac"),
    ]
    if any(fact is None for fact in facts):
        return None
    a, b, c, d = (fact for fact in facts if fact is not None)
    return CheapAndDear(cheap, dear, a, b, c, d, money_back(material, cheap), money_back(material, dear))


def cost_sentences(material: Material) -> list[Sentence]:
    """What to say of the cost, the largest sums first; says what is missing when nothing can be said."""
    inputs = material.inputs
    if not inputs.has_deals:
        return [material.say("cost.no_deals")]
    found = [
        *_heroes(material),
        *_value_gap(material),
        *_spend_against_revenue(material),
        *_per_customer(material),
        *_cheap(material),
        *_outsiders(material),
    ]
    if not inputs.has_spend:
        found.append(material.say("cost.no_spend"))
    return found


def _heroes(material: Material) -> Iterator[Sentence]:
    """How much of the money the people in the portraits bring, all portraits together."""
    named = [s for s in material.inputs.segments if s.id in material.inputs.named_segments]
    shares = [material.revenue_share(s.id) for s in named]
    total = material.figure(None, "revenue")
    known = [share for share in shares if share is not None]
    if not known or total is None or not total.value or not material.inputs.blind_spots:
        return
    covered = sum(share.value or 0.0 for share in known)
    missed = 1.0 - covered
    if missed < NOTEWORTHY:
        return
    yield material.say(
        "cost.heroes_cover",
        covered=material.ledger.ratio("covered_revenue", covered, terms=known),
        missed=material.ledger.ratio("missed_revenue", missed, terms=known),
        sum=material.ledger.money("missed_revenue_sum", missed * total.value, terms=(total,)),
    )


def person_value(material: Material, segment: Segment) -> Fact | None:
    """Revenue over everybody of the segment who got in touch."""
    revenue, pair = material.figure(segment.id, "revenue"), material.won(segment.id)
    if revenue is None or revenue.value is None or pair is None:
        return None
    return material.ledger.money(
        f"value_per_person/{segment.id}", revenue.value / pair[1], subject=segment.id, n=pair[1], terms=(revenue,)
    )


def _value_gap(material: Material) -> Iterator[Sentence]:
    values = [(person_value(material, s), s) for s in material.inputs.segments]
    known = [(fact, s) for fact, s in values if fact is not None and (fact.n or 0) >= 5]
    if len(known) < 2:
        return
    rich_value, rich = max(known, key=lambda pair: (pair[0].value or 0.0, pair[1].id))
    poor_value, poor = max(known, key=lambda pair: (pair[1].size, pair[1].id))
    revenue = material.figure(rich.id, "revenue")
    if rich.id == poor.id or revenue is None or (rich_value.value or 0.0) < TWICE * (poor_value.value or 0.0):
        return
    people = material.ledger.count(f"people/{rich.id}", rich_value.n or 0, subject=rich.id)
    yield material.say(
        "cost.value",
        rich=material.name(rich.id),
        rich_value=rich_value,
        rich_sum=revenue,
        rich_people=people,
        poor=material.name(poor.id),
        poor_value=poor_value,
    )


def _spend_against_revenue(material: Material) -> Iterator[Sentence]:
    """The segment whose part of the budget is furthest above its part of revenue."""
    total = material.figure(None, "spend")
    if total is None or not total.value:
        return
    gaps = []
    for segment in material.inputs.segments:
        spend, share = material.figure(segment.id, "spend"), material.revenue_share(segment.id)
        revenue = material.figure(segment.id, "revenue")
        if spend and share and revenue and spend.value:
            part = spend.value / total.value
            gaps.append((part - (share.value or 0.0), segment, spend, share, revenue, part))
    if not gaps:
        return
    gap, segment, spend, share, revenue, part = max(gaps, key=lambda g: (g[0], g[1].id))
    if gap < NOTEWORTHY:
        return
    yield material.say(
        "cost.spend_share",
        poor=material.name(segment.id),
        spend=spend,
        revenue=revenue,
        revenue_share=share,
        spend_share=material.ledger.ratio(f"spend_share/{segment.id}", part, subject=segment.id, terms=(spend, total)),
    )


def _per_customer(material: Material) -> Iterator[Sentence]:
    """Segments on which advertising loses money, else nothing: a gain is told by the return on money."""
    for segment in material.inputs.segments:
        cac, ltv = material.figure(segment.id, "cac"), material.figure(segment.id, "ltv")
        if not cac or not ltv or cac.value is None or ltv.value is None or cac.value <= ltv.value:
            continue
        yield material.say(
            "cost.loss",
            name=material.name(segment.id),
            cac=cac,
            ltv=ltv,
            gap=material.ledger.money(
                f"loss/{segment.id}", cac.value - ltv.value, subject=segment.id, terms=(cac, ltv)
            ),
        )


def _cheap(material: Material) -> Iterator[Sentence]:
    pair = cheap_and_dear(material)
    if pair is None:
        return
    if pair.paradox:
        yield material.say(
            "cost.cheap",
            cheap=Label(pair.cheap),
            dear=Label(pair.dear),
            cpl=pair.cheap_cpl,
            cpl2=pair.dear_cpl,
            cac=pair.cheap_cac,
            cac2=pair.dear_cac,
        )
    elif pair.returns_less and pair.cheap_return and pair.dear_return:
        yield material.say(
            "cost.cheap_returns",
            cheap=Label(pair.cheap),
            dear=Label(pair.dear),
            cpl=pair.cheap_cpl,
            cpl2=pair.dear_cpl,
            ret=pair.cheap_return,
            ret2=pair.dear_return,
        )


def outsider_campaigns(material: Material) -> list[tuple[str, Fact]]:
    """(campaign, share of people who are not customers), the most money lost first; at least two people."""
    found = []
    for campaign in material.inputs.measures.names("campaign"):
        share = material.ledger.measure("campaign", campaign, "not_a_customer_share")
        if share is None or (share.k or 0) < 2:
            continue
        spend = material.inputs.measures.value("campaign", campaign, "spend") or 0.0
        found.append((-(share.value or 0.0) * spend, -(share.value or 0.0), campaign, share))
    return [(campaign, share) for _, _, campaign, share in sorted(found)]


def _outsiders(material: Material) -> Iterator[Sentence]:
    campaigns = outsider_campaigns(material)
    lost, terms = 0.0, []
    for campaign, share in campaigns:
        spend = material.ledger.measure("campaign", campaign, "spend")
        if spend is not None:
            lost += (share.value or 0.0) * (spend.value or 0.0)
            terms.append(spend)
    if lost <= 0:
        return
    campaign, share = campaigns[0]
    yield material.say(
        "cost.outsiders",
        spend=material.ledger.money("spend_on_outsiders", lost, terms=terms),
        campaign=Label(campaign),
        share=share,
    )


def _value(fact: Fact | None) -> float:
    return fact.value or 0.0 if fact else 0.0
