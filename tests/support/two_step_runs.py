"""A cycle that is half way when first looked at, and done soon after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from service.core.errors import NotFound
from service.flow import STAGES
from service.web.runs import RunState


class TwoStepRuns:
    """Stands in for the durable jobs; `result` is the id every run gets, else one per workspace."""

    def __init__(self, result: str | None = None, looks: int = 3) -> None:
        self.result = result
        self.until_done = looks
        self.looks = 0

    def start(self, workspace: str) -> str:
        """Begin anew."""
        self.looks = 0
        return self.result or f"r-{workspace}"

    def state(self, workspace: str, run_id: str) -> RunState:
        """Half way for the first few looks, then done."""
        if run_id != (self.result or f"r-{workspace}"):
            raise NotFound(f"There is no run {run_id!r}.", ru=f"Прогона {run_id!r} нет.")
        self.looks += 1
        done = self.looks > self.until_done
        return RunState(
            id=run_id, number=1, status="done" if done else "running", stage="" if done else "segments", stages=STAGES,
            done_stages=STAGES if done else STAGES[:1], done=0 if done else 40, total=0 if done else 200, error=None,
            created_at=datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
        )  # fmt: skip

    def cancel(self, workspace: str, run_id: str, who: str) -> RunState:
        """Stopped at once."""
        return replace(self.state(workspace, run_id), status="cancelled", cancelled_by=who)

    def recent(self, workspace: str, limit: int, before: int | None = None) -> list[RunState]:
        """The one run."""
        return [self.state(workspace, self.result or f"r-{workspace}")][:limit] if before is None else []
