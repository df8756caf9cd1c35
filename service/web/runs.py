"""Starting and watching a run, as the pages and the API need it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from service.core.clock import now
from service.core.errors import NotReady
from service.core.settings import Settings
from service.store.db import Store
from service.store.runs import Run, latest_done, recent_runs

RunStatus = Literal["pending", "running", "done", "failed", "cancelled"]
WEIGHTS = {"embedding": 40, "segments": 38, "economics": 1, "personas": 3, "comparison": 6, "portrait": 1, "briefs": 11}
"""Share of a cycle's time each stage takes, measured on 600 documents; only the progress bar uses it."""
OTHER_WEIGHT = 5
TELLING_PERCENT = 5
"""From here the time a run took so far tells how long it will take."""
FINAL: frozenset[str] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class RunState:
    """How far a run is. `done` of `total` units of the current stage; 0 of 0 while a stage has not said."""

    id: str
    number: int
    status: RunStatus
    stage: str
    stages: tuple[str, ...]
    """All stages, in order."""
    done_stages: tuple[str, ...]
    done: int
    total: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None = None
    seconds_left: int | None = None
    """Expected, while it works; None where nothing can be said yet."""
    cancelled_by: str = ""
    """Who stopped it; empty unless a person did."""
    stale: bool = False
    """Whether rows it counted were taken back since."""

    @property
    def final(self) -> bool:
        """Nothing more will happen."""
        return self.status in FINAL


class Runs(Protocol):
    """What the doors ask of the cycle; the tests put one of their own here."""

    def start(self, workspace: str) -> str:
        """Start a cycle over what is there now, or find the one that saw the same; returns its id."""
        ...

    def state(self, workspace: str, run_id: str) -> RunState:
        """How far it is. NotFound for an unknown or foreign id."""
        ...

    def cancel(self, workspace: str, run_id: str, who: str) -> RunState:
        """Stop it. NotFound for an unknown or foreign id, Conflict when it is over."""
        ...

    def recent(self, workspace: str, limit: int, before: int | None = None) -> list[RunState]:
        """The latest runs, newest first; only those with a number below `before`."""
        ...


class Cycles:
    """Runs of the real cycle: queued here, worked on by a worker process."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def start(self, workspace: str) -> str:
        """Queue a cycle and make sure somebody works on it."""
        from service import flow

        run = flow.start(self._store, self._settings, workspace)
        if not run.over:
            flow.ensure_worker(self._settings)
        return run.id

    def state(self, workspace: str, run_id: str) -> RunState:
        """The run's row, the current stage's own count, and the time it is likely to take still."""
        from service import flow

        run = flow.load(self._store, workspace, run_id)
        tick = flow.how_far(self._settings, run)
        state = _state(run, tick.stage or run.stage, tick.done, tick.total)
        if state.final or "began" not in run.manifest:
            return state
        spent = (now() - datetime.fromisoformat(run.manifest["began"])).total_seconds()
        return replace(state, seconds_left=seconds_left(state, spent, self._earlier(workspace, run)))

    def cancel(self, workspace: str, run_id: str, who: str) -> RunState:
        """Stop the run; whoever works on it notices."""
        from service import flow

        run = flow.cancel(self._store, workspace, run_id, who)
        return _state(run, run.stage, 0, 0)

    def recent(self, workspace: str, limit: int, before: int | None = None) -> list[RunState]:
        """Runs as their rows say."""
        with self._store.session() as session:
            found = recent_runs(session, workspace, limit, before)
        return [_state(run, run.stage, 0, 0) for run in found]

    def _earlier(self, workspace: str, run: Run) -> dict[str, float]:
        """Seconds a stage of the last finished run, for as many documents as this one has."""
        with self._store.session() as session:
            try:
                last = latest_done(session, workspace).manifest
            except NotReady:
                return {}
        documents = last.get("documents") or 0
        size = run.manifest.get("documents", 0) / documents if documents else 0
        return {stage: seconds * size for stage, seconds in last.get("seconds", {}).items()} if size else {}


def _state(run: Run, stage: str, done: int, total: int) -> RunState:
    from service import flow

    return RunState(
        id=run.id,
        number=run.number,
        status=run.status,
        stage=stage,
        stages=flow.STAGES,
        done_stages=run.done_stages,
        done=done,
        total=total,
        error=run.error,
        created_at=run.created_at,
        finished_at=run.finished_at,
        cancelled_by=str(run.manifest.get("cancelled_by", "")),
        stale=bool(run.manifest.get("stale")),
    )


def seconds_left(state: RunState, spent: float, earlier: Mapping[str, float]) -> int | None:
    """Seconds the run is likely to take still: as the stages took last time, else as this run went so far.

    None in the first moments of a run that has no earlier one to be like.
    """
    part = state.done / state.total if state.total else 0.0
    to_do = [stage for stage in state.stages if stage not in state.done_stages]
    if earlier and all(stage in earlier for stage in to_do):
        left = sum(earlier[stage] * (1 - part if stage == state.stage else 1) for stage in to_do)
        return max(1, round(left))
    percent = percent_done(state)
    return max(1, round(spent * (100 - percent) / percent)) if percent >= TELLING_PERCENT else None


def percent_done(state: RunState) -> int:
    """Whole per cent of the cycle by the time its stages take: finished ones, and the part of the current one."""
    if state.status == "done":
        return 100
    weights = {stage: WEIGHTS.get(stage, OTHER_WEIGHT) for stage in state.stages}
    spent: float = sum(weights[stage] for stage in state.done_stages if stage in weights)
    part = state.done / state.total if state.total else 0.0
    spent += part * weights.get(state.stage, 0) if state.stage not in state.done_stages else 0
    return min(99, int(100 * spent / max(sum(weights.values()), 1)))


def event(state: RunState) -> str:
    """The state as a server-sent event."""
    values = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(state).items()}
    return f"event: progress\ndata: {json.dumps(values | {'percent': percent_done(state)}, ensure_ascii=False)}\n\n"


def changes(states: Iterator[RunState]) -> Iterator[RunState]:
    """Only the states that differ from the one before, up to and with the final one."""
    last: RunState | None = None
    for state in states:
        if state != last:
            yield state
        if state.final:
            return
        last = state
