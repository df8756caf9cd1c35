"""Readings a language model proposed, in SQL: unconfirmed, and outside of every verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.core.records import from_json, to_json
from service.personas.model import Proposal, Reading
from service.store.tables import ResultRow

KIND = "claim_proposals"
SCHEMA = 1


def save_proposals(session: Session, workspace: str, run_id: str, found: Sequence[Proposal]) -> None:
    """Replace the run's proposals; a run without any keeps no row."""
    session.execute(
        delete(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.run_id == run_id, ResultRow.kind == KIND)
    )
    if found:
        payload: dict[str, Any] = {"schema": SCHEMA, "proposals": [to_json(one) for one in found]}
        session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=KIND, payload=payload))


def load_proposals(session: Session, workspace: str, run_id: str) -> dict[str, tuple[Reading, ...]]:
    """Claim id → the model's reading, for the claims that have one."""
    row = session.get(ResultRow, (workspace, run_id, KIND))
    found = [from_json(Proposal, item) for item in row.payload["proposals"]] if row else []
    return {one.claim: one.atoms for one in found}
