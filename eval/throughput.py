"""How many call transcripts a second one core takes in, with the share of every stage; memory over a large folder."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from eval.speed import memory_unit
from ingest.model import Harvest

GOAL = 60.0
"""Transcripts a second on one core, everything up to the vectors, all redaction on."""
CALLS = 2_000
LONG_TURNS = 120
"""Turns of a call of the large folder: about a quarter of an hour of talk."""
MARKS = (0.25, 0.5, 1.0)
"""Shares of the large folder at which memory is read."""
STAGES = ("read", "join", "roles", "redact", "mark", "store")


@dataclass
class Stopwatch:
    """Processor seconds by stage; what an inner stage takes is not the outer one's."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    _inner: list[float] = field(default_factory=list)

    def timed(self, stage: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """`act` with its own seconds put on `stage`."""

        def run(*args: Any, **kwargs: Any) -> Any:
            started = time.process_time()
            self._inner.append(0.0)
            try:
                return act(*args, **kwargs)
            finally:
                took = time.process_time() - started
                self.seconds[stage] += took - self._inner.pop()
                if self._inner:
                    self._inner[-1] += took

        return run


class Speed(NamedTuple):
    """One measured upload: wall and processor seconds, and the latter by stage."""

    documents: int
    seconds: float
    processor_seconds: float
    stages: dict[str, float]


class MemoryMark(NamedTuple):
    """Largest resident memory so far when that much of the folder was stored."""

    share: float
    peak_megabytes: float
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Print transcripts a second and the share of each stage; or peak memory over a folder of that many gigabytes.

    1 when the speed is under the goal by both clocks.
    """
    parser = argparse.ArgumentParser(prog="python -m eval throughput", description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="transcripts of the speed run")
    parser.add_argument("--folder-gb", type=float, help="measure memory over a folder of this size instead")
    wanted = parser.parse_args(arguments)
    _on_one_core()
    if wanted.folder_gb:
        print(show_memory(wanted.folder_gb))
        return 0
    result = speed(wanted.calls)
    print(show_speed(result))
    return 0 if result.documents / min(result.seconds, result.processor_seconds) >= GOAL else 1


def _on_one_core() -> None:
    """This process and its libraries stay on one core, before any of them counts the cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def speed(count: int) -> Speed:
    """Upload `count` made calls into a fresh home; libraries and dictionaries are loaded by a small upload before."""
    from eval.bulk import made_calls, write_calls

    with tempfile.TemporaryDirectory() as name:
        calls = made_calls()
        write_calls(Path(name) / "warm", calls, count=40)
        write_calls(Path(name) / "calls", calls, count=count)
        upload(Path(name) / "warm", Path(name) / "home-warm")
        watch = Stopwatch()
        with _watched(watch):
            started, worked = time.perf_counter(), time.process_time()
            documents = watch.timed("store", upload)(Path(name) / "calls", Path(name) / "home")
            return Speed(documents, time.perf_counter() - started, time.process_time() - worked, watch.seconds)


def upload(folder: Path, home: Path, stored: Callable[[int], None] = lambda files: None) -> int:
    """Ingest a folder in one call; `stored` is told how many files a batch was. Returns the receipt's documents."""
    from service.core.settings import Settings
    from service.corpus import repository
    from service.corpus.step import ingest_paths
    from service.store.db import open_store

    settings = Settings(home=home, evidence_index=False)
    store = open_store(settings)
    save = repository.save_harvest

    def saved(session: Any, workspace: str, harvest: Harvest, *rest: Any) -> Any:
        changes = save(session, workspace, harvest, *rest)
        stored(len(harvest.files))
        return changes

    try:
        with patch.object(repository, "save_harvest", saved):
            receipt = ingest_paths(store, settings, "throughput", [folder])
    finally:
        store.close()
    return sum(receipt.documents.values())


@contextmanager
def _watched(watch: Stopwatch) -> Iterator[None]:
    """The product's own functions, timed; what is in none of them is the store's."""
    from ingest import assembly, people, pipeline

    places: list[tuple[Any, str, str]] = [
        (pipeline, "gather", "read"),
        (pipeline, "gather_files", "read"),
        (pipeline, "outgrows", "read"),
        (pipeline, "texts_without_html", "read"),
        (pipeline, "identify", "join"),
        (pipeline, "_roles", "roles"),
        (pipeline, "assemble", "redact"),
        (assembly, "repeated", "mark"),
        (assembly, "own_flags", "mark"),
        (people.People, "hear", "join"),
    ]
    with ExitStack() as open_:
        for owner, name, stage in places:
            open_.enter_context(patch.object(owner, name, watch.timed(stage, getattr(owner, name))))
        yield


def show_speed(result: Speed) -> str:
    """The figures as a Markdown table."""
    by_wall, by_work = result.documents / result.seconds, result.documents / result.processor_seconds
    rows = [
        ("call transcripts", f"{result.documents}"),
        ("a second of the clock", f"{by_wall:.1f} (goal {GOAL:.0f})"),
        ("a second of processor time", f"{by_work:.1f}"),
        *((f"its share for {stage}", f"{result.stages[stage] / result.processor_seconds:.1%}") for stage in STAGES),
    ]
    return "\n".join(["| one core, both languages | measured |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def show_memory(gigabytes: float) -> str:
    """Make a folder of that size, take it in with one call, and tell the peak of memory on the way."""
    from eval.bulk import made_calls, write_calls

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "calls"
        files = write_calls(folder, made_calls(LONG_TURNS), size=int(gigabytes * 1e9))
        watch = MemoryWatch(files)
        documents = upload(folder, Path(name) / "home", watch.stored)
        database = sum(path.stat().st_size for path in (Path(name) / "home").rglob("*") if path.is_file())
    head = f"{files} files, {gigabytes:g} GB, one upload: {documents} documents; database {database / 1e6:.0f} MB"
    rows = [
        f"| {mark.share * gigabytes:.2f} GB | {mark.peak_megabytes:.0f} MB | {mark.seconds:.0f} s |"
        for mark in watch.marks
    ]
    return "\n".join([head, "", "| taken in | peak memory | after |", "|---|---|---|", *rows])


class MemoryWatch:
    """Peak resident memory of this process each time another quarter of the folder's files is stored."""

    def __init__(self, files: int) -> None:
        self._files = files
        self._stored = 0
        self._started = time.monotonic()
        self.marks: list[MemoryMark] = []

    def stored(self, files: int) -> None:
        """So many more files are in the database."""
        before, self._stored = self._stored / self._files, self._stored + files
        if any(before < mark <= self._stored / self._files for mark in MARKS):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * memory_unit() / 1e6
            self.marks.append(MemoryMark(self._stored / self._files, peak, time.monotonic() - self._started))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
