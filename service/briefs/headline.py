"""The finding a comparison brief is named after: the most remarkable true sentence the data carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from service.briefs.costs import cheap_and_dear
from service.briefs.material import Material
from service.briefs.model import Sentence
from service.briefs.sentences import Label
from service.comparison.model import Verdict

MATTERS = 0.1
"""A part of revenue or people below this makes no headline."""
GAP = 0.15
"""How far a share of people and a share of revenue must part to be a finding."""
RIGHT_MOSTLY = 0.7
"""Share of checkable statements that hold before the brief says the portraits match."""


class Candidate(NamedTuple):
    """A headline and how remarkable it is."""

    weight: float
    sentence: Sentence


def headline(material: Material) -> Sentence:
    """The heaviest candidate; companies with little data get an honest one."""
    return thin_data(material) or max(_candidates(material), key=lambda c: c.weight).sentence


def thin_data(material: Material) -> Sentence | None:
    """The headline when there are no documents, too few customers, no segments, one segment or no deals."""
    inputs = material.inputs
    if not inputs.corpus.documents:
        return material.say("headline.empty")
    people = material.people()
    if inputs.segmentation.small:
        return material.say("headline.few", customers=people)
    if not inputs.segments:
        return material.say("headline.none", customers=people)
    if not inputs.has_deals and not inputs.blind_spots:
        return material.say("headline.who_only")
    if len(inputs.segments) == 1:
        return material.say("headline.one", name=material.name(inputs.segments[0].id))
    return None


def _candidates(material: Material) -> Iterator[Candidate]:
    yield Candidate(0.0, material.say("headline.tie"))
    yield from _unseen(material)
    yield from _crowd(material)
    yield from _dear_lead(material)
    yield from _outsiders(material)
    yield from _best_buyers(material)
    yield from _dearest_purchase(material)
    yield from _meeting(material)


def _unseen(material: Material) -> Iterator[Candidate]:
    for segment in material.inputs.worthy_blind_spots[:3]:
        name = material.name(segment.id)
        revenue, buys = material.revenue_share(segment.id), material.first("conversion")
        part = revenue.value or 0.0 if revenue else 0.0
        richest = material.first("revenue")
        if richest and richest[0] == segment.id and part >= MATTERS:
            yield Candidate(1.5 + part, material.say("headline.unseen_first", rank=richest[1], name=name))
        elif buys and buys[0] == segment.id:
            yield Candidate(1.3 + part, material.say("headline.unseen_buys", rank=buys[1], name=name))
        elif revenue and part >= MATTERS:
            yield Candidate(0.9 + part, material.say("headline.unseen_part", revenue=revenue, name=name))
        elif (segment.share.value or 0.0) >= MATTERS:
            size = material.size(segment)
            yield Candidate(0.4 + (size.value or 0), material.say("headline.unseen_people", size=size, name=name))


def _crowd(material: Material) -> Iterator[Candidate]:
    """Many people of one segment, most of the money of another."""
    segments = material.inputs.segments
    crowd = max(segments, key=lambda s: (s.size, s.id))
    purse = segments[0]
    mine, theirs = material.revenue_share(crowd.id), material.revenue_share(purse.id)
    if crowd.id == purse.id or mine is None or theirs is None:
        return
    gap = (crowd.share.value or 0.0) - (mine.value or 0.0)
    if gap >= GAP and (theirs.value or 0.0) > 2 * (mine.value or 0.0):
        yield Candidate(
            0.9 + gap,
            material.say(
                "headline.crowd",
                crowd=material.name(crowd.id),
                size=material.size(crowd),
                purse=material.name(purse.id),
                revenue=theirs,
            ),
        )


def _dear_lead(material: Material) -> Iterator[Candidate]:
    pair = cheap_and_dear(material)
    if pair and pair.paradox:
        yield Candidate(
            0.8, material.say("headline.dear_lead", cheap=Label(pair.cheap), cpl=pair.cheap_cpl, cac=pair.cheap_cac)
        )


def _outsiders(material: Material) -> Iterator[Candidate]:
    share = material.figure(None, "not_a_customer_share")
    if share and (share.value or 0.0) >= 0.25:
        yield Candidate(0.5 + (share.value or 0.0), material.say("headline.outsiders", share=share))


def _best_buyers(material: Material) -> Iterator[Candidate]:
    best = material.first("conversion")
    conversion = material.figure(best[0], "conversion") if best else None
    if best and conversion:
        yield Candidate(
            0.3, material.say("headline.buys", rank=best[1], name=material.name(best[0]), conversion=conversion)
        )


def _dearest_purchase(material: Material) -> Iterator[Candidate]:
    best = material.first("average_check")
    check = material.figure(best[0], "average_check") if best else None
    if best and check:
        yield Candidate(0.2, material.say("headline.check", rank=best[1], name=material.name(best[0]), check=check))


def _meeting(material: Material) -> Iterator[Candidate]:
    checked = [c for c in material.inputs.claims if c.verdict is not Verdict.NO_EVIDENCE]
    right = [c for c in checked if c.verdict is Verdict.SUPPORTED]
    if len(checked) >= 6 and len(right) / len(checked) >= RIGHT_MOSTLY and not material.inputs.blind_spots:
        yield Candidate(
            0.7, material.say("headline.meet", right=material.ledger.share("right_claims", len(right), len(checked)))
        )
