"""A whole analysis of real files, killed with SIGKILL again and again: the result is that of an undisturbed one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from service import flow
from service.core.settings import Settings
from service.store.db import open_store

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
INPUTS = ROOT / "eval" / "cases" / "en_ebikes" / "inputs"
TAKEN = 80
"""Calls copied into the small company: enough customers for segments to be looked for."""
LEFT_OUT = shutil.ignore_patterns("calls", "leads_*", "notes_*")
"""What would only make the test longer."""


def whobuys(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        cwd=ROOT,
        env={**os.environ, "WHOBUYS_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(home: Path, *words: str) -> str:
    process = whobuys(home, *words)
    said, complaint = process.communicate(timeout=300)
    assert process.returncode == 0, complaint
    return said


def run_rows(home: Path) -> list[dict[str, Any]]:
    connection = sqlite3.connect(f"file:{home / 'whobuys.db'}?mode=ro", uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute("SELECT * FROM runs ORDER BY number")]
    finally:
        connection.close()


def kill_in(home: Path, stage: str) -> None:
    """Start an analysis and kill it while it is in `stage`."""
    process = whobuys(home, "analyze")
    deadline = time.monotonic() + 240
    while not any(row["stage"] == stage and row["status"] == "running" for row in run_rows(home)):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert run_rows(home)[-1]["stage"] == stage


@pytest.fixture
def homes(tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of one company's data, not yet analysed."""
    company = tmp_path / "company"
    shutil.copytree(INPUTS, company, ignore=LEFT_OUT)
    (company / "calls").mkdir()
    for call in sorted((INPUTS / "calls").iterdir())[:TAKEN]:
        shutil.copy(call, company / "calls")
    calm, shaken = tmp_path / "calm", tmp_path / "shaken"
    finished(calm, "ingest", str(company))
    shutil.copytree(calm, shaken)
    return calm, shaken


def test_killed_in_three_stages_and_taken_up_by_a_worker_the_result_is_the_same(homes: tuple[Path, Path]) -> None:
    calm, shaken = homes
    finished(calm, "analyze")
    kill_in(shaken, "embedding")
    kill_in(shaken, "segments")
    settings = Settings(home=shaken, _env_file=None)
    store = open_store(settings)
    run = flow.start(store, settings, "default")
    assert run.done_stages == ("embedding",)
    deadline = time.monotonic() + 240
    while not (run := flow.load(store, "default", run.id)).over:
        flow.how_far(settings, run)
        assert time.monotonic() < deadline
        time.sleep(0.2)
    store.close()
    (undisturbed,), (killed,) = run_rows(calm), run_rows(shaken)
    assert killed["status"] == "done", killed["error"]
    assert killed["result_hash"] == undisturbed["result_hash"]
    for table in ("documents", "customers", "segments", "claims", "economics"):
        assert finished(shaken, "export", table) == finished(calm, "export", table)
    again = json.loads(finished(shaken, "analyze", "--json"))
    assert (again["number"], again["new"]) == (1, False)


def test_analysed_twice_the_result_is_the_same(homes: tuple[Path, Path]) -> None:
    calm, _ = homes
    hashes = [json.loads(finished(calm, "analyze", "--force", "--json"))["result_hash"] for _ in range(2)]
    assert hashes[0] == hashes[1]
