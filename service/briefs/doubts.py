"""Who of a segment voices a topic, and how many of them bought; why the lost ones left."""

from __future__ import annotations

from ingest.model import DealStatus
from service.briefs.facts import FEWEST
from service.briefs.material import Material
from service.briefs.model import Fact
from service.segments.model import Segment


def voicing(material: Material, segment: Segment, topic: str) -> set[str]:
    """The segment's customers who voice a topic."""
    inputs = material.inputs
    return {c for c in inputs.members.get(segment.id, ()) if topic in inputs.topics_of.get(c, ())}


def among_buyers(material: Material, segment: Segment, topic: str) -> Fact | None:
    buyers = set(material.inputs.members.get(segment.id, ())) & material.inputs.winners
    if len(buyers) < FEWEST:
        return None
    voiced = len(voicing(material, segment, topic) & buyers)
    return material.ledger.share(f"topic_buyers/{segment.id}/{topic}", voiced, len(buyers), subject=segment.id)


def bought_in_doubt(material: Material, segment: Segment, topic: str) -> tuple[Fact, Fact] | None:
    """(how many of those who voiced a doubt bought, how many of the segment's others); None where few or no deals."""
    if not material.inputs.has_deals:
        return None
    members, winners = set(material.inputs.members.get(segment.id, ())), material.inputs.winners
    voiced = voicing(material, segment, topic)
    rest = members - voiced
    if min(len(voiced), len(rest)) < FEWEST:
        return None
    shares = (
        material.ledger.share(f"{key}/{segment.id}/{topic}", len(group & winners), len(group), subject=segment.id)
        for key, group in (("bought_in_doubt", voiced), ("bought_without_doubt", rest))
    )
    return next(shares), next(shares)


def lost_reasons(material: Material, segment: Segment) -> list[Fact]:
    """Reasons the CRM gives for the segment's lost deals, the most frequent first, each at least twice."""
    members = set(material.inputs.members.get(segment.id, ()))
    reasons = [
        d.deal.loss_reason.strip()
        for d in material.inputs.corpus.deals
        if d.customer in members
        and d.deal.status is DealStatus.LOST
        and (d.deal.loss_reason or "").strip()
        and d.deal.loss_reason
    ]
    counts = {reason: reasons.count(reason) for reason in sorted(set(reasons))}
    ordered = sorted(counts, key=lambda reason: (-counts[reason], reason))
    return [
        material.ledger.share(
            f"lost_reason/{segment.id}/{reason}", counts[reason], len(reasons), subject=segment.id, text=reason
        )
        for reason in ordered
        if counts[reason] >= 2
    ]
