"""Receipts of uploads, as stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.errors import NotFound
from service.store.tables import Upload


def upload_receipt(session: Session, workspace: str, upload_id: str) -> dict[str, Any]:
    """The receipt of an upload. NotFound for an unknown or foreign id."""
    row = session.get(Upload, (workspace, upload_id))
    if row is None:
        raise NotFound(f"There is no upload {upload_id!r}.", ru=f"Загрузки {upload_id!r} нет.")
    return dict(row.receipt)


def recent_receipts(session: Session, workspace: str, limit: int, before: str | None = None) -> list[dict[str, Any]]:
    """Receipts of uploads, newest first; only those older than upload `before`. NotFound for an unknown one."""
    found = select(Upload.receipt).where(Upload.workspace_id == workspace)
    if before is not None:
        last = session.get(Upload, (workspace, before))
        if last is None:
            raise NotFound(f"There is no upload {before!r}.", ru=f"Загрузки {before!r} нет.")
        same_moment = (Upload.created_at == last.created_at) & (Upload.id > last.id)
        found = found.where((Upload.created_at < last.created_at) | same_moment)
    return [dict(r) for r in session.scalars(found.order_by(Upload.created_at.desc(), Upload.id).limit(limit))]
