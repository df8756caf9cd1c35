"""The audit log in SQL: every change writes one line, in the transaction of the change. Never a customer's words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import random_id
from service.store.tables import ApiKey, AuditRow, MembershipRow, PersonRow

OPEN, COMMAND_LINE = "open", "command line"
"""Who acts without a key: whoever sits at this machine, and whoever may run commands on it."""


@dataclass(frozen=True)
class AuditLine:
    """One change. `details` are names of our own things (ids, roles, counts), never text of a customer."""

    id: str
    at: datetime
    who: str
    """Person or key id, `open`, or `command line`."""
    what: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which lines: by whom, of what kind, from and before a moment; empty means all."""

    who: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None


def note(session: Session, workspace: str, who: str, what: str, /, **details: Any) -> None:
    """Write one line."""
    row_id = f"e{time.time_ns():016x}{random_id('', 4)}"  # lines of one second stay in their order
    session.add(AuditRow(workspace_id=workspace, id=row_id, at=now(), who=who, what=what, details=details))


def read_audit(
    session: Session, workspace: str, wanted: Wanted, limit: int, before: str | None = None
) -> list[AuditLine]:
    """Lines newest first, at most `limit`; only those older than line `before`. NotFound for an unknown one."""
    found = _matching(workspace, wanted)
    if before is not None:
        last = session.get(AuditRow, (workspace, before))
        if last is None:
            raise NotFound(f"There is no line {before!r}.", ru=f"Записи {before!r} нет.")
        found = found.where(or_(AuditRow.at < last.at, and_(AuditRow.at == last.at, AuditRow.id < last.id)))
    rows = session.scalars(found.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit))
    return [AuditLine(row.id, row.at, row.who, row.what, dict(row.details)) for row in rows]


def audit_choices(session: Session, workspace: str) -> tuple[list[str], list[str]]:
    """Everybody who ever acted, and every kind of change, sorted: what a filter offers."""
    here = AuditRow.workspace_id == workspace
    return (
        sorted(session.scalars(select(AuditRow.who).where(here).distinct())),
        sorted(session.scalars(select(AuditRow.what).where(here).distinct())),
    )


def names_of(session: Session, workspace: str) -> dict[str, str]:
    """Person and key ids of the workspace → a name to show: a person's name or e-mail, a key's label."""
    people = (
        select(PersonRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.workspace_id == workspace)
    )
    found = {person.id: person.name or person.email for person in session.scalars(people)}
    for key in session.scalars(select(ApiKey).where(ApiKey.workspace_id == workspace)):
        found[key.id] = key.label or key.id
    return found


def _matching(workspace: str, wanted: Wanted) -> Select[AuditRow]:
    found = select(AuditRow).where(AuditRow.workspace_id == workspace)
    if wanted.who:
        found = found.where(AuditRow.who == wanted.who)
    if wanted.what:
        found = found.where(AuditRow.what == wanted.what)
    if wanted.since:
        found = found.where(AuditRow.at >= wanted.since)
    if wanted.until:
        found = found.where(AuditRow.at < wanted.until)
    return found
