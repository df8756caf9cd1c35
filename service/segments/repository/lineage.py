"""What each run keeps of its segments for the next, and the story of all runs."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.records import from_json, to_json
from service.segments.lineage import Lineage
from service.store.runs import Run, load_run
from service.store.tables import LineageRow, RunRow


class Chapter(NamedTuple):
    """A finished run and what became of the segments in it."""

    run: Run
    lineage: Lineage


def save_lineage(session: Session, workspace: str, run_id: str, lineage: Lineage | None) -> None:
    """Replace what the run keeps."""
    session.execute(delete(LineageRow).where(LineageRow.workspace_id == workspace, LineageRow.run_id == run_id))
    if lineage is not None:
        session.add(LineageRow(workspace_id=workspace, run_id=run_id, payload=to_json(lineage)))


def load_lineage(session: Session, workspace: str, run_id: str) -> Lineage | None:
    """What the run kept; None for a run of a release that kept nothing."""
    row = session.get(LineageRow, (workspace, run_id))
    return from_json(Lineage, row.payload) if row is not None else None


def history(session: Session, workspace: str, most: int = 20) -> list[Chapter]:
    """The latest finished runs that have a lineage, newest first."""
    found = (
        select(LineageRow)
        .join(RunRow, (RunRow.workspace_id == LineageRow.workspace_id) & (RunRow.id == LineageRow.run_id))
        .where(LineageRow.workspace_id == workspace, RunRow.status == "done")
        .order_by(RunRow.number.desc())
        .limit(most)
    )
    rows = session.scalars(found).all()
    return [Chapter(load_run(session, workspace, row.run_id), _story(row)) for row in rows]


def _story(row: LineageRow) -> Lineage:
    """The lineage without the lists of members, which only the next run reads."""
    return from_json(Lineage, {**row.payload, "as_found": {"members": {}, "names": {}}})
