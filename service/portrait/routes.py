"""HTTP: the portrait – segments in their tiers, each in the form of a persona, and claims on both axes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from ingest.model import Stakeholder
from service.comparison.model import Verdict
from service.comparison.repository import load_comparison
from service.comparison.settling import Settling, settle
from service.economics.repository import load_measures
from service.portrait.focus import Focus, advice, focus_of
from service.portrait.model import Placed
from service.portrait.persona import Persona, personas
from service.portrait.repository import load_portrait
from service.segments.repository import load_segmentation
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["portrait"], responses=PROBLEMS)

RunId = Annotated[str | None, Query(description="A run; the latest finished one if left out.", max_length=40)]


class PortraitView(BaseModel):
    """Segments in their tiers, best first."""

    run: str
    placed: list[Placed]


class Personas(BaseModel):
    """Every segment in the form of a persona, the best tier first. Whoever may not see money gets none."""

    run: str
    personas: list[Persona]


class ClaimAxes(BaseModel):
    """One claim: is it real (`verdict`), does it deserve the first place (`focus`), what would settle it."""

    claim: str
    quote: str
    stakeholder: Stakeholder
    segment: str | None
    verdict: Verdict
    preliminary: bool
    focus: Focus
    advice: str
    settling: Settling


class Axes(BaseModel):
    """All claims on both axes, in the order of the texts."""

    run: str
    claims: list[ClaimAxes]


@router.get("/portrait")
def read_portrait(where: Annotated[Visit, Depends(visit("read_portrait"))], run: RunId = None) -> PortraitView:
    """Most profitable, promising, secondary, not ours."""
    with where.session() as session:
        found = where.run(session, run)
        portrait = load_portrait(session, where.workspace, found.id)
    return PortraitView(run=found.id, placed=list(portrait.placed))


@router.get("/portrait/personas")
def read_personas_of_segments(
    where: Annotated[Visit, Depends(visit("read_portrait"))],
    run: RunId = None,
    segment: Annotated[str | None, Query(description="Only this segment.", max_length=60)] = None,
) -> Personas:
    """Who they are, situation, wishes, pains, doubts, words, channels, money, decision, and how sure it is."""
    with where.session() as session:
        found = where.run(session, run)
        at = (session, where.workspace, found.id)
        made = personas(load_segmentation(*at), load_measures(*at), load_portrait(*at), load_comparison(*at))
    money, claims = where.visitor.may("read_economics"), where.visitor.may("read_comparison")
    shown = [_allowed(one, money, claims) for one in made if segment in (None, one.segment)]
    return Personas(run=found.id, personas=shown)


def _allowed(persona: Persona, money: bool, claims: bool) -> Persona:
    """Without what the visitor may not see."""
    if not money:
        persona = replace(persona, check=(), decision=(), shares=(), channels=())
    return persona if claims else replace(persona, known=())


@router.get("/portrait/axes")
def read_axes(where: Annotated[Visit, Depends(visit("read_comparison"))], run: RunId = None) -> Axes:
    """Every claim on both axes."""
    with where.session() as session:
        found = where.run(session, run)
        comparison = load_comparison(session, where.workspace, found.id)
        portrait = load_portrait(session, where.workspace, found.id)
    claims = []
    for judged in comparison.claims:
        focus = focus_of(judged, portrait)
        claims.append(
            ClaimAxes(
                claim=judged.claim.id,
                quote=judged.claim.quote,
                stakeholder=judged.claim.stakeholder,
                segment=judged.segment,
                verdict=judged.verdict,
                preliminary=judged.preliminary,
                focus=focus,
                advice=advice(judged.verdict, focus),
                settling=settle(judged),
            )
        )
    return Axes(run=found.id, claims=claims)
