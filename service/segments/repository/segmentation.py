"""Segments and assignments of a run in SQL."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.segments.model import Assignment, CustomerMap, OutsideCount, Segment, Segmentation
from service.segments.repository.edits import with_given_names
from service.segments.repository.lineage import load_lineage, save_lineage
from service.store.tables import AssignmentRow, ResultRow, RunRow, SegmentRow

_KIND = "segmentation"


def save_segmentation(session: Session, workspace: str, run_id: str, found: Segmentation) -> None:
    """Replace the run's segments and assignments."""
    for table in (SegmentRow, AssignmentRow):
        session.execute(delete(table).where(table.workspace_id == workspace, table.run_id == run_id))
    session.execute(
        delete(ResultRow).where(
            ResultRow.workspace_id == workspace, ResultRow.run_id == run_id, ResultRow.kind == _KIND
        )
    )
    names = with_given_names(session, workspace, found.segments)
    session.add_all(
        SegmentRow(
            workspace_id=workspace,
            run_id=run_id,
            id=segment.id,
            kind=segment.kind,
            name=names[segment.id],
            size=segment.size,
            payload=to_json(segment),
        )
        for segment in found.segments
    )
    session.add_all(
        AssignmentRow(
            workspace_id=workspace,
            run_id=run_id,
            customer_id=assignment.customer,
            segment_id=assignment.segment,
            status=assignment.status,
            probability=assignment.probability,
            second_segment_id=assignment.second_segment,
            second_probability=assignment.second_probability,
            documents=assignment.documents,
        )
        for assignment in found.assignments
    )
    head = {
        "small": found.small,
        "customers": found.customers,
        "unassigned": found.unassigned,
        "not_a_customer": found.not_a_customer,
        "manifest": found.manifest,
        "outside": to_json(found.outside),
        "map": to_json(found.map) if found.map else None,
    }
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=_KIND, payload=head))
    save_lineage(session, workspace, run_id, found.lineage)


def load_segmentation(session: Session, workspace: str, run_id: str) -> Segmentation:
    """The run's segmentation; raises NotReady before the step ran."""
    head = session.get(ResultRow, (workspace, run_id, _KIND))
    if head is None:
        raise NotReady("The segments of this run are not there yet: run the analysis first.")
    segments = session.scalars(
        select(SegmentRow).where(SegmentRow.workspace_id == workspace, SegmentRow.run_id == run_id)
    )
    assignments = session.scalars(
        select(AssignmentRow)
        .where(AssignmentRow.workspace_id == workspace, AssignmentRow.run_id == run_id)
        .order_by(AssignmentRow.customer_id)
    )
    loaded = [_called(from_json(Segment, row.payload), row.name) for row in segments]
    return Segmentation(
        segments=tuple(sorted(loaded, key=lambda segment: (segment.kind != "segment", segment.ordinal))),
        assignments=tuple(
            Assignment(
                row.customer_id,
                row.segment_id,
                row.status,  # type: ignore[arg-type]
                row.probability,
                row.second_segment_id,
                row.second_probability,
                row.documents,
            )
            for row in assignments
        ),
        small=bool(head.payload["small"]),
        customers=int(head.payload["customers"]),
        unassigned=int(head.payload["unassigned"]),
        not_a_customer=int(head.payload["not_a_customer"]),
        manifest=head.payload["manifest"],
        outside=from_json(tuple[OutsideCount, ...], head.payload.get("outside", [])),
        map=from_json(CustomerMap, head.payload["map"]) if head.payload.get("map") else None,
    )


def previous_segmentation(session: Session, workspace: str, run_id: str) -> Segmentation | None:
    """The segmentation of the last finished run before `run_id` with its lineage, or None."""
    current = session.get(RunRow, (workspace, run_id))
    query = select(RunRow.id).where(RunRow.workspace_id == workspace, RunRow.status == "done", RunRow.id != run_id)
    if current is not None:
        query = query.where(RunRow.number < current.number)
    last = session.scalars(query.order_by(RunRow.number.desc()).limit(1)).first()
    if last is None:
        return None
    return replace(load_segmentation(session, workspace, last), lineage=load_lineage(session, workspace, last))


def _called(segment: Segment, name: str) -> Segment:
    """The segment under the name a person gave it; what was checked of the machine's name is not said of theirs."""
    if name == segment.name:
        return segment
    return replace(segment, name=name, named_by="person", name_check=None)
