"""What a run takes over from the one before and leaves to the next: ids, names, and the story of what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.segments.edited import Edited
from service.segments.lineage import (
    OUTSIDE,
    UNASSIGNED,
    AsFound,
    Hands,
    Lineage,
    Standing,
    changes,
    remembered,
)
from service.segments.model import Segmentation
from service.segments.partition import Partition


def found_before(before: Segmentation | None) -> AsFound:
    """The earlier run's segments before people's edits; as they are shown where the run kept nothing else."""
    if before is None:
        return AsFound({}, {})
    real = [segment for segment in before.segments if segment.kind == "segment"]
    if before.lineage is not None:
        found = before.lineage.as_found
        called = {segment.id: segment.name for segment in real if segment.named_by == "machine"}
        return replace(found, names={**found.names, **called})
    members = standing(before).members()
    names = {segment.id: segment.name for segment in real}
    return AsFound({name: tuple(people) for name, people in members.items()}, names)


def standing(segmentation: Segmentation) -> Standing:
    """Where everybody stands, as people see it."""
    names = {segment.id: segment.name for segment in segmentation.segments if segment.kind == "segment"}
    places = {
        a.customer: OUTSIDE if a.status == "not_a_customer" else a.segment if a.segment in names else UNASSIGNED
        for a in segmentation.assignments
    }
    return Standing({customer: place or UNASSIGNED for customer, place in places.items()}, names)


def succeeded(
    before: Segmentation | None, partition: Partition, wanted: Edited, result: Segmentation, names: Mapping[str, str]
) -> Lineage:
    """The lineage of a run: `partition` as the machine found it, `wanted` as people want it, `result` described.

    `names`: what the machine called segments so far; one that an edit hides keeps its name for when it comes back.
    """
    earlier = found_before(before)
    now = standing(result)
    members = dict(zip(partition.ids, (tuple(people) for people in partition.members), strict=True))
    shown = now.members()
    parts = {
        whole: {name: tuple(shown[name]) for name in (whole, *others) if name in shown}
        for whole, others in wanted.hands.split.items()
        if whole in members
    }
    lost, missed = remembered(earlier if before else None, members)
    kept = {*members, *lost, *now.names}
    called = {name: words for name, words in {**names, **now.names}.items() if name in kept}
    lineage = Lineage(
        AsFound(members, called, parts, lost, missed),
        names=dict(now.names),
        applied=wanted.applied,
        sleeping=dict(wanted.sleeping),
        hands=wanted.hands,
    )
    if before is None:
        return lineage
    past = standing(before)
    hands = wanted.hands.since(before.lineage.hands if before.lineage else Hands())
    told = changes(past, now, hands, frozenset({*earlier.lost, *earlier.members}))
    return replace(lineage, changes=told, names={**past.names, **now.names})
