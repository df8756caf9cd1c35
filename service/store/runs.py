"""Runs in SQL: their states, and the hash over everything a run left behind."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound, NotReady
from service.core.ids import random_id
from service.store.tables import (
    AssignmentRow,
    BriefRow,
    ClaimRow,
    ConfirmationRow,
    CustomerDecisionRow,
    ForgottenRow,
    MeasureRow,
    ResultRow,
    RunRow,
    SegmentEditRow,
    SegmentRow,
    SpeakerRolesRow,
    Upload,
    Workspace,
)

Status = Literal["pending", "running", "done", "failed", "cancelled"]

RESULTS: Final = (SegmentRow, AssignmentRow, MeasureRow, ClaimRow, ResultRow, BriefRow)
"""Tables that a run fills."""

_PASSING: Final = frozenset({"workspace_id", "run_id", "created_at", "content_hash"})
"""Columns that may differ between two runs over the same input."""

_PASSING_KEYS: Final = frozenset(
    {
        "run",
        "run_id",
        "run_number",
        "number_of_run",
        "created_at",
        "generated_at",
        "generated_on",
        "made_at",
        "made_on",
        "seconds",
    }
)
"""The same for keys inside payloads: which run it was, and when."""


@dataclass(frozen=True)
class Run:
    """One pass over the corpus, as stored."""

    id: str
    workspace: str
    number: int
    status: Status
    stage: str
    done_stages: tuple[str, ...]
    attempt: int
    input_hash: str
    result_hash: str | None
    manifest: dict[str, Any]
    error: str | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def job(self) -> str:
        """Name of the durable job that works on this run; a new attempt is a new job."""
        return f"{self.workspace}/{self.id}/{self.attempt}"

    @property
    def over(self) -> bool:
        """Nothing more will happen to it."""
        return self.status in {"done", "failed", "cancelled"}


def load_run(session: Session, workspace: str, run_id: str) -> Run:
    """The run. NotFound for an unknown or foreign id."""
    return _run(run_row(session, workspace, run_id))


def run_row(session: Session, workspace: str, run_id: str) -> RunRow:
    """The row of a run, to be changed in this transaction."""
    row = session.get(RunRow, (workspace, run_id))
    if row is None:
        raise NotFound(f"There is no run {run_id!r}.", ru=f"Прогона {run_id!r} нет.")
    return row


def latest_done(session: Session, workspace: str) -> Run:
    """The finished run with the highest number. NotReady when nothing was analysed yet."""
    found = select(RunRow).where(RunRow.workspace_id == workspace, RunRow.status == "done")
    row = session.scalars(found.order_by(RunRow.number.desc()).limit(1)).first()
    if row is None:
        raise NotReady(
            f"Nothing has been analysed yet in workspace {workspace!r}: run `whobuys ingest PATH`, then "
            "`whobuys analyze`.",
            ru=f"В пространстве {workspace!r} ещё ничего не проанализировано: выполните `whobuys ingest ПУТЬ`, "
            "затем `whobuys analyze`.",
        )
    return _run(row)


def recent_runs(session: Session, workspace: str, limit: int, before: int | None = None) -> list[Run]:
    """The latest runs, whatever their state, newest first; only those with a number below `before`."""
    found = select(RunRow).where(RunRow.workspace_id == workspace)
    if before is not None:
        found = found.where(RunRow.number < before)
    return [_run(row) for row in session.scalars(found.order_by(RunRow.number.desc()).limit(limit))]


def confirmations(session: Session, workspace: str) -> list[str]:
    """What people corrected in this workspace: each as a line of JSON, sorted."""
    found = select(ConfirmationRow.kind, ConfirmationRow.key, ConfirmationRow.payload).where(
        ConfirmationRow.workspace_id == workspace
    )
    return sorted(json.dumps(list(row), sort_keys=True) for row in session.execute(found))


def spoken_language(session: Session, workspace: str) -> Literal["ru", "en"] | None:
    """What most customers speak, as the last upload found; None before the first."""
    found = select(Upload.receipt).where(Upload.workspace_id == workspace).order_by(Upload.created_at.desc()).limit(1)
    receipt = session.scalars(found).first() or {}
    return "ru" if receipt.get("language") == "ru" else "en" if receipt.get("language") == "en" else None


def open_run(session: Session, workspace: str, input_hash: str, manifest: dict[str, Any], force: bool) -> Run:
    """The run over this input: the one already done or under way, a failed one taken up again, or a new one.

    `force` makes a new one even where this input was already analysed; a run under way is shared in any case.
    The caller's session must be a writing one, so that two callers get the same run.
    """
    session.execute(select(Workspace.id).where(Workspace.id == workspace).with_for_update())
    found = select(RunRow).where(RunRow.workspace_id == workspace, RunRow.input_hash == input_hash)
    rows = list(session.scalars(found.order_by(RunRow.number.desc())))
    under_way = next((row for row in rows if row.status in {"pending", "running"}), None)
    if under_way is not None:
        return _run(under_way)
    newest = rows[0] if rows else None
    if newest is not None and newest.status == "failed":
        newest.status, newest.error, newest.finished_at = "pending", None, None
        newest.attempt += 1
        return _run(newest)
    done = next((row for row in rows if row.status == "done"), None)
    # An edit undone brings back an earlier input: what everybody reads is the latest run, so it is made anew.
    if done is not None and not force and not done.manifest.get("stale") and _is_latest(session, done):
        return _run(done)
    return _run(_new_run(session, workspace, input_hash, manifest))


def _is_latest(session: Session, row: RunRow) -> bool:
    found = select(func.max(RunRow.number)).where(RunRow.workspace_id == row.workspace_id, RunRow.status == "done")
    return session.scalar(found) == row.number


def _new_run(session: Session, workspace: str, input_hash: str, manifest: dict[str, Any]) -> RunRow:
    last = session.scalar(select(func.max(RunRow.number)).where(RunRow.workspace_id == workspace))
    row = RunRow(
        workspace_id=workspace,
        id=random_id("r"),
        number=(last or 0) + 1,
        status="pending",
        stage="",
        done_stages=[],
        attempt=1,
        input_hash=input_hash,
        manifest=manifest,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def corpus_stamp(session: Session, workspace: str) -> str:
    """Changes whenever data or confirmations may have: cheaper than reading the whole corpus to find out."""
    gone = select(func.count(Upload.undone_at), func.max(Upload.undone_at)).where(Upload.workspace_id == workspace)
    parts: list[Any] = [[str(value) for value in session.execute(gone).one()]]
    for table in (Upload, ConfirmationRow, ForgottenRow, SpeakerRolesRow, SegmentEditRow):
        counted = select(func.count(), func.max(table.created_at)).where(table.workspace_id == workspace)
        parts.append([str(value) for value in session.execute(counted).one()])
    said = CustomerDecisionRow
    told = select(func.count(), func.max(said.at), func.count(said.undone_at)).where(said.workspace_id == workspace)
    parts.append([str(value) for value in session.execute(told).one()])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def run_under_way(session: Session, workspace: str) -> bool:
    """Whether an analysis of the workspace waits or works."""
    found = select(RunRow.id).where(RunRow.workspace_id == workspace, RunRow.status.in_(["pending", "running"]))
    return session.scalars(found.limit(1)).first() is not None


def removals(session: Session, workspace: str) -> str:
    """Changes whenever somebody was forgotten or an upload was taken back."""
    gone = select(func.count(Upload.undone_at), func.max(Upload.undone_at)).where(Upload.workspace_id == workspace)
    forgotten = select(func.count(), func.max(ForgottenRow.created_at)).where(ForgottenRow.workspace_id == workspace)
    return "/".join(str(value) for query in (gone, forgotten) for value in session.execute(query).one())


def mark_stale_since(session: Session, workspace: str, moment: datetime) -> int:
    """Mark finished runs begun since `moment` as of older data; returns how many."""
    found = select(RunRow).where(RunRow.workspace_id == workspace, RunRow.created_at >= moment, RunRow.status == "done")
    rows = session.scalars(found).all()
    for row in rows:
        row.manifest = {**row.manifest, "stale": True}
    return len(rows)


def result_hash(session: Session, workspace: str, run_id: str) -> str:
    """sha256 over all rows the run wrote, without times and the run's own id: same input, same hash."""
    digest = hashlib.sha256()
    for table in RESULTS:
        names = [column.key for column in table.__table__.columns if column.key not in _PASSING]
        rows = session.scalars(select(table).where(table.workspace_id == workspace, table.run_id == run_id))
        lines = sorted(json.dumps([_settled(getattr(row, n)) for n in names], sort_keys=True) for row in rows)
        digest.update(json.dumps([table.__tablename__, lines]).encode())
    return digest.hexdigest()


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items() if key not in _PASSING_KEYS}
    return [_settled(item) for item in value] if isinstance(value, list) else value


def _run(row: RunRow) -> Run:
    return Run(
        id=row.id,
        workspace=row.workspace_id,
        number=row.number,
        status=row.status,  # type: ignore[arg-type]  # written by this module only
        stage=row.stage,
        done_stages=tuple(row.done_stages),
        attempt=row.attempt,
        input_hash=row.input_hash,
        result_hash=row.result_hash,
        manifest=dict(row.manifest),
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


class RunCounts(NamedTuple):
    """What there is of analyses, all workspaces together."""

    by_status: dict[str, int]
    oldest_unfinished: datetime | None
    """When the oldest run that waits or works was asked for."""


def count_runs(session: Session) -> RunCounts:
    """Runs by status, for whoever watches over the machine."""
    counted = session.execute(select(RunRow.status, func.count()).group_by(RunRow.status)).all()
    unfinished = select(func.min(RunRow.created_at)).where(RunRow.status.in_(["pending", "running"]))
    return RunCounts({status: int(count) for status, count in counted}, session.scalar(unfinished))
