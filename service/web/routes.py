"""The pages: one function an address, each of which gathers, builds its view and renders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.briefs.model import Brief
from service.briefs.render import Format
from service.briefs.routes import find_brief
from service.core.errors import NotFound
from service.corpus.speaking_step import hearing, read_call, set_back, set_roles
from service.segments.repository.arrivals import load_arrivals
from service.store.routes import Visit, visit
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.comparison import comparison_view
from service.web.pages.documents import document_view
from service.web.pages.newcomers import newcomers_said
from service.web.pages.segments import segment_view, segments_view
from service.web.pages.speakers import answers, one_call_view, speakers_view
from service.web.showing import page, shelf_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN_UPLOADS = 10
LISTED_UPLOADS = 50
MAX_LINES = 5000
"""Lines of one call that a form may send."""
DOCUMENT_FORMATS: tuple[Format, ...] = ("pdf", "docx", "html", "md")


@router.get("/segments")
def segments_page(request: Request, where: Annotated[Visit, Depends(visit("read_segments"))]) -> Response:
    """Who the customers turned out to be."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "segments", results)
    money, linked = frame.may("read_economics"), frame.may("read_customers")
    words = Words(frame.formatter)
    view = segments_view(results, words, frame.formatter, money, linked)
    with where.session() as session:
        arrived = load_arrivals(session, where.workspace, where.run(session).id)
    return page(request, "segments.html", frame, view=view, newcomers=newcomers_said(arrived, words, frame.formatter))


@router.get("/segments/{segment_id}")
def segment_page(
    segment_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_segments"))]
) -> Response:
    """One segment."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "segments", results)
    money = frame.may("read_economics")
    linked = frame.may("read_customers")
    view = segment_view(results, segment_id, Words(frame.formatter), frame.formatter, money, linked)
    return page(request, "segment.html", frame, view=view, money=money)


@router.get("/documents/{document_id}")
def document_page(
    document_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_customers"))]
) -> Response:
    """One redacted document, where a quote comes from."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "segments", results)
    view = document_view(results, document_id, Words(frame.formatter), frame.formatter)
    return page(request, "document.html", frame, view=view)


@router.get("/comparison")
def comparison_page(request: Request, where: Annotated[Visit, Depends(visit("read_comparison"))]) -> Response:
    """The owner's page: the brief's finding and first screen, then everything it rests on."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "comparison", results)
    brief = _brief_or_none(where, "comparison", frame.language, results.run_id)
    view = comparison_view(results, Words(frame.formatter), frame.formatter, brief)
    formats = DOCUMENT_FORMATS if brief else ()
    return page(request, "comparison.html", frame, view=view, facts_at="/briefs/comparison", formats=formats)


@router.get("/speakers")
def speakers_page(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_speakers"))],
    saved: Annotated[bool, Query()] = False,
) -> Response:
    """Calls in which it is unclear who the customer is."""
    frame = frame_for(request, where, "upload")
    view = speakers_view(hearing(where.store, where.workspace), Words(frame.formatter), frame.formatter, saved)
    return page(request, "speakers.html", frame, view=view)


@router.get("/speakers/{call_id}")
def speakers_of_call_page(
    call_id: str, request: Request, where: Annotated[Visit, Depends(visit("set_speakers"))]
) -> Response:
    """Who speaks in one call, to be set anew."""
    frame = frame_for(request, where, "upload")
    call = read_call(where.store, where.workspace, call_id)
    return page(request, "speakers.html", frame, view=one_call_view(call, Words(frame.formatter), frame.formatter))


@router.post("/speakers/{call_id}")
async def tell_speakers(
    call_id: str, request: Request, where: Annotated[Visit, Depends(visit("set_speakers"))]
) -> Response:
    """Keep what was clicked for one call."""
    form = {name: str(value) for name, value in (await request.form(max_fields=MAX_LINES)).items()}

    def keep_answer() -> None:
        call = read_call(where.store, where.workspace, call_id)
        set_roles(where.store, where.workspace, call.id, answers(call, form), where.visitor.who)

    await run_in_threadpool(keep_answer)
    return RedirectResponse("/speakers?saved=true", status_code=303)


@router.post("/speakers/{call_id}/undo")
def untell_speakers(call_id: str, where: Annotated[Visit, Depends(visit("set_speakers"))]) -> Response:
    """Take back what was clicked for one call."""
    set_back(where.store, where.workspace, call_id, where.visitor.who)
    return RedirectResponse("/speakers", status_code=303)


def _brief_or_none(where: Visit, kind: str, language: str, run_id: str) -> Brief | None:
    try:
        return find_brief(where, kind, None, language, run_id)
    except NotFound:
        return None
