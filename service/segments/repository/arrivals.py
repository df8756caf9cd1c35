"""Places of customers who came after a run, in SQL, with the drift they show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.segments.arrivals import Arrivals, Drift
from service.segments.model import Assignment
from service.store.runs import latest_done
from service.store.tables import ArrivalRow, AssignmentRow, ResultRow, SegmentRow, Upload

_KIND = "drift"


def unplaced_uploads(session: Session) -> list[str]:
    """Workspaces whose last upload came after their last finished run and after the last placing."""
    last = select(Upload.workspace_id, func.max(Upload.created_at)).group_by(Upload.workspace_id)
    left = []
    for workspace, uploaded in session.execute(last.order_by(Upload.workspace_id)).all():
        try:
            run = latest_done(session, workspace)
        except NotReady:
            continue
        drift = session.get(ResultRow, (workspace, run.id, _KIND))
        placed = drift.payload.get("placed_at") if drift else None
        seen = datetime.fromisoformat(placed) if placed else run.finished_at
        if seen is None or uploaded > seen:
            left.append(workspace)
    return left


def save_arrivals(session: Session, workspace: str, run_id: str, found: Arrivals) -> None:
    """Replace the arrivals of the run."""
    session.execute(delete(ArrivalRow).where(ArrivalRow.workspace_id == workspace, ArrivalRow.run_id == run_id))
    session.add_all(
        ArrivalRow(
            workspace_id=workspace,
            run_id=run_id,
            customer_id=assignment.customer,
            segment_id=assignment.segment,
            status=assignment.status,
            probability=assignment.probability,
            second_segment_id=assignment.second_segment,
            second_probability=assignment.second_probability,
            documents=assignment.documents,
            placed_at=now(),
        )
        for assignment in found.assignments
    )
    kept = session.get(ResultRow, (workspace, run_id, _KIND))
    payload = {"drift": to_json(found.drift), "returning": found.returning, "placed_at": now().isoformat()}
    if kept is None:
        session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=_KIND, payload=payload))
    else:
        kept.payload = payload


def load_arrivals(session: Session, workspace: str, run_id: str) -> Arrivals | None:
    """Who came after the run, or None where nobody was placed yet."""
    head = session.get(ResultRow, (workspace, run_id, _KIND))
    if head is None:
        return None
    rows = session.scalars(
        select(ArrivalRow)
        .where(ArrivalRow.workspace_id == workspace, ArrivalRow.run_id == run_id)
        .order_by(ArrivalRow.customer_id)
    )
    assignments = tuple(
        Assignment(
            row.customer_id,
            row.segment_id,
            row.status,  # type: ignore[arg-type]
            row.probability,
            row.second_segment_id,
            row.second_probability,
            row.documents,
        )
        for row in rows
    )
    return Arrivals(assignments, from_json(Drift, head.payload["drift"]), int(head.payload["returning"]))


def place_of(session: Session, workspace: str, run_id: str, customer: str) -> Assignment | None:
    """Where a customer stands: as placed after the run, else as in it; None for whom nobody has placed yet."""
    at = (workspace, run_id, customer)
    row = session.get(ArrivalRow, at) or session.get(AssignmentRow, at)
    if row is None:
        return None
    return Assignment(
        row.customer_id,
        row.segment_id,
        row.status,  # type: ignore[arg-type]
        row.probability,
        row.second_segment_id,
        row.second_probability,
        row.documents,
    )


def segment_name(session: Session, workspace: str, run_id: str, segment: str) -> str:
    """A segment's name in a run; empty for an unknown one."""
    row = session.get(SegmentRow, (workspace, run_id, segment))
    return row.name if row is not None else ""
