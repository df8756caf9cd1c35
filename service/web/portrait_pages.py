"""Pages of what was measured: who our customer is, money by group, and all claims in one table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from ingest.model import Stakeholder
from service.comparison.model import Verdict
from service.economics.model import Level
from service.store.routes import Visit, visit
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.claim_table import Wanted, claim_table
from service.web.pages.economics import economics_page, group_page
from service.web.pages.portrait import portrait_page
from service.web.showing import page, shelf_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

PortraitReader = Annotated[Visit, Depends(visit("read_portrait"))]
MoneyReader = Annotated[Visit, Depends(visit("read_economics"))]
ComparisonReader = Annotated[Visit, Depends(visit("read_comparison"))]


@router.get("/portrait")
def read_portrait_page(request: Request, where: PortraitReader) -> Response:
    """Segments in tiers, and each in the form of a persona."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "portrait", results)
    money, claims = where.visitor.may("read_economics"), where.visitor.may("read_comparison")
    view = portrait_page(results, Words(frame.formatter), frame.formatter, money=money, claims=claims)
    return page(request, "portrait.html", frame, view=view)


@router.get("/economics")
def read_economics_page(request: Request, where: MoneyReader) -> Response:
    """The company's figures, and those of its segments, channels and campaigns."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "portrait", results)
    return page(request, "economics.html", frame, view=economics_page(results, Words(frame.formatter), frame.formatter))


@router.get("/economics/{level}/{name:path}")
def read_group_page(level: Level, name: str, request: Request, where: MoneyReader) -> Response:
    """Everything measured of one group."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "portrait", results)
    view = group_page(results, level, name, Words(frame.formatter), frame.formatter)
    return page(request, "economics_group.html", frame, view=view)


@router.get("/comparison/claims")
def read_claim_table(
    request: Request,
    where: ComparisonReader,
    stakeholder: Annotated[str, Query(max_length=20)] = "",
    verdict: Annotated[str, Query(max_length=20)] = "",
    segment: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """All claims, filtered by plain parameters; a choice that is none shows all."""
    results = shelf_of(request).results(where)
    frame = frame_for(request, where, "comparison", results)
    wanted = Wanted(
        stakeholder=next((s for s in Stakeholder if s.value == stakeholder), None),
        verdict=next((v for v in Verdict if v.value == verdict), None),
        segment=segment or None,
    )
    return page(
        request, "claim_table.html", frame, view=claim_table(results, wanted, Words(frame.formatter), frame.formatter)
    )
