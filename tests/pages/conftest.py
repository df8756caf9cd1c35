"""A served application and a real Chromium. Skipped only where there is no Chromium and nobody promised one (CI)."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from company import company, finished_run
from two_step_runs import TwoStepRuns

from service.app import create_app
from service.core.settings import Settings
from service.store.db import open_store
from service.store.keys import create_key

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "pages"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with a profile of its own. Closed with its module: playwright leaves an event loop running meanwhile."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: apt-get install -y chromium")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of three applications: the school (`ru`), the plumber (`en`), and one without any data (`blank`)."""
    yield from _served({kind: _home(tmp_path_factory, kind) for kind in ("ru", "en", "blank")})


@pytest.fixture(scope="session")
def locked_homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """The school and the plumber once more, where everybody needs a key."""
    return {kind: _home(tmp_path_factory, kind) for kind in ("ru", "en")}


@pytest.fixture(scope="session")
def key_of(locked_homes: dict[str, Settings]) -> dict[tuple[str, str], str]:
    """(company, role) → key."""
    keys = {}
    for kind, settings in locked_homes.items():
        store = open_store(settings)
        with store.session(write=True) as session:
            for role in ("sales", "marketing", "owner"):
                keys[kind, role] = create_key(session, settings.workspace, role)
        store.close()
    return keys


@pytest.fixture(scope="session")
def locked(locked_homes: dict[str, Settings], key_of: dict[tuple[str, str], str]) -> Iterator[dict[str, str]]:
    """Addresses of the two."""
    yield from _served(locked_homes)


def _home(tmp_path_factory: pytest.TempPathFactory, kind: str) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp(kind), requests_per_minute=0, sign_ins_per_minute=0)
    if kind != "blank":
        store = open_store(settings)
        finished_run(store, settings, company(kind))
        store.close()
    return settings


def _served(homes: dict[str, Settings]) -> Iterator[dict[str, str]]:
    servers, stores, found = [], [], {}
    for kind, settings in homes.items():
        app = create_app(settings, TwoStepRuns(result="r1"))
        stores.append(app.state.store)
        server, found[kind] = _serve(app)
        servers.append(server)
    yield found
    for server in servers:
        server.should_exit = True
    for store in stores:
        store.close()


def _serve(app: Any) -> tuple[uvicorn.Server, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return server, f"http://127.0.0.1:{port}"


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of a size, scheme and language; the test fails on any console error or blocked resource."""
    contexts, complaints = [], []

    def make(language: str = "ru", size: str = "desk", scheme: str = "light", script: bool = True, **more: Any) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=script,
            locale={"ru": "ru-RU", "en": "en-GB"}[language], reduced_motion="reduce", **more,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def shoot() -> Callable[[Any, str], None]:
    """Keeps a screenshot of the whole page among the artefacts."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def take(page: Any, name: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def kept() -> Callable[[str, str], None]:
    """Keeps a text among the artefacts."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)

    def keep(name: str, text: str) -> None:
        (ARTEFACTS / name).write_text(text + "\n", encoding="utf-8")

    return keep
