"""Pages: the claim cards of one persona, whom names stand for, and the log with its undo; all work without a script."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from service.core.errors import NotReady, WhobuysError
from service.personas.repository import card_edits, load_proposals
from service.store.routes import Visit, visit
from service.web.card_routes import confirmer_for
from service.web.frames import frame_for, language_for
from service.web.i18n import Words
from service.web.pages.card_form import corrections
from service.web.pages.claims import SHOWN_EDITS, claims_view
from service.web.showing import page, shelf_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Confirming = Annotated[Visit, Depends(visit("confirm_claims"))]
Persona = Annotated[str, Query(max_length=20, description="owner, sales or marketing.")]


@router.get("/claims")
def claims_page(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_claims"))],
    who: Persona = "",
    saved: Annotated[int | None, Query(ge=0, le=9999)] = None,
) -> Response:
    """The cards of a persona, the one with most to confirm first."""
    return _page(request, where, who, saved)


def _page(
    request: Request, where: Visit, who: str, saved: int | None = None, error: WhobuysError | None = None
) -> Response:
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "claims", results)
    with where.session() as session:
        edits = card_edits(session, where.workspace, SHOWN_EDITS) if frame.may("confirm_claims") else []
        proposals = load_proposals(session, where.workspace, results.run_id)
    said = error.said_in(frame.language) if error else ""
    view = claims_view(results, Words(frame.formatter), frame.formatter, who, edits, saved, said, proposals)
    return page(request, "claims.html", frame, status=error.status if error else 200, view=view)


@router.post("/claims/cards")
async def keep_cards(request: Request, where: Confirming) -> Response:
    """Keep what was ticked or changed on a persona's screen; verdicts and briefs follow at once."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    return await run_in_threadpool(_keep, request, where, form)


def _keep(request: Request, where: Visit, form: dict[str, str]) -> Response:
    who = form.get("who", "")
    try:
        kept = confirmer_for(where).cards(corrections(form, language_for(request)))
    except NotReady:
        raise
    except WhobuysError as error:
        return _page(request, where, who, error=error)
    return RedirectResponse(f"/claims?who={who if who.isalpha() else ''}&saved={kept.changed}", status_code=303)


@router.post("/claims/aliases")
def keep_aliases(
    request: Request,
    where: Confirming,
    lemma: Annotated[list[str], Form()],
    segment: Annotated[list[str], Form()],
    who: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep whom the names stand for: all of them are confirmed as the form shows them."""
    try:
        kept = confirmer_for(where).cards({}, dict(zip(lemma, segment, strict=False)))
    except NotReady:
        raise
    except WhobuysError as error:
        return _page(request, where, who, error=error)
    return RedirectResponse(f"/claims?who={who if who.isalpha() else ''}&saved={kept.changed}", status_code=303)


@router.post("/claims/undo")
def undo_edit(
    request: Request,
    where: Confirming,
    edit: Annotated[str, Form(max_length=40)],
    who: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take a correction back."""
    try:
        confirmer_for(where).undo(edit)
    except NotReady:
        raise
    except WhobuysError as error:
        return _page(request, where, who, error=error)
    return RedirectResponse(f"/claims?who={who if who.isalpha() else ''}", status_code=303)
