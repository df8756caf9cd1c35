"""A web application over a real SQLite in a temporary folder, and clients that knock on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from company import company, finished_run
from fastapi import FastAPI
from fastapi.testclient import TestClient
from two_step_runs import TwoStepRuns

from service.app import create_app
from service.core.settings import Settings
from service.store.db import ensure_workspace, open_store
from service.store.keys import create_key

LOCAL = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Homes made once: `blank` (migrated, empty), and companies with a finished run: `ru`, `en`, `hostile`."""

    @cache
    def make(kind: str) -> Path:
        home = tmp_path_factory.mktemp(kind)
        settings = Settings(home=home)
        store = open_store(settings)
        if kind != "blank":
            language = "en" if kind == "en" else "ru"
            finished_run(store, settings, company(language, hostile=kind == "hostile"))
        store.close()
        return home

    return make


@pytest.fixture
def home(request: pytest.FixtureRequest) -> str:
    """Which home the test starts from; a file overrides this, or `indirect` parameters do."""
    return str(getattr(request, "param", "blank"))


@pytest.fixture
def settings(tmp_path: Path, homes: Callable[[str], Path], home: str) -> Settings:
    shutil.copytree(homes(home), tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    made = create_app(settings, TwoStepRuns())
    yield made
    made.state.store.close()


@pytest.fixture
def visitor(app: FastAPI) -> Callable[..., TestClient]:
    """Makes a client: on this machine unless told otherwise, with a key where one is given."""

    def make(key: str | None = None, base: str = LOCAL, address: str = "127.0.0.1", language: str = "ru") -> TestClient:
        headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
        return TestClient(
            app, base_url=base, client=(address, 50000), headers=headers, follow_redirects=False,
            raise_server_exceptions=False,
        )  # fmt: skip

    return make


@pytest.fixture
def client(visitor: Callable[..., TestClient]) -> TestClient:
    """Somebody at this machine, in Russian."""
    return visitor()


@pytest.fixture
def key(app: FastAPI) -> Callable[..., str]:
    """Makes a key of a role in a workspace."""

    def make(role: str, workspace: str = "default") -> str:
        with app.state.store.session() as session:
            ensure_workspace(session, workspace)
            session.flush()
            return create_key(session, workspace, role)

    return make
