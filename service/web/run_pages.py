"""The pages of an analysis: started, watched, stopped; and the list of all."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.responses import Response

from service.core.errors import Conflict
from service.store.routes import Visit, visit
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.upload import progress_view, runs_view
from service.web.run_routes import ask_for_run, runs_of, stream
from service.web.showing import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

LISTED = 50


@router.post("/runs")
def start_run(request: Request, where: Annotated[Visit, Depends(visit("run"))]) -> Response:
    """Start the analysis, or find the one under way; then show its progress."""
    return RedirectResponse(f"/runs/{ask_for_run(request, where)}", status_code=303)


@router.get("/runs")
def runs_page(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_runs"))],
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """All analyses, newest first."""
    frame = frame_for(request, where, "upload")
    found = runs_of(request).recent(where.workspace, LISTED + 1, before)
    view = runs_view(found[:LISTED], Words(frame.formatter), frame.formatter)
    older = found[LISTED - 1].number if len(found) > LISTED else None
    return page(request, "runs.html", frame, runs=view, older=older)


@router.get("/runs/{run_id}")
def progress_page(run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]) -> Response:
    """How far the analysis is; survives a reload."""
    frame = frame_for(request, where, "upload")
    state = runs_of(request).state(where.workspace, run_id)
    return page(request, "progress.html", frame, view=progress_view(state, Words(frame.formatter), frame.formatter))


@router.post("/runs/{run_id}/cancel")
def cancel_run(run_id: str, request: Request, where: Annotated[Visit, Depends(visit("cancel_runs"))]) -> Response:
    """Stop the analysis; one that has just ended is simply shown."""
    with suppress(Conflict):
        runs_of(request).cancel(where.workspace, run_id, where.visitor.who)
    return RedirectResponse(f"/runs/{run_id}", status_code=303)


@router.get("/runs/{run_id}/events")
def progress_stream(
    run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]
) -> StreamingResponse:
    """The same as server-sent events."""
    return stream(runs_of(request), where.workspace, run_id)
