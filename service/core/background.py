"""Work in a process of its own, which gives way to whoever waits for a page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from service.core.settings import Settings

GIVES_WAY = 10
"""Niceness of such a process: on busy cores the pages get about nine tenths of the time."""


def spawn(settings: Settings, *words: str) -> subprocess.Popen[bytes]:
    """Start `whobuys WORDS` over the same settings; its errors and logs go to `worker.log` of the home."""
    told = {
        f"WHOBUYS_{name.upper()}": str(value)
        for name, value in settings.model_dump(exclude_unset=True).items()
        if value is not None
    }
    with (settings.home / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", *words],
            env={**os.environ, **told, "WHOBUYS_HOME": str(settings.home.absolute())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    _give_way(process.pid)
    return process


def _give_way(process: int) -> None:
    """Lower its share of the cores, and that of its session where the kernel shares them out by session."""
    try:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process, GIVES_WAY)
        autogroup = Path(f"/proc/{process}/autogroup")
        if autogroup.exists():
            autogroup.write_text(str(GIVES_WAY))
    except OSError:  # not allowed here, or already over: it works all the same, only less politely
        return
