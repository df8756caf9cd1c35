"""The log of people's edits in SQL: appended, never changed; and what an edit may speak of now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, Conflict, NotFound
from service.core.ids import random_id
from service.core.records import from_json, to_json
from service.segments.edits import Change, Edit, Entry, Known, entries, in_force, names_given, waits
from service.segments.model import Segment, Segmentation
from service.segments.repository.lineage import load_lineage
from service.store.runs import Run
from service.store.tables import (
    ApiKey,
    AuditRow,
    CustomerRow,
    DocumentRow,
    RunRow,
    SegmentEditRow,
    SegmentRow,
    Workspace,
)

WORKING = ("pending", "running")


def load_log(session: Session, workspace: str) -> list[Edit]:
    """All edits, oldest first."""
    rows = session.scalars(
        select(SegmentEditRow).where(SegmentEditRow.workspace_id == workspace).order_by(SegmentEditRow.number)
    )
    return [Edit(row.id, row.number, from_json(Change, row.payload), row.who, row.created_at) for row in rows]


def edits_in_force(session: Session, workspace: str) -> list[Any]:
    """What the edits in force do, in order, as JSON values: part of what names a run's input."""
    return [to_json(edit.change) for edit in in_force(load_log(session, workspace))]


def append_edit(session: Session, workspace: str, change: Change, who: str, edit_id: str | None = None) -> Edit:
    """Add a line to the log and to the audit; the session must be a writing one. Names are given at once."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace).with_for_update())
    last = session.scalar(select(func.max(SegmentEditRow.number)).where(SegmentEditRow.workspace_id == workspace))
    row = SegmentEditRow(
        workspace_id=workspace,
        id=edit_id or new_edit_id(),
        number=(last or 0) + 1,
        kind=change.kind,
        who=who,
        created_at=now(),
        payload=to_json(change),
    )
    session.add(row)
    details = {"edit": row.id, "number": row.number, "kind": change.kind, "segment": change.segment}
    session.add(
        AuditRow(
            workspace_id=workspace, id=random_id("e"), at=row.created_at, who=who, what="segment edit", details=details
        )
    )
    session.flush()
    _name_segments(session, workspace)
    return Edit(row.id, row.number, change, who, row.created_at)


def new_edit_id() -> str:
    """An id for an edit that is about to be made: the parts of a split are named after it."""
    return random_id("x")


def _name_segments(session: Session, workspace: str) -> None:
    """Put people's names into the latest finished run and any under way: every reader takes names from there."""
    given = names_given(load_log(session, workspace))
    of_workspace = select(RunRow.id).where(RunRow.workspace_id == workspace)
    latest = of_workspace.where(RunRow.status == "done").order_by(RunRow.number.desc()).limit(1)
    runs = [*session.scalars(latest), *session.scalars(of_workspace.where(RunRow.status.in_(WORKING)))]
    rows = session.scalars(select(SegmentRow).where(SegmentRow.workspace_id == workspace, SegmentRow.run_id.in_(runs)))
    for row in rows:
        row.name = given.get(row.id) or str(row.payload["name"])
    session.flush()


def known_to(session: Session, workspace: str, run: Run, shown: Segmentation) -> Known:
    """What an edit may speak of: the segments of the latest run with the edits that wait for the next one.

    A segment that a waiting edit merges is gone, parts that a waiting split makes are there; undone ones the reverse.
    """
    log = load_log(session, workspace)
    names = {segment.id: segment.name for segment in shown.segments if segment.kind == "segment"}
    on_screen = frozenset(names)
    lineage = load_lineage(session, workspace, run.id)
    used = set(lineage.applied) if lineage else set()
    holding = in_force(log)
    for edit in log:
        if edit.id in used and edit not in holding:
            _reverse(names, edit.change, lineage.as_found.names if lineage else {})
    merged: dict[str, str] = {}
    for edit in holding:
        if edit.id not in used:
            _forward(names, merged, edit.change)
    names.update({segment: name for segment, name in names_given(log).items() if segment in names})
    customers = session.scalars(select(CustomerRow.id).where(CustomerRow.workspace_id == workspace))
    return Known(names, on_screen, frozenset(customers), merged)


def _forward(names: dict[str, str], merged: dict[str, str], change: Change) -> None:
    if change.kind == "merge" and change.segment in names and change.into:
        del names[change.segment]
        merged[change.segment] = change.into
    if change.kind == "split" and change.segment in names:
        names.update({part.segment: part.segment for part in change.parts if part.segment not in names})


def _reverse(names: dict[str, str], change: Change, machine: dict[str, str]) -> None:
    if change.kind == "merge" and change.segment:
        names.setdefault(change.segment, machine.get(change.segment, change.segment))
    if change.kind == "split":
        for part in change.parts:
            if part.segment != change.segment:
                names.pop(part.segment, None)


def customer_named(session: Session, workspace: str, wanted: str) -> str:
    """A customer by id, or by the id or path of one of their documents. NotFound otherwise."""
    readable = "\0" not in wanted  # PostgreSQL takes no such text
    if readable and session.get(CustomerRow, (workspace, wanted)) is not None:
        return wanted
    found = (
        None
        if not readable
        else session.scalars(
            select(DocumentRow.customer_id).where(
                DocumentRow.workspace_id == workspace, (DocumentRow.ref == wanted) | (DocumentRow.id == wanted)
            )
        ).first()
    )
    if found is None:
        raise NotFound(
            "No such customer: name an id or a document of theirs.",
            ru="Такого клиента нет: назовите его id или его документ.",
        )
    return found


def document_of(session: Session, workspace: str, customer: str) -> str | None:
    """The first document of a customer by id; None for one of deals only."""
    found = select(func.min(DocumentRow.id)).where(
        DocumentRow.workspace_id == workspace, DocumentRow.customer_id == customer
    )
    return session.scalar(found)


def segment_named(known: Known, wanted: str) -> str:
    """A segment by id or by its name, whatever the case; as it is where nothing fits. BadInput for two of one name."""
    if wanted in known.names or wanted in known.merged:
        return wanted
    fitting = sorted(name for name, held in known.names.items() if held.casefold() == wanted.strip().casefold())
    if len(fitting) > 1:
        raise BadInput(
            f"{wanted!r} is the name of {' and '.join(fitting)}: give an id.",
            ru=f"{wanted!r} — имя сегментов {' и '.join(fitting)}: назовите id.",
        )
    return fitting[0] if fitting else wanted


def version_of(run: Run, log: Collection[Edit]) -> str:
    """Names a state of the segments: the latest run and the last edit."""
    return f"{run.id}.{max((edit.number for edit in log), default=0)}"


def require_version(run: Run, log: Collection[Edit], version: str | None, touched: Collection[str]) -> None:
    """Raise Conflict where what the caller saw has changed: another run, or a later edit of the same thing.

    An edit of something else is no conflict. None: the caller takes whatever is there.
    """
    if version is None or version == "*":
        return
    seen_run, _, seen_number = version.partition(".")
    number = int(seen_number) if seen_number.isdecimal() and len(seen_number) < 10 else -1
    by_id = {edit.id: edit for edit in log}
    later = set().union(
        *(_touched_by(edit, by_id) for edit in log if edit.number > number) if number >= 0 else (touched,)
    )
    if seen_run != run.id or number < 0 or later & set(touched):
        raise Conflict(
            "The segments have changed since you looked: read them again, then decide.",
            ru="С тех пор как вы смотрели, сегменты изменились: взгляните ещё раз и решите.",
        )


def _touched_by(edit: Edit, by_id: dict[str, Edit]) -> frozenset[str]:
    """What an edit is about; an undo is about what it takes back."""
    while edit.change.undoes and edit.change.undoes in by_id:
        edit = by_id[edit.change.undoes]
    return edit.touches


def touched_by_undo(log: Collection[Edit], edit_id: str) -> frozenset[str]:
    """What taking back an edit would be about; empty for an unknown one."""
    by_id = {edit.id: edit for edit in log}
    return _touched_by(by_id[edit_id], by_id) if edit_id in by_id else frozenset()


def with_given_names(session: Session, workspace: str, segments: Collection[Segment]) -> dict[str, str]:
    """Segment → its name: a person's where there is one, else the machine's."""
    given = names_given(load_log(session, workspace))
    return {segment.id: given.get(segment.id, segment.name) for segment in segments}


@dataclass(frozen=True)
class Journal:
    """The segments as people edit them: the latest run, its segments, the log as read by people."""

    run: Run
    segmentation: Segmentation
    entries: list[Entry]
    version: str
    waiting: bool
    """Edits wait for the next analysis."""
    names: dict[str, str]
    """What every segment that the log speaks of is, or was last, called."""


def load_journal(session: Session, workspace: str, run: Run, shown: Segmentation) -> Journal:
    """The journal of a workspace; `shown` is the segmentation of `run`, its latest finished run."""
    log, lineage = load_log(session, workspace), load_lineage(session, workspace, run.id)
    applied = lineage.applied if lineage else ()
    sleeping = lineage.sleeping if lineage else {}
    names = {segment.id: segment.name for segment in shown.segments}
    called = {**(lineage.as_found.names if lineage else {}), **(lineage.names if lineage else {}), **names}
    found = entries(log, applied, sleeping, names, _people(session, workspace))
    return Journal(
        run, shown, found, version_of(run, log), waits(log, [*applied, *sleeping]), {**called, **names_given(log)}
    )


def _people(session: Session, workspace: str) -> dict[str, str]:
    """Key id → its label, for telling who changed what."""
    rows = session.execute(select(ApiKey.id, ApiKey.label, ApiKey.role).where(ApiKey.workspace_id == workspace))
    return {key: label or role for key, label, role in rows}
