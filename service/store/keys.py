"""API keys: made once, kept as a hash, found by it. A key is 256 random bits, so a plain sha256 is enough."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import random_id
from service.store.tables import ApiKey

KEY_PREFIX = "wb_"


def create_key(session: Session, workspace: str, role: str, label: str = "") -> str:
    """Make a key and return it: the only time it is seen in the clear."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            workspace_id=workspace,
            id=random_id("k"),
            key_hash=hash_key(key),
            role=role,
            label=label,
            created_at=now(),
            revoked_at=None,
        )
    )
    return key


def revoke_key(session: Session, workspace: str, key_id: str) -> None:
    """Take a key back; its sign-ins end with it."""
    row = session.get(ApiKey, (workspace, key_id))
    if row is None:
        raise NotFound(f"No key {key_id!r} in this workspace.")
    row.revoked_at = now()


def hash_key(key: str) -> str:
    """sha256 of a key, hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def find_key(session: Session, token: str) -> ApiKey | None:
    """The key a token is, unless unknown or revoked."""
    digest = hash_key(token)
    row = session.scalars(select(ApiKey).where(ApiKey.key_hash == digest)).one_or_none()
    if row is None or row.revoked_at is not None or not hmac.compare_digest(row.key_hash, digest):
        return None
    return row


def live_key(session: Session, workspace: str, key_id: str) -> ApiKey | None:
    """A key by its id, unless unknown or revoked."""
    row = session.get(ApiKey, (workspace, key_id))
    return row if row is not None and row.revoked_at is None else None


def any_key(session: Session) -> bool:
    """Whether a key was ever made, in any workspace: a revoked key keeps the door locked."""
    return session.scalars(select(ApiKey.id).limit(1)).first() is not None
