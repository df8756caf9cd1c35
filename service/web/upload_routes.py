"""The pages of the seller: send files or a note, see what became of it, mend it, take it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from service.core.clock import now
from service.core.errors import Conflict, WhobuysError
from service.core.records import from_json
from service.corpus.receipt import Receipt
from service.corpus.repository import count_customers
from service.corpus.repository.rejects import rejects_of_uploads
from service.corpus.repository.speaking import count_to_hear
from service.corpus.routes import ingest_parcel, load_receipt, shown_receipt, shown_rejects, take_back, take_parcel
from service.corpus.undoing import require_possible
from service.corpus.undoing_step import preview_undo
from service.store.routes import Visit, visit
from service.store.uploads import recent_receipts
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.note_routes import calls_of_upload
from service.web.pages.receipt import receipt_view, rejects_view
from service.web.pages.upload import UploadView, recent
from service.web.pages.uploads import calls_view, undo_view
from service.web.showing import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SHOWN_UPLOADS = 10
LISTED_UPLOADS = 50
MOST_DOCUMENTS = 20
"""Documents in an upload up to which its customers' next calls are worth showing one by one."""


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
    return page(request, "upload.html", frame, status=error.status if error else 200, view=view, today=now().date())


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
    mine: Annotated[bool, Query()] = False,
) -> Response:
    """Uploads, newest first, and what of them waits to be mended."""
    frame = frame_for(request, where, "upload")
    who = where.visitor.who if mine else None
    with where.session() as session:
        found = recent_receipts(session, where.workspace, LISTED_UPLOADS + 1, before, who)
        waiting = rejects_of_uploads(session, where.workspace, who)
    receipts = [from_json(Receipt, one) for one in found]
    shown = [recent(receipt) for receipt in receipts[:LISTED_UPLOADS]]
    older = shown[-1].id if len(receipts) > LISTED_UPLOADS else None
    sections = rejects_view(shown_rejects(where, waiting), Words(frame.formatter))
    return page(request, "uploads.html", frame, uploads=shown, older=older, mine=mine, sections=sections)


@router.get("/uploads/{upload_id}")
def receipt_page(upload_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_uploads"))]) -> Response:
    """What an upload brought in, whose next calls it helps, and what it changed."""
    return _receipt_page(upload_id, request, where)


def _receipt_page(upload_id: str, request: Request, where: Visit, error: WhobuysError | None = None) -> Response:
    frame = frame_for(request, where, "upload")
    receipt = load_receipt(where, upload_id)
    words = Words(frame.formatter)
    plan = preview_undo(where.store, where.workspace, upload_id)
    may = receipt.who == where.visitor.who or where.visitor.may("undo_any_upload")
    try:
        require_possible(receipt, plan, now())
        refusal = ""
    except Conflict as reason:
        refusal = reason.said_in(frame.language)
    few = sum(receipt.documents.values()) + receipt.deals <= MOST_DOCUMENTS and not receipt.undone_at
    calls = calls_of_upload(where, upload_id, frame.language).customers if few else []
    return page(
        request,
        "receipt.html",
        frame,
        status=error.status if error else 200,
        view=receipt_view(shown_receipt(where, receipt), words),
        undo=undo_view(receipt, plan, refusal, may, words, frame.formatter),
        calls=calls_view(calls, words, frame.formatter),
        placing=any(call.state == "placing" for call in calls),
        error=error.said_in(frame.language) if error else "",
    )


@router.post("/uploads/{upload_id}/undo")
def undo_on_page(upload_id: str, request: Request, where: Annotated[Visit, Depends(visit("undo_uploads"))]) -> Response:
    """Take the upload back, or say why not."""
    try:
        take_back(where, upload_id)
    except Conflict as error:
        return _receipt_page(upload_id, request, where, error)
    return RedirectResponse(f"/uploads/{upload_id}", status_code=303)
