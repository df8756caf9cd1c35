"""Links by which somebody without an account reads one comparison brief: their list, and what they open.

What a link opens sets no cookie, reads none, and names no page that would need an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from service.briefs.model import Brief
from service.briefs.render import Format
from service.briefs.repository import load_brief
from service.briefs.routes import brief_response
from service.core.errors import BadInput, WhobuysError
from service.core.numbers import Formatter, Language
from service.store.audit import names_of
from service.store.db import Store
from service.store.routes import Visit, visit
from service.store.shares import DAYS, USUAL_DAYS, Share, find_share, list_shares, make_share, revoke_share
from service.web.door_routes import Line
from service.web.doorkeeper import Doorkeeper
from service.web.frames import frame_for, link_to
from service.web.i18n import Words
from service.web.pages.briefs import BriefView, brief_view
from service.web.pages.people import shares_view
from service.web.showing import page
from service.web.templating import Frame, render

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
public = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Sharing = Annotated[Visit, Depends(visit("share_briefs"))]
UNSEEN = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}
FORMATS: tuple[Format, ...] = ("pdf", "docx")


@dataclass(frozen=True)
class SharedView:
    """The brief behind a link, and until when it opens."""

    brief: BriefView
    until: str


@router.get("/shares")
def shares_page(request: Request, where: Sharing, done: Annotated[str, Query(pattern="^(revoked)?$")] = "") -> Response:
    """All links of the company."""
    words = Words(frame_for(request, where, "").formatter)
    return _shares_page(request, where, done=words("shares.revoked") if done else "")


def _shares_page(
    request: Request, where: Visit, *, link: str = "", done: str = "", error: WhobuysError | None = None
) -> Response:
    frame = frame_for(request, where, "")
    with where.session() as session:
        shares, names = list_shares(session, where.workspace), names_of(session, where.workspace)
    said = error.said_in(frame.language) if error else ""
    view = shares_view(shares, Words(frame.formatter), names, link=link, done=done, error=said)
    return page(request, "shares.html", frame, status=error.status if error else 200, view=view)


@router.post("/shares")
def new_share(
    request: Request,
    where: Sharing,
    label: Line = "",
    language: Annotated[Language, Form()] = "ru",
    days: Annotated[int, Form(ge=1, le=max(DAYS))] = USUAL_DAYS,
) -> Response:
    """Make a link to the comparison brief of the latest analysis; shown once."""
    try:
        with where.store.session(write=True) as session:
            run = where.run(session)
            load_brief(session, where.workspace, run.id, "comparison", None, language)
            token = make_share(
                session, where.workspace, run.id, language, who=where.visitor.who, days=days, label=label
            )  # fmt: skip
    except BadInput as error:
        return _shares_page(request, where, error=error)
    return _shares_page(request, where, link=link_to(request, f"/share/{token}"))


@router.post("/shares/{share_id}/revoke")
def take_share_back(share_id: str, where: Sharing) -> Response:
    """Take a link back."""
    with where.store.session(write=True) as session:
        revoke_share(session, where.workspace, share_id, where.visitor.who)
    return RedirectResponse("/shares?done=revoked", status_code=303)


@public.get("/share/{token}")
def shared_page(token: str, request: Request) -> Response:
    """The brief behind a link."""
    share, brief = _behind(request, token)
    formatter = Formatter(share.language)
    frame = Frame(cast(Language, share.language), None, request.url.path, "", formatter)
    view = SharedView(brief_view(brief), formatter.day(share.ends_at))
    made = HTMLResponse(render("shared.html", frame, view=view, facts_at="", formats=FORMATS))
    made.headers.update(UNSEEN)
    return made


@public.get("/share/{token}/file")
def shared_file(token: str, request: Request, format: Annotated[Format, Query()] = "pdf") -> Response:
    """The same as a file."""
    _, brief = _behind(request, token)
    made = brief_response(brief, format, download=True)
    made.headers.update(UNSEEN)
    return made


def _behind(request: Request, token: str) -> tuple[Share, Brief]:
    """The link, noted as opened, and its brief. NotFound for a link that does not work."""
    store = cast(Store, request.app.state.store)
    with store.session() as session:
        share = find_share(session, token)
        brief = load_brief(session, share.workspace, share.run, "comparison", None, share.language)
    cast(Doorkeeper, request.app.state.doorkeeper).sights.saw(link=share.id)
    return share, brief
