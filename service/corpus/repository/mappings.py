"""Column mappings in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ingest.model import SeenColumn, SeenTable, TableMapping
from service.core.errors import BadInput, NotFound
from service.core.ids import random_id
from service.core.records import from_json, to_json
from service.corpus import rows
from service.corpus.mappings import KnownTable, after_seeing, without_words
from service.store.tables import AuditRow, ColumnMappingRow, ForgottenRow, SourceFileRow

ORDER = {"needed": 0, "suggested": 1, "confirmed": 2, "skipped": 3, "known": 4}
"""What waits for a person first."""


def tables_of(session: Session, workspace: str) -> tuple[KnownTable, ...]:
    """All tables of the workspace: those that wait first, then by place."""
    found = session.scalars(select(ColumnMappingRow).where(ColumnMappingRow.workspace_id == workspace))
    return tuple(sorted(map(_known, found), key=lambda known: (ORDER[known.table.state], known.table.place)))


def mappings_of(session: Session, workspace: str) -> tuple[TableMapping, ...]:
    """What people said, as ingest takes it."""
    return tuple(known.mapping() for known in tables_of(session, workspace) if known.decided)


def find_table(session: Session, workspace: str, named: str) -> KnownTable:
    """A table by its signature (or the beginning of it), its file or the end of its path.

    NotFound for none, BadInput when several are meant.
    """
    tables = tables_of(session, workspace)
    wanted = named.strip()
    for meant in (
        [t for t in tables if t.table.signature == wanted],
        [t for t in tables if wanted in (t.table.place, *t.files)],
        [t for t in tables if len(wanted) >= 4 and t.table.signature.startswith(wanted)],
        [t for t in tables if any(path.endswith(f"/{wanted}") for path in (t.table.place, *t.files))],
    ):
        if len(meant) == 1:
            return meant[0]
        if meant:
            choice = ", ".join(f"{t.table.signature} ({t.table.place})" for t in meant)
            raise BadInput(
                f"Several tables are called {named!r}: {choice}. Name one by its signature.",
                ru=f"Таблиц с именем {named!r} несколько: {choice}. Назовите нужную по её номеру.",
            )
    raise NotFound(
        f"No table {named!r} has been uploaded; `whobuys mapping` lists those that were.",
        ru=f"Таблицы {named!r} среди загруженных нет; список: `whobuys mapping`.",
    )


def save_seen(session: Session, workspace: str, tables: Sequence[SeenTable], moment: datetime) -> None:
    """Note the tables of an upload; what people decided stays.

    Where somebody asked to be forgotten no words are kept as samples: they might be theirs.
    """
    barred = session.scalars(select(ForgottenRow.key).where(ForgottenRow.workspace_id == workspace)).first()
    for table in map(without_words, tables) if barred else tables:
        row = session.get(ColumnMappingRow, (workspace, table.signature))
        known = after_seeing(_known(row) if row else None, table, _path(table), moment)
        _keep(session, workspace, known)
    session.flush()


def keep_decision(session: Session, workspace: str, known: KnownTable, moment: datetime) -> None:
    """Store what a person said; files with such tables are read again when they come next."""
    _keep(session, workspace, known)
    _read_again(session, workspace, known.files)
    details = {"signature": known.table.signature, "kind": known.table.kind or "skip"}
    session.add(_audit(workspace, known.who, "column mapping confirmed", details, moment))
    session.flush()


def drop_decision(session: Session, workspace: str, known: KnownTable, who: str, moment: datetime) -> None:
    """Take a decision back: the next upload of such a table is suggested afresh."""
    waiting = replace(known.table, state="needed", confidence=0.0)
    _keep(session, workspace, replace(known, table=waiting, who="", decided_at=None))
    _read_again(session, workspace, known.files)
    session.add(_audit(workspace, who, "column mapping dropped", {"signature": known.table.signature}, moment))
    session.flush()


def _read_again(session: Session, workspace: str, files: Sequence[str]) -> None:
    """A file without a reader is not skipped as unchanged."""
    for path in files:
        session.execute(
            update(SourceFileRow)
            .where(SourceFileRow.workspace_id == workspace, SourceFileRow.path == path)
            .values(reader=None)
        )


def _keep(session: Session, workspace: str, known: KnownTable) -> None:
    table = known.table
    session.merge(
        ColumnMappingRow(
            workspace_id=workspace,
            signature=table.signature,
            place=rows.storable(table.place),
            files=[rows.storable(path) for path in known.files],
            state=table.state,
            kind=table.kind,
            confidence=table.confidence,
            rows=table.rows,
            columns=[_storable(column) for column in table.columns],
            who=known.who,
            seen_at=known.seen_at,
            decided_at=known.decided_at,
        )
    )


def _storable(column: SeenColumn) -> dict[str, object]:
    kept: dict[str, object] = to_json(column)
    return kept | {"header": rows.storable(column.header), "samples": [rows.storable(cell) for cell in column.samples]}


def _known(row: ColumnMappingRow) -> KnownTable:
    table = SeenTable(
        signature=row.signature,
        place=row.place,
        state=row.state,  # type: ignore[arg-type]  # written by `_keep`
        kind=row.kind,
        confidence=row.confidence,
        rows=row.rows,
        columns=tuple(from_json(SeenColumn, column) for column in row.columns),
    )
    return KnownTable(table, tuple(row.files), row.who, row.seen_at, row.decided_at)


def _path(table: SeenTable) -> str:
    """The file of a table's place."""
    path, bracket, _ = table.place.rpartition(" [")
    return path if bracket and table.place.endswith("]") else table.place


def _audit(workspace: str, who: str, what: str, details: dict[str, str], moment: datetime) -> AuditRow:
    return AuditRow(workspace_id=workspace, id=random_id("e"), at=moment, who=who, what=what, details=details)
