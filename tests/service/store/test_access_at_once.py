"""What many may want at the same moment, on both databases: a guess is counted, a link opens once, a secret is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from service.core.errors import NotFound, WhobuysError
from service.core.settings import Settings
from service.store.attempts import LIMITS, begin_attempt
from service.store.db import Store, open_store
from service.store.installation import make_secret
from service.store.tables import AttemptRow
from service.store.tickets import make_ticket, use_ticket


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    opened = open_store(Settings(home=tmp_path / "home", database_url=url, _env_file=None))
    yield opened
    opened.close()


def at_once(n: int, work: Callable[[], object]) -> list[object]:
    """What came of doing it n times at once: results, and our own errors."""

    def one(_: int) -> object:
        try:
            return work()
        except WhobuysError as error:
            return type(error)

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(one, range(n)))


def test_guesses_at_once_are_no_more_than_in_a_row(store: Store) -> None:
    def guess() -> str:
        with store.session(write=True) as session:
            begin_attempt(session, "anna@polka.ru", "10.0.0.1")
        return "looked at"

    allowed = LIMITS["account and address"].failures
    assert at_once(12, guess).count("looked at") == allowed
    with store.session() as session:
        assert set(session.scalars(select(AttemptRow.failures))) == {allowed}


def test_a_link_opens_for_one(store: Store) -> None:
    with store.session(write=True) as session:
        token = make_ticket(session, "setup", who="command line")

    def follow() -> str:
        with store.session(write=True) as session:
            use_ticket(session, "setup", token)
        return "in"

    found = at_once(6, follow)
    assert (found.count("in"), found.count(NotFound)) == (1, 5)


def test_the_secret_is_one(store: Store) -> None:
    def ask() -> bytes:
        with store.session(write=True) as session:
            return make_secret(session)

    assert len(set(at_once(6, ask))) == 1
