"""The comparison in SQL: claims with verdicts row by row, the rest as one result."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ingest.model import Stakeholder
from service.comparison.model import Agreement, Comparison, Coverage, Divergence, JudgedClaim
from service.core.errors import NotReady
from service.core.records import from_json, to_json
from service.personas.model import Alias
from service.store.tables import ClaimRow, ResultRow

KIND = "comparison"
SCHEMA = 1


def save_comparison(session: Session, workspace: str, run_id: str, found: Comparison) -> None:
    """Replace the run's comparison."""
    session.execute(delete(ClaimRow).where(ClaimRow.workspace_id == workspace, ClaimRow.run_id == run_id))
    session.execute(
        delete(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.run_id == run_id, ResultRow.kind == KIND)
    )
    session.add_all(
        ClaimRow(
            workspace_id=workspace,
            run_id=run_id,
            id=judged.claim.id,
            stakeholder=judged.claim.stakeholder.value,
            verdict=judged.verdict.value,
            segment_id=judged.segment,
            payload=to_json(judged),
        )
        for judged in {judged.claim.id: judged for judged in found.claims}.values()
    )
    payload: dict[str, Any] = {
        "schema": SCHEMA,
        "order": list(dict.fromkeys(judged.claim.id for judged in found.claims)),
        "aliases": [to_json(alias) for alias in found.aliases],
        "coverage": [to_json(row) for row in found.coverage],
        "agreements": [to_json(row) for row in found.agreements],
        "divergences": [to_json(row) for row in found.divergences],
        "blind_spots": list(found.blind_spots),
        "ghosts": [who.value for who in found.ghosts],
        "missing": [who.value for who in found.missing],
    }
    session.add(ResultRow(workspace_id=workspace, run_id=run_id, kind=KIND, payload=payload))


def load_comparison(session: Session, workspace: str, run_id: str) -> Comparison:
    """The run's comparison, claims in the order of the texts. Raises NotReady before the step has run."""
    head = session.get(ResultRow, (workspace, run_id, KIND))
    if head is None:
        raise NotReady(
            f"Run {run_id!r} has no comparison yet; let `whobuys analyze` finish.",
            ru=f"В прогоне {run_id!r} ещё нет сравнения; дождитесь конца `whobuys analyze`.",
        )
    rows = session.scalars(select(ClaimRow).where(ClaimRow.workspace_id == workspace, ClaimRow.run_id == run_id)).all()
    judged = {row.id: from_json(JudgedClaim, row.payload) for row in rows}
    body = head.payload
    return Comparison(
        claims=tuple(judged[key] for key in body["order"] if key in judged),
        aliases=tuple(from_json(Alias, item) for item in body["aliases"]),
        coverage=tuple(from_json(Coverage, item) for item in body["coverage"]),
        agreements=tuple(from_json(Agreement, item) for item in body["agreements"]),
        divergences=tuple(from_json(Divergence, item) for item in body["divergences"]),
        blind_spots=tuple(body["blind_spots"]),
        ghosts=from_json(tuple[Stakeholder, ...], body["ghosts"]),
        missing=from_json(tuple[Stakeholder, ...], body["missing"]),
    )
