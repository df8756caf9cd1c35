"""HTTP: measures of all customers, segments, channels and campaigns."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from service.economics.model import Level, Measure
from service.economics.repository import load_measures
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["economics"], responses=PROBLEMS)


class Economics(BaseModel):
    """Measures of a run; money in `currency`."""

    run: str
    currency: str
    measures: list[Measure]


@router.get("/economics")
def read_economics(
    where: Annotated[Visit, Depends(visit("read_economics"))],
    level: Annotated[Level | None, Query(description="Only this level.")] = None,
    run: Annotated[str | None, Query(max_length=40)] = None,
) -> Economics:
    """Conversion, average check, LTV, CAC, days to close and the rest, each with its interval and n."""
    with where.session() as session:
        found = where.run(session, run)
        book = load_measures(session, where.workspace, found.id)
    rows = [measure for measure in book if level is None or measure.level == level]
    return Economics(run=found.id, currency=book.currency, measures=rows)
