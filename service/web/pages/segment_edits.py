"""The page where people edit segments, with the log; and the page of what became of segments from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.numbers import Formatter
from service.segments.edits import Entry
from service.segments.repository import Chapter, Journal
from service.segments.telling import said, told
from service.web.i18n import Words

THIS_MACHINE = frozenset({"open", "command line"})
"""Makers of an edit who used no key."""


@dataclass(frozen=True)
class SegmentLine:
    """A segment in the list."""

    id: str
    name: str
    size: int
    by_person: bool


@dataclass(frozen=True)
class EditLine:
    """A line of the log. `undo` labels its button; "" where it is undone already."""

    id: str
    when: str
    who: str
    said: str
    state: str
    undo: str


@dataclass(frozen=True)
class EditsView:
    """The page of edits. `version` goes back with every form; `customer` is filled in where one was clicked."""

    segments: tuple[SegmentLine, ...]
    log: tuple[EditLine, ...]
    version: str
    waiting: bool
    customer: str
    done: str
    error: str


@dataclass(frozen=True)
class ChapterView:
    """A run and what became of the segments in it."""

    number: int
    day: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class HistoryView:
    """The page of history, newest run first."""

    chapters: tuple[ChapterView, ...]


def edits_view(
    journal: Journal, words: Words, formatter: Formatter, *, customer: str = "", done: str = "", error: str = ""
) -> EditsView:
    """Build the page; `done` is the id of the edit just made."""
    real = [segment for segment in journal.segmentation.segments if segment.kind == "segment"]
    lines = tuple(_line(entry, journal, words, formatter) for entry in journal.entries)
    return EditsView(
        segments=tuple(SegmentLine(s.id, s.name, s.size, s.named_by == "person") for s in real),
        log=lines,
        version=journal.version,
        waiting=journal.waiting,
        customer=customer,
        done=next((line.said for line in lines if line.id == done), ""),
        error=error,
    )


def history_view(
    chapters: Sequence[Chapter], names: dict[str, str], formatter: Formatter, language: str
) -> HistoryView:
    """Build the page of history."""
    return HistoryView(
        tuple(
            ChapterView(
                number=run.number,
                day=formatter.day(run.finished_at) if run.finished_at else "",
                changes=tuple(told(change, {**lineage.names, **names}, language) for change in lineage.changes),
            )
            for run, lineage in chapters
        )
    )


def _line(entry: Entry, journal: Journal, words: Words, formatter: Formatter) -> EditLine:
    state = words(f"edits.state.{entry.state}") if entry.state != "applied" else ""
    reason = words(f"edits.reason.{entry.reason}") if entry.reason else ""
    moment = entry.edit.made_at
    undo = words("edits.redo" if entry.edit.change.kind == "undo" else "edits.undo")
    return EditLine(
        id=entry.edit.id,
        when=f"{formatter.day(moment)}, {moment:%H:%M}",
        who=words("edits.this_machine") if entry.who in THIS_MACHINE else entry.who,
        said=said(entry.edit.change, journal.names, words.language, entry.undoes),
        state=": ".join(part for part in (state, reason) if part),
        undo="" if entry.state == "undone" else undo,
    )
