"""segments: the list, people's edits of it, their log, and what became of segments from run to run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.commands.console import Desk, desk
from service.core.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from service.editing import Editor
    from service.segments.edits import Edit, Entry
    from service.segments.repository import Journal

WHO = "command line"


def show(workspace: str | None, as_json: bool) -> None:
    """The segments of the latest run with their ids."""
    with desk(workspace, as_json) as at, _journal(at) as journal:
        segments = [s for s in journal.segmentation.segments if s.kind == "segment"]
        if at.as_json:
            at.answer(
                {
                    "run": journal.run.number,
                    "version": journal.version,
                    "waiting": journal.waiting,
                    "segments": [
                        {"segment": s.id, "name": s.name, "size": s.size, "named_by": s.named_by} for s in segments
                    ],
                }
            )
            return
        write = at.formatter()
        for segment in segments:
            share = write.percent(segment.share.value) if segment.share.value is not None else ""
            print(f"{segment.id}  {write.count(segment.size):>6}  {share:>6}  {segment.name}")
            for part in segment.parts:
                share = write.percent(part.share.value or 0.0)
                print(f"  {part.id}  {write.count(part.size):>4}  {share:>6}    {part.name}")
        if not segments:
            at.say("segments.none")
        if journal.waiting:
            at.say("segments.waiting")


def rename(segment: str, name: str, workspace: str | None, as_json: bool) -> None:
    """Give a segment a name."""
    _edit(lambda editor: editor.rename(segment, name), workspace, as_json)


def merge(segment: str, into: str, workspace: str | None, as_json: bool) -> None:
    """Put one segment into another."""
    _edit(lambda editor: editor.merge(segment, into), workspace, as_json)


def split(segment: str, parts: int | None, members: Path | None, workspace: str | None, as_json: bool) -> None:
    """Split a segment: into parts found by what its customers say, or by a list of customers."""
    if (parts is None) == (members is None):
        raise BadInput("Say either --parts or --members.", ru="Укажите либо --parts, либо --members.")
    if members is not None:
        groups = read_groups(members)
        _edit(lambda editor: editor.split_off(segment, groups), workspace, as_json)
    else:
        _edit(lambda editor: editor.split(segment, parts or 0), workspace, as_json)


def pin(customer: str, segment: str, workspace: str | None, as_json: bool) -> None:
    """Hold a customer in a segment."""
    _edit(lambda editor: editor.pin(customer, segment), workspace, as_json)


def exclude(customer: str, workspace: str | None, as_json: bool) -> None:
    """Count a customer nowhere."""
    _edit(lambda editor: editor.exclude(customer), workspace, as_json)


def undo(edit: str, workspace: str | None, as_json: bool) -> None:
    """Take an edit back."""
    _edit(lambda editor: editor.undo(edit), workspace, as_json)


def log(workspace: str | None, as_json: bool) -> None:
    """Who changed what, newest first."""
    with desk(workspace, as_json) as at, _journal(at) as journal:
        if at.as_json:
            at.answer([_entry_json(at, entry, journal) for entry in journal.entries])
            return
        for entry in journal.entries:
            moment = entry.edit.made_at.strftime("%Y-%m-%d %H:%M")
            print(f"{entry.edit.id}  {moment}  {_who(at, entry)}  {_said(at, entry, journal)}{_state(at, entry)}")
        if not journal.entries:
            at.say("segments.no_edits")


def history(workspace: str | None, as_json: bool) -> None:
    """What became of the segments in each run."""
    from service.core.records import to_json
    from service.segments.repository import history as chapters
    from service.segments.telling import told

    with desk(workspace, as_json) as at, at.store.session() as session:
        names = _journal_of(at, session).names
        found = chapters(session, at.workspace)
        if at.as_json:
            at.answer(
                [
                    {
                        "run": chapter.run.number,
                        "changes": [
                            {**to_json(c), "told": told(c, {**chapter.lineage.names, **names}, at.language)}
                            for c in chapter.lineage.changes
                        ],
                    }
                    for chapter in found
                ]
            )
            return
        for chapter in found:
            at.say("segments.run", number=chapter.run.number)
            for change in chapter.lineage.changes:
                print("  " + told(change, {**chapter.lineage.names, **names}, at.language))
            if not chapter.lineage.changes:
                print("  " + at.words("segments.first" if chapter is found[-1] else "segments.no_segments"))


def read_groups(path: Path) -> list[list[str]]:
    """Groups of customers from a file: a customer a line; after a comma the group, where there are several.

    A customer is an id or a document's path. BadInput for a file that cannot be read or names nobody.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{str(path)!r} cannot be read: a text file in UTF-8 with a customer a line is needed.",
            ru=f"{str(path)!r} не читается: нужен текстовый файл в UTF-8, по клиенту на строку.",
        ) from error
    groups: dict[str, list[str]] = {}
    for row in csv.reader(text.splitlines()):
        if row and row[0].strip():
            groups.setdefault(row[1].strip() if len(row) > 1 else "", []).append(row[0].strip())
    if not groups:
        raise BadInput(f"{str(path)!r} names no customer.", ru=f"В {str(path)!r} не назван ни один клиент.")
    return list(groups.values())


def _edit(make: Callable[[Editor], Edit], workspace: str | None, as_json: bool) -> None:
    from service.editing import Editor

    with desk(workspace, as_json) as at:
        edit = make(Editor(at.store, at.settings, at.workspace, WHO))
        with _journal(at) as journal:
            entry = next(entry for entry in journal.entries if entry.edit.id == edit.id)
            if at.as_json:
                at.answer({**_entry_json(at, entry, journal), "waiting": journal.waiting})
                return
            print(f"{_said(at, entry, journal)}.")
            for part in edit.change.parts:
                print(f"  {part.segment}  {at.formatter().count(len(part.customers))}")
            at.say("segments.undo_with", edit=edit.id)
            if journal.waiting:
                at.say("segments.waiting")


@contextmanager
def _journal(at: Desk) -> Iterator[Journal]:
    with at.store.session() as session:
        yield _journal_of(at, session)


def _journal_of(at: Desk, session: Session) -> Journal:
    from service.segments.repository import load_journal, load_segmentation
    from service.store.runs import latest_done

    run = latest_done(session, at.workspace)
    return load_journal(session, at.workspace, run, load_segmentation(session, at.workspace, run.id))


def _said(at: Desk, entry: Entry, journal: Journal) -> str:
    from service.segments.telling import said

    return said(entry.edit.change, journal.names, at.language, entry.undoes)


def _who(at: Desk, entry: Entry) -> str:
    return at.words("segments.this_machine") if entry.who in (WHO, "open") else entry.who


def _state(at: Desk, entry: Entry) -> str:
    if entry.state == "applied":
        return ""
    reason = f": {at.words(f'segments.reason.{entry.reason}')}" if entry.reason else ""
    return f" ({at.words(f'segments.state.{entry.state}')}{reason})"


def _entry_json(at: Desk, entry: Entry, journal: Journal) -> dict[str, Any]:
    from service.core.records import to_json

    return {
        "edit": entry.edit.id,
        "at": entry.edit.made_at.isoformat(),
        "who": _who(at, entry),
        "state": entry.state,
        "reason": entry.reason,
        "said": _said(at, entry, journal),
        **{key: value for key, value in to_json(entry.edit.change).items() if value},
    }
