"""Acts of forgetting in SQL: kept for good, without a word about whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.store.tables import ForgettingRow


def keep_act(
    session: Session, workspace: str, act_id: str, at: datetime, who: str, act: dict[str, Any], sha256: str
) -> None:
    """Store an act."""
    session.add(ForgettingRow(workspace_id=workspace, id=act_id, at=at, who=who, act=act, sha256=sha256))


def load_acts(session: Session, workspace: str) -> list[dict[str, Any]]:
    """All acts of a workspace, newest first."""
    found = select(ForgettingRow.act).where(ForgettingRow.workspace_id == workspace)
    return [dict(act) for act in session.scalars(found.order_by(ForgettingRow.at.desc(), ForgettingRow.id))]
