"""The sales page: what to upload, what was uploaded, and how far the analysis is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.briefs.format import Formatter
from service.corpus.receipt import Receipt
from service.web.i18n import Words
from service.web.runs import RunState, percent_done


@dataclass(frozen=True)
class RecentUpload:
    """A line of the list of uploads."""

    id: str
    created_at: datetime
    files: int
    documents: int
    rejects: int


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


def recent(receipt: Receipt) -> RecentUpload:
    """A receipt as a line."""
    files = sum(kind.files for kind in receipt.files) + receipt.unchanged
    records = sum(receipt.documents.values()) + receipt.deals
    refused = receipt.weights.get("mend", 0) if receipt.weights else len(receipt.rejects)
    return RecentUpload(receipt.id, receipt.created_at, files, records, refused)


def progress_view(state: RunState, words: Words, formatter: Formatter) -> ProgressView:
    """How far the analysis is, stage by stage."""
    titles = {"done": "progress.done", "failed": "progress.failed", "cancelled": "progress.cancelled"}
    return ProgressView(
        state=state,
        title=words(titles.get(state.status, "progress.running")),
        percent=percent_done(state),
        final=state.final,
        steps=tuple(_step(stage, state, words, formatter) for stage in state.stages),
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
