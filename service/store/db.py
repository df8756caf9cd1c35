"""The database: opening it, migrating it, one transaction a session."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, Unavailable
from service.core.ids import stable_id
from service.core.settings import Settings
from service.store.tables import Workspace

HEAD = "0014"
"""The newest migration. Kept here so that an up-to-date database is opened without importing Alembic (0.2 s)."""

BUSY_SECONDS = 60
"""How long a writer waits for another: longer than any step's own transaction on 10,000 documents."""

_MIGRATION_LOCK = 7_421_990
"""Any constant: PostgreSQL's advisory lock that keeps two processes from migrating at once."""


class Store:
    """An open, migrated database. `session()` is one transaction; close it when the process is done."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine = engine
        self.home = home
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def session(self, *, write: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on error.

        `write=True` takes SQLite's write lock at the start, so that what was read stays true until the commit;
        without it the lock is taken at the first write and a commit in between makes that write fail ("locked").
        """
        with Session(self._writing if write else self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Nobody else on this database is inside `alone` with the same name; waits for its turn."""
        if self.dialect == "sqlite":
            folder = self.home / "locks"
            folder.mkdir(exist_ok=True)
            with filelock.FileLock(folder / f"{stable_id('', name)}.lock"):
                yield
            return
        with self.engine.connect() as connection:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
                connection.commit()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_store(settings: Settings) -> Store:
    """Create the home folder, connect, migrate. Raises Unavailable when the database does not answer."""
    url = database_url(settings)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {str(settings.home)!r} cannot be made: {error.strerror}. Set WHOBUYS_HOME to another.",
            ru=f"Папку данных {str(settings.home)!r} не создать: {error.strerror}. Задайте другую в WHOBUYS_HOME.",
        ) from error
    engine = create_engine(
        url, json_serializer=_to_json, pool_pre_ping=url.get_backend_name() != "sqlite", **_engine_options(url)
    )
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _migrate(engine, settings)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, settings.home)


def database_url(settings: Settings) -> URL:
    """The database's URL with the driver filled in (`postgresql://` means psycopg 3)."""
    try:
        url = make_url(settings.sql_url)
    except Exception as error:
        raise BadInput(
            "WHOBUYS_DATABASE_URL is not a database URL; expected sqlite:///file or postgresql://user@host/name.",
            ru="WHOBUYS_DATABASE_URL не похож на адрес базы; ждём sqlite:///файл или postgresql://user@host/имя.",
        ) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise BadInput(
            f"Databases of kind {url.get_backend_name()!r} are not supported; use SQLite or PostgreSQL.",
            ru=f"База вида {url.get_backend_name()!r} не поддерживается; нужна SQLite или PostgreSQL.",
        )
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgresql", "postgres"} else url


def ensure_workspace(session: Session, workspace: str) -> Workspace:
    """The workspace's row, made with a random salt the first time it is named."""
    found = session.get(Workspace, workspace)
    if found is None:
        if not workspace or len(workspace) > 64 or not all(c.isalnum() or c in "-_." for c in workspace):
            raise BadInput(
                f"{workspace!r} cannot be a workspace name: letters, digits, - _ . and at most 64 characters.",
                ru=f"{workspace!r} не годится как имя пространства: буквы, цифры, - _ . и не больше 64 знаков.",
            )
        found = Workspace(id=workspace, salt=secrets.token_bytes(32), settings={}, created_at=now())
        session.add(found)
        session.flush()
    return found


def _engine_options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    return {"pool_size": 10, "max_overflow": 10, "connect_args": {"connect_timeout": 10}}


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, erased bytes overwritten; transactions begun by us, not by the driver's guess."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL. SQLite answers "locked" at once, whatever the timeout, while another connection switches too."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _migrate(engine: Engine, settings: Settings) -> None:
    try:
        revision = _revision(engine)
    except Exception as error:
        raise Unavailable(
            f"The database {engine.url.render_as_string(hide_password=True)!r} does not answer: "
            f"{type(error).__name__}. Check WHOBUYS_DATABASE_URL and that the server runs.",
            ru=f"База {engine.url.render_as_string(hide_password=True)!r} не отвечает: {type(error).__name__}. "
            "Проверьте WHOBUYS_DATABASE_URL и что сервер запущен.",
        ) from error
    if revision == HEAD:
        return
    with filelock.FileLock(settings.home / "migrate.lock", timeout=BUSY_SECONDS), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            connection.commit()
        _upgrade(connection)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise BadInput(
            "The database was made by a newer version of whobuys; update whobuys to open it.",
            ru="База создана более новой версией whobuys; обновите whobuys, чтобы открыть её.",
        ) from error
    connection.commit()


def _to_json(value: Any) -> str:
    """JSON for payload columns. NaN is refused: PostgreSQL would, and a missing number is None here."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
