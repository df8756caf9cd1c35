"""Pages: one's own account, the people of a company, API keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from service.core.clock import now
from service.core.errors import BadInput, Conflict, NotAllowed, NotFound, WhobuysError
from service.store.attempts import TooManyAttempts
from service.store.audit import names_of, note
from service.store.keys import MOST_DAYS, create_key, list_keys, revoke_key
from service.store.people import (
    Company,
    Member,
    companies_of,
    member,
    members,
    plain_email,
    remove_member,
    set_role,
)
from service.store.routes import Visit, visit
from service.store.sessions import count_sessions, end_sessions_of
from service.store.tickets import HOLDS, make_ticket, open_invitations, withdraw_invitation
from service.web.door_routes import Line, Secret, reception, signed_in
from service.web.frames import frame_for, knock_of, link_to
from service.web.i18n import Words
from service.web.pages.people import keys_view, people_view
from service.web.reception import WrongPassword
from service.web.security import GRANTS, KEEPERS, Role, Visitor
from service.web.showing import page, visitor_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Mine = Annotated[Visit, Depends(visit("keep_account"))]
People = Annotated[Visit, Depends(visit("manage_people"))]
Keys = Annotated[Visit, Depends(visit("manage_keys"))]
Done = Annotated[str, Query(max_length=20, pattern="^[a-z]*$")]
LONGEST_LABEL = 80


@router.get("/account")
def account_page(
    request: Request, where: Mine, done: Done = "", ended: Annotated[int, Query(ge=0, le=9999)] = 0
) -> Response:  # fmt: skip
    """Who one is, in which companies, and the password."""
    words = Words(frame_for(request, where, "").formatter)
    said = {"password": words("account.changed"), "elsewhere": words("account.ended", n=ended)}.get(done, "")
    return _account_page(request, where, done=said)


def _account_page(request: Request, where: Visit, *, done: str = "", error: WhobuysError | None = None) -> Response:
    frame = frame_for(request, where, "")
    account = visitor_of(where).account
    with where.session() as session:
        sessions = count_sessions(session, account.id) if account else 0
    words = Words(frame.formatter)
    rights = (("people", "manage_people"), ("keys", "manage_keys"), ("settings", "manage_settings"))
    links = [{"href": f"/{name}", "words": words(f"account.{name}")} for name, right in rights if frame.may(right)]
    said = error.said_in(frame.language) if error else ""
    view = {"account": account, "sessions": sessions, "links": links, "done": done, "error": said}
    return page(request, "account.html", frame, status=error.status if error else 200, view=view)


@router.post("/account/password")
def change_password(request: Request, where: Mine, old: Secret = "", new: Secret = "") -> Response:
    """Change one's own password."""
    try:
        cookie = reception(request).change_password(visitor_of(where), old, new, knock_of(request))
    except (BadInput, WrongPassword, TooManyAttempts) as error:
        return _account_page(request, where, error=error)
    return signed_in(request, cookie, "/account?done=password")


@router.post("/account/sign-out-elsewhere")
def sign_out_elsewhere(request: Request, where: Mine) -> Response:
    """End every other session of the person."""
    ended = reception(request).sign_out_everywhere(visitor_of(where))
    return RedirectResponse(f"/account?done=elsewhere&ended={ended}", status_code=303)


@router.post("/account/company")
def turn_to_company(request: Request, where: Mine, workspace: Line) -> Response:
    """Look at another company of one's own."""
    reception(request).look_elsewhere(visitor_of(where), workspace)
    return RedirectResponse("/", status_code=303)


@router.get("/people")
def people_page(request: Request, where: People, done: Done = "") -> Response:
    """Everybody of the company."""
    words = Words(frame_for(request, where, "").formatter)
    return _people_page(request, where, done=words(f"people.done.{done}") if done in DONE else "")


DONE = frozenset({"role", "removed", "withdrawn"})


def _people_page(
    request: Request,
    where: Visit,
    *,
    link: str = "",
    until: str = "",
    email: str = "",
    done: str = "",
    error: WhobuysError | None = None,
) -> Response:
    frame = frame_for(request, where, "")
    visitor = visitor_of(where)
    with where.session() as session:
        everybody = members(session, where.workspace)
        waiting = open_invitations(session, where.workspace)
        resettable = {one.id for one in everybody if commands_all_of(visitor, companies_of(session, one.id))}
    said = error.said_in(frame.language) if error else ""
    view = people_view(
        everybody, waiting, visitor, lambda one: one.id in resettable,
        email=email, link=link, until=until, done=done, error=said,
    )  # fmt: skip
    return page(request, "people.html", frame, status=error.status if error else 200, view=view)


def commands_all_of(visitor: Visitor, companies: Iterable[Company]) -> bool:
    """Whether the visitor may give every role that a person has, in every company of theirs.

    A new password opens all of a person's companies, so who hands out the link must be able to let people into each.
    """
    mine = {one.workspace: Role(one.role) for one in visitor.account.companies} if visitor.account else {}
    mine.setdefault(visitor.workspace, visitor.role)
    return all(one.workspace in mine and one.role in GRANTS.get(mine[one.workspace], frozenset()) for one in companies)


@router.post("/people/invite")
def invite(request: Request, where: People, email: Line, role: Line) -> Response:
    """Make a link by which somebody joins; shown once."""
    visitor = visitor_of(where)
    try:
        address, wanted = plain_email(email), _role(role)
        visitor.require_grant(wanted)
        with where.store.session(write=True) as session:
            if address in {one.email for one in members(session, where.workspace)}:
                raise Conflict("This person is in the company already.", ru="Этот человек уже в компании.")
            token = make_ticket(
                session, "join", who=visitor.who, workspace=where.workspace, email=address, role=wanted
            )  # fmt: skip
            note(session, where.workspace, visitor.who, "invitation made", role=wanted)
    except (BadInput, Conflict) as error:
        return _people_page(request, where, email=email[:254], error=error)
    return _with_link(request, where, f"/join/{token}", "join")


@router.post("/people/invitations/{ticket}/withdraw")
def withdraw(ticket: str, where: People) -> Response:
    """Take an invitation back."""
    with where.store.session(write=True) as session:
        withdrawn = withdraw_invitation(session, where.workspace, ticket)
        note(session, where.workspace, where.visitor.who, "invitation withdrawn", role=withdrawn.role)
    return RedirectResponse("/people?done=withdrawn", status_code=303)


@router.post("/people/{person}/role")
def change_role(person: str, request: Request, where: People, role: Line) -> Response:
    """Give somebody another role."""
    try:
        wanted = _role(role)
        with where.store.session(write=True) as session:
            one = _other(where, member(session, where.workspace, person))
            visitor_of(where).require_grant(wanted)
            set_role(session, where.workspace, one.id, wanted, KEEPERS)
            note(session, where.workspace, where.visitor.who, "role changed", person=one.id, was=one.role, role=wanted)
    except (BadInput, Conflict) as error:
        return _people_page(request, where, error=error)
    return RedirectResponse("/people?done=role", status_code=303)


@router.post("/people/{person}/remove")
def remove(person: str, request: Request, where: People) -> Response:
    """Take somebody out of the company."""
    try:
        with where.store.session(write=True) as session:
            one = _other(where, member(session, where.workspace, person))
            if not remove_member(session, where.workspace, one.id, KEEPERS):
                end_sessions_of(session, one.id)
            note(session, where.workspace, where.visitor.who, "person removed", person=one.id, role=one.role)
    except Conflict as error:
        return _people_page(request, where, error=error)
    return RedirectResponse("/people?done=removed", status_code=303)


@router.post("/people/{person}/reset")
def make_reset_link(person: str, request: Request, where: People) -> Response:
    """Make a link by which somebody chooses a new password; shown once."""
    with where.store.session(write=True) as session:
        one = _other(where, member(session, where.workspace, person))
        if not commands_all_of(visitor_of(where), companies_of(session, one.id)):
            raise NotAllowed(
                "This person belongs to companies that are not yours; whoever runs whobuys can make the link: "
                "whobuys people reset.",
                ru="Этот человек относится и к чужим компаниям; ссылку сделает тот, кто ведёт whobuys: "
                "whobuys people reset.",
            )
        token = make_ticket(session, "reset", who=where.visitor.who, person=one.id)
        note(session, where.workspace, where.visitor.who, "link to a new password made", person=one.id)
    return _with_link(request, where, f"/reset/{token}", "reset")


def _with_link(request: Request, where: Visit, path: str, kind: str) -> Response:
    until = frame_for(request, where, "").formatter.day(now() + HOLDS[kind])
    return _people_page(request, where, link=link_to(request, path), until=until)


def _other(where: Visit, one: Member) -> Member:
    """The member, whose role the visitor may take and who is not the visitor."""
    visitor_of(where).require_grant(one.role)
    if one.id == where.visitor.who:
        raise Conflict("Ask somebody else to change your own role.", ru="Свою роль пусть изменит кто-то другой.")
    return one


def _role(role: str) -> str:
    if role not in set(Role):
        raise BadInput(f"There is no role {role[:20]!r}.", ru=f"Роли {role[:20]!r} нет.")
    return role


@router.get("/keys")
def keys_page(request: Request, where: Keys, done: Done = "") -> Response:
    """All API keys of the company."""
    words = Words(frame_for(request, where, "").formatter)
    return _keys_page(request, where, done=words("keys.revoked") if done == "revoked" else "")


def _keys_page(
    request: Request, where: Visit, *, key: str = "", done: str = "", error: WhobuysError | None = None
) -> Response:
    frame = frame_for(request, where, "")
    with where.session() as session:
        keys, names = list_keys(session, where.workspace), names_of(session, where.workspace)
    said = error.said_in(frame.language) if error else ""
    view = keys_view(keys, visitor_of(where), Words(frame.formatter), names, key=key, done=done, error=said)
    return page(request, "keys.html", frame, status=error.status if error else 200, view=view)


@router.post("/keys")
def make_key(
    request: Request, where: Keys, role: Line, label: Line = "", days: Annotated[int, Form(ge=0, le=MOST_DAYS)] = 365
) -> Response:
    """Make a key; shown once."""
    try:
        wanted, short = _role(role), " ".join(label.split())
        if len(short) > LONGEST_LABEL:
            raise BadInput(
                f"A label has at most {LONGEST_LABEL} letters.", ru=f"В подписи не больше {LONGEST_LABEL} знаков."
            )  # fmt: skip
        visitor_of(where).require_grant(wanted)
        with where.store.session(write=True) as session:
            key = create_key(session, where.workspace, wanted, short, days=days or None, who=where.visitor.who)
    except BadInput as error:
        return _keys_page(request, where, error=error)
    return _keys_page(request, where, key=key)


@router.post("/keys/{key_id}/revoke")
def take_key_back(key_id: str, where: Keys) -> Response:
    """Take a key back."""
    with where.store.session(write=True) as session:
        found = next((one for one in list_keys(session, where.workspace) if one.id == key_id), None)
        if found is None:
            raise NotFound(f"There is no key {key_id!r}.", ru=f"Ключа {key_id!r} нет.")
        visitor_of(where).require_grant(found.role)
        revoke_key(session, where.workspace, key_id, where.visitor.who)
    return RedirectResponse("/keys?done=revoked", status_code=303)
