"""Opening, migrating and using the database, SQLite and PostgreSQL alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from service.core.errors import BadInput, Unavailable
from service.core.settings import Settings
from service.store.db import HEAD, Store, ensure_workspace, open_store
from service.store.tables import AdSpendRow, Base, Workspace


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    opened = open_store(Settings(home=tmp_path / "home", database_url=url, _env_file=None))
    yield opened
    opened.close()


def test_the_migrated_schema_is_the_one_the_tables_describe(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == HEAD


def test_opening_twice_keeps_the_data(store: Store, tmp_path: Path) -> None:
    with store.session(write=True) as session:
        salt = ensure_workspace(session, "acme").salt
    url = store.engine.url.render_as_string(hide_password=False)
    again = open_store(Settings(home=tmp_path / "home", database_url=url, _env_file=None))
    with again.session() as session:
        assert ensure_workspace(session, "acme").salt == salt
    again.close()


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    def break_off() -> None:
        with store.session(write=True) as session:
            ensure_workspace(session, "acme")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with store.session() as session:
        assert session.scalars(select(Workspace)).all() == []


def test_money_and_moments_come_back_exact(store: Store) -> None:
    noon = datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3)))
    with store.session(write=True) as session:
        session.add(Workspace(id="w", salt=b"s", settings={}, created_at=noon))
        session.flush()
        session.add(AdSpendRow(workspace_id="w", id="a", ref="r", platform="vk", campaign="к", spend=Decimal("0.1")))
    with store.session() as session:
        assert session.get_one(AdSpendRow, ("w", "a")).spend == Decimal("0.1")
        moment = session.get_one(Workspace, "w").created_at
        assert (moment, moment.tzinfo) == (datetime(2026, 3, 1, 12, tzinfo=UTC), UTC)


def test_a_long_name_from_a_file_is_no_error(store: Store) -> None:
    with store.session(write=True) as session:
        ensure_workspace(session, "w")
        session.add(
            AdSpendRow(
                workspace_id="w", id="a", ref="r" * 3000, platform="p" * 999, campaign="c" * 999, spend=Decimal(1),
                clicks=10**12, currency="условных единиц",
            )
        )  # fmt: skip


def test_rows_go_with_their_workspace(store: Store) -> None:
    with store.session(write=True) as session:
        row = ensure_workspace(session, "w")
        session.add(AdSpendRow(workspace_id="w", id="a", ref="r", platform="vk", campaign="c", spend=Decimal(1)))
        session.flush()
        session.delete(row)
    with store.session() as session:
        assert session.scalars(select(AdSpendRow)).all() == []


def test_writers_wait_for_each_other_instead_of_failing(store: Store) -> None:
    with store.session(write=True) as session:
        ensure_workspace(session, "w").settings = {"n": 0}

    def add_ten() -> None:
        for _ in range(10):
            with store.alone("count"), store.session(write=True) as session:
                row = session.get_one(Workspace, "w")
                row.settings = {"n": row.settings["n"] + 1}

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.session() as session:
        assert session.get_one(Workspace, "w").settings == {"n": 40}


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with store.session(write=True) as writing:
        ensure_workspace(writing, "w")
        with store.session() as reading:
            assert reading.scalars(select(Workspace)).all() == []


@pytest.mark.parametrize("name", ["", "../up", "a b", "x" * 65, "a/b"])
def test_a_workspace_name_cannot_be_a_path(store: Store, name: str) -> None:
    with store.session(write=True) as session, pytest.raises(BadInput):
        ensure_workspace(session, name)


def test_sqlite_keeps_a_write_ahead_log_and_checks_references(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path, _env_file=None))
    with store.engine.connect() as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")]
    assert found == ["wal", 1]
    store.close()


WRONG = {
    "no url": ("nonsense", BadInput),
    "another database": ("mysql://u@h/d", BadInput),
    "nobody listens": ("postgresql://u@127.0.0.1:1/d", Unavailable),
}


@pytest.mark.parametrize(("url", "error"), WRONG.values(), ids=WRONG)
def test_a_wrong_database_is_one_sentence(tmp_path: Path, url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_store(Settings(home=tmp_path, database_url=url, _env_file=None))


def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    store = open_store(settings)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(BadInput, match="newer"):
        open_store(settings)


def test_two_processes_may_open_an_empty_database_at_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, _env_file=None)
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(settings))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    assert inspect(stores[0].engine).has_table("documents")
    for store in stores:
        store.close()
