"""The sales page: what to upload, what was uploaded, and how far the analysis is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.core.numbers import Formatter
from service.corpus.receipt import Receipt
from service.web.i18n import Words
from service.web.runs import RunState, percent_done

MINUTE: Final = 60


@dataclass(frozen=True)
class RecentUpload:
    """A line of the list of uploads."""

    id: str
    created_at: datetime
    files: int
    documents: int
    rejects: int
    who: str = ""
    channel: str = "files"
    undone: bool = False


@dataclass(frozen=True)
class UploadView:
    """The upload page."""

    customers: int
    recent: tuple[RecentUpload, ...]
    error: str = ""
    to_hear: int = 0
    """Calls that wait for a person to say who the customer is."""


@dataclass(frozen=True)
class StepView:
    """A stage of the analysis: wait, now or done."""

    id: str
    name: str
    state: str
    count: str


@dataclass(frozen=True)
class ProgressView:
    """The progress page."""

    state: RunState
    title: str
    percent: int
    final: bool
    steps: tuple[StepView, ...]
    left: str = ""
    """How long it is likely to take still; empty where nothing can be said."""


@dataclass(frozen=True)
class RunLine:
    """A line of the list of analyses."""

    id: str
    number: int
    begun: str
    state: str
    stale: bool


def recent(receipt: Receipt) -> RecentUpload:
    """A receipt as a line."""
    files = sum(kind.files for kind in receipt.files) + receipt.unchanged
    records = sum(receipt.documents.values()) + receipt.deals
    refused = receipt.weights.get("mend", 0) if receipt.weights else len(receipt.rejects)
    undone = receipt.undone_at is not None
    return RecentUpload(receipt.id, receipt.created_at, files, records, refused, receipt.who, receipt.channel, undone)


def progress_view(state: RunState, words: Words, formatter: Formatter) -> ProgressView:
    """How far the analysis is, stage by stage."""
    titles = {"done": "progress.done", "failed": "progress.failed", "cancelled": "progress.cancelled"}
    if state.cancelled_by:
        titles["cancelled"] = "runs.stopped"
    return ProgressView(
        state=state,
        title=words(titles.get(state.status, "progress.running")),
        percent=percent_done(state),
        final=state.final,
        steps=tuple(_step(stage, state, words, formatter) for stage in state.stages),
        left=left_words(state.seconds_left, words) if not state.final else "",
    )


def left_words(seconds: int | None, words: Words) -> str:
    """How long is left, in words: exact seconds would promise too much."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return words("runs.left_seconds", n=max(10, round(seconds, -1)))
    return words("runs.left_minutes", n=round(seconds / MINUTE))


def runs_view(states: Sequence[RunState], words: Words, formatter: Formatter) -> tuple[RunLine, ...]:
    """Analyses as lines."""
    return tuple(
        RunLine(
            state.id,
            state.number,
            f"{formatter.day(state.created_at)}, {state.created_at:%H:%M}",
            words(f"runs.state.{'stopped' if state.cancelled_by else state.status}"),
            state.stale,
        )
        for state in states
    )


def _step(stage: str, state: RunState, words: Words, formatter: Formatter) -> StepView:
    if stage in state.done_stages or state.status == "done":
        return StepView(stage, words(f"stage.{stage}"), "done", "")
    now = stage == state.stage and not state.final
    shown = now and state.total > 1
    count = (
        words("progress.count", done=formatter.count(state.done), total=formatter.count(state.total)) if shown else ""
    )
    return StepView(stage, words(f"stage.{stage}"), "now" if now else "wait", count)
