"""The set of docker-compose.yml: the file itself, and the same programs started by hand over one small company."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
INPUTS = ROOT / "eval" / "cases" / "en_ebikes" / "inputs"
TAKEN = 80
LEFT_OUT = shutil.ignore_patterns("calls", "leads_*", "notes_*")
SECONDS = 150.0
"""Longest wait for any one thing."""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def test_compose_itself_takes_the_file() -> None:
    tool = next((words for words in (["docker", "compose"], ["docker-compose"]) if _answers(words)), None)
    if tool is None:
        pytest.skip("no docker compose on this machine")
    checked = subprocess.run([*tool, "-f", str(FILE), "config"], capture_output=True, text=True, cwd=ROOT)
    assert checked.returncode == 0, checked.stderr


def _answers(words: list[str]) -> bool:
    return bool(shutil.which(words[0])) and subprocess.run([*words, "version"], capture_output=True).returncode == 0


def test_the_four_services_and_what_each_may_reach(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"web", "worker", "database", "chroma"}
    published = {name: service.get("ports", []) for name, service in services.items()}
    assert published == {"web": ["127.0.0.1:8765:8765"], "worker": [], "database": [], "chroma": []}
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert ":" in service.get("image", "") or service.get("build"), f"{name}: an image without a version"
        assert set(named_volumes(service)) <= set(compose["volumes"]), name


def test_every_setting_it_gives_is_a_setting(compose: dict[str, Any]) -> None:
    from service.core.settings import Settings

    given = {name for key in ("web", "worker") for name in compose["services"][key]["environment"]}
    known = {f"WHOBUYS_{name.upper()}" for name in Settings.model_fields}
    assert given <= known


def named_volumes(service: dict[str, Any]) -> list[str]:
    return [volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith((".", "/"))]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_set_by_hand_from_files_to_a_brief(
    compose: dict[str, Any], postgresql_url: str, tmp_path: Path, start: Start
) -> None:
    chroma, web = free_port(), free_port()
    start(
        [
            str(Path(sys.executable).with_name("chroma")),
            "run",
            "--path",
            str(tmp_path / "chroma"),
            "--port",
            str(chroma),
        ]
    )
    told = {
        **compose["services"]["web"]["environment"],
        "WHOBUYS_DATABASE_URL": postgresql_url,
        "WHOBUYS_CHROMA_URL": f"http://127.0.0.1:{chroma}",
        "WHOBUYS_HOME": str(tmp_path / "home"),
        "WHOBUYS_PORT": str(web),
    }
    (tmp_path / "home").mkdir()
    until(lambda: asked(f"http://127.0.0.1:{chroma}/api/v2/heartbeat"))
    start(program(compose, "web"), told)
    address = f"http://127.0.0.1:{web}"
    until(lambda: asked(f"{address}/readyz"))
    worker = start(program(compose, "worker"), told)
    key = json.loads(ended(["key", "create", "--role", "owner", "--json"], told))["key"]
    ended(["ingest", str(small_company(tmp_path / "company"))], told)
    run = json.loads(asked(f"{address}/api/v1/runs", key, b""))
    until(lambda: state(address, key, run)["done_stages"])
    worker.kill()
    worker.wait()
    start(program(compose, "worker"), told)
    until(lambda: state(address, key, run)["status"] == "done")
    assert b"# " in asked(f"{address}/api/v1/briefs/comparison?format=md&lang=en", key)
    assert asked(f"{address}/api/v1/briefs/comparison?format=pdf", key).startswith(b"%PDF")
    assert json.loads(ended(["search", "battery range on hills", "--json"], told))


def program(compose: dict[str, Any], service: str) -> list[str]:
    """The command of a service, run by this Python."""
    first, *words = compose["services"][service]["command"]
    assert first == "whobuys"
    return [sys.executable, "-m", "service.cli", *words]


def small_company(folder: Path) -> Path:
    """Deals, spend and texts of a demo company, with some of its calls."""
    shutil.copytree(INPUTS, folder, ignore=LEFT_OUT)
    (folder / "calls").mkdir()
    for call in sorted((INPUTS / "calls").iterdir())[:TAKEN]:
        shutil.copy(call, folder / "calls")
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a program; all are ended with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def make(words: list[str], told: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        with (tmp_path / f"program-{len(running)}.log").open("wb") as log:
            running.append(
                subprocess.Popen(words, cwd=ROOT, env={**os.environ, **(told or {})}, stdout=log, stderr=log)
            )
        return running[-1]

    yield make
    for number, one in enumerate(running):
        one.kill()
        one.wait()
        print((tmp_path / f"program-{number}.log").read_text(errors="replace")[-1500:])


def ended(words: list[str], told: dict[str, str]) -> str:
    """What a command says that must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        cwd=ROOT,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(address: str, key: str = "", body: bytes | None = None) -> bytes:
    """The answer at an address; OSError where there is none yet."""
    request = urllib.request.Request(address, data=body, headers={"Authorization": f"Bearer {key}"} if key else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        content: bytes = answer.read()
        return content


def state(address: str, key: str, run: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked(f"{address}/api/v1/runs/{run['id']}", key))
    assert found["status"] not in ("failed", "cancelled"), found["error"]
    return found


def until(holds: Callable[[], object]) -> None:
    """Wait until it holds; an address that does not answer yet does not."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.3)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
