"""Claims as read, in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.personas.model import Alias, Claim
from service.personas.subjects import ReadPersonas
from service.store.tables import ResultRow

KIND = "personas"
SCHEMA = 1


def save_personas(session: Session, workspace: str, run_id: str, found: ReadPersonas) -> None:
    """Replace the run's claims as read."""
    session.execute(
        delete(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.run_id == run_id, ResultRow.kind == KIND)
    )
    payload: dict[str, Any] = {
        "schema": SCHEMA,
        "claims": [to_json(claim) for claim in found.claims],
        "aliases": [to_json(alias) for alias in found.aliases],
        "dropped": found.dropped,
    }
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=KIND, payload=payload))


def load_personas(session: Session, workspace: str, run_id: str) -> ReadPersonas:
    """The run's claims as read. Raises NotReady before the step has run."""
    row = session.get(ResultRow, (workspace, run_id, KIND))
    if row is None:
        raise NotReady(
            f"Run {run_id!r} has no claims yet; let `whobuys analyze` finish.",
            ru=f"В прогоне {run_id!r} ещё нет утверждений; дождитесь конца `whobuys analyze`.",
        )
    return ReadPersonas(
        tuple(from_json(Claim, item) for item in row.payload["claims"]),
        tuple(from_json(Alias, item) for item in row.payload["aliases"]),
        int(row.payload["dropped"]),
    )
