"""HTTP: claims with their verdicts, and where the three pictures agree and part."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from ingest.model import Stakeholder
from service.comparison.model import Agreement, Coverage, Divergence, JudgedClaim, Verdict
from service.comparison.overlap import Overlap, overlaps
from service.comparison.repository import load_comparison
from service.economics.repository import load_measures
from service.personas.model import Alias
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["comparison"], responses=PROBLEMS)

RunId = Annotated[str | None, Query(description="A run; the latest finished one if left out.", max_length=40)]


class Claims(BaseModel):
    """Claims of a run with their verdicts, in the order of the texts, and the names the texts use for people."""

    run: str
    claims: list[JudgedClaim]
    aliases: list[Alias]


class ComparisonSummary(BaseModel):
    """Coverage, agreements, divergences and blind spots of a run."""

    run: str
    coverage: list[Coverage]
    agreements: list[Agreement]
    divergences: list[Divergence]
    blind_spots: list[str]
    ghosts: list[Stakeholder]
    missing: list[Stakeholder]
    overlaps: list[Overlap]
    """Each pair of stakeholders, then all three."""
    verdicts: dict[Verdict, int]


@router.get("/claims")
def list_claims(
    where: Annotated[Visit, Depends(visit("read_claims"))],
    run: RunId = None,
    stakeholder: Annotated[Stakeholder | None, Query()] = None,
    verdict: Annotated[Verdict | None, Query()] = None,
    segment: Annotated[str | None, Query(description="Only claims about this segment.", max_length=60)] = None,
) -> Claims:
    """The claims with their verdicts."""
    with where.session() as session:
        found = where.run(session, run)
        comparison = load_comparison(session, where.workspace, found.id)
    claims = [
        judged
        for judged in comparison.claims
        if stakeholder in (None, judged.claim.stakeholder)
        and verdict in (None, judged.verdict)
        and segment in (None, judged.segment)
    ]
    return Claims(run=found.id, claims=claims, aliases=list(comparison.aliases))


@router.get("/comparison")
def read_comparison(where: Annotated[Visit, Depends(visit("read_comparison"))], run: RunId = None) -> ComparisonSummary:
    """Where the three pictures of the client agree and part, and what it costs."""
    with where.session() as session:
        found = where.run(session, run)
        comparison = load_comparison(session, where.workspace, found.id)
        book = load_measures(session, where.workspace, found.id)
    return ComparisonSummary(
        run=found.id,
        coverage=list(comparison.coverage),
        agreements=list(comparison.agreements),
        divergences=list(comparison.divergences),
        blind_spots=list(comparison.blind_spots),
        ghosts=list(comparison.ghosts),
        missing=list(comparison.missing),
        overlaps=list(overlaps(comparison, book)),
        verdicts={v: sum(c.verdict is v for c in comparison.claims) for v in Verdict},
    )
