"""Browsers that are signed in. The token is in the cookie; here is its sha256 only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from service.core.clock import now
from service.store.installation import sha256
from service.store.tables import SessionRow

IDLE: Final = timedelta(hours=10)
"""Without a request for so long, a session is over: a working day with its breaks."""
ABSOLUTE: Final = timedelta(days=7)
"""However busy, it is over after a week: ASVS 5.0, 7.3.2 asks for such a limit, the length is ours."""


@dataclass(frozen=True)
class Seat:
    """A session that holds."""

    id: str
    person: str | None
    key: str | None
    workspace: str | None
    seen_at: datetime


def open_session(
    session: Session, *, person: str | None = None, key: str | None = None, workspace: str | None = None
) -> str:
    """Begin a session and return its token. Always a new one: what the browser had before is never taken over."""
    token = secrets.token_urlsafe(32)
    sweep(session)
    session.add(
        SessionRow(
            id=sha256(token),
            person_id=person,
            key_id=key,
            workspace_id=workspace,
            created_at=now(),
            seen_at=now(),
            ends_at=now() + ABSOLUTE,
        )
    )
    return token


def find_session(session: Session, token: str, seen: datetime | None = None) -> Seat | None:
    """The session of a token, unless unknown, idle for too long or past its end.

    `seen`: a later sight of it that has not been written yet.
    """
    row = session.get(SessionRow, sha256(token))
    if row is None:
        return None
    last = max(row.seen_at, seen) if seen else row.seen_at
    if now() >= row.ends_at or now() >= last + IDLE:
        return None
    return Seat(row.id, row.person_id, row.key_id, row.workspace_id, last)


def end_session(session: Session, session_id: str) -> None:
    """Sign one browser out."""
    session.execute(delete(SessionRow).where(SessionRow.id == session_id))


def end_sessions_of(session: Session, person: str, but: str | None = None) -> int:
    """Sign a person out everywhere, but for session `but`; returns how many sessions ended."""
    found = select(SessionRow.id).where(SessionRow.person_id == person, SessionRow.id != (but or ""))
    ids = list(session.scalars(found))
    session.execute(delete(SessionRow).where(SessionRow.id.in_(ids)))
    return len(ids)


def count_sessions(session: Session, person: str) -> int:
    """Sessions of a person that may still hold."""
    found = select(SessionRow).where(SessionRow.person_id == person, SessionRow.ends_at > now())
    return sum(row.seen_at + IDLE > now() for row in session.scalars(found))


def choose_company(session: Session, session_id: str, workspace: str) -> None:
    """Which company a session looks at from now on."""
    session.execute(update(SessionRow).where(SessionRow.id == session_id).values(workspace_id=workspace))


def write_seen(session: Session, seen: dict[str, datetime]) -> None:
    """Note when sessions were last seen."""
    for session_id, moment in sorted(seen.items()):
        session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=moment))


def sweep(session: Session) -> None:
    """Delete the rows of sessions that are over."""
    over = or_(SessionRow.ends_at < now(), SessionRow.seen_at < now() - IDLE - timedelta(hours=1))
    session.execute(delete(SessionRow).where(over))
