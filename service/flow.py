"""One cycle, in reading order: read what customers said, find who they are, hold the personas against it, brief.

A cycle is a run over one state of the corpus and the settings. Its stages are checkpoints of a durable job
(`service.store.jobs`): killed at any moment, the next start goes on at the interrupted stage with the same result.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.briefs.notices import step as notices
from service.core.clock import now
from service.core.errors import BadInput, Conflict, WhobuysError
from service.core.progress import Progress
from service.core.settings import Settings
from service.corpus.model import Corpus
from service.corpus.repository import load_corpus
from service.llm.manifest import asked_with, billed
from service.segments.repository import edits_in_force
from service.store import jobs, runs
from service.store.audit import note
from service.store.db import Store, ensure_workspace
from service.store.runs import Run

STAGES: Final = ("embedding", "segments", "economics", "personas", "comparison", "portrait", "briefs")
"""Each is `service.<stage>.step.run`."""

STEERING: Final = ("language", "currency", "encoder", "seed", "region")
"""Settings that change results; the others say only where and how fast."""

VERSIONED: Final = (
    "whobuys", "numpy", "scikit-learn", "hdbscan", "umap-learn", "sentence-transformers", "torch", "chromadb",
    "pymorphy3", "dbos", "SQLAlchemy",
)  # fmt: skip
"""Packages whose versions the manifest keeps."""

LOCKED_TRIES: Final = 3
"""A stage whose first write finds that somebody else wrote meanwhile is done again this often."""

RESTARTS: Final = 5
"""Times the command line starts over because data changed under it, before it says so and stops."""

LOOK_SECONDS: Final = 1.0
"""How often a stage at work looks whether somebody cancelled its run."""

STARTING_SECONDS: Final = 15.0
"""A worker started this recently may not hold its lock yet: no second one is started."""

_spawned_at: dict[Path, float] = {}
_guard = threading.Lock()

Watch = Callable[[Run, jobs.Tick], None]
"""Called with the run and how far its current stage is."""


class Stopped(Conflict):
    """A person cancelled the run."""

    code = "stopped"


class Overtaken(Conflict):
    """Data or confirmations changed while a run was under way: its stages would not fit together."""

    code = "overtaken"


def start(store: Store, settings: Settings, workspace: str, force: bool = False) -> Run:
    """The run over the corpus as it is now, put into the queue; returns at once.

    The same input is analysed once: two callers share a run, and one that is done is returned as it is, unless
    `force`. BadInput when there is nothing to analyse.
    """
    run = _open(store, settings, workspace, force)
    if not run.over:
        run = _enqueue(store, settings, run)
    return run


def ensure_worker(settings: Settings) -> None:
    """Somebody works on the queue: this machine's worker, started now if none lives."""
    with _guard:
        began = _spawned_at.get(settings.home, float("-inf"))
        if jobs.held(settings) or time.monotonic() - began < STARTING_SECONDS:
            return
        _spawned_at[settings.home] = time.monotonic()
        jobs.spawn_worker(settings)


def analyze(store: Store, settings: Settings, workspace: str, watch: Watch, force: bool = False) -> Run:
    """Start a cycle and stay until it is over, working on it in this process unless another already does.

    Raises what stopped it: the stage's own error, or Conflict when data kept changing.
    """
    for _ in range(RESTARTS):
        run = start(store, settings, workspace, force)
        if run.over:
            return run
        run = _follow(store, settings, run, watch)
        if run.status == "done":
            send_messages(store, settings)
            return run
        if run.status == "failed":
            raise Conflict(run.error or "The analysis stopped.")
        if "cancelled_by" in run.manifest:
            raise Stopped("The analysis was cancelled.", ru="Анализ отменён.")
    raise Conflict(
        "Data kept changing during the analysis; run it again when uploads have ended.",
        ru="Данные всё время менялись во время анализа; запустите его снова, когда загрузки закончатся.",
    )


def send_messages(store: Store, settings: Settings) -> None:
    """See to it that messages about briefs are on their way, and that somebody carries them."""
    if notices.hand_over(store, settings):
        ensure_worker(settings)


def _trying(store: Store, settings: Settings) -> jobs.Trying:
    return lambda workspace, message: notices.deliver(store, settings, workspace, message)


def work(store: Store, settings: Settings, stop: threading.Event, idle_seconds: float | None = None) -> None:
    """Work on jobs until `stop` is set, or until there was nothing to do for `idle_seconds`."""
    with jobs.executing(settings, Cycle(store, settings), trying=_trying(store, settings)) as executor:
        notices.hand_over(store, settings)
        last = time.monotonic()
        while not stop.wait(1.0):
            if idle_seconds is None:
                continue
            if executor.busy():
                last = time.monotonic()
            elif time.monotonic() - last > idle_seconds:
                return


def load(store: Store, workspace: str, run_id: str) -> Run:
    """A run by its id. NotFound for an unknown or foreign one."""
    with store.session() as session:
        return runs.load_run(session, workspace, run_id)


def is_stale(store: Store, settings: Settings, run: Run) -> bool:
    """Whether the data or confirmations have changed since the run."""
    if run.manifest.get("stale"):
        return True
    with store.session() as session:
        if runs.corpus_stamp(session, run.workspace) == run.manifest.get("stamp"):
            return False
        return _input_hash(session, load_corpus(session, run.workspace, settings), settings) != run.input_hash


def bring_up_to_date(store: Store, settings: Settings, run: Run) -> None:
    """Note that a finished run's results follow from data and confirmations as they are now: nothing waits for it."""
    with store.session(write=True) as session:
        row = runs.run_row(session, run.workspace, run.id)
        row.input_hash = _input_hash(session, load_corpus(session, run.workspace, settings), settings)
        row.manifest = {**row.manifest, "stamp": runs.corpus_stamp(session, run.workspace)}


def how_far(settings: Settings, run: Run) -> jobs.Tick:
    """The current stage of a run and its progress; 0 of 0 where the stage has not said.

    Whoever asks about an unfinished run also sees to it that somebody works on it: a worker may have died.
    """
    if not run.over:
        ensure_worker(settings)
    return _tick(settings, run)


def _tick(settings: Settings, run: Run) -> jobs.Tick:
    tick = None if run.over else jobs.how_far(settings, _job(run))
    return tick if tick is not None and tick.stage not in run.done_stages else jobs.Tick(run.stage, 0, 0)


def cancel(store: Store, workspace: str, run_id: str, who: str = "command line") -> Run:
    """Stop a run: at the next sign of life of its stage, for good; asked again, the same data begin a new one.

    Conflict when it is over already. Whoever works on it learns of it by the run's row, also after a restart.
    """
    with store.session(write=True) as session:
        row = runs.run_row(session, workspace, run_id)
        if row.status not in {"pending", "running"}:
            raise Conflict(f"Run {row.number} is over already.", ru=f"Прогон {row.number} уже закончен.")
        row.status, row.finished_at = "cancelled", now()
        row.manifest = {**row.manifest, "cancelled_by": who}
        note(session, workspace, who, "run cancelled", run=run_id)
    return load(store, workspace, run_id)


@dataclass(frozen=True)
class Cycle:
    """The stages as the durable job calls them."""

    store: Store
    settings: Settings
    stages: tuple[str, ...] = STAGES

    def run(self, workspace: str, run_id: str, stage: str, progress: Progress) -> bool:
        """Do one stage unless it is done; False when the run is over. What stops it is written to the run."""
        run = load(self.store, workspace, run_id)
        if run.over:
            return False
        if stage in run.done_stages:
            return True
        try:
            self._still_true(run)
            self._begin(run, stage)
            began = time.monotonic()
            self._step(run, stage, self._unless_stopped(run, progress))
            self._done(run, stage, time.monotonic() - began)
        except Stopped:
            return False
        except Overtaken as error:
            self._end(run, "cancelled", _sentence(run, error))
            return False
        except Exception as error:
            self._end(run, "failed", _sentence(run, error))
            raise
        return True

    def finish(self, workspace: str, run_id: str) -> None:
        """Note the result's hash and the end."""
        with self.store.session(write=True) as session:
            row = runs.run_row(session, workspace, run_id)
            if row.status in {"done", "cancelled", "failed"}:
                return
            row.result_hash = runs.result_hash(session, workspace, run_id)
            if bill := billed(session, workspace, run_id, self.settings):
                row.manifest = {**row.manifest, "bill": bill}
            row.status, row.stage, row.finished_at, row.error = "done", "", now(), None
        notices.hand_over(self.store, self.settings)

    def _still_true(self, run: Run) -> None:
        with self.store.session() as session:
            if runs.corpus_stamp(session, run.workspace) == run.manifest.get("stamp"):
                return
            corpus = load_corpus(session, run.workspace, self.settings)
            if _input_hash(session, corpus, self.settings) != run.input_hash:
                raise Overtaken("Data changed during the analysis.", ru="Данные изменились во время анализа.")

    def _begin(self, run: Run, stage: str) -> None:
        with self.store.session(write=True) as session:
            row = runs.run_row(session, run.workspace, run.id)
            _require_wanted(row.status)
            row.status, row.stage = "running", stage
            row.manifest = {"began": now().isoformat(), **row.manifest}

    def _unless_stopped(self, run: Run, progress: Progress) -> Progress:
        """The progress, which now and then looks whether the run is still wanted."""
        looked = time.monotonic()

        def tick(done: int, total: int) -> None:
            nonlocal looked
            progress(done, total)
            if time.monotonic() - looked >= LOOK_SECONDS:
                looked = time.monotonic()
                _require_wanted(load(self.store, run.workspace, run.id).status)

        return tick

    def _step(self, run: Run, stage: str, progress: Progress) -> None:
        step = import_module(f"service.{stage}.step")
        for attempt in range(1, LOCKED_TRIES + 1):
            try:
                return cast(None, step.run(self.store, self.settings, run.workspace, run.id, progress))
            except OperationalError as error:
                if attempt == LOCKED_TRIES or "locked" not in str(error.orig):
                    raise

    def _done(self, run: Run, stage: str, seconds: float) -> None:
        with self.store.session(write=True) as session:
            row = runs.run_row(session, run.workspace, run.id)
            row.done_stages = [*row.done_stages, stage]
            spent = {**row.manifest.get("seconds", {}), stage: round(seconds, 2)}
            row.manifest = {**row.manifest, "seconds": spent}

    def _end(self, run: Run, status: str, error: str) -> None:
        with self.store.session(write=True) as session:
            row = runs.run_row(session, run.workspace, run.id)
            row.status, row.error, row.finished_at = status, error, now()


def _require_wanted(status: str) -> None:
    if status == "cancelled":
        raise Stopped("The analysis was cancelled.", ru="Анализ отменён.")


def _open(store: Store, settings: Settings, workspace: str, force: bool) -> Run:
    with store.session(write=True) as session:
        ensure_workspace(session, workspace)
        corpus = load_corpus(session, workspace, settings)
        if not corpus.documents and not corpus.deals:
            raise BadInput(
                f"Workspace {workspace!r} holds no documents and no deals yet: run `whobuys ingest PATH` first.",
                ru=f"В пространстве {workspace!r} ещё нет ни документов, ни сделок: сначала `whobuys ingest ПУТЬ`.",
            )
        manifest = {
            "stamp": runs.corpus_stamp(session, workspace),
            "language": corpus.language,
            "currency": corpus.currency,
            "documents": len(corpus.documents),
            "customers": len(corpus.customers),
            "deals": len(corpus.deals),
            "settings": _steering(settings),
            "versions": _versions(),
        }
        if asked := asked_with(settings):
            manifest["llm"] = asked
        return runs.open_run(session, workspace, _input_hash(session, corpus, settings), manifest, force)


def _input_hash(session: Session, corpus: Corpus, settings: Settings) -> str:
    """Names everything that may change a result: data, confirmations and edits, settings, versions."""
    parts: list[Any] = [
        corpus.input_hash,
        runs.confirmations(session, corpus.workspace),
        _steering(settings),
        _versions(),
    ]
    if edits := edits_in_force(session, corpus.workspace):
        parts.append(edits)
    if asked := asked_with(settings):
        parts.append(asked)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _steering(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in STEERING}


def _versions() -> dict[str, str]:
    found = {}
    for package in VERSIONED:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _job(run: Run) -> jobs.Job:
    return jobs.Job(run.job, run.workspace, run.id)


def _enqueue(store: Store, settings: Settings, run: Run) -> Run:
    """Queue the run's job; where the queue has ended it and the run is not over, a new attempt begins."""
    if jobs.has_ended(settings, _job(run)):
        with store.session(write=True) as session:
            runs.run_row(session, run.workspace, run.id).attempt += 1
        run = load(store, run.workspace, run.id)
    jobs.enqueue(settings, _job(run))
    return run


def _follow(store: Store, settings: Settings, run: Run, watch: Watch) -> Run:
    """Until the run is over: work on it, or watch whoever does, and take over should they die."""
    while not run.over:
        try:
            run = _work_on(store, settings, run, watch)
        except jobs.Busy:
            watch(run, _tick(settings, run))
            time.sleep(0.5)
            run = load(store, run.workspace, run.id)
    return run


def _work_on(store: Store, settings: Settings, run: Run, watch: Watch) -> Run:
    listen = {run.id: lambda tick: watch(run, tick)}
    with jobs.executing(settings, Cycle(store, settings), listen, _trying(store, settings)) as executor:
        while not (now_at := load(store, run.workspace, run.id)).over and run.job not in executor.failures:
            time.sleep(0.1)
        executor.settle(_job(run))
    if run.job in executor.failures:
        raise executor.failures[run.job]
    return now_at


def _sentence(run: Run, error: Exception) -> str:
    """What the run row keeps of an error: our own sentence, or where a bug sits. Never a bug's text: it may quote."""
    russian = run.manifest.get("language") == "ru"
    if isinstance(error, WhobuysError):
        return error.said_in("ru" if russian else "en")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/service/" in f.filename.replace("\\", "/")]
    place = f"{type(error).__name__}, {frames[-1].name}:{frames[-1].lineno}" if frames else type(error).__name__
    return f"Анализ остановила ошибка в программе: {place}." if russian else f"A bug stopped the analysis: {place}."
