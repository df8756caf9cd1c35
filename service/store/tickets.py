"""Links that work once: to set whobuys up, to join a company, to choose a new password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound
from service.store.installation import sha256
from service.store.tables import TicketRow

Kind = Literal["setup", "join", "reset"]
HOLDS: Final[dict[str, timedelta]] = {
    "setup": timedelta(days=1),
    "join": timedelta(days=7),
    "reset": timedelta(days=1),
}
"""How long an unused link works."""
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class Ticket:
    """A link as its list shows it: everything but the link. `id` is a hash and leads nowhere."""

    id: str
    kind: str
    workspace: str | None
    person: str | None
    email: str
    role: str
    made_by: str
    ends_at: datetime


def make_ticket(
    session: Session,
    kind: Kind,
    *,
    who: str,
    workspace: str | None = None,
    person: str | None = None,
    email: str = "",
    role: str = "",
) -> str:
    """Make a link's token; earlier unused links for the same purpose end. The only time it is seen in the clear."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(TicketRow).where(TicketRow.ends_at < now() - KEPT))
    same = select(TicketRow).where(TicketRow.kind == kind, TicketRow.used_at.is_(None), TicketRow.email == email)
    for row in session.scalars(same):
        if (row.workspace_id, row.person_id) == (workspace, person):
            session.delete(row)
    session.add(
        TicketRow(
            id=sha256(token),
            kind=kind,
            workspace_id=workspace,
            person_id=person,
            email=email,
            role=role,
            made_by=who,
            created_at=now(),
            ends_at=now() + HOLDS[kind],
            used_at=None,
        )
    )
    return token


def look_at(session: Session, kind: Kind, token: str) -> Ticket:
    """The link's purpose, unused. NotFound, in the same words, for one that is unknown, used, withdrawn or too old."""
    return _ticket(_live(session, kind, token))


def use_ticket(session: Session, kind: Kind, token: str) -> Ticket:
    """The same, and it works no more. Wants a write transaction: of two at once one is refused."""
    row = _live(session, kind, token)
    row.used_at = now()
    session.flush()
    return _ticket(row)


def open_invitations(session: Session, workspace: str) -> list[Ticket]:
    """Invitations into a workspace that may still be used, newest first."""
    found = select(TicketRow).where(
        TicketRow.workspace_id == workspace,
        TicketRow.kind == "join",
        TicketRow.used_at.is_(None),
        TicketRow.ends_at > now(),
    )
    return [_ticket(row) for row in session.scalars(found.order_by(TicketRow.created_at.desc(), TicketRow.id))]


def withdraw_invitation(session: Session, workspace: str, ticket_id: str) -> Ticket:
    """End an unused invitation. NotFound for an unknown or foreign one."""
    row = session.get(TicketRow, ticket_id)
    if row is None or row.workspace_id != workspace or row.kind != "join" or row.used_at is not None:
        raise NotFound("There is no such invitation.", ru="Такого приглашения нет.")
    session.delete(row)
    return _ticket(row)


def end_tickets_of(session: Session, person: str) -> None:
    """Links to a new password for a person work no more."""
    session.execute(delete(TicketRow).where(TicketRow.person_id == person, TicketRow.used_at.is_(None)))


def _live(session: Session, kind: Kind, token: str) -> TicketRow:
    row = session.get(TicketRow, sha256(token), with_for_update=True)
    if row is None or row.kind != kind or row.used_at is not None or row.ends_at <= now():
        raise NotFound(
            "This link does not work any more: it was used, taken back or is too old. Ask for a new one.",
            ru="Ссылка больше не действует: её уже использовали, отозвали или она устарела. Попросите новую.",
        )
    return row


def _ticket(row: TicketRow) -> Ticket:
    return Ticket(
        row.id, row.kind, row.workspace_id, row.person_id, row.email, row.role, row.made_by, row.ends_at
    )  # fmt: skip
