"""Pages and HTTP for those who connect other systems: copy-paste calls, doors for a CRM, campaigns with their cost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from service.corpus.hook_step import create_hook, list_hooks, revoke_hook
from service.corpus.hooks import SYSTEMS, NewHook
from service.economics.repository import load_measures
from service.store.routes import PROBLEMS, Visit, visit
from service.web.frames import frame_for, results_or_none
from service.web.i18n import Words
from service.web.pages.campaigns import CampaignLine, campaign_lines, campaigns_view
from service.web.pages.developers import developers_view, hooks_view
from service.web.showing import page, shelf_of

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
api = APIRouter(tags=["economics"], responses=PROBLEMS)


class Campaigns(BaseModel):
    """Campaigns of the latest run, those that waste most money first."""

    run: str
    currency: str
    campaigns: list[CampaignLine]


@api.get("/campaigns")
def list_campaigns(where: Annotated[Visit, Depends(visit("read_campaigns"))]) -> Campaigns:
    """What each campaign brought and cost: people who are no customers, spend, won deals, cost of one."""
    with where.session() as session:
        run = where.run(session)
        measures = load_measures(session, where.workspace, run.id)
    return Campaigns(run=run.id, currency=measures.currency, campaigns=list(campaign_lines(measures)))


@pages.get("/campaigns")
def campaigns_page(request: Request, where: Annotated[Visit, Depends(visit("read_campaigns"))]) -> Response:
    """Which campaigns bring people who will never buy, and what that costs."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "briefs", results)
    view = campaigns_view(results.inputs.measures, Words(frame.formatter), frame.formatter)
    return page(request, "campaigns.html", frame, view=view)


@pages.get("/developers")
def developers_page(request: Request, where: Annotated[Visit, Depends(visit("read_developers"))]) -> Response:
    """The three main calls with this company's address, ready to be copied."""
    frame = frame_for(request, where, "upload")
    results = results_or_none(shelf_of(request), where)
    segment = results.inputs.segments[0].id if results is not None and results.inputs.segments else None
    view = developers_view(_address(request), where.visitor, frame.language, segment)
    return page(request, "developers.html", frame, view=view)


@pages.get("/hooks")
def hooks_page(request: Request, where: Annotated[Visit, Depends(visit("read_hooks"))]) -> Response:
    """Doors for a CRM."""
    return _hooks_page(request, where)


def _hooks_page(request: Request, where: Visit, made: NewHook | None = None) -> Response:
    frame = frame_for(request, where, "upload")
    view = hooks_view(list_hooks(where.store, where.workspace), made, _address(request), frame.formatter)
    return page(request, "hooks.html", frame, status=201 if made else 200, view=view, systems=SYSTEMS)


@pages.post("/hooks")
def make_hook(
    request: Request,
    where: Annotated[Visit, Depends(visit("edit_hooks"))],
    system: Annotated[str, Form(max_length=16)],
    label: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make a door, and show its address this once: no redirect, which would lose it."""
    return _hooks_page(request, where, create_hook(where.store, where.workspace, system, label, where.visitor.who))


@pages.post("/hooks/{hook_id}/revoke")
def close_hook(hook_id: str, where: Annotated[Visit, Depends(visit("edit_hooks"))]) -> Response:
    """Close a door."""
    revoke_hook(where.store, where.workspace, hook_id, where.visitor.who)
    return RedirectResponse("/hooks", status_code=303)


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")
