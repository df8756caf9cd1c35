"""arrivals: who came since the last analysis, where they belong, and whether the segments still fit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from service.commands.console import Desk, desk

if TYPE_CHECKING:
    from service.segments.arrivals import Arrivals


def arrivals(workspace: str | None, as_json: bool) -> None:
    """Place the newcomers and print where they went."""
    from service.core.records import to_json
    from service.segments.arriving import place_newcomers

    with desk(workspace, as_json) as at:
        found = place_newcomers(at.store, at.settings, at.workspace)
        if at.as_json:
            at.answer(to_json(found))
        else:
            tell(at, found)


def tell_newcomers(at: Desk) -> None:
    """After an upload: where its customers belong, once there is an analysis to place them in."""
    from service.core.errors import NotReady
    from service.segments.arriving import place_newcomers
    from service.store.runs import latest_done

    with at.store.session() as session:
        try:
            latest_done(session, at.workspace)
        except NotReady:
            return
    tell(at, place_newcomers(at.store, at.settings, at.workspace))


def tell(at: Desk, found: Arrivals) -> None:
    """Counts by segment and the advice, in words."""
    from service.segments.repository import load_segmentation
    from service.store.runs import latest_done

    with at.store.session() as session:
        names = {
            segment.id: segment.name
            for segment in load_segmentation(session, at.workspace, latest_done(session, at.workspace).id).segments
            if segment.kind == "segment"
        }
    write = at.formatter()
    new = len(found.assignments) - found.returning
    at.say("arrivals.head", new=new, returning=found.returning)
    if not found.assignments:
        return
    placed = Counter(a.segment for a in found.assignments if a.status in ("core", "soft"))
    for segment, count in sorted(placed.items(), key=lambda item: (-item[1], names.get(item[0] or "", ""))):
        print(f"  {write.count(count):>5}  {names.get(segment or '', segment)}")
    for status in ("unassigned", "not_a_customer"):
        count = sum(a.status == status for a in found.assignments)
        if count:
            print(f"  {write.count(count):>5}  {at.words('arrivals.' + status)}")
    drift = found.drift
    if drift.unexplained.value is not None and drift.expected.value is not None:
        share, expected = write.percent(drift.unexplained.value), write.percent(drift.expected.value)
        at.say("arrivals.fit", share=share, expected=expected)
    at.say("arrivals.advice." + drift.advice)
