"""Versions and decisions in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.briefs.model import KINDS, SCHEMA, Brief, BriefKind
from service.briefs.versions.model import Basis, Decided, Decision, Held, Place, Status, Version, Wanted
from service.briefs.versions.wording import said_hash
from service.core.clock import now
from service.core.errors import BadInput, NotFound
from service.core.ids import random_id
from service.core.numbers import Language
from service.core.records import from_json, to_json
from service.store.audit import note
from service.store.tables import BriefDecisionRow, BriefVersionRow, Workspace

LONGEST_COMMENT = 2000


def keep_versions(
    session: Session, workspace: str, run_id: str, briefs: Iterable[Brief], basis: Basis
) -> list[Version]:
    """Number what says something new; returns the new versions.

    A brief that says what its latest version says adds nothing. A run that writes again replaces the version it wrote
    itself, as long as nobody has decided on it.
    """
    _one_at_a_time(session, workspace)
    latest = _latest(session, workspace)
    made = []
    for brief in briefs:
        place, said = Place(brief.kind, brief.segment, brief.language), said_hash(brief)
        last = latest.get(place)
        if last is not None and last.said_hash == said:
            continue
        if last is not None and last.run_id == run_id and last.status == "proposed":
            row = session.get_one(BriefVersionRow, (workspace, last.id))
        else:
            row = _new_row(workspace, run_id, place, last.number + 1 if last is not None else 1)
            session.add(row)
        row.said_hash, row.basis = said, to_json(basis)
        row.payload = {"schema": SCHEMA, "brief": to_json(brief)}
        made.append(row)
    session.flush()
    return [_whole(row, ()) for row in made]


def _one_at_a_time(session: Session, workspace: str) -> None:
    """Numbers are given in turn, also where the database lets several write at once."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace).with_for_update())


def _latest(session: Session, workspace: str) -> dict[Place, Any]:
    """Place → columns of its newest version, without the content."""
    of = BriefVersionRow
    columns = (of.id, of.kind, of.segment_id, of.language, of.number, of.status, of.run_id, of.said_hash)
    rows = session.execute(_rows(workspace).with_only_columns(*columns).order_by(of.number))
    return {_place(row): row for row in rows}


def _new_row(workspace: str, run_id: str, place: Place, number: int) -> BriefVersionRow:
    return BriefVersionRow(
        workspace_id=workspace,
        id=random_id("v_"),
        kind=place.kind,
        segment_id=place.segment or "",
        language=place.language,
        number=number,
        status="proposed",
        run_id=run_id,
        created_at=now(),
    )


def load_versions(session: Session, workspace: str, place: Place | None = None) -> list[Version]:
    """Versions with their decisions, kinds in reading order, the newest of each place first."""
    of = BriefVersionRow
    said = of.payload["brief"]
    columns = (
        of.id, of.kind, of.segment_id, of.language, of.number, of.status, of.run_id, of.created_at,
        said["title"].as_string().label("title"), said["segment_name"].as_string().label("segment_name"),
    )  # fmt: skip
    rows = session.execute(_rows(workspace, place).with_only_columns(*columns)).all()
    decided = _decisions(session, workspace)
    found = [_version(row, row.title, row.segment_name, decided.get(row.id, ())) for row in rows]
    return sorted(found, key=lambda v: (KINDS.index(v.place.kind), v.place.segment or "", v.place.language, -v.number))


def load_held(session: Session, workspace: str, place: Place, wanted: Wanted | int = "approved") -> Held | None:
    """A version with its content; None when there is none such.

    `approved` means the latest approved one, and the newest while nothing of this place has been approved.
    """
    query = _rows(workspace, place).order_by(BriefVersionRow.number.desc()).limit(1)
    if isinstance(wanted, int):
        query = query.where(BriefVersionRow.number == wanted)
    row = session.scalars(query.where(BriefVersionRow.status == "approved") if wanted == "approved" else query).first()
    if row is None and wanted == "approved":
        row = session.scalars(query).first()
    return _held(session, row) if row is not None else None


def held_before(session: Session, workspace: str, version: Version) -> Held | None:
    """The version numbered before this one, with its content."""
    return load_held(session, workspace, version.place, version.number - 1) if version.number > 1 else None


def decide(
    session: Session, workspace: str, place: Place, number: int | None, decision: Decision, who: str, comment: str = ""
) -> Version:
    """Approve a version (the newest if no number is given) or send it back. NotFound, BadInput.

    An earlier approval of another version stays on record; readers get the approved version with the highest number.
    """
    comment = comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise BadInput(
            f"A comment holds {LONGEST_COMMENT} characters at most.",
            ru=f"Комментарий — не длиннее {LONGEST_COMMENT} знаков.",
        )
    if decision == "returned" and not comment:
        raise BadInput(
            "Say what is wrong: a brief is sent back with a comment.",
            ru="Напишите, что не так: бриф возвращают с комментарием.",
        )
    _one_at_a_time(session, workspace)
    held = load_held(session, workspace, place, number if number is not None else "newest")
    if held is None:
        raise missing(place, number)
    row = session.get_one(BriefVersionRow, (workspace, held.version.id))
    row.status = decision
    count = len(held.version.decided)
    session.add(
        BriefDecisionRow(
            workspace_id=workspace, id=random_id("bd"), version_id=row.id, number=count + 1, decision=decision,
            who=who, comment=comment, at=now(),
        )
    )  # fmt: skip
    note(
        session, workspace, who, f"brief {decision}",
        kind=row.kind, segment=row.segment_id, language=row.language, version=row.number,
    )  # fmt: skip
    session.flush()
    return _held(session, row).version


def missing(place: Place, number: int | None) -> NotFound:
    """The error for a version that is not there."""
    of = f" of segment {place.segment!r}" if place.segment else ""
    version = f" version {number}" if number is not None else ""
    return NotFound(
        f"There is no {place.kind!r} brief{of} in {place.language!r}{version}; `whobuys briefs list` shows what there "
        "is.",
        ru=f"Брифа {place.kind!r}{f' для сегмента {place.segment!r}' if place.segment else ''} на языке "
        f"{place.language!r}{f' с номером версии {number}' if number is not None else ''} нет; что есть, покажет "
        "`whobuys briefs list`.",
    )


def _rows(workspace: str, place: Place | None = None) -> Select[BriefVersionRow]:
    query = select(BriefVersionRow).where(BriefVersionRow.workspace_id == workspace)
    if place is not None:
        query = query.where(
            BriefVersionRow.kind == place.kind,
            BriefVersionRow.segment_id == (place.segment or ""),
            BriefVersionRow.language == place.language,
        )
    return query


def _place(row: Any) -> Place:
    return Place(cast(BriefKind, row.kind), row.segment_id or None, cast(Language, row.language))


def _decisions(session: Session, workspace: str, version: str | None = None) -> dict[str, tuple[Decided, ...]]:
    query = select(BriefDecisionRow).where(BriefDecisionRow.workspace_id == workspace)
    if version is not None:
        query = query.where(BriefDecisionRow.version_id == version)
    found: dict[str, list[Decided]] = {}
    for row in session.scalars(query.order_by(BriefDecisionRow.number)):
        decided = Decided(cast(Decision, row.decision), row.who, row.comment, row.at)
        found.setdefault(row.version_id, []).append(decided)
    return {version_id: tuple(decisions) for version_id, decisions in found.items()}


def _whole(row: BriefVersionRow, decided: tuple[Decided, ...]) -> Version:
    brief = row.payload["brief"]
    return _version(row, brief["title"], brief["segment_name"], decided)


def _version(row: Any, title: str, segment_name: str, decided: tuple[Decided, ...]) -> Version:
    """`row` is a whole row, or the columns of one."""
    return Version(
        id=row.id,
        place=_place(row),
        number=row.number,
        status=cast(Status, row.status),
        run=row.run_id,
        created_at=row.created_at,
        title=title,
        segment_name=segment_name,
        decided=decided,
    )


def _held(session: Session, row: BriefVersionRow) -> Held:
    decided = _decisions(session, row.workspace_id, row.id).get(row.id, ())
    return Held(_whole(row, decided), from_json(Brief, row.payload["brief"]), from_json(Basis, row.basis))
