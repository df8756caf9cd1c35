"""What is true of the installation as a whole: its secret, and whether its door is closed."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy.orm import Session

from service.core.clock import now
from service.store.once import insert_once
from service.store.tables import InstallationRow

ONLY = 1
"""Id of the one row."""


def read_secret(session: Session) -> bytes | None:
    """32 random bytes that cookies are signed with; None before the first sign-in."""
    row = session.get(InstallationRow, ONLY)
    return row.secret if row else None


def make_secret(session: Session) -> bytes:
    """The same, made the first time. Wants a write transaction."""
    return _row(session).secret


def close_door(session: Session) -> None:
    """From now on everybody needs an account or a key. Never undone: deleting the last of them opens nothing."""
    row = _row(session)
    if row.closed_at is None:
        row.closed_at = now()


def door_closed(session: Session) -> bool:
    """Whether a key or a person was ever made."""
    row = session.get(InstallationRow, ONLY)
    return row is not None and row.closed_at is not None


def sha256(secret: str) -> str:
    """How a token of 256 random bits is kept: hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _row(session: Session) -> InstallationRow:
    insert_once(session, InstallationRow, id=ONLY, secret=secrets.token_bytes(32), closed_at=None)
    return session.get_one(InstallationRow, ONLY, with_for_update=True)
