"""Pages: all briefs, one brief in any version, what changed, decisions; and who is told of them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from service import flow
from service.briefs.model import BriefKind
from service.briefs.notices import repository as notices
from service.briefs.notices import step as messages
from service.briefs.render import Format
from service.briefs.routes import brief_response, briefs_of, by_place, place_of, read_version, wanted_of
from service.briefs.versions.model import Decision
from service.briefs.versions.repository import load_held, load_versions, missing
from service.briefs.versions.step import changes_of
from service.core.errors import WhobuysError
from service.store.audit import names_of
from service.store.routes import Visit, visit
from service.web.brief_routes import Verdict, decided
from service.web.frames import frame_for, language_for
from service.web.i18n import Words
from service.web.pages.briefs import brief_view, shelf_view
from service.web.pages.publishing import changes_view, history_view, webhooks_view
from service.web.showing import page, shelf_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

FILES: tuple[Format, ...] = ("pdf", "docx", "html", "md")
Reader = Annotated[Visit, Depends(visit("list_briefs"))]
Segment = Annotated[str | None, Query(max_length=40)]
VersionAsked = Annotated[str, Query(max_length=10)]
Manager = Annotated[Visit, Depends(visit("manage_webhooks"))]
SHOWN_MESSAGES = 30


@router.get("/briefs")
def briefs_page(request: Request, where: Reader) -> Response:
    """All briefs the visitor may read."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "briefs", results)
    _, briefs = briefs_of(where, results.run_id)
    mine = [b for b in briefs if b.language == frame.language and where.visitor.may(f"read_brief_{b.kind}")]
    with where.session() as session:
        versions = by_place(load_versions(session, where.workspace))
    newest = {brief.id: versions[place_of(brief)][0] for brief in mine if versions.get(place_of(brief))}
    view = shelf_view(mine, results.inputs.segments, str(request.base_url).rstrip("/"), newest)
    return page(request, "briefs.html", frame, view=view, may_tell=where.visitor.may("manage_webhooks"))


@router.get("/briefs/{kind}")
def brief_page(
    kind: BriefKind, request: Request, where: Reader, segment: Segment = None, version: VersionAsked = "newest"
) -> Response:
    """One brief, the newest version unless another is asked for, with the sources of its figures below."""
    return _brief_page(kind, request, where, segment, version)


def _brief_page(
    kind: BriefKind,
    request: Request,
    where: Visit,
    segment: str | None,
    version: str,
    error: WhobuysError | None = None,
) -> Response:
    where.visitor.require(f"read_brief_{kind}")
    frame = frame_for(request, where, "briefs", shelf_of(request).results(where))
    wanted_of(version)
    read = read_version(where, kind, segment, frame.language, version)
    with where.session() as session:
        known = load_versions(session, where.workspace, place_of(read.brief))
        names = names_of(session, where.workspace)
    may = where.visitor.may("approve_brief")
    history = history_view(known, read.version, Words(frame.formatter), frame.formatter, may, names)
    return page(
        request, "brief.html", frame, status=error.status if error else 200, view=brief_view(read.brief), facts_at="",
        formats=FILES, history=history, error=error.said_in(frame.language) if error else "",
    )  # fmt: skip


@router.get("/briefs/{kind}/file")
def brief_file(
    kind: BriefKind,
    request: Request,
    where: Reader,
    format: Annotated[Format, Query()] = "docx",
    segment: Segment = None,
    version: VersionAsked = "newest",
) -> Response:
    """One brief as a file."""
    where.visitor.require(f"read_brief_{kind}")
    read = read_version(where, kind, segment, language_for(request), version)
    return brief_response(read.brief, format, download=True, version=read.version)


@router.get("/briefs/{kind}/changes")
def changes_page(
    kind: BriefKind,
    request: Request,
    where: Reader,
    segment: Segment = None,
    version: VersionAsked = "newest",
    since: Annotated[int | None, Query(ge=1, le=999_999)] = None,
) -> Response:
    """What changed in a version since the one before it, and why."""
    where.visitor.require(f"read_brief_{kind}")
    frame = frame_for(request, where, "briefs", shelf_of(request).results(where))
    place = place_of(read_version(where, kind, segment, frame.language, version).brief)
    with where.session() as session:
        held = load_held(session, where.workspace, place, wanted_of(version))
        if held is None:
            raise missing(place, None)
        found = changes_of(session, where.workspace, held, since)
    return page(request, "brief_changes.html", frame, view=changes_view(held, found, frame.language))


@router.post("/briefs/{kind}/decision")
def decide(
    kind: BriefKind,
    request: Request,
    where: Annotated[Visit, Depends(visit("return_brief"))],
    decision: Annotated[Decision, Form()],
    version: Annotated[int, Form(ge=1, le=999_999)],
    segment: Annotated[str, Form(max_length=40)] = "",
    comment: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Approve or send back, then the brief again."""
    language = language_for(request)
    try:
        verdict = Verdict.model_construct(
            decision=decision, version=version, segment=segment or None, language=language, comment=comment
        )
        decided(where, kind, verdict)
    except WhobuysError as error:
        return _brief_page(kind, request, where, segment or None, str(version), error)
    asked = {"segment": segment, "version": str(version)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return RedirectResponse(f"/briefs/{kind}?{query}", status_code=303)


@router.get("/webhooks")
def webhooks_page(request: Request, where: Manager) -> Response:
    """Who is told of briefs, and what came of the messages."""
    return _webhooks_page(request, where)


def _webhooks_page(request: Request, where: Visit, secret: str = "", error: WhobuysError | None = None) -> Response:
    frame = frame_for(request, where, "briefs")
    with where.session() as session:
        hooks = notices.webhooks(session, where.workspace)
        sent = notices.deliveries(session, where.workspace, most=SHOWN_MESSAGES)
    view = webhooks_view(hooks, sent, frame.formatter, secret, error.said_in(frame.language) if error else "")
    return page(request, "webhooks.html", frame, status=error.status if error else 200, view=view)


@router.post("/webhooks")
def add_webhook(request: Request, where: Manager, url: Annotated[str, Form(max_length=4000)] = "") -> Response:
    """A new address; its secret is on the answer and never again."""
    try:
        made = messages.add(where.store, where.settings, where.workspace, url, (), where.visitor.who)
    except WhobuysError as error:
        return _webhooks_page(request, where, error=error)
    return _webhooks_page(request, where, secret=made.secret)


@router.post("/webhooks/{webhook_id}/remove")
def remove_webhook(webhook_id: str, where: Manager) -> Response:
    """Tell this address no more."""
    with where.store.session(write=True) as session:
        notices.remove_webhook(session, where.workspace, webhook_id, where.visitor.who)
    return RedirectResponse("/webhooks", status_code=303)


@router.post("/webhooks/{webhook_id}/test")
def try_webhook(webhook_id: str, where: Manager) -> Response:
    """Send a message to try the address with."""
    messages.ping(where.store, where.workspace, webhook_id)
    flow.send_messages(where.store, where.settings)
    return RedirectResponse("/webhooks", status_code=303)
