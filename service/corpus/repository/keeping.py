"""What an upload replaces or removes, kept as it was, so that the upload can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.store.row_json import plain, typed
from service.store.tables import (
    AdSpendRow,
    Base,
    DealRow,
    DocumentRow,
    KeptRow,
    RejectRow,
    SourceFileRow,
    StakeholderTextRow,
    Upload,
    UtteranceRow,
)

CHUNK: Final = 500
"""Ids in one IN (…), and rows in one INSERT."""
SAID: Final = "utterances"
"""Where a kept document holds its utterances."""
RECORDS: Final = (DocumentRow, DealRow, AdSpendRow)
"""Tables whose rows have an id and a reference into a file."""
KEPT: Final[dict[str, type[Base]]] = {
    table.__tablename__: table for table in (*RECORDS, SourceFileRow, StakeholderTextRow, RejectRow)
}


@dataclass(frozen=True)
class Kept:
    """A kept row. `before` is empty for a row that the upload added."""

    upload: str
    kind: str
    key: str
    file: str
    before: dict[str, Any]


def file_of(ref: str) -> str:
    """The file a reference lies in: `path#row` → `path`."""
    return ref.rsplit("#", 1)[0]


def keep_records(session: Session, workspace: str, upload: str, table: Any, ids: set[str]) -> None:
    """Keep documents (with their utterances), deals or rows of advertising reports as they are now."""
    said = _said(session, workspace, ids) if table is DocumentRow else {}
    for chunk in _chunks(ids):
        found = session.scalars(select(table).where(table.workspace_id == workspace, table.id.in_(chunk)))
        _keep(
            session,
            workspace,
            [
                Kept(
                    upload,
                    table.__tablename__,
                    row.id,
                    file_of(row.ref),
                    _packed(row) | ({SAID: said.get(row.id, [])} if table is DocumentRow else {}),
                )
                for row in found
            ],
        )


def keep_rows(session: Session, workspace: str, upload: str, rows: Iterable[tuple[Any, str, str]]) -> None:
    """Keep rows of another table as they are now, each with its key and the file it is of."""
    kept = [Kept(upload, row.__tablename__, key, file, _packed(row)) for row, key, file in rows]
    _keep(session, workspace, kept)


def note_added_text(session: Session, workspace: str, upload: str, ref: str, version: int) -> None:
    """Note that an upload added this version of a persona, creative or script."""
    key = text_key(ref, version)
    _keep(session, workspace, [Kept(upload, StakeholderTextRow.__tablename__, key, file_of(ref), {})])


def text_key(ref: str, version: int) -> str:
    """Key of a version of a text."""
    return f"{version} {ref}"


def reject_key(place: str, code: str) -> str:
    """Key of a reject."""
    return f"{code} {place}"


def load_kept(session: Session, workspace: str, upload: str) -> list[Kept]:
    """What an upload replaced, removed or added to earlier texts, by table and key."""
    found = select(KeptRow).where(KeptRow.workspace_id == workspace, KeptRow.upload_id == upload)
    return [
        Kept(row.upload_id, row.kind, row.key, row.file, dict(row.before))
        for row in session.scalars(found.order_by(KeptRow.kind, KeptRow.key))
    ]


def later_changes(session: Session, workspace: str, upload: str, files: set[str]) -> dict[str, int]:
    """Later upload in force → how many rows of this one it replaced or removed, the latest upload first.

    `files`: those the upload was the last to read. A later upload read a file of this one anew, or brought newer
    states of its deals in another file. A reject is no row.
    """
    own = session.get(Upload, (workspace, upload))
    if own is None:
        return {}
    found = (
        select(KeptRow.upload_id, KeptRow.file, KeptRow.kind, KeptRow.before, Upload.created_at)
        .join(Upload, (Upload.workspace_id == KeptRow.workspace_id) & (Upload.id == KeptRow.upload_id))
        .where(KeptRow.workspace_id == workspace, KeptRow.upload_id != upload, Upload.undone_at.is_(None))
        .where(Upload.created_at >= own.created_at, KeptRow.kind != RejectRow.__tablename__)
    )
    rows = session.execute(found).all()
    sources = {
        (later, file): before.get("upload_id")
        for later, file, kind, before, _ in rows
        if kind == SourceFileRow.__tablename__
    }
    counted: dict[tuple[datetime, str], int] = defaultdict(int)
    for later, file, kind, _, moment in rows:
        was = sources.get((later, file))
        if was == upload or (was is None and file in files):
            counted[moment, later] += kind != SourceFileRow.__tablename__
    return {later: counted[moment, later] for moment, later in sorted(counted, reverse=True)}


def put_back(session: Session, workspace: str, kept: Iterable[Kept]) -> int:
    """Write kept rows as they were; rows that stand in their place give way. Returns how many records came back."""
    by_kind: dict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        by_kind[one.kind].append(one)
    back = 0
    for kind, found in sorted(by_kind.items()):
        table: Any = KEPT[kind]
        for one in found:
            standing = session.get(table, _identity(table, workspace, one.before))
            if standing is not None:
                session.delete(standing)
        session.flush()
        _insert(session, table, [_unpacked(table, workspace, one.before) for one in found])
        if table is DocumentRow:
            said = [line for one in found for line in one.before.get(SAID, [])]
            _insert(session, UtteranceRow, [_unpacked(UtteranceRow, workspace, line) for line in said])
        back += len(found) if table in RECORDS else 0
    return back


def drop_kept(session: Session, workspace: str, upload: str) -> None:
    """Forget what an upload replaced."""
    session.execute(delete(KeptRow).where(KeptRow.workspace_id == workspace, KeptRow.upload_id == upload))


def drop_kept_before(session: Session, workspace: str, moment: datetime) -> None:
    """Forget what uploads before this moment replaced."""
    old = select(Upload.id).where(Upload.workspace_id == workspace, Upload.created_at < moment)
    session.execute(delete(KeptRow).where(KeptRow.workspace_id == workspace, KeptRow.upload_id.in_(old)))


def _keep(session: Session, workspace: str, rows: Sequence[Kept]) -> None:
    """Of several changes by one upload the first counts: it alone saw the row of before."""
    by_key = {row.key: row for row in rows}
    for chunk in _chunks(by_key):
        wanted = [by_key[key] for key in chunk]
        there = set(
            session.scalars(
                select(KeptRow.key).where(
                    KeptRow.workspace_id == workspace,
                    KeptRow.upload_id == wanted[0].upload,
                    KeptRow.kind == wanted[0].kind,
                    KeptRow.key.in_(chunk),
                )
            )
        )
        _insert(
            session,
            KeptRow,
            [
                {
                    "workspace_id": workspace,
                    "upload_id": row.upload,
                    "kind": row.kind,
                    "key": row.key,
                    "file": row.file,
                    "before": row.before,
                }
                for row in wanted
                if row.key not in there
            ],
        )


def _said(session: Session, workspace: str, ids: set[str]) -> dict[str, list[dict[str, Any]]]:
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for chunk in _chunks(ids):
        found = select(UtteranceRow).where(UtteranceRow.workspace_id == workspace, UtteranceRow.document_id.in_(chunk))
        for row in session.scalars(found.order_by(UtteranceRow.document_id, UtteranceRow.position)):
            said[row.document_id].append(_packed(row))
    return said


def _packed(row: Any) -> dict[str, Any]:
    columns = row.__table__.columns
    return {column.key: plain(getattr(row, column.key)) for column in columns if column.key != "workspace_id"}


def _unpacked(table: Any, workspace: str, before: dict[str, Any]) -> dict[str, Any]:
    columns = table.__table__.columns
    held = {key: typed(columns[key].type, value) for key, value in before.items() if key in columns}
    return {"workspace_id": workspace, **held}


def _identity(table: Any, workspace: str, before: dict[str, Any]) -> tuple[Any, ...]:
    values = _unpacked(table, workspace, before)
    return tuple(values[column.key] for column in table.__table__.primary_key.columns)


def _insert(session: Session, table: type[Base], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), CHUNK):
        session.execute(insert(table), values[start : start + CHUNK])


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
