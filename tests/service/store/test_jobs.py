"""Durable jobs: a real process, a real SIGKILL, and the next process goes on where it was."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import durable_job
import pytest

from service.core.settings import Settings
from service.store import jobs

ROOT = Path(__file__).parents[3]
JOB = jobs.Job("w/r/1", "w", "r")


def run_process(tmp_path: Path, kill_at: str = "") -> int:
    """One process over the home in `tmp_path`; returns its exit status, negative for a signal."""
    command = [sys.executable, durable_job.__file__, str(tmp_path / "home"), str(tmp_path / "log"), kill_at]
    return subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, timeout=60).returncode


def notes(tmp_path: Path) -> list[str]:
    return (tmp_path / "log").read_text().split("\n")[:-1]


@pytest.mark.parametrize("kill_at", ["one", "three", "five"])
def test_after_kill_9_the_next_process_goes_on_at_the_interrupted_stage(tmp_path: Path, kill_at: str) -> None:
    assert run_process(tmp_path, kill_at) == -9
    assert run_process(tmp_path) == 0
    done = [line.removeprefix("end ") for line in notes(tmp_path) if line.startswith("end ")]
    assert done == list(durable_job.Cycle.stages), "every stage finished once, in order"
    begun = [line.removeprefix("begin ") for line in notes(tmp_path) if line.startswith("begin ")]
    assert [stage for stage in begun if begun.count(stage) > 1] == [kill_at, kill_at]
    assert notes(tmp_path)[-1] == "finish"


def test_a_job_that_dies_again_and_again_still_ends(tmp_path: Path) -> None:
    for stage in durable_job.Cycle.stages:
        assert run_process(tmp_path, stage) == -9
    assert run_process(tmp_path) == 0
    assert [line for line in notes(tmp_path) if line.startswith("end ")] == [
        f"end {stage}" for stage in durable_job.Cycle.stages
    ]


def test_the_same_job_put_in_twice_is_done_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", _env_file=None)
    jobs.enqueue(settings, JOB)
    jobs.enqueue(settings, JOB)
    cycle = durable_job.Cycle(tmp_path / "log", "")
    with jobs.executing(settings, cycle) as executor:
        wait(lambda: not executor.busy())
    assert notes(tmp_path).count("finish") == 1


def test_only_one_process_holds_an_executor_id(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", _env_file=None)
    cycle = durable_job.Cycle(tmp_path / "log", "")
    assert not jobs.held(settings)
    with jobs.executing(settings, cycle):
        assert jobs.held(settings)
        with pytest.raises(jobs.Busy, match="WHOBUYS_EXECUTOR_ID"), jobs.executing(settings, cycle):
            pass
    assert not jobs.held(settings)


def test_progress_is_seen_here_at_once_and_elsewhere_by_name(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", _env_file=None)
    assert jobs.how_far(settings, JOB) is None
    jobs.enqueue(settings, JOB)
    cycle, seen = durable_job.Cycle(tmp_path / "log", ""), []
    with jobs.executing(settings, cycle, {"r": seen.append}):
        wait(lambda: cycle.finished)
        told = jobs.how_far(settings, JOB)
    assert jobs.Tick("three", 1, 2) in seen
    assert told is not None
    assert told.stage == "five"


def test_what_stops_a_job_is_kept_for_the_caller(tmp_path: Path) -> None:
    class Breaking(durable_job.Cycle):
        def run(self, workspace: str, run_id: str, stage: str, progress: object) -> bool:
            raise ValueError("customer text")

    settings = Settings(home=tmp_path / "home", _env_file=None)
    jobs.enqueue(settings, JOB)
    with jobs.executing(settings, Breaking(tmp_path / "log", "")) as executor:
        wait(lambda: JOB.name in executor.failures)
        wait(lambda: not executor.busy())
    assert isinstance(executor.failures[JOB.name], ValueError)
    assert jobs.has_ended(settings, JOB)
    assert b"customer text" not in (tmp_path / "home" / "jobs.db").read_bytes()


@pytest.mark.postgres
def test_jobs_run_on_postgresql_too(tmp_path: Path, postgresql_url: str) -> None:
    settings = Settings(home=tmp_path / "home", database_url=postgresql_url, executor_id="box", _env_file=None)
    jobs.enqueue(settings, JOB)
    cycle = durable_job.Cycle(tmp_path / "log", "")
    with jobs.executing(settings, cycle):
        wait(lambda: cycle.finished)
    assert not (tmp_path / "home" / "jobs.db").exists()


def wait(done: object, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.02)
