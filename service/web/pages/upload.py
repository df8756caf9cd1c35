"""The sales page: what to upload, and the receipt of what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.model import Reject
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


@dataclass(frozen=True)
class Tile:
    """A count and what was counted."""

    count: int
    what: str


@dataclass(frozen=True)
class FileLine:
    """Files of one kind and what they held."""

    name: str
    files: int
    rows: int


@dataclass(frozen=True)
class Group:
    """Counts that belong together, with a sentence on what they mean."""

    title: str
    explained: str
    rows: tuple[Tile, ...]


@dataclass(frozen=True)
class RejectGroup:
    """Rejects with one reason: one repair."""

    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class ReceiptView:
    """The receipt page."""

    receipt: Receipt
    finding: str
    lines: tuple[str, ...]
    tiles: tuple[Tile, ...]
    files: tuple[FileLine, ...]
    groups: tuple[Group, ...]
    rejected: int
    rejects: tuple[RejectGroup, ...]


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
    return RecentUpload(
        receipt.id, receipt.created_at, files, sum(receipt.documents.values()) + receipt.deals, len(receipt.rejects)
    )


def receipt_view(receipt: Receipt, words: Words, formatter: Formatter) -> ReceiptView:
    """The receipt in words."""
    taken = sum(kind.files for kind in receipt.files)
    if taken:
        finding = words("receipt.finding", n=taken, customers=words("count.customers_gen", n=receipt.customers))
    elif receipt.unchanged:
        finding = words("receipt.finding_unchanged", n=receipt.unchanged)
    else:
        finding = words("receipt.finding_nothing")
    return ReceiptView(
        receipt=receipt,
        finding=finding,
        lines=_lines(receipt, words),
        tiles=_tiles(receipt, words),
        files=tuple(FileLine(_named(words, "reader", k.reader), k.files, k.rows) for k in receipt.files),
        groups=_groups(receipt, words),
        rejected=len(receipt.rejects),
        rejects=_rejects(receipt.rejects, words),
    )


def _lines(receipt: Receipt, words: Words) -> tuple[str, ...]:
    changes = receipt.changes
    counted = (
        ("new_customers", changes.new_customers if changes.new_customers < receipt.customers else 0),
        ("unchanged", receipt.unchanged if receipt.files else 0),
        ("replaced", changes.replaced_files),
        ("superseded", changes.superseded_deals),
        ("removed", changes.removed),
        ("rejoined", changes.rejoined),
        ("forgotten", changes.forgotten),
        ("unsure", receipt.roles_unsure),
    )
    return tuple(words(f"receipt.line.{key}", n=n) for key, n in counted if n)


def _tiles(receipt: Receipt, words: Words) -> tuple[Tile, ...]:
    counted = [(f"receipt.tile.{kind}", n) for kind, n in receipt.documents.items()]
    counted += [("receipt.tile.deals", receipt.deals), ("receipt.tile.ad_spend", receipt.ad_spend)]
    counted += [(f"receipt.tile.{kind}", n) for kind, n in receipt.texts.items()]
    return tuple(Tile(n, words(key, n=n)) for key, n in counted if n)


def _groups(receipt: Receipt, words: Words) -> tuple[Group, ...]:
    found = (("joined", "key", receipt.joined), ("redacted", "hidden", receipt.redacted))
    return tuple(
        Group(
            words(f"receipt.{name}", n=sum(counted.values())),
            words(f"receipt.{name}_why"),
            tuple(
                Tile(n, " + ".join(_named(words, prefix, part) for part in kind.split("+")))
                for kind, n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
        )
        for name, prefix, counted in found
        if counted
    )


def _named(words: Words, prefix: str, kind: str) -> str:
    key = f"{prefix}.{kind}"
    return words(key) if words.has(key) else kind.replace("_", " ")


def _rejects(rejects: tuple[Reject, ...], words: Words) -> tuple[RejectGroup, ...]:
    """Grouped by the sentence that says what to do: one repair, many places."""
    grouped: dict[str, list[str]] = {}
    for reject in rejects:
        reason = reject.reason.get(words.language) or reject.reason.get("en") or reject.code
        grouped.setdefault(reason, []).append(reject.place)
    ordered = sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(RejectGroup(reason, tuple(places)) for reason, places in ordered)


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
