"""What to decide at the meeting: few, each forced by a figure."""

from __future__ import annotations

from collections.abc import Iterator

from service.briefs import judged
from service.briefs.costs import cheap_and_dear, outsider_campaigns
from service.briefs.existing_ads import drawing_lines
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.material import Material
from service.briefs.model import Sentence, Span
from service.briefs.people import paid_share
from service.briefs.promises import Vocabulary
from service.briefs.sentences import Label, Name, joined
from service.comparison.model import Verdict
from service.economics.model import MeasureBook
from service.portrait.model import Tier

MOST = 6
GIVEN_UP = "topic.sayers"
"""The rule of claims that people who voice a doubt are lost."""
MANY_OUTSIDERS = 0.3
"""A campaign with at least this share of people who are not customers asks for another form or promise."""
FEWEST_VOICED = 8
"""People who voiced a doubt before their share of buyers says anything."""


def decisions(material: Material) -> list[Sentence]:
    """At most six decisions, in the order to take them."""
    return list(_all(material))[:MOST]


def _all(material: Material) -> Iterator[Sentence]:
    inputs = material.inputs
    if inputs.corpus.documents and not inputs.has_deals:
        yield material.say("decide.deals")
    missing = [who for who in STAKEHOLDERS if who not in inputs.voices]
    if missing and inputs.corpus.documents:
        who = material.book.listed([(Span(material.stakeholder(w)),) for w in missing])
        yield material.say("decide.personas", who=who)
    yield from _unseen(material)
    yield from _campaigns(material)
    yield from _objection(material)
    yield from _lines(material)
    yield from _heroes(material)
    yield from _tiers(material)
    yield from _ask(material)


def _unseen(material: Material) -> Iterator[Sentence]:
    for segment in material.inputs.worthy_blind_spots[:1]:
        paid, conversion = paid_share(material, segment), material.figure(segment.id, "conversion")
        name = material.name(segment.id)
        if conversion and material.stands_out(segment.id) == "lowest":
            yield material.say("decide.unseen_poor", name=name, size=material.size(segment), conversion=conversion)
        elif paid and conversion:
            yield material.say("decide.unseen_ads", name=name, paid=paid, conversion=conversion)
        else:
            yield material.say("decide.unseen", name=name)


def _campaigns(material: Material) -> Iterator[Sentence]:
    pair = cheap_and_dear(material)
    if pair and (pair.paradox or pair.returns_less):
        yield material.say("decide.kpi", cheap=Label(pair.cheap), dear=Label(pair.dear))
    for campaign in _traced_campaigns(material.inputs.measures):
        spend, revenue, won = (material.ledger.measure("campaign", campaign, m) for m in ("spend", "revenue", "won"))
        if spend and revenue and won and (revenue.value or 0.0) < (spend.value or 0.0):
            yield material.say("decide.cut", campaign=Label(campaign), spend=spend, revenue=revenue, won=won)
    for campaign, share in outsider_campaigns(material)[:1]:
        if (share.value or 0.0) >= MANY_OUTSIDERS and (share.n or 0) >= 10:
            yield material.say("decide.outsiders", campaign=Label(campaign), share=share)


def _traced_campaigns(measures: MeasureBook) -> tuple[str, ...]:
    """All campaigns, if anybody is known to have come by one; else nobody can say what any of them brought."""
    names = tuple(measures.names("campaign"))
    reported = [name for name in names if measures.value("campaign", name, "spend") is not None]
    traced = any(measures.value("campaign", name, measure) for name in reported for measure in ("customers", "leads"))
    return names if traced else ()


def _lines(material: Material) -> Iterator[Sentence]:
    """A line of an ad that speaks to people who do not buy."""
    inputs = material.inputs
    for segment in inputs.segments:
        conversion = material.figure(segment.id, "conversion")
        if conversion is None or not inputs.not_ours(segment.id):
            continue
        vocabulary = Vocabulary(inputs, inputs.members.get(segment.id, ()))
        for drawn in drawing_lines(material, segment, vocabulary)[:1]:
            yield material.say(
                "decide.line",
                line=(drawn.line,),
                ad=Name(drawn.ad),
                name=material.name(segment.id),
                here=drawn.here,
                there=drawn.there,
                conversion=conversion,
            )


def _heroes(material: Material) -> Iterator[Sentence]:
    """Two stakeholders who write of two segments: the pair furthest apart in revenue."""
    heroes = [(w, s, material.revenue_share(s)) for w, s in material.inputs.protagonists.items()]
    known = [(w, s, share) for w, s, share in heroes if share is not None]
    if len({s for _, s, _ in known}) < 2:
        return
    first = max(known, key=lambda h: (h[2].value or 0.0, h[0]))
    second = min(known, key=lambda h: (h[2].value or 0.0, h[0]))
    yield material.say(
        "decide.hero",
        first=material.stakeholder(first[0], "gen"),
        name=material.name(first[1]),
        second=material.stakeholder(second[0], "gen"),
        other=material.name(second[1]),
        revenue=first[2],
        revenue2=second[2],
    )


def _objection(material: Material) -> Iterator[Sentence]:
    """A doubt whose owners buy after all, where a persona gives them up for lost."""
    for claim in material.inputs.claims:
        finding = claim.findings[0] if claim.findings else None
        if finding is None or finding.rule != GIVEN_UP or claim.verdict is not Verdict.CONTRADICTED:
            continue
        topic = finding.measure.removeprefix("topic:")
        if finding.n >= FEWEST_VOICED and finding.k and "+" not in topic:
            share = judged.finding_fact(material, claim.claim.id, 0, finding)
            yield material.say("decide.objection", topic=material.topic_name(topic), share=share)
            return


def _tiers(material: Material) -> Iterator[Sentence]:
    portrait = material.inputs.portrait
    if portrait is None or not portrait.placed or not material.inputs.has_deals:
        return
    parts = []
    for tier in Tier:
        names = [p.segment for p in portrait.placed if p.tier is tier and p.segment in material.inputs.segment_by_id]
        if names:
            listed = material.book.listed([material.say("front.name", name=material.name(s)) for s in names])
            parts.append(joined(material.tier(tier), ": ", listed))
    spans: list[Span] = []
    for index, part in enumerate(parts):
        spans.extend([Span("; ")] if index else [])
        spans.extend(part)
    if len(parts) > 1:
        yield material.say("decide.tiers", tiers=tuple(spans))


def _ask(material: Material) -> Iterator[Sentence]:
    """Fields nobody records although a persona speaks of them."""
    unknown = [
        c
        for c in material.inputs.claims
        if c.verdict is Verdict.NO_EVIDENCE and any(a.measure == "demographic" for a in c.claim.atoms)
    ]
    if unknown:
        words = material.book.listed([(judged.saying(material, c),) for c in unknown[:2]])
        yield material.say("decide.ask", fields=words)
