"""Receipts of uploads, as stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.errors import NotFound
from service.store.tables import Upload


def upload_receipt(session: Session, workspace: str, upload_id: str) -> dict[str, Any]:
    """The receipt of an upload. NotFound for an unknown or foreign id."""
    row = session.get(Upload, (workspace, upload_id))
    if row is None:
        raise NotFound(f"There is no upload {upload_id!r}.", ru=f"Загрузки {upload_id!r} нет.")
    return _told(row)


def recent_receipts(
    session: Session, workspace: str, limit: int, before: str | None = None, who: str | None = None
) -> list[dict[str, Any]]:
    """Receipts of uploads, newest first; only those older than upload `before`, only those that `who` sent.

    NotFound for an unknown `before`.
    """
    found = select(Upload).where(Upload.workspace_id == workspace)
    if who is not None:
        found = found.where(Upload.who == who)
    if before is not None:
        last = session.get(Upload, (workspace, before))
        if last is None:
            raise NotFound(f"There is no upload {before!r}.", ru=f"Загрузки {before!r} нет.")
        same_moment = (Upload.created_at == last.created_at) & (Upload.id > last.id)
        found = found.where((Upload.created_at < last.created_at) | same_moment)
    return [_told(row) for row in session.scalars(found.order_by(Upload.created_at.desc(), Upload.id).limit(limit))]


def _told(row: Upload) -> dict[str, Any]:
    """The receipt, with who sent the upload, by what way, and whether it still counts."""
    return {**row.receipt, "who": row.who, "channel": row.channel, "undone_at": row.undone_at}


def newest_upload(session: Session, workspace: str) -> datetime | None:
    """When files last came; None before the first."""
    return session.scalar(select(func.max(Upload.created_at)).where(Upload.workspace_id == workspace))
