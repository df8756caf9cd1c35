"""API keys: made once, kept as a hash, found by it. A key is 256 random bits, so a plain sha256 is enough."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import random_id
from service.store.audit import note
from service.store.installation import close_door, door_closed, sha256
from service.store.tables import ApiKey

KEY_PREFIX = "wb_"
MOST_DAYS = 3650


@dataclass(frozen=True)
class Key:
    """A key as its list shows it: everything but the key."""

    id: str
    role: str
    label: str
    created_at: datetime
    made_by: str
    ends_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def live(self) -> bool:
        """Neither revoked nor past its end."""
        return self.revoked_at is None and (self.ends_at is None or self.ends_at > now())


def create_key(
    session: Session, workspace: str, role: str, label: str = "", *, days: int | None = None, who: str = ""
) -> str:
    """Make a key and return it: the only time it is seen in the clear. `days`: how long it holds, for ever if None."""
    key, key_id = KEY_PREFIX + secrets.token_urlsafe(32), random_id("k")
    close_door(session)
    session.add(
        ApiKey(
            workspace_id=workspace,
            id=key_id,
            key_hash=hash_key(key),
            role=role,
            label=label,
            created_at=now(),
            revoked_at=None,
            ends_at=now() + timedelta(days=days) if days else None,
            made_by=who,
        )
    )
    if who:
        note(session, workspace, who, "key created", key=key_id, role=role, days=days)
    return key


def revoke_key(session: Session, workspace: str, key_id: str, who: str = "") -> None:
    """Take a key back; its sign-ins end with it."""
    row = session.get(ApiKey, (workspace, key_id))
    if row is None:
        raise NotFound(f"No key {key_id!r} in this workspace.", ru=f"В этой компании нет ключа {key_id!r}.")
    if row.revoked_at is None:
        row.revoked_at = now()
        if who:
            note(session, workspace, who, "key revoked", key=key_id, role=row.role)


def list_keys(session: Session, workspace: str) -> list[Key]:
    """All keys of a workspace, newest first."""
    found = select(ApiKey).where(ApiKey.workspace_id == workspace).order_by(ApiKey.created_at.desc(), ApiKey.id)
    return [
        Key(row.id, row.role, row.label, row.created_at, row.made_by, row.ends_at, row.used_at, row.revoked_at)
        for row in session.scalars(found)
    ]


def hash_key(key: str) -> str:
    """sha256 of a key, hexadecimal."""
    return sha256(key)


def find_key(session: Session, token: str) -> ApiKey | None:
    """The key a token is, unless unknown, revoked or past its end."""
    digest = hash_key(token)
    row = session.scalars(select(ApiKey).where(ApiKey.key_hash == digest)).one_or_none()
    return row if _holds(row) and row is not None and hmac.compare_digest(row.key_hash, digest) else None


def live_key(session: Session, workspace: str, key_id: str) -> ApiKey | None:
    """A key by its id, unless unknown, revoked or past its end."""
    row = session.get(ApiKey, (workspace, key_id))
    return row if _holds(row) else None


def write_used(session: Session, used: Mapping[tuple[str, str], datetime]) -> None:
    """Note when keys, by (workspace, id), were last used."""
    for (workspace, key_id), moment in sorted(used.items()):
        here = (ApiKey.workspace_id == workspace, ApiKey.id == key_id)
        session.execute(update(ApiKey).where(*here).values(used_at=moment))


def any_key(session: Session) -> bool:
    """Whether a key or a person was ever made, in any workspace: a revoked key keeps the door locked."""
    return door_closed(session) or session.scalars(select(ApiKey.id).limit(1)).first() is not None


def _holds(row: ApiKey | None) -> bool:
    return row is not None and row.revoked_at is None and (row.ends_at is None or row.ends_at > now())
