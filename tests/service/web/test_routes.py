"""Every route × every role × somebody else's workspace."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from company import company, finished_run
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from foreign_workspace import BODIES, STRANGERS, Foreign, fingerprint, foreign_workspace
from route_table import PUBLIC, ROUTES
from two_step_runs import TwoStepRuns

from service import app as wiring
from service.app import create_app
from service.core.settings import Settings
from service.store.db import open_store
from service.store.keys import create_key
from service.web.security import Role

LETTERS = {"S": Role.SALES, "M": Role.MARKETING, "O": Role.OWNER, "A": Role.ADMIN}
OUTSIDE = {"base": "http://reports.example", "address": "192.168.1.7"}
Visitor = Callable[..., TestClient]
Key = Callable[..., str]


def routes() -> list[tuple[str, APIRoute, str]]:
    """(method, route, whole address) of every door of the application."""
    routers = [("", wiring.health), ("", wiring.metrics)]
    for name, found in vars(wiring).items():
        if name.endswith("_ROUTERS"):
            routers += [(wiring.API if name == "API_ROUTERS" else "", router) for router in found]
    return [
        (method, route, prefix + route.path)
        for prefix, router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods - {"HEAD"})
    ]


def rows_of(method: str, address: str) -> list[str]:
    """Rows of the table that go through a route."""
    pattern = re.sub(r"\{[^}]*:path\}", ".+", address)
    pattern = re.sub(r"\{[^}]*\}", "[^/]+", pattern)
    return [row for row in ROUTES if re.fullmatch(f"{method} {pattern}", row)]


def filled(row: str, ids: dict[str, str] | None = None) -> tuple[str, str]:
    method, _, path = row.partition(" ")
    return method, re.sub(r"\{(\w+)\}", lambda m: ids[m[1]] if ids else "x1", path)


def test_every_route_has_a_line_in_the_table() -> None:
    missing = [f'"{method} {address}": "…"' for method, _, address in routes() if not rows_of(method, address)]
    assert missing == [], f"say who may in tests/support/route_table.py: {', '.join(missing)}"


def test_every_line_of_the_table_is_a_route() -> None:
    assert len(routes()) > 150
    gone = set(ROUTES) - {row for method, _, address in routes() for row in rows_of(method, address)}
    assert gone == set(), "take these out of tests/support/route_table.py"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"requests_per_minute": 0, "uploads_per_minute": 0, "sign_ins_per_minute": 0})


class TestRoles:
    @pytest.mark.parametrize("letter", LETTERS)
    def test_each_role_gets_through_its_doors_only(self, visitor: Visitor, key: Key, letter: str) -> None:
        holder = visitor(key(LETTERS[letter].value), **OUTSIDE)
        wrong = []
        for row, who in ROUTES.items():
            if who == PUBLIC:
                continue
            answer = holder.request(*filled(row), **BODIES.get(row, {}))
            if (answer.status_code == 403) == (letter in who) or answer.status_code in (401, 500):
                wrong.append((row, letter, answer.status_code, answer.text[-200:] if "api" in row else ""))
        assert not wrong, "\n".join(map(str, wrong))

    def test_nobody_gets_through_any(self, visitor: Visitor, key: Key) -> None:
        key("owner")
        nobody, wrong = visitor(**OUTSIDE), []
        for row, who in ROUTES.items():
            answer = nobody.request(*filled(row), **BODIES.get(row, {}))
            page = not row.split(" ")[1].startswith(("/api/", "/metrics"))
            shut = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in") if page else (
                answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
            )  # fmt: skip
            if who != PUBLIC and not shut:
                wrong.append((row, answer.status_code))
            assert answer.status_code != 500, row
        assert not wrong, "\n".join(map(str, wrong))


class TestForeignWorkspace:
    """Two companies in one installation: the plumber's ids in the hands of the school's people."""

    @pytest.fixture(scope="class")
    def both(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FastAPI, Foreign]]:
        settings = Settings(
            home=tmp_path_factory.mktemp("both"), requests_per_minute=0, uploads_per_minute=0, sign_ins_per_minute=0
        )
        store = open_store(settings)
        finished_run(store, settings, company("ru"), "ours", "r-ours")
        finished_run(store, settings, company("en"), "theirs", "r-theirs")
        store.close()
        app = create_app(settings, TwoStepRuns())
        yield app, foreign_workspace(app)
        app.state.store.close()
        shutil.rmtree(settings.home, ignore_errors=True)

    def test_every_id_in_an_address_has_a_foreign_one_to_try(self, both: tuple[FastAPI, Foreign]) -> None:
        names = {name for row, who in ROUTES.items() if who != PUBLIC for name in re.findall(r"\{(\w+)\}", row)}
        assert names <= set(both[1].ids), "add them to tests/support/foreign_workspace.py"

    @pytest.mark.parametrize("role", list(Role))
    def test_another_company_s_ids_open_nothing_and_change_nothing(
        self, both: tuple[FastAPI, Foreign], role: Role
    ) -> None:
        app, foreign = both
        with app.state.store.session(write=True) as session:
            token = create_key(session, "ours", role.value)
        before = fingerprint(app.state.store, "theirs")
        holder = TestClient(
            app, base_url="http://reports.example", client=("192.168.1.7", 1), follow_redirects=False,
            headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"}, raise_server_exceptions=False,
        )  # fmt: skip
        wrong: list[Any] = []
        for row, who in ROUTES.items():
            if who == PUBLIC or row in STRANGERS:
                continue
            method, path = filled(row, foreign.ids)
            if "{" not in row and role is not Role.ADMIN and not foreign.queries(row, path):
                continue
            for address in (path, *foreign.queries(row, path)):
                answer = holder.request(method, address, **foreign.body(row))
                told = [word for word in foreign.words if word in answer.text.replace(address, "")]
                named = "{" in row or address != path
                opened = (
                    named and answer.status_code not in (403, 404, 409) and not _says_nothing(row, answer.status_code)
                )
                if told or opened or answer.status_code == 500:
                    wrong.append((row, address, answer.status_code, told))
        assert not wrong, "\n".join(map(str, wrong))
        assert fingerprint(app.state.store, "theirs") == before


def _says_nothing(row: str, status: int) -> bool:
    """A page's form that names nothing of ours sends back to the page; whether it changed anything is looked at."""
    return row.startswith("POST /") and not row.startswith("POST /api/") and status in (303, 422)
