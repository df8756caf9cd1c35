"""Segments and assignments in SQL."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.segments.model import Assignment, Segment, Segmentation
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
    session.add_all(
        SegmentRow(
            workspace_id=workspace,
            run_id=run_id,
            id=segment.id,
            kind=segment.kind,
            name=segment.name,
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
        )
        for assignment in found.assignments
    )
    head = {
        "small": found.small,
        "customers": found.customers,
        "unassigned": found.unassigned,
        "not_a_customer": found.not_a_customer,
        "manifest": found.manifest,
    }
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=_KIND, payload=head))


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
    loaded = [from_json(Segment, row.payload) for row in segments]
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
            )
            for row in assignments
        ),
        small=bool(head.payload["small"]),
        customers=int(head.payload["customers"]),
        unassigned=int(head.payload["unassigned"]),
        not_a_customer=int(head.payload["not_a_customer"]),
        manifest=head.payload["manifest"],
    )


def previous_segmentation(session: Session, workspace: str, run_id: str) -> Segmentation | None:
    """The segmentation of the last finished run before `run_id`, or None."""
    current = session.get(RunRow, (workspace, run_id))
    query = select(RunRow.id).where(RunRow.workspace_id == workspace, RunRow.status == "done", RunRow.id != run_id)
    if current is not None:
        query = query.where(RunRow.number < current.number)
    last = session.scalars(query.order_by(RunRow.number.desc()).limit(1)).first()
    return load_segmentation(session, workspace, last) if last else None
