"""`whobuys people …` and `whobuys key …`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from service.commands.console import Desk, desk
from service.core.errors import BadInput, Conflict, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.core.settings import Settings
    from service.store.people import Member


def people(workspace: str | None, as_json: bool) -> None:
    """Everybody of the company, and invitations that wait."""
    from service.core.records import to_json
    from service.store.people import members
    from service.store.tickets import open_invitations

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            everybody, waiting = members(session, at.workspace), open_invitations(session, at.workspace)
        if at.as_json:
            invited = [{"email": one.email, "role": one.role, "ends_at": one.ends_at.isoformat()} for one in waiting]
            at.answer({"people": [to_json(one) for one in everybody], "invitations": invited})
            return
        if not everybody and not waiting:
            at.say("access.nobody")
        for one in everybody:
            at.say("access.person", email=one.email, role=one.role, since=one.since.date(), name=one.name)
        for ticket in waiting:
            at.say("access.invited", email=ticket.email, role=ticket.role, until=day(ticket.ends_at))


def add(email: str, role: str, workspace: str | None, as_json: bool) -> None:
    """Print a link by which somebody joins."""
    from service.core.clock import now
    from service.store.audit import COMMAND_LINE, note
    from service.store.people import members, plain_email
    from service.store.tickets import HOLDS, make_ticket
    from service.store.workspaces import require_known

    address, wanted = plain_email(email), checked_role(role)
    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            require_known(session, at.workspace, at.settings.workspace)
            if address in {one.email for one in members(session, at.workspace)}:
                raise Conflict(f"{address} is in the company already.", ru=f"{address} уже в компании.")
            token = make_ticket(
                session, "join", who=COMMAND_LINE, workspace=at.workspace, email=address, role=wanted
            )  # fmt: skip
            note(session, at.workspace, COMMAND_LINE, "invitation made", role=wanted)
        _give_link(at, "access.invitation", address, f"/join/{token}", now() + HOLDS["join"])


def role(email: str, role: str, workspace: str | None, as_json: bool) -> None:
    """Give somebody another role."""
    from service.store.audit import COMMAND_LINE, note
    from service.store.people import set_role
    from service.web.security import KEEPERS

    wanted = checked_role(role)
    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            one = _member(session, at.workspace, email)
            set_role(session, at.workspace, one.id, wanted, KEEPERS)
            note(session, at.workspace, COMMAND_LINE, "role changed", person=one.id, was=one.role, role=wanted)
        if at.as_json:
            at.answer({"email": one.email, "role": wanted})
        at.say("access.role", email=one.email, role=wanted)


def remove(email: str, workspace: str | None, as_json: bool) -> None:
    """Take somebody out of the company."""
    from service.store.audit import COMMAND_LINE, note
    from service.store.people import remove_member
    from service.web.security import KEEPERS

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            one = _member(session, at.workspace, email)
            gone = remove_member(session, at.workspace, one.id, KEEPERS)
            note(session, at.workspace, COMMAND_LINE, "person removed", person=one.id, role=one.role)
        if at.as_json:
            at.answer({"email": one.email, "account_deleted": gone})
        at.say("access.removed", email=one.email)


def reset(email: str, workspace: str | None, as_json: bool) -> None:
    """Print a link by which somebody chooses a new password."""
    from service.core.clock import now
    from service.store.audit import COMMAND_LINE, note
    from service.store.tickets import HOLDS, make_ticket

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            one = _member(session, at.workspace, email)
            token = make_ticket(session, "reset", who=COMMAND_LINE, person=one.id)
            note(session, at.workspace, COMMAND_LINE, "link to a new password made", person=one.id)
        _give_link(at, "access.reset", one.email, f"/reset/{token}", now() + HOLDS["reset"])


def create_key(role: str, label: str, days: int | None, workspace: str | None, as_json: bool) -> None:
    """Make an API key; its hash is kept, the key is printed once."""
    from service.store.audit import COMMAND_LINE
    from service.store.keys import create_key as make_key
    from service.store.workspaces import require_known

    wanted = checked_role(role)
    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            require_known(session, at.workspace, at.settings.workspace)
            key = make_key(session, at.workspace, wanted, label, days=days, who=COMMAND_LINE)
        if at.as_json:
            at.answer({"key": key, "role": role, "workspace": at.workspace})
            return
        at.say("key_made", role=role, workspace=at.workspace)
        print(key)


def list_keys(workspace: str | None, as_json: bool) -> None:
    """All keys of the company."""
    from service.core.records import to_json
    from service.store.keys import list_keys as all_keys

    with desk(workspace, as_json) as at:
        with at.store.session() as session:
            keys = all_keys(session, at.workspace)
        if at.as_json:
            at.answer([{**to_json(key), "live": key.live} for key in keys])
            return
        if not keys:
            at.say("key.none")
        for key in keys:
            state = at.words(f"key.state.{'live' if key.live else 'revoked' if key.revoked_at else 'over'}")
            until, used = day(key.ends_at), day(key.used_at)
            at.say("key.line", id=key.id, role=key.role, state=state, until=until, used=used, label=key.label)


def revoke_key(key: str, workspace: str | None, as_json: bool) -> None:
    """Take a key back."""
    from service.store.audit import COMMAND_LINE
    from service.store.keys import revoke_key as take_back

    with desk(workspace, as_json) as at:
        with at.store.session(write=True) as session:
            take_back(session, at.workspace, key, COMMAND_LINE)
        if at.as_json:
            at.answer({"revoked": key})
        at.say("key.revoked", id=key)


def checked_role(role: str) -> str:
    """A role's name; BadInput for any other."""
    from service.web.security import Role

    if role not in set(Role):
        names = ", ".join(Role)
        raise BadInput(f"There is no role {role!r}; there are {names}.", ru=f"Роли {role!r} нет; есть {names}.")
    return role


def day(moment: datetime | None) -> str:
    """A day as the command line writes it; a dash for none."""
    return f"{moment:%Y-%m-%d}" if moment else "—"


def base_of(settings: Settings) -> str:
    """What links begin with: the public address of the settings, else where `serve` listens."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")


def _give_link(at: Desk, key: str, email: str, path: str, until: datetime) -> None:
    if at.as_json:
        at.answer({"email": email, "link": base_of(at.settings) + path, "until": until.isoformat()})
        return
    at.say(key, email=email, until=day(until))
    print(base_of(at.settings) + path)


def _member(session: Session, workspace: str, email: str) -> Member:
    from service.store.people import members, plain_email

    address = plain_email(email)
    found = next((one for one in members(session, workspace) if one.email == address), None)
    if found is None:
        raise NotFound(f"{address} is not in company {workspace!r}.", ru=f"{address} нет в компании {workspace!r}.")
    return found
