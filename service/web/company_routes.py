"""Pages and HTTP: a company's settings, new companies, deleting one; the log of changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from service.closing import delete_company
from service.core.errors import BadInput, Conflict, NotAllowed, WhobuysError
from service.export import as_csv
from service.store.audit import AuditLine, Wanted, audit_choices, names_of, read_audit
from service.store.people import set_role
from service.store.routes import PROBLEMS, Visit, visit
from service.store.sessions import choose_company
from service.store.workspaces import CHOICES, TITLE, about, change_workspace, make_workspace
from service.web.door_routes import Line
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.people import company_view, log_view, said_details, what_said, who_said
from service.web.security import KEEPERS, Role
from service.web.showing import page, visitor_of

api = APIRouter(tags=["audit"], responses=PROBLEMS)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Tuning = Annotated[Visit, Depends(visit("manage_settings"))]
Making = Annotated[Visit, Depends(visit("manage_workspaces"))]
Auditing = Annotated[Visit, Depends(visit("read_audit"))]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
Text = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Before = Annotated[str | None, Query(max_length=40, pattern=r"^\w*$")]
SHOWN, EXPORTED = 100, 100_000
"""Lines of the log on a page, in a file."""


class Change(BaseModel):
    """A line of the log. `who`: person or key id, `open`, `command line`; `name` is what they are called now."""

    id: str
    at: datetime
    who: str
    name: str
    what: str
    details: dict[str, Any]


class Changes(BaseModel):
    """Lines newest first. `next` is the value of `before` for the older ones, null when there are none."""

    changes: list[Change]
    next: str | None


@pages.get("/settings")
def settings_page(
    request: Request, where: Tuning, done: Annotated[str, Query(pattern="^(saved|made)?$")] = ""
) -> Response:  # fmt: skip
    """Name, language, currency, sealed personas."""
    words = Words(frame_for(request, where, "").formatter)
    return _settings_page(request, where, done=words(f"company.{done}") if done else "")


def _settings_page(request: Request, where: Visit, *, done: str = "", error: WhobuysError | None = None) -> Response:
    frame = frame_for(request, where, "")
    with where.session() as session:
        here = about(session, where.workspace)
    said = error.said_in(frame.language) if error else ""
    view = company_view(here, visitor_of(where), Words(frame.formatter), done=done, error=said)
    return page(request, "company.html", frame, status=error.status if error else 200, view=view)


@pages.post("/settings")
def save_settings(
    request: Request,
    where: Tuning,
    title: Line = "",
    language: Line = "",
    currency: Line = "",
    sealed_personas: Line = "",
) -> Response:
    """Keep what was chosen."""
    wanted = dict(zip(CHOICES, (language, currency, sealed_personas), strict=True))
    try:
        with where.store.session(write=True) as session:
            change_workspace(session, where.workspace, {TITLE: title, **wanted}, where.visitor.who)
    except BadInput as error:
        return _settings_page(request, where, error=error)
    return RedirectResponse("/settings?done=saved", status_code=303)


@pages.post("/workspaces")
def new_company(request: Request, where: Making, workspace: Line, title: Line = "") -> Response:
    """Make a company with oneself as its admin, and turn to it."""
    visitor = visitor_of(where)
    _require_person(where)
    try:
        with where.store.session(write=True) as session:
            make_workspace(session, workspace.strip(), title, visitor.who)
            set_role(session, workspace.strip(), visitor.who, Role.ADMIN.value, KEEPERS)
            choose_company(session, str(visitor.session), workspace.strip())
    except (BadInput, Conflict) as error:
        return _settings_page(request, where, error=error)
    return RedirectResponse("/settings?done=made", status_code=303)


@pages.post("/settings/delete")
def drop_company(request: Request, where: Making, typed: Line = "") -> Response:
    """Delete the company, once its name is typed."""
    _require_person(where)
    try:
        delete_company(where.store, where.settings, where.workspace, typed)
    except (BadInput, Conflict) as error:
        return _settings_page(request, where, error=error)
    return RedirectResponse("/", status_code=303)


def _require_person(where: Visit) -> None:
    if visitor_of(where).account is None:
        raise NotAllowed(
            "This needs an account: make the first one at /setup, or use whobuys workspace.",
            ru="Для этого нужна учётная запись: заведите первую на /setup или выполните whobuys workspace.",
        )


@pages.get("/audit")
def audit_page(
    request: Request,
    where: Auditing,
    who: Text = "",
    what: Text = "",
    since: Day = "",
    until: Day = "",
    before: Before = None,
) -> Response:
    """Who changed what, the latest first."""
    frame = frame_for(request, where, "")
    chosen = {"who": who, "what": what, "since": since, "until": until}
    with where.session() as session:
        lines = read_audit(session, where.workspace, wanted(who, what, since, until), SHOWN + 1, before)
        choices, names = audit_choices(session, where.workspace), names_of(session, where.workspace)
    older = lines[SHOWN - 1].id if len(lines) > SHOWN else ""
    view = log_view(lines[:SHOWN], choices, Words(frame.formatter), frame.formatter, names, chosen, older)
    return page(request, "audit.html", frame, view=view)


@pages.get("/audit.csv")
def audit_file(
    request: Request, where: Auditing, who: Text = "", what: Text = "", since: Day = "", until: Day = ""
) -> Response:
    """The same as a file."""
    words = Words(frame_for(request, where, "").formatter)
    with where.session() as session:
        lines = read_audit(session, where.workspace, wanted(who, what, since, until), EXPORTED)
        names = names_of(session, where.workspace)
    rows = [
        {
            "at": line.at.isoformat(),
            "who": line.who,
            "name": who_said(line.who, words, names),
            "what": what_said(line.what, words),
            "details": said_details(line.details),
        }
        for line in lines
    ]
    text = as_csv(("at", "who", "name", "what", "details"), rows)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    # The byte order mark is for spreadsheets, which take a file without one for another encoding.
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@api.get("/audit")
def list_changes(
    where: Auditing,
    who: Text = "",
    what: Text = "",
    since: Day = "",
    until: Day = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    before: Annotated[
        str | None, Query(max_length=40, pattern=r"^\w*$", description="Only lines older than this one.")
    ] = None,
) -> Changes:
    """Who changed what; days are of UTC, `until` included."""
    with where.session() as session:
        found = read_audit(session, where.workspace, wanted(who, what, since, until), limit + 1, before)
        names = names_of(session, where.workspace)
    shown = [_told(line, names.get(line.who, line.who)) for line in found[:limit]]
    return Changes(changes=shown, next=found[limit - 1].id if len(found) > limit else None)


def wanted(who: str, what: str, since: str, until: str) -> Wanted:
    """The filter of an address. BadInput for a day that does not exist."""
    end = _day(until)
    return Wanted(who, what, _day(since), end + timedelta(days=1) if end else None)


def _told(line: AuditLine, name: str) -> Change:
    return Change(id=line.id, at=line.at, who=line.who, name=name, what=line.what, details=dict(line.details))


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        return datetime.combine(found, time.min, UTC)
    except ValueError as error:
        raise BadInput(f"{text!r} is no day; write it as 2026-11-24.", ru=f"{text!r} — не дата.") from error
