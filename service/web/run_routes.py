"""HTTP: starting a run and watching it, for machines; the pages watch the same stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from service.store.audit import note
from service.store.db import ensure_workspace
from service.store.routes import PROBLEMS, Visit, visit
from service.web.runs import Runs, RunState, RunStatus, event, percent_done

router = APIRouter(tags=["runs"], responses=PROBLEMS)

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15.0
"""A comment this often keeps proxies from closing a quiet stream."""


class RunResource(BaseModel):
    """A run as a job: where it is now."""

    id: str
    number: int
    status: RunStatus
    stage: str
    stages: list[str]
    done_stages: list[str]
    done: int
    total: int
    percent: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    seconds_left: int | None
    cancelled_by: str
    stale: bool


class RunList(BaseModel):
    """Runs, newest first. `next` is the value of `before` for the older ones, null when there are none."""

    runs: list[RunResource]
    next: int | None


def runs_of(request: Request) -> Runs:
    """The cycle's door of this app."""
    return cast(Runs, request.app.state.runs)


def ask_for_run(request: Request, where: Visit) -> str:
    """Start a run, or find the one that saw the same; the log says who asked. Returns its id."""
    run_id = runs_of(request).start(where.workspace)
    with where.store.session(write=True) as session:
        ensure_workspace(session, where.workspace)
        note(session, where.workspace, where.visitor.who, "analysis asked for", run=run_id)
    return run_id


def resource(state: RunState) -> RunResource:
    """A state as the API shows it."""
    fields = {name: getattr(state, name) for name in RunResource.model_fields if name != "percent"}
    return RunResource(**fields, percent=percent_done(state))


async def progress_events(runs: Runs, workspace: str, run_id: str) -> AsyncIterator[str]:
    """Server-sent events: the state now, then every change until the run is over."""
    last: RunState | None = None
    quiet = 0.0
    yield "retry: 2000\n\n"
    while True:
        state = await run_in_threadpool(runs.state, workspace, run_id)
        if state != last:
            yield event(state)
            last, quiet = state, 0.0
        elif quiet >= HEARTBEAT_SECONDS:
            yield ": still here\n\n"
            quiet = 0.0
        if state.final:
            return
        await asyncio.sleep(POLL_SECONDS)
        quiet += POLL_SECONDS


def stream(runs: Runs, workspace: str, run_id: str) -> StreamingResponse:
    """The events as a response. NotFound before it starts for an unknown or foreign id."""
    runs.state(workspace, run_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(progress_events(runs, workspace, run_id), media_type="text/event-stream", headers=headers)


@router.post("/runs", status_code=202)
def start_run(request: Request, response: Response, where: Annotated[Visit, Depends(visit("run"))]) -> RunResource:
    """Analyse what is there now. The same input twice is one run: the one under way or done is returned."""
    runs, run_id = runs_of(request), ask_for_run(request, where)
    response.headers["Location"] = f"/api/v1/runs/{run_id}"
    return resource(runs.state(where.workspace, run_id))


@router.get("/runs")
def list_runs(
    request: Request,
    where: Annotated[Visit, Depends(visit("read_runs"))],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, description="Only runs with a lower number.")] = None,
) -> RunList:
    """Runs of this company, whatever their state."""
    found = runs_of(request).recent(where.workspace, limit + 1, before)
    shown = [resource(state) for state in found[:limit]]
    return RunList(runs=shown, next=shown[-1].number if len(found) > limit else None)


@router.post("/runs/{run_id}/cancel")
def cancel_run(run_id: str, request: Request, where: Annotated[Visit, Depends(visit("cancel_runs"))]) -> RunResource:
    """Stop a run. What was analysed before it stays; asked for again, the same data begin a new run."""
    return resource(runs_of(request).cancel(where.workspace, run_id, where.visitor.who))


@router.get("/runs/{run_id}")
def read_run(run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]) -> RunResource:
    """How far a run is."""
    return resource(runs_of(request).state(where.workspace, run_id))


@router.get(
    "/runs/{run_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "`progress` events with a run resource"}},
)
def run_events(
    run_id: str, request: Request, where: Annotated[Visit, Depends(visit("read_runs"))]
) -> StreamingResponse:
    """Progress as server-sent events, until the run is over."""
    return stream(runs_of(request), where.workspace, run_id)


@router.post("/briefs/creative", status_code=202, tags=["briefs"])
def request_brief(
    request: Request, response: Response, where: Annotated[Visit, Depends(visit("request_brief"))]
) -> RunResource:
    """Ask for up-to-date creative briefs: the run that makes them. With nothing new it is the one already done."""
    runs = runs_of(request)
    run_id = runs.start(where.workspace)
    response.headers["Location"] = f"/api/v1/runs/{run_id}"
    return resource(runs.state(where.workspace, run_id))
