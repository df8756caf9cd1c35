"""After a forgetting: no deleted byte stays in the files, and a search that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import JSON, LargeBinary, String, Text, select, text

from service.store.db import Store
from service.store.tables import Base

PIECE: Final = 1 << 20
"""Bytes of a file searched at a time."""


def hits_in_tables(store: Store, workspace: str, marks: Iterable[str]) -> dict[str, int]:
    """`table.column` → rows that still hold one of `marks`, for every column that can hold words."""
    wanted = tuple(marks)
    found: dict[str, int] = {}
    with store.session() as session:
        for table in Base.metadata.sorted_tables:
            readable = [c for c in table.columns if isinstance(c.type, (String, Text, JSON, LargeBinary))]
            if "workspace_id" not in table.columns or not readable:
                continue
            found |= {f"{table.name}.{column.name}": 0 for column in readable}
            rows = session.execute(select(*readable).where(table.columns["workspace_id"] == workspace))
            for row in rows.mappings():
                for name, value in row.items():
                    if value is not None and any(mark in words for words in _strings(value) for mark in wanted):
                        found[f"{table.name}.{name}"] += 1
    return found


def hits_in_files(home: Path, marks: Iterable[str]) -> dict[str, bool]:
    """File under the home → whether a mark is in its bytes: database, index, queue, logs, saved briefs and tables."""
    wanted = [mark.encode() for mark in marks]
    return {
        path.relative_to(home).as_posix(): _holds(path, wanted)
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def _holds(path: Path, wanted: list[bytes]) -> bool:
    """Whether a file holds one of the strings, read in overlapping pieces; one that vanished meanwhile holds none."""
    overlap = max(map(len, wanted), default=0)
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(PIECE):
                held = tail + piece
                if any(mark in held for mark in wanted):
                    return True
                tail = held[-overlap:] if overlap else b""
    except FileNotFoundError:
        return False
    return False


def wipe_free_space(store: Store) -> None:
    """Let no deleted byte stay in the files: SQLite's log and free pages, PostgreSQL's dead rows."""
    if store.dialect == "postgresql":
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM"))
        return
    raw = store.engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement).fetchall()
    finally:
        raw.close()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode(errors="ignore")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
