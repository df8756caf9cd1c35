"""Claims as read, and people's corrections of them, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.errors import BadInput, NotReady
from service.core.records import from_json, to_json
from service.personas.model import Alias, Claim
from service.personas.subjects import ReadPersonas
from service.store.tables import ClaimRow, ConfirmationRow, ResultRow

T = TypeVar("T")

KIND = "personas"
SCHEMA = 1
KEPT_VERSIONS = 20
"""Earlier states of a correction kept beside it."""


@dataclass(frozen=True)
class Confirmations:
    """What people said: readings by claim id, and segments by alias key (None: everybody)."""

    claims: Mapping[str, Claim]
    aliases: Mapping[str, str | None]


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


def save_confirmations(session: Session, workspace: str, cards: Mapping[str, Any]) -> dict[str, int]:
    """Keep the confirmed and the changed cards of `{"claims": […], "aliases": […]}`, as `whobuys claims --json` gives.

    A card counts when it is marked `confirmed` or differs from how the latest run read it. Returns how many were kept
    of each kind; raises BadInput, keeping none, when a card is not one.
    """
    claims = [_claim(item) for item in cards.get("claims") or ()]
    aliases = [_alias(item) for item in cards.get("aliases") or ()]
    told = _told_claims(session, workspace, [claim.id for claim in claims])
    named = _told_aliases(session, workspace)
    kept = [c for c in claims if c.confirmed or told.get(c.id) != c.atoms]
    known = [a for a in aliases if a.confirmed or (a.lemma in named and named[a.lemma] != a.segment)]
    for claim in kept:
        _keep(session, workspace, "claim", claim.id, to_json(replace(claim, confirmed=True)))
    for alias in known:
        _keep(session, workspace, "alias", alias.lemma, to_json(replace(alias, confirmed=True)))
    return {"claims": len(kept), "aliases": len(known)}


def load_confirmations(session: Session, workspace: str) -> Confirmations:
    """Everything confirmed in the workspace."""
    rows = session.scalars(
        select(ConfirmationRow).where(ConfirmationRow.workspace_id == workspace).order_by(ConfirmationRow.key)
    ).all()
    return Confirmations(
        {row.key: from_json(Claim, row.payload["now"]) for row in rows if row.kind == "claim"},
        {row.key: from_json(Alias, row.payload["now"]).segment for row in rows if row.kind == "alias"},
    )


def _claim(item: Any) -> Claim:
    return _parsed(Claim, item.get("claim", item) if isinstance(item, dict) else item, "claim")


def _alias(item: Any) -> Alias:
    filled = {"score": 1.0, **item} if isinstance(item, dict) else item
    return _parsed(Alias, filled, "alias")


def _parsed(kind: type[T], item: Any, what: str) -> T:
    try:
        return from_json(kind, item)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"A {what} card does not fit at {place!r}: {first['msg']}. Start from `whobuys claims --json`.",
            ru=f"Карточка ({what}) не подходит в {place!r}. Возьмите за основу `whobuys claims --json`.",
        ) from error


def _told_claims(session: Session, workspace: str, ids: list[str]) -> dict[str, Any]:
    """Claim id → atoms as the latest run read them."""
    rows = session.scalars(
        select(ClaimRow).where(ClaimRow.workspace_id == workspace, ClaimRow.id.in_(ids)).order_by(ClaimRow.run_id)
    ).all()
    return {row.id: from_json(Claim, row.payload["claim"]).atoms for row in rows}


def _told_aliases(session: Session, workspace: str) -> dict[str, str | None]:
    rows = session.scalars(
        select(ResultRow).where(ResultRow.workspace_id == workspace, ResultRow.kind == KIND).order_by(ResultRow.run_id)
    ).all()
    return {item["lemma"]: item["segment"] for row in rows for item in row.payload["aliases"]}


def _keep(session: Session, workspace: str, kind: str, key: str, payload: Any) -> None:
    row = session.get(ConfirmationRow, (workspace, kind, key))
    if row is None:
        session.add(
            ConfirmationRow(
                workspace_id=workspace, kind=kind, key=key, payload={"now": payload, "before": []}, created_at=now()
            )
        )
    elif row.payload["now"] != payload:
        before = [row.payload["now"], *row.payload["before"]][:KEPT_VERSIONS]
        row.payload = {"now": payload, "before": before}
        row.created_at = now()
