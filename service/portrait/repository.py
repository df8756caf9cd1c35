"""The portrait in SQL: one result a run, read whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.portrait.model import Portrait
from service.store.tables import ResultRow

KIND = "portrait"
SCHEMA = 1


def save_portrait(session: Session, workspace: str, run_id: str, portrait: Portrait) -> None:
    """Store the portrait in place of what this run had."""
    session.execute(
        delete(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.run_id == run_id, ResultRow.kind == KIND)
    )
    payload: dict[str, Any] = {"schema": SCHEMA, "portrait": to_json(portrait)}
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=KIND, payload=payload))


def load_portrait(session: Session, workspace: str, run_id: str) -> Portrait:
    """The run's portrait. Raises NotReady before the step has run."""
    row = session.get(ResultRow, (workspace, run_id, KIND))
    if row is None:
        raise NotReady(
            f"Run {run_id!r} has no portrait yet; let `whobuys analyze` finish.",
            ru=f"В прогоне {run_id!r} ещё нет портрета; дождитесь конца `whobuys analyze`.",
        )
    return from_json(Portrait, row.payload["portrait"])
