"""A process that works on one job of five stages, and dies in the middle when told to.

    python durable_job.py HOME LOG KILL_AT

Each finished stage appends a line to LOG. At KILL_AT the process kills itself with SIGKILL inside the stage.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from service.core.progress import Progress
from service.core.settings import Settings
from service.store import jobs


class Cycle:
    """Writes down what it did."""

    stages = ("one", "two", "three", "four", "five")

    def __init__(self, log: Path, kill_at: str) -> None:
        self._log = log
        self._kill_at = kill_at
        self.finished = False

    def run(self, workspace: str, run_id: str, stage: str, progress: Progress) -> bool:
        progress(1, 2)
        self._note(f"begin {stage}")
        if stage == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._note(f"end {stage}")
        return True

    def finish(self, workspace: str, run_id: str) -> None:
        self._note("finish")
        self.finished = True

    def _note(self, line: str) -> None:
        with self._log.open("a") as out:
            out.write(line + "\n")


def main(home: str, log: str, kill_at: str) -> None:
    settings = Settings(home=Path(home), _env_file=None)
    cycle, job = Cycle(Path(log), kill_at), jobs.Job("w/r/1", "w", "r")
    jobs.enqueue(settings, job)
    with jobs.executing(settings, cycle):
        deadline = time.monotonic() + 30
        while not cycle.finished and time.monotonic() < deadline:
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
