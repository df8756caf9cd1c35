"""Starting and watching a run, as the pages and the API need it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, Protocol

from service.core.settings import Settings
from service.store.db import Store

RunStatus = Literal["pending", "running", "done", "failed", "cancelled"]
WEIGHTS = {"embedding": 40, "segments": 38, "economics": 1, "personas": 3, "comparison": 6, "portrait": 1, "briefs": 11}
"""Share of a cycle's time each stage takes, measured on 600 documents; only the progress bar uses it."""
OTHER_WEIGHT = 5
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
        """The run's row, and the current stage's own count."""
        from service import flow

        run = flow.load(self._store, workspace, run_id)
        tick = flow.how_far(self._settings, run)
        return RunState(
            id=run.id,
            number=run.number,
            status=run.status,
            stage=tick.stage or run.stage,
            stages=flow.STAGES,
            done_stages=run.done_stages,
            done=tick.done,
            total=tick.total,
            error=run.error,
            created_at=run.created_at,
            finished_at=run.finished_at,
        )


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
