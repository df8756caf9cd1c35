"""The pages: one function an address, each of which gathers, builds its view and renders."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.briefs.model import Brief, BriefKind
from service.briefs.render import Format
from service.briefs.routes import brief_response, briefs_of, find_brief
from service.core.errors import NotFound, WhobuysError
from service.core.records import from_json
from service.corpus.receipt import Receipt
from service.corpus.repository import count_customers
from service.corpus.repository.speaking import count_to_hear
from service.corpus.routes import ingest_parcel, load_receipt, take_parcel
from service.corpus.speaking_step import hearing, read_call, set_back, set_roles
from service.personas.routes import keep
from service.segments.repository.arrivals import load_arrivals
from service.store.routes import Visit, visit
from service.store.uploads import recent_receipts
from service.web.frames import bare_frame, chosen_language, frame_for, knock_of, language_for
from service.web.i18n import LANGUAGE_COOKIE, Words
from service.web.pages.briefs import brief_view, shelf_view
from service.web.pages.claims import changed_aliases, claims_view
from service.web.pages.comparison import comparison_view
from service.web.pages.documents import document_view
from service.web.pages.newcomers import newcomers_said
from service.web.pages.receipt import receipt_view
from service.web.pages.segments import segment_view, segments_view
from service.web.pages.speakers import answers, one_call_view, speakers_view
from service.web.pages.upload import UploadView, progress_view, recent
from service.web.results import Shelf
from service.web.run_routes import runs_of, stream
from service.web.security import COOKIE, COOKIE_HOURS, Doorkeeper, require_own_page
from service.web.templating import Frame, render

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

YEAR_SECONDS = 365 * 24 * 3600
SHOWN_UPLOADS = 10
LISTED_UPLOADS = 50
MAX_LINES = 5000
"""Lines of one call that a form may send."""
DOCUMENT_FORMATS: tuple[Format, ...] = ("pdf", "docx", "html", "md")


def page(request: Request, template: str, frame: Frame, status: int = 200, **view: object) -> HTMLResponse:
    """A rendered page; a language asked for in the address is remembered."""
    response = HTMLResponse(render(template, frame, **view), status_code=status)
    language = chosen_language(request)
    if language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="lax", httponly=True)
    return response


def shelf_of(request: Request) -> Shelf:
    """Results of the last runs."""
    return cast(Shelf, request.app.state.shelf)


@router.get("/")
def upload_page(request: Request, where: Annotated[Visit, Depends(visit("upload"))]) -> HTMLResponse:
    """Upload: drop files, or paste a note."""
    return _upload_page(request, where)


def _upload_page(request: Request, where: Visit, error: WhobuysError | None = None) -> HTMLResponse:
    frame = frame_for(request, where, "upload")
    with where.session() as session:
        receipts = [from_json(Receipt, r) for r in recent_receipts(session, where.workspace, SHOWN_UPLOADS)]
        view = UploadView(
            customers=count_customers(session, where.workspace),
            recent=tuple(recent(receipt) for receipt in receipts),
            error=error.said_in(frame.language) if error else "",
            to_hear=count_to_hear(session, where.workspace),
        )
    return page(request, "upload.html", frame, status=error.status if error else 200, view=view)


@router.post("/upload")
async def upload(request: Request, where: Annotated[Visit, Depends(visit("upload"))]) -> Response:
    """Take the files, then show the receipt at its own address."""
    try:
        receipt = await run_in_threadpool(ingest_parcel, where, await take_parcel(request))
        await run_in_threadpool(request.app.state.uploaded, where.workspace)
    except WhobuysError as error:
        return await run_in_threadpool(_upload_page, request, where, error)
    return RedirectResponse(f"/uploads/{receipt.id}", status_code=303)


@router.get("/uploads")
def uploads_page(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_uploads"))],
    before: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """All uploads, newest first."""
    frame = frame_for(request, where, "upload")
    with where.session() as session:
        found = recent_receipts(session, where.workspace, LISTED_UPLOADS + 1, before)
    receipts = [from_json(Receipt, one) for one in found]
    shown = [recent(receipt) for receipt in receipts[:LISTED_UPLOADS]]
    older = shown[-1].id if len(receipts) > LISTED_UPLOADS else None
    return page(request, "uploads.html", frame, uploads=shown, older=older)


@router.get("/uploads/{upload_id}")
def receipt_page(upload_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_uploads"))]) -> Response:
    """What an upload brought in."""
    frame = frame_for(request, where, "upload")
    receipt = load_receipt(where, upload_id)
    return page(request, "receipt.html", frame, view=receipt_view(receipt, Words(frame.formatter)))


@router.post("/runs")
def start_run(request: Request, where: Annotated[Visit, Depends(visit("run"))]) -> Response:
    """Start the analysis, or find the one under way; then show its progress."""
    return RedirectResponse(f"/runs/{runs_of(request).start(where.workspace)}", status_code=303)


@router.get("/runs/{run_id}")
def progress_page(run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]) -> Response:
    """How far the analysis is; survives a reload."""
    frame = frame_for(request, where, "upload")
    state = runs_of(request).state(where.workspace, run_id)
    return page(request, "progress.html", frame, view=progress_view(state, Words(frame.formatter), frame.formatter))


@router.get("/runs/{run_id}/events")
def progress_stream(
    run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]
) -> StreamingResponse:
    """The same as server-sent events."""
    return stream(runs_of(request), where.workspace, run_id)


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


@router.get("/claims")
def claims_page(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_claims"))],
    saved: Annotated[int, Query(ge=0, le=9999)] = 0,
) -> Response:
    """The claim cards, and whom the names in them stand for."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "claims", results)
    return page(
        request, "claims.html", frame, view=claims_view(results, Words(frame.formatter), frame.formatter, saved)
    )


@router.post("/claims/aliases")
def keep_aliases(
    request: Request,
    where: Annotated[Visit, Depends(visit("confirm_claims"))],
    lemma: Annotated[list[str], Form()],
    segment: Annotated[list[str], Form()],
) -> Response:
    """Keep whom the names stand for: only what was changed."""
    results = shelf_of(request).results(where)
    changed = changed_aliases(results, lemma, segment)
    if changed:
        keep(where, [], changed)
    return RedirectResponse(f"/claims?saved={len(changed)}", status_code=303)


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


@router.get("/briefs")
def briefs_page(request: Request, where: Annotated[Visit, Depends(visit("list_briefs"))]) -> Response:
    """All briefs the visitor may read."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "briefs", results)
    _, briefs = briefs_of(where, results.run_id)
    mine = [b for b in briefs if b.language == frame.language and where.visitor.may(f"read_brief_{b.kind}")]
    view = shelf_view(mine, results.inputs.segments, str(request.base_url).rstrip("/"))
    return page(request, "briefs.html", frame, view=view)


@router.get("/briefs/{kind}")
def brief_page(
    kind: BriefKind,
    request: Request,
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    segment: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """One brief, with the sources of its figures below."""
    where.visitor.require(f"read_brief_{kind}")
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "briefs", results)
    brief = find_brief(where, kind, segment, frame.language, results.run_id)
    view = brief_view(brief)
    return page(request, "brief.html", frame, view=view, facts_at="", formats=DOCUMENT_FORMATS)


@router.get("/briefs/{kind}/file")
def brief_file(
    kind: BriefKind,
    request: Request,
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    format: Annotated[Format, Query()] = "docx",
    segment: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """One brief as a file."""
    where.visitor.require(f"read_brief_{kind}")
    brief = find_brief(where, kind, segment, language_for(request))
    return brief_response(brief, format, download=True)


def _brief_or_none(where: Visit, kind: str, language: str, run_id: str) -> Brief | None:
    try:
        return find_brief(where, kind, None, language, run_id)
    except NotFound:
        return None


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:
    """Where a key is asked for."""
    return page(request, "sign_in.html", bare_frame(request), view={"error": "", "next": local_path(next)})


@router.post("/sign-in")
def sign_in(
    request: Request, key: Annotated[str, Form(max_length=200)], next: Annotated[str, Form()] = "/"
) -> Response:
    """Trade a key for a cookie that ends with it."""
    doorkeeper = cast(Doorkeeper, request.app.state.doorkeeper)
    require_own_page(knock_of(request))
    try:
        value = doorkeeper.sign_in(key)
    except WhobuysError as error:
        frame = bare_frame(request)
        view = {"error": error.said_in(frame.language), "next": local_path(next)}
        return page(request, "sign_in.html", frame, status=error.status, view=view)
    response = RedirectResponse(local_path(next), status_code=303)
    secure = request.url.scheme == "https"
    age = COOKIE_HOURS * 3600
    response.set_cookie(COOKIE, value, max_age=age, httponly=True, samesite="strict", secure=secure)
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Forget the cookie."""
    require_own_page(knock_of(request))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response


def local_path(target: str) -> str:
    """A path of this site, `/` for anything that leads elsewhere."""
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target and "\n" not in target
    return target if plain else "/"
