"""Pages and uploads under load: readers of briefs and uploaders at once, while analyses run on the same cores."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from eval.bulk import made_calls
from eval.loading.crowd import Notes, analyse, first_visit, read, upload
from eval.loading.knocking import Knocker

if TYPE_CHECKING:
    from service.core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGE_SECONDS = 0.150
"""Goal: 95 of 100 brief pages come in that time."""
UPLOAD_SECONDS = 0.300
"""Goal: likewise for an upload's receipt."""
HOST = "127.0.0.1"


class Crowd(NamedTuple):
    """Who is there, for how long, and how long a reader looks at a page (seconds)."""

    readers: int
    uploaders: int
    seconds: float
    pause: float
    analysing: bool


def main(arguments: Sequence[str]) -> int:
    """Print what the crowd saw; 1 when a goal was missed or anything failed."""
    parser = argparse.ArgumentParser(prog="python -m eval load", description=__doc__)
    parser.add_argument("--home", type=Path, help="an analysed home (it is copied); default: the demo, analysed first")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--uploaders", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=5.0, help="mean seconds a reader looks at a page")
    parser.add_argument("--quiet", action="store_true", help="without an analysis beside them")
    at = parser.parse_args(arguments)
    crowd = Crowd(at.readers, at.uploaders, at.seconds, at.pause, not at.quiet)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        busy = os.getloadavg()[0]
        if at.home:
            shutil.copytree(at.home, home)
        else:
            _analysed_demo(home)
        notes = measure(home, crowd)
    print(show(notes, crowd, busy))
    return int(bool(notes.failures) or not all(met for *_, met in goals(notes)))


def measure(home: Path, crowd: Crowd) -> Notes:
    """Serve the home, let the crowd in, and note what it saw."""
    from service.core.settings import Settings

    settings = Settings(home=home, port=free_port())
    keys, paths = _prepared(settings, crowd)
    with served(settings):
        return asyncio.run(_all_at_once(settings, crowd, keys, paths))


async def _all_at_once(settings: Settings, crowd: Crowd, keys: Sequence[str], paths: Sequence[str]) -> Notes:
    notes, calls = Notes(), made_calls()
    knockers = [Knocker(HOST, settings.port, key) for key in keys]
    notes.first_visit_seconds = await first_visit(knockers[-1], paths, calls)
    until = time.monotonic() + crowd.seconds
    readers, uploaders, keeper = knockers[: crowd.readers], knockers[crowd.readers : -1], knockers[-1]
    doings = [read(notes, one, paths, crowd.pause, until, seed) for seed, one in enumerate(readers)]
    doings += [upload(notes, one, calls, until, seed) for seed, one in enumerate(uploaders)]
    if crowd.analysing:
        doings.append(analyse(notes, keeper, until))
    await asyncio.gather(*doings)
    for one in knockers:
        one.close()
    return notes


def _prepared(settings: Settings, crowd: Crowd) -> tuple[list[str], list[str]]:
    """(a key for everybody, addresses of brief pages) of a home, brought up to date."""
    from service.briefs.repository import load_briefs
    from service.store.db import open_store
    from service.store.keys import create_key
    from service.store.runs import latest_done

    store = open_store(settings)
    try:
        with store.session(write=True) as session:
            keys = [
                create_key(session, settings.workspace, "owner") for _ in range(crowd.readers + crowd.uploaders + 1)
            ]
        with store.session() as session:
            run = latest_done(session, settings.workspace)
            briefs = load_briefs(session, settings.workspace, run.id)
    finally:
        store.close()
    pages = {f"/briefs/{brief.kind}" + (f"?segment={brief.segment}" if brief.segment else "") for brief in briefs}
    return keys, ["/comparison", *sorted(pages)]


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """`whobuys serve` over a home in a process of its own; its worker ends with it."""
    told = {"WHOBUYS_HOME": str(settings.home), "WHOBUYS_PORT": str(settings.port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve"],
        cwd=ROOT,
        env={**os.environ, **told},
        stdout=subprocess.DEVNULL,
    )
    try:
        _until_healthy(settings.port)
        yield
    finally:
        server.terminate()
        server.wait(20)
        _end_worker(settings)


def _until_healthy(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _end_worker(settings: Settings) -> None:
    """End the worker that the pages started: the process whose environment names this home."""
    wanted = f"WHOBUYS_HOME={settings.home}".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in place.read_bytes().split(b"\0") and int(place.parent.name) != os.getpid():
                os.kill(int(place.parent.name), signal.SIGTERM)
        except OSError:  # gone meanwhile, or somebody else's
            continue


def _analysed_demo(home: Path) -> None:
    told = {**os.environ, "WHOBUYS_HOME": str(home)}
    inputs = ROOT / "eval" / "cases" / "ru_coworking" / "inputs"
    for words in (["ingest", str(inputs)], ["analyze"]):
        subprocess.run(
            [sys.executable, "-m", "service.cli", *words], cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL
        )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def quantile(seconds: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed (nearest rank); 0 for none."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)] if ordered else 0.0


def goals(notes: Notes) -> list[tuple[str, float, float, bool]]:
    """(what, measured 95th percentile, goal, met) in seconds."""
    found = []
    for kind, goal in (("page", PAGE_SECONDS), ("upload", UPLOAD_SECONDS)):
        seconds = notes.seconds.get(kind, [])
        measured = quantile(seconds, 0.95)
        found.append((kind, measured, goal, bool(seconds) and measured <= goal))
    return found


def show(notes: Notes, crowd: Crowd, busy: float) -> str:
    """The figures as Markdown. `busy`: how many processes already wanted a core before."""
    rows = [
        f"| {kind} | {len(seconds)} | {1000 * quantile(seconds, 0.5):.0f} | {1000 * quantile(seconds, 0.95):.0f} "
        f"| {1000 * quantile(seconds, 0.99):.0f} | {1000 * max(seconds):.0f} |"
        for kind, seconds in sorted(notes.seconds.items())
    ]
    first = f"First visit to a server just started, every page and one upload: {notes.first_visit_seconds:.1f} s."
    beside = f"{notes.analysing_seconds:.0f} s of them while an analysis ran ({notes.analyses} started)"
    lines = [
        f"{crowd.readers} readers, a page each {crowd.pause:g} s; {crowd.uploaders} uploaders; {crowd.seconds:.0f} s, "
        f"{beside}; {os.cpu_count()} cores, {busy:.1f} of them busy before.",
        first,
        "",
        "| what | answers | median, ms | p95, ms | p99, ms | longest, ms |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"failures: {len(notes.failures)}{'; ' + ', '.join(sorted(set(notes.failures))[:8]) if notes.failures else ''}",
        *(
            f"{kind}: p95 {1000 * measured:.0f} ms, goal {1000 * goal:.0f} ms: {'met' if met else 'missed'}"
            for kind, measured, goal, met in goals(notes)
        ),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
