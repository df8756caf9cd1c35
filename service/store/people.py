"""People and their roles in companies."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, Conflict, NotFound
from service.core.ids import random_id
from service.store.installation import close_door
from service.store.tables import MembershipRow, PersonRow, Workspace

_EMAIL = re.compile(r"[^\s@<>\"'\\,;:()\[\]]{1,64}@[^\s@<>\"'\\,;:()\[\]]+\.[^\s@<>\"'\\,;:()\[\]]{2,}")
LONGEST_EMAIL, LONGEST_NAME = 254, 80


@dataclass(frozen=True)
class Company:
    """A company that a person belongs to."""

    workspace: str
    title: str
    role: str


@dataclass(frozen=True)
class Member:
    """A person of a company."""

    id: str
    email: str
    name: str
    role: str
    since: datetime


def plain_email(text: str) -> str:
    """An address as it is kept: without spaces around, in lower case. BadInput when it is none."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise BadInput(
            f"{text.strip()[:80]!r} is not an e-mail address.", ru=f"{text.strip()[:80]!r} — не адрес почты."
        )
    return email


def plain_name(text: str) -> str:
    """A person's name as it is kept. BadInput when too long."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise BadInput(f"A name has at most {LONGEST_NAME} letters.", ru=f"В имени не больше {LONGEST_NAME} знаков.")
    return name


def add_person(session: Session, email: str, name: str, password_hash: str) -> PersonRow:
    """Make an account; from now on the door is closed. Conflict when there is one for the address."""
    if find_person(session, email) is not None:
        raise Conflict(f"There is an account for {email!r} already.", ru=f"Для {email!r} уже есть учётная запись.")
    close_door(session)
    moment = now()
    row = PersonRow(
        id=random_id("p"), email=email, name=name, password_hash=password_hash, created_at=moment, password_at=moment
    )
    session.add(row)
    session.flush()
    return row


def find_person(session: Session, email: str) -> PersonRow | None:
    """The account of an address."""
    return session.scalars(select(PersonRow).where(PersonRow.email == email)).one_or_none()


def person_row(session: Session, person: str) -> PersonRow:
    """The account. NotFound for an unknown id."""
    row = session.get(PersonRow, person)
    if row is None:
        raise NotFound(f"There is no person {person!r}.", ru=f"Человека {person!r} нет.")
    return row


def set_password(session: Session, person: str, password_hash: str) -> None:
    """Put a new password's hash in place."""
    row = person_row(session, person)
    row.password_hash, row.password_at = password_hash, now()


def companies_of(session: Session, person: str) -> tuple[Company, ...]:
    """Where a person belongs and as what, by the companies' names."""
    found = (
        select(MembershipRow.role, Workspace.id, Workspace.settings)
        .join(Workspace, Workspace.id == MembershipRow.workspace_id)
        .where(MembershipRow.person_id == person)
    )
    seats = [Company(name, str(kept.get("title") or name), role) for role, name, kept in session.execute(found)]
    return tuple(sorted(seats, key=lambda seat: (seat.title.casefold(), seat.workspace)))


def members(session: Session, workspace: str) -> list[Member]:
    """Everybody of a company, by e-mail."""
    found = (
        select(PersonRow, MembershipRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.workspace_id == workspace)
        .order_by(PersonRow.email)
    )
    return [Member(p.id, p.email, p.name, m.role, m.created_at) for p, m in session.execute(found)]


def member(session: Session, workspace: str, person: str) -> Member:
    """One of them. NotFound for somebody else."""
    found = next((one for one in members(session, workspace) if one.id == person), None)
    if found is None:
        raise NotFound("There is no such person in this company.", ru="В этой компании такого человека нет.")
    return found


def set_role(session: Session, workspace: str, person: str, role: str, keepers: Collection[str]) -> None:
    """Give a person a role in a company, new or another. Conflict when nobody with one of `keepers` would be left."""
    row = session.get(MembershipRow, (workspace, person))
    if row is None:
        session.add(MembershipRow(workspace_id=workspace, person_id=person, role=role, created_at=now()))
        session.flush()
        return
    if role not in keepers:
        _require_another(session, workspace, row, keepers)
    row.role = role


def remove_member(session: Session, workspace: str, person: str, keepers: Collection[str]) -> bool:
    """Take a person out of a company; with no company left the account goes too. Returns whether it did."""
    row = session.get(MembershipRow, (workspace, person))
    if row is None:
        raise NotFound("There is no such person in this company.", ru="В этой компании такого человека нет.")
    _require_another(session, workspace, row, keepers)
    session.delete(row)
    session.flush()
    return forget_if_nowhere(session, person)


def forget_if_nowhere(session: Session, person: str) -> bool:
    """Delete the account of somebody who belongs to no company any more, with its sessions and links."""
    if session.scalars(select(MembershipRow.role).where(MembershipRow.person_id == person)).first() is not None:
        return False
    session.delete(person_row(session, person))
    return True


def _require_another(session: Session, workspace: str, row: MembershipRow, keepers: Collection[str]) -> None:
    """Somebody must be left who can let people in."""
    others = select(func.count()).where(
        MembershipRow.workspace_id == workspace,
        MembershipRow.person_id != row.person_id,
        MembershipRow.role.in_(sorted(keepers)),
    )
    if row.role in keepers and not session.scalar(others):
        raise Conflict(
            "Nobody would be left who can let people in. Give somebody else the role of owner or admin first.",
            ru="Не останется никого, кто может впускать людей. Сначала дайте кому-то роль собственника или admin.",
        )
