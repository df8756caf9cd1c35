"""Pages: editing segments without a script, the log with its undo, and the history of segments."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from service.core.errors import BadInput, NotReady, WhobuysError
from service.editing import Editor
from service.segments.edits import Edit
from service.segments.repository import history
from service.store.routes import Visit, visit
from service.web.edit_routes import editor_for, journal_of
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.segment_edits import edits_view, history_view
from service.web.showing import page, shelf_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Verb = Literal["rename", "merge", "split", "split_off", "pin", "exclude", "undo"]
Editing = Annotated[Visit, Depends(visit("edit_segments"))]
Field = Annotated[str, Form(max_length=4000)]
PASTED = 2_000_000
"""Characters of a pasted list of customers."""


@router.get("/segments/edits")
def edits_page(
    request: Request,
    where: Editing,
    done: Annotated[str, Query(max_length=40)] = "",
    customer: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The forms and the log."""
    return _edits_page(request, where, done=done, customer=customer)


def _edits_page(
    request: Request, where: Visit, *, done: str = "", customer: str = "", error: WhobuysError | None = None
) -> Response:
    frame = frame_for(request, where, "segments", shelf_of(request).results(where))
    with where.session() as session:
        journal = journal_of(session, where)
    words = error.said_in(frame.language) if error else ""
    view = edits_view(journal, Words(frame.formatter), frame.formatter, customer=customer, done=done, error=words)
    return page(request, "segment_edits.html", frame, status=error.status if error else 200, view=view)


@router.post("/segments/edits")
def make_edit(
    request: Request,
    where: Editing,
    verb: Annotated[Verb, Form()],
    version: Field = "",
    segment: Field = "",
    into: Field = "",
    name: Annotated[str, Form(max_length=100_000)] = "",
    customer: Field = "",
    parts: Field = "",
    members: Annotated[str, Form(max_length=PASTED)] = "",
    edit: Field = "",
) -> Response:
    """Make one edit; then the page again, with what was done or why not."""
    try:
        editor = editor_for(where, version)
        match verb:
            case "rename":
                made = editor.rename(segment, name)
            case "merge":
                made = editor.merge(segment, into)
            case "split":
                made = _split(editor, segment, parts)
            case "split_off":
                made = editor.split_off(segment, [members.splitlines()])
            case "pin":
                made = editor.pin(customer, segment)
            case "exclude":
                made = editor.exclude(customer)
            case "undo":
                made = editor.undo(edit)
    except NotReady:
        raise
    except WhobuysError as error:
        return _edits_page(request, where, error=error, customer=customer[:400])
    return RedirectResponse(f"/segments/edits?done={made.id}", status_code=303)


def _split(editor: Editor, segment: str, parts: str) -> Edit:
    if not parts.isascii() or not parts.isdecimal() or len(parts) > 2:
        raise BadInput("Say into how many parts.", ru="Укажите, на сколько частей.")
    return editor.split(segment, int(parts))


@router.get("/segments/history")
def history_page(request: Request, where: Annotated[Visit, Depends(visit("read_segments"))]) -> Response:
    """What became of the segments in each run."""
    frame = frame_for(request, where, "segments", shelf_of(request).results(where))
    with where.session() as session:
        names = journal_of(session, where).names
        view = history_view(history(session, where.workspace), names, frame.formatter, frame.language)
    return page(request, "segment_history.html", frame, view=view)
