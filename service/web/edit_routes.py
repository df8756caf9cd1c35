"""HTTP: people's edits of segments, their log, and the history of segments from run to run.

Two people at once: `GET /segments/edits` gives a version as ETag; sent back as If-Match it makes an edit answer 409
when the segments it is about have changed since, or a newer analysis is there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from service.core.errors import BadInput
from service.editing import Editor
from service.segments.edits import LONGEST_NAME, MOST_PARTS, Edit, Entry, Kind, Reason, State
from service.segments.lineage import Change
from service.segments.repository import Journal, history, load_journal, load_segmentation
from service.segments.telling import said, told
from service.store.routes import PROBLEMS, Visit, visit
from service.web.frames import language_for

router = APIRouter(tags=["segments"], responses=PROBLEMS)

MOST_RUNS = 100
MOST_NAMED = 100_000
"""Customers in one request."""

IfMatch = Annotated[str | None, Header(max_length=80, description="The ETag of `GET /segments/edits`.")]
Customer = Annotated[str, Field(min_length=1, max_length=2000, description="A customer's id, or a document's.")]
SegmentName = Annotated[str, Field(min_length=1, max_length=200, description="A segment's id or name.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rename(_Body):
    """A new name, at most 80 characters."""

    name: str = Field(max_length=20 * LONGEST_NAME)


class Merge(_Body):
    """The segment that stays."""

    into: SegmentName


class Split(_Body):
    """Either `parts`: how many to find; or `groups`: the customers of each new segment."""

    parts: int | None = Field(default=None, ge=2, le=MOST_PARTS)
    groups: list[list[Customer]] = Field(default_factory=list, max_length=MOST_PARTS)


class OneCustomer(_Body):
    """Whom it is about."""

    customer: Customer


class PartLine(BaseModel):
    """A part of a split segment."""

    segment: str
    customers: int


class EditLine(BaseModel):
    """A line of the log. `state`: applied, waiting for the next analysis, sleeping (`reason`), undone."""

    id: str
    number: int
    at: datetime
    who: str
    kind: Kind
    segment: str | None
    into: str | None
    name: str | None
    customer: str | None
    parts: list[PartLine]
    undoes: str | None
    state: State
    reason: Reason | None
    said: str


class EditLog(BaseModel):
    """The log, newest first. `waiting`: figures were computed without the latest edits; run the analysis again."""

    run: str
    version: str
    waiting: bool
    edits: list[EditLine]


class RunChanges(BaseModel):
    """What became of the segments in a run; `told` are the same changes in words, `names` of all segments in them."""

    run: str
    number: int
    finished_at: datetime | None
    changes: list[Change]
    told: list[str]
    names: dict[str, str]


class SegmentHistory(BaseModel):
    """The latest runs, newest first."""

    runs: list[RunChanges]


@router.get("/segments/history")
def read_history(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_segments"))],
    runs: Annotated[int, Query(ge=1, le=MOST_RUNS, description="How many of the latest.")] = 20,
) -> SegmentHistory:
    """Segments that continued, split, merged, were born, came back or died, with shares of customers."""
    language = language_for(request)
    found = []
    with where.session() as session:
        names = journal_of(session, where).names
        for run, lineage in history(session, where.workspace, runs):
            called = {**lineage.names, **names}
            sentences = [told(change, called, language) for change in lineage.changes]
            about = {side.segment for change in lineage.changes for side in (*change.before, *change.now)}
            found.append(
                RunChanges(
                    run=run.id,
                    number=run.number,
                    finished_at=run.finished_at,
                    changes=list(lineage.changes),
                    told=sentences,
                    names={segment: called.get(segment, segment) for segment in sorted(about)},
                )
            )
    return SegmentHistory(runs=found)


@router.get("/segments/edits")
def read_edits(
    request: Request, response: Response, where: Annotated[Visit, Depends(visit("edit_segments"))]
) -> EditLog:
    """Who changed what and when, and what came of it."""
    with where.session() as session:
        journal = journal_of(session, where)
    response.headers["ETag"] = f'"{journal.version}"'
    lines = [_line(entry, journal, language_for(request)) for entry in journal.entries]
    return EditLog(run=journal.run.id, version=journal.version, waiting=journal.waiting, edits=lines)


@router.post("/segments/{segment_id}/rename", status_code=201)
def rename_segment(
    segment_id: str,
    body: Rename,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Call a segment something: at once on pages, in exports and briefs, and in every later run."""
    return _edit(request, response, where, if_match, lambda editor: editor.rename(segment_id, body.name))


@router.post("/segments/{segment_id}/merge", status_code=201)
def merge_segment(
    segment_id: str,
    body: Merge,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Put a segment into another, whose id and name stay."""
    return _edit(request, response, where, if_match, lambda editor: editor.merge(segment_id, body.into))


@router.post("/segments/{segment_id}/split", status_code=201)
def split_segment(
    segment_id: str,
    body: Split,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Split a segment by what its customers say (`parts`) or by lists of customers (`groups`)."""
    if (body.parts is None) == (not body.groups):
        raise BadInput("Send either `parts` or `groups`.", ru="Передайте либо `parts`, либо `groups`.")
    if body.parts is not None:
        parts = body.parts
        return _edit(request, response, where, if_match, lambda editor: editor.split(segment_id, parts))
    return _edit(request, response, where, if_match, lambda editor: editor.split_off(segment_id, body.groups))


@router.post("/segments/{segment_id}/pin", status_code=201)
def pin_customer(
    segment_id: str,
    body: OneCustomer,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Hold a customer in a segment, whatever the analysis finds."""
    return _edit(request, response, where, if_match, lambda editor: editor.pin(body.customer, segment_id))


@router.post("/segments/exclude", status_code=201)
def exclude_customer(
    body: OneCustomer,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Count a customer nowhere: no customer at all."""
    return _edit(request, response, where, if_match, lambda editor: editor.exclude(body.customer))


@router.post("/segments/edits/{edit_id}/undo", status_code=201)
def undo_edit(
    edit_id: str,
    request: Request,
    response: Response,
    where: Annotated[Visit, Depends(visit("edit_segments"))],
    if_match: IfMatch = None,
) -> EditLine:
    """Take back an edit, or an undo."""
    return _edit(request, response, where, if_match, lambda editor: editor.undo(edit_id))


def journal_of(session: Session, where: Visit) -> Journal:
    """The journal over the latest finished run. NotReady before the first."""
    run = where.run(session)
    return load_journal(session, where.workspace, run, load_segmentation(session, where.workspace, run.id))


def editor_for(where: Visit, version: str | None) -> Editor:
    """The visitor as an editor who saw `version`."""
    return Editor(where.store, where.settings, where.workspace, where.visitor.who, version)


def _edit(
    request: Request, response: Response, where: Visit, if_match: str | None, make: Callable[[Editor], Edit]
) -> EditLine:
    version = if_match.strip().removeprefix("W/").strip('"') if if_match is not None else None
    edit = make(editor_for(where, version))
    with where.session() as session:
        journal = journal_of(session, where)
    response.headers["ETag"] = f'"{journal.version}"'
    entry = next(entry for entry in journal.entries if entry.edit.id == edit.id)
    return _line(entry, journal, language_for(request))


def _line(entry: Entry, journal: Journal, language: str) -> EditLine:
    change = entry.edit.change
    return EditLine(
        id=entry.edit.id,
        number=entry.edit.number,
        at=entry.edit.made_at,
        who=entry.who,
        kind=change.kind,
        segment=change.segment,
        into=change.into,
        name=change.name,
        customer=change.customer,
        parts=[PartLine(segment=part.segment, customers=len(part.customers)) for part in change.parts],
        undoes=change.undoes,
        state=entry.state,
        reason=entry.reason,
        said=said(change, journal.names, language, entry.undoes),
    )
