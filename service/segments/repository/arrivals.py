"""Places of customers who came after a run, in SQL, with the drift they show."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.records import from_json, to_json
from service.segments.arrivals import Arrivals, Drift
from service.segments.model import Assignment
from service.store.tables import ArrivalRow, ResultRow

_KIND = "drift"


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
    payload = {"drift": to_json(found.drift), "returning": found.returning}
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
