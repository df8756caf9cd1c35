"""HTTP: a person's corrections of claim cards and aliases."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from service.core.errors import BadInput
from service.personas.repository import save_confirmations
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["claims"], responses=PROBLEMS)

MOST = 2000
"""Cards in one request."""


class Confirmations(BaseModel):
    """Cards as `GET /claims` gives them, corrected, and aliases; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    claims: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)
    aliases: list[dict[str, Any]] = Field(default_factory=list, max_length=MOST)


class Kept(BaseModel):
    """How many corrections were kept; the next run uses them."""

    claims: int
    aliases: int


@router.post("/claims/confirmations")
def confirm_claims(cards: Confirmations, where: Annotated[Visit, Depends(visit("confirm_claims"))]) -> Kept:
    """Keep corrected readings and aliases; the next analysis uses them."""
    return keep(where, cards.claims, cards.aliases)


def keep(where: Visit, claims: list[dict[str, Any]], aliases: list[dict[str, Any]]) -> Kept:
    """Store corrections in one transaction. BadInput when there is none."""
    if not claims and not aliases:
        raise BadInput(
            "Nothing to confirm: send `claims` or `aliases`.",
            ru="Подтверждать нечего: передайте `claims` или `aliases`.",
        )
    with where.store.session(write=True) as session:
        counted = save_confirmations(session, where.workspace, {"claims": claims, "aliases": aliases})
    return Kept(claims=counted.get("claims", 0), aliases=counted.get("aliases", 0))
