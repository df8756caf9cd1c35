"""One file that holds everything, for any of the databases: a zip of one JSON-lines file a table.

The index and the job queue are left out: the one is rebuilt from SQL, the other names work that SQL knows of.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from service.core.errors import BadInput, Conflict
from service.store.db import HEAD, Store
from service.store.row_json import plain, typed
from service.store.tables import Base

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
BATCH: Final = 500
PASSING: Final = frozenset({"sessions", "tickets", "sign_in_attempts"})
"""Tables left out: a restored backup must not sign anybody in, or bring a used or withdrawn link back to life."""


def write_backup(store: Store, path: Path) -> int:
    """Write all tables, as one transaction sees them, to a zip; returns the number of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    contents: dict[str, dict[str, Any]] = {}
    with store.session() as session, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        if store.dialect == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        for table in Base.metadata.sorted_tables:
            if table.name not in PASSING:
                contents[table.name] = _write_table(session, archive, table)
        manifest = {"format": FORMAT, "revision": HEAD, "tables": contents}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    unfinished.replace(path)
    return sum(entry["rows"] for entry in contents.values())


def read_backup(store: Store, path: Path, replace: bool = False) -> int:
    """Put a backup into the database in one transaction; returns the number of rows.

    BadInput for a file that is not a whole backup of this release, Conflict when the database holds data and
    `replace` is not asked for.
    """
    with _opened(path) as archive:
        manifest = _checked(archive, path)
        with store.session(write=True) as session:
            _make_room(session, replace)
            for table in Base.metadata.sorted_tables:
                _read_table(session, archive, table, manifest["tables"].get(table.name, {"rows": 0}))
    return sum(entry["rows"] for entry in manifest["tables"].values())


def _write_table(session: Session, archive: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    ordered = select(table).order_by(*table.primary_key.columns)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in session.execute(ordered.execution_options(yield_per=BATCH)):
            line = json.dumps([plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest(), "columns": [column.name for column in table.columns]}


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(
            f"{str(path)!r} is not a readable backup: {type(error).__name__}.",
            ru=f"{str(path)!r} не читается как резервная копия: {type(error).__name__}.",
        ) from error


def _checked(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The manifest, once every table's bytes are those it names."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
        whole = all(
            hashlib.sha256(archive.read(f"{name}.jsonl")).hexdigest() == entry["sha256"]
            for name, entry in manifest["tables"].items()
        )
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    if manifest["format"] != FORMAT or manifest["revision"] != HEAD:
        raise BadInput(
            f"The backup was made with database version {manifest['revision']}, this release has {HEAD}: "
            "restore it with the release that made it, then update.",
            ru=f"Копия сделана с версией базы {manifest['revision']}, у этого выпуска {HEAD}: восстановите её тем же "
            "выпуском, а затем обновитесь.",
        )
    return dict(manifest)


def _damaged(path: Path) -> BadInput:
    return BadInput(f"{str(path)!r} is damaged or not a backup.", ru=f"{str(path)!r} повреждён или не является копией.")


def _make_room(session: Session, replace: bool) -> None:
    data = [table for table in Base.metadata.sorted_tables if table.name not in PASSING | {"installation"}]
    if not replace and any(session.scalar(select(func.count()).select_from(table)) for table in data):
        raise Conflict(
            "The database already holds data; --replace throws it away.",
            ru="В базе уже есть данные; --replace их удалит.",
        )
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())


def _read_table(session: Session, archive: zipfile.ZipFile, table: Table, entry: dict[str, Any]) -> None:
    if not entry["rows"]:
        return
    columns = [table.columns[name] for name in entry["columns"]]
    batch: list[dict[str, Any]] = []
    for values in _lines(archive, table.name):
        batch.append({c.name: typed(c.type, value) for c, value in zip(columns, values, strict=True)})
        if len(batch) == BATCH:
            session.execute(insert(table), batch)
            batch = []
    if batch:
        session.execute(insert(table), batch)


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[list[Any]]:
    with archive.open(f"{name}.jsonl") as raw:
        for line in io.TextIOWrapper(raw, encoding="utf-8", newline="\n"):
            yield json.loads(line)
