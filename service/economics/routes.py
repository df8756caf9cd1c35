"""HTTP: measures of all customers, segments, channels and campaigns."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from service.economics.model import Level, Measure, MeasureBook, Unit
from service.economics.oddities import named_oddities
from service.economics.repository import load_measures
from service.economics.shrinkage import is_few, shrunk
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["economics"], responses=PROBLEMS)


class MeasureShown(BaseModel):
    """A measure. `few`: it rests on few cases; `shrunk`: the value moved towards the company's, by how few they are."""

    level: Level
    name: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: Unit
    few: bool
    shrunk: float | None


class Economics(BaseModel):
    """Measures of a run; money in `currency`. `odd`: measures that tell what the files leave unclear."""

    run: str
    currency: str
    measures: list[MeasureShown]
    odd: list[str]


@router.get("/economics")
def read_economics(
    where: Annotated[Visit, Depends(visit("read_economics"))],
    level: Annotated[Level | None, Query(description="Only this level.")] = None,
    name: Annotated[str | None, Query(description="Only this group.", max_length=2000)] = None,
    measure: Annotated[str | None, Query(description="Only this measure.", max_length=60)] = None,
    run: Annotated[str | None, Query(max_length=40)] = None,
) -> Economics:
    """Conversion, average check, LTV, CAC, days to close and the rest, each with its interval and n."""
    with where.session() as session:
        found = where.run(session, run)
        book = load_measures(session, where.workspace, found.id)
    wanted = [
        row
        for row in book
        if level in (None, row.level) and name in (None, row.name) and measure in (None, row.measure)
    ]
    return Economics(
        run=found.id,
        currency=book.currency,
        measures=[_shown(row, book) for row in wanted],
        odd=named_oddities(book),
    )


def _shown(row: Measure, book: MeasureBook) -> MeasureShown:
    return MeasureShown(**asdict(row), few=is_few(row), shrunk=shrunk(row, book))
