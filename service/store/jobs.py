"""The one door to DBOS: an analysis as a durable workflow that survives kill -9.

A job is a list of named stages over one run. Each finished stage is a checkpoint; a process that starts with the same
executor id takes up what a dead one left. One process at a time holds an executor id (a file lock says which): the
command line while it analyses, else a worker. Others put jobs into the queue and read how far they are.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import filelock

from service.core.background import spawn
from service.core.errors import Conflict
from service.core.ids import stable_id
from service.core.logs import JsonLines
from service.core.progress import Progress
from service.core.settings import Settings
from service.store.db import database_url

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig

QUEUE = "analyses"
WORKFLOW = "analyze"
ERRANDS = "errands"
"""Queue and workflow of errands: they wait for others and must not wait for an analysis."""
MOST_ERRANDS = 4
"""Errands one process runs at a time."""
MOST_TRIES = 50
NOBODY_SECONDS = 60.0
"""How long an errand waits when the process that took it up runs none."""
APPLICATION = "whobuys"
VERSION = "1"
"""Of the workflow's shape, not of the product: a job begun before an update goes on after it."""

POLL_SECONDS = 0.2
"""How often the queue is looked at: an analysis takes seconds to minutes."""

UNENDED = ("PENDING", "ENQUEUED", "DELAYED")
"""States of a job that DBOS still means to finish."""

TICK_SECONDS = 0.5
"""A stage tells others how far it is at most this often; the process that runs it sees every step."""


class Busy(Conflict):
    """Another process holds the executor id."""

    code = "busy"


class Job(NamedTuple):
    """One attempt at one run. `name` is unique for the attempt."""

    name: str
    workspace: str
    run_id: str


class Errand(NamedTuple):
    """Something to be tried until it is over, such as a message to be delivered. `id` is unique in the installation."""

    workspace: str
    id: str


Trying = Callable[[str, str], float | None]
"""One try of an errand (workspace, id): seconds to wait before the next, None when it is over. Safe to repeat."""


class Tick(NamedTuple):
    """How far a job's current stage is."""

    stage: str
    done: int
    total: int


class Cycle(Protocol):
    """What a job does, given by the room above. Every method is safe to repeat."""

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages, in order."""
        ...

    def run(self, workspace: str, run_id: str, stage: str, progress: Progress) -> bool:
        """Do one stage; False when the run is to stop here."""
        ...

    def finish(self, workspace: str, run_id: str) -> None:
        """All stages are done."""
        ...


@dataclass
class _Process:
    """What this process runs; DBOS keeps one instance a process, so do we."""

    cycle: Cycle | None = None
    listeners: dict[str, Callable[[Tick], None]] | None = None
    failures: dict[str, BaseException] | None = None
    trying: Trying | None = None


_process = _Process()
_workflow: Callable[[str, str, str], bool] | None = None
_errands: Callable[[str, str], bool] | None = None
_guard = threading.Lock()


def executor_id(settings: Settings) -> str:
    """The stable name under which this machine's jobs are taken up again."""
    if settings.executor_id:
        return settings.executor_id
    return "local" if database_url(settings).get_backend_name() == "sqlite" else socket.gethostname()


def jobs_url(settings: Settings) -> str:
    """Where DBOS keeps its tables: a file of its own beside SQLite, the schema `dbos` of PostgreSQL."""
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{(settings.home / 'jobs.db').absolute()}"
    return url.render_as_string(hide_password=False)


class Executor:
    """This process works on jobs. Made by `executing`."""

    def __init__(self, settings: Settings, failures: dict[str, BaseException]) -> None:
        self._settings = settings
        self.failures = failures
        """Job → the error that stopped it in this process."""

    def busy(self) -> bool:
        """Whether any job waits or runs."""
        from dbos import DBOS

        return bool(DBOS.list_workflows(status=[*UNENDED], limit=1, load_input=False, load_output=False))

    def settle(self, job: Job, seconds: float = 5.0) -> None:
        """Wait until the queue has noted the end of a job whose run is over: leaving earlier would end it again."""
        from dbos import DBOS

        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = DBOS.list_workflows(workflow_ids=[job.name], load_input=False, load_output=False)
            if found and found[0].status not in UNENDED:
                return
            time.sleep(0.02)


@contextmanager
def executing(
    settings: Settings,
    cycle: Cycle,
    listen: dict[str, Callable[[Tick], None]] | None = None,
    trying: Trying | None = None,
) -> Iterator[Executor]:
    """Work on jobs until the block ends; what a dead process left under this name goes on at once.

    `listen` maps a run id to a callback that sees every tick of it; `trying` does errands. Raises Busy when
    another process works under the same executor id.
    """
    with _holding(settings):
        from dbos import DBOS

        failures: dict[str, BaseException] = {}
        _process.cycle, _process.listeners, _process.failures = cycle, listen or {}, failures
        _process.trying = trying
        _prepare(settings)
        _define_workflow()
        _define_errands()
        log = logging.getLogger("dbos")
        log.disabled = False
        DBOS(config=_config(settings))
        for handler in log.handlers:
            handler.setFormatter(JsonLines())  # its own lines would quote an error, and the error a customer
        DBOS.launch()
        try:
            yield Executor(settings, failures)
        finally:
            log.disabled = True  # a stage that goes on in its thread finds the queue closed: expected, and survived
            DBOS.destroy()
            for handler in list(log.handlers):  # the next executor of this process brings its own stream
                log.removeHandler(handler)
            _process.cycle, _process.listeners, _process.failures = None, None, None
            _process.trying = None


def enqueue(settings: Settings, job: Job) -> None:
    """Put a job into the queue; the same job twice is one."""
    with _client(settings) as client:
        client.enqueue(
            {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "workflow_id": job.name,
                "app_version": VERSION,
                "application_name": APPLICATION,
            },
            job.name,
            job.workspace,
            job.run_id,
        )


def enqueue_errand(settings: Settings, errand: Errand) -> None:
    """Put an errand into its queue; the same errand twice is one."""
    with _client(settings) as client:
        client.enqueue(
            {
                "queue_name": ERRANDS,
                "workflow_name": ERRANDS,
                "workflow_id": f"{ERRANDS}/{errand.workspace}/{errand.id}",
                "app_version": VERSION,
                "application_name": APPLICATION,
            },
            *errand,
        )


def has_ended(settings: Settings, job: Job) -> bool:
    """Whether the queue knows this job and is done with it, well or badly."""
    with _client(settings) as client:
        found = client.list_workflows(workflow_ids=[job.name], load_input=False, load_output=False)
        return bool(found) and found[0].status not in UNENDED


def how_far(settings: Settings, job: Job) -> Tick | None:
    """The last tick of a job, from any process; None before the first."""
    with _client(settings) as client:
        event = client.get_event(job.name, "tick", timeout_seconds=0)
    return Tick(*event) if event else None


def held(settings: Settings) -> bool:
    """Whether a living process works under this machine's executor id."""
    lock = filelock.FileLock(_lock_path(settings))
    try:
        with lock.acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True


def spawn_worker(settings: Settings) -> None:
    """Start a worker process of our own, which leaves when it has had nothing to do for a while."""
    spawn(settings, "worker", "--until-idle")


@contextmanager
def _holding(settings: Settings) -> Iterator[None]:
    lock = filelock.FileLock(_lock_path(settings))
    try:
        lock.acquire(timeout=1)
    except filelock.Timeout as error:
        name = executor_id(settings)
        raise Busy(
            f"Another process already works on analyses here under the name {name!r}. On another machine of the same "
            "database set WHOBUYS_EXECUTOR_ID to a name of its own.",
            ru=f"Анализом здесь уже занят другой процесс под именем {name!r}. Для другой машины той же базы задайте "
            "своё имя в WHOBUYS_EXECUTOR_ID.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _lock_path(settings: Settings) -> Path:
    folder = settings.home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"executor-{stable_id('', executor_id(settings))}.lock"


def _config(settings: Settings) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": jobs_url(settings),
        "executor_id": executor_id(settings),
        "application_version": VERSION,
        "serializer": _serializer(),
        "log_level": "ERROR",
        "enable_otlp": False,
        "notification_listener_polling_interval_sec": POLL_SECONDS,
    }


@contextmanager
def _client(settings: Settings) -> Iterator[DBOSClient]:
    _prepare(settings)
    client = _new_client(settings)
    try:
        yield client
    finally:
        client.destroy()


def _new_client(settings: Settings) -> DBOSClient:
    from dbos import DBOSClient

    return DBOSClient(system_database_url=jobs_url(settings), serializer=_serializer(), application_name=APPLICATION)


_prepared: set[str] = set()


def _prepare(settings: Settings) -> None:
    """DBOS's own tables and the queue, once a process: a queue made after the launch is found a second later."""
    url = jobs_url(settings)
    with _guard:
        if url in _prepared:
            return
        from dbos import DBOS

        settings.home.mkdir(parents=True, exist_ok=True)
        DBOS.migrate(url)
        client = _new_client(settings)
        client.register_queue(
            QUEUE, worker_concurrency=1, polling_interval_sec=POLL_SECONDS, on_conflict="always_update"
        )
        client.register_queue(
            ERRANDS, worker_concurrency=MOST_ERRANDS, polling_interval_sec=POLL_SECONDS, on_conflict="always_update"
        )
        client.destroy()
        _prepared.add(url)


def _define_workflow() -> None:
    """Register the workflow with DBOS, once a process."""
    global _workflow
    if _workflow is not None:
        return
    from dbos import DBOS

    @DBOS.workflow(name=WORKFLOW)
    def analyze(job: str, workspace: str, run_id: str) -> bool:
        cycle = _process.cycle
        if cycle is None:
            raise RuntimeError("the executor is closing")
        for stage in cycle.stages:
            if not DBOS.run_step({"name": stage}, _stage, job, workspace, run_id, stage):
                return False
        return DBOS.run_step({"name": "finish"}, _finish, job, workspace, run_id)

    _workflow = analyze


def _define_errands() -> None:
    """Register the workflow of errands with DBOS, once a process: its waits outlive the process."""
    global _errands
    if _errands is not None:
        return
    from dbos import DBOS

    @DBOS.workflow(name=ERRANDS)
    def errands(workspace: str, errand_id: str) -> bool:
        for number in range(MOST_TRIES):
            wait = DBOS.run_step({"name": f"try {number + 1}"}, _try, workspace, errand_id)
            if wait is None:
                return True
            DBOS.sleep(wait)
        return False

    _errands = errands


def _try(workspace: str, errand_id: str) -> float | None:
    return _process.trying(workspace, errand_id) if _process.trying is not None else NOBODY_SECONDS


def _stage(job: str, workspace: str, run_id: str, stage: str) -> bool:
    """One checkpoint. Never raises: what stopped the run is written to the run, and kept for this process."""
    cycle, teller = _process.cycle, _Teller(run_id, stage)
    if cycle is None:
        raise RuntimeError("the executor is closing")
    try:
        teller(0, 0)
        return cycle.run(workspace, run_id, stage, teller)
    except Exception as error:
        if _process.failures is not None:
            _process.failures[job] = error
        return False


def _finish(job: str, workspace: str, run_id: str) -> bool:
    cycle = _process.cycle
    if cycle is None:
        raise RuntimeError("the executor is closing")
    cycle.finish(workspace, run_id)
    return True


class _Teller:
    """A Progress that tells this process at once and other processes now and then."""

    def __init__(self, run_id: str, stage: str) -> None:
        self._stage = stage
        self._listener = (_process.listeners or {}).get(run_id)
        self._told = 0.0
        self._thread = threading.get_ident()

    def __call__(self, done: int, total: int) -> None:
        tick = Tick(self._stage, int(done), int(total))
        if self._listener is not None:
            self._listener(tick)
        moment = time.monotonic()
        if moment - self._told >= TICK_SECONDS and threading.get_ident() == self._thread:
            from dbos import DBOS

            DBOS.set_event("tick", list(tick))
            self._told = moment


def _serializer() -> Any:
    """JSON instead of DBOS's pickle: a job holds names and ids only, and reading it must not run code."""
    from dbos import Serializer

    class Json(Serializer):
        def serialize(self, data: Any) -> str:
            return json.dumps(data, default=_as_text)

        def deserialize(self, serialized_data: str) -> Any:
            value = json.loads(serialized_data)
            if isinstance(value, dict) and "__error__" in value:
                return RuntimeError(value["__error__"])
            return value

        def name(self) -> str:
            return "whobuys_json"

    return Json()


def _as_text(value: Any) -> Any:
    return {"__error__": type(value).__name__} if isinstance(value, BaseException) else str(value)
