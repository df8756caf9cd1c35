"""HTTP: segments of the latest run, and where each customer stands."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from service.core.errors import BadInput, NotFound
from service.segments.arrivals import Drift
from service.segments.drawing import Language, dots_of, map_svg
from service.segments.model import Assignment, OutsideCount, Segment, Status
from service.segments.repository import load_segmentation
from service.segments.repository.arrivals import load_arrivals
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["segments"], responses=PROBLEMS)

PAGE = 200
"""Customers in one page unless asked otherwise."""
LONGEST_PAGE = 1000

RunId = Annotated[str | None, Query(description="A run; the latest finished one if left out.", max_length=40)]


class Segments(BaseModel):
    """The segments of a run, largest first, and who is in none."""

    run: str
    small: bool
    customers: int
    unassigned: int
    not_a_customer: int
    outside: list[OutsideCount]
    """Unassigned and not-a-customer by source and campaign."""
    segments: list[Segment]


class Dot(BaseModel):
    """A customer on the map, both coordinates 0..1."""

    x: float
    y: float
    segment: str | None
    status: Status
    probability: float
    second_segment: str | None
    second_probability: float


class Map(BaseModel):
    """Customers in the plane: near means speaking alike, nothing else means anything."""

    run: str
    drawn: int
    customers: int
    not_a_customer: int
    """Have no place on it."""
    dots: list[Dot]


class Newcomers(BaseModel):
    """Who came since the run; `drift` is None until somebody was placed."""

    run: str
    returning: int
    drift: Drift | None
    customers: list[Assignment]


class Customers(BaseModel):
    """A page of customers; `next` is the cursor of the page after it, None on the last one."""

    run: str
    customers: list[Assignment]
    next: str | None


@router.get("/segments")
def list_segments(where: Annotated[Visit, Depends(visit("read_segments"))], run: RunId = None) -> Segments:
    """All segments of a run."""
    with where.session() as session:
        found = where.run(session, run)
        segmentation = load_segmentation(session, where.workspace, found.id)
    return Segments(
        run=found.id,
        small=segmentation.small,
        customers=segmentation.customers,
        unassigned=segmentation.unassigned,
        not_a_customer=segmentation.not_a_customer,
        outside=list(segmentation.outside),
        segments=list(segmentation.segments),
    )


@router.get("/segments/map", response_model=Map, responses={200: {"content": {"image/svg+xml": {}}}})
def read_map(
    where: Annotated[Visit, Depends(visit("read_segments"))],
    run: RunId = None,
    format: Annotated[Literal["json", "svg"], Query()] = "json",
    lang: Annotated[Language, Query(description="Of the words in the SVG.")] = "ru",
) -> Map | Response:
    """The map of customers: dots without ids, or the picture. NotFound where there were too few to lay out."""
    with where.session() as session:
        found = where.run(session, run)
        segmentation = load_segmentation(session, where.workspace, found.id)
    if segmentation.map is None:
        raise NotFound(
            "There is no map of this run: too few customers, or an older version made it.",
            ru="Карты у этого прогона нет: клиентов мало или его сделала старая версия.",
        )
    if format == "svg":
        return Response(map_svg(segmentation, lang, alone=True), media_type="image/svg+xml")
    return Map(
        run=found.id,
        drawn=segmentation.map.drawn,
        customers=segmentation.map.customers,
        not_a_customer=segmentation.not_a_customer,
        dots=[Dot(**dot._asdict()) for dot in dots_of(segmentation)],
    )


@router.get("/segments/arrivals")
def read_arrivals(where: Annotated[Visit, Depends(visit("read_customers"))]) -> Newcomers:
    """Customers who came, or said more, since the latest run, where they belong, and how well the segments fit them.

    They are placed soon after every upload; none are listed until then.
    """
    with where.session() as session:
        found = where.run(session, None)
        arrived = load_arrivals(session, where.workspace, found.id)
    if arrived is None:
        return Newcomers(run=found.id, returning=0, drift=None, customers=[])
    return Newcomers(
        run=found.id, returning=arrived.returning, drift=arrived.drift, customers=list(arrived.assignments)
    )


@router.get("/segments/{segment_id}")
def read_segment(
    segment_id: str, where: Annotated[Visit, Depends(visit("read_segments"))], run: RunId = None
) -> Segment:
    """One segment."""
    with where.session() as session:
        segmentation = load_segmentation(session, where.workspace, where.run(session, run).id)
    for segment in segmentation.segments:
        if segment.id == segment_id:
            return segment
    raise NotFound(f"No segment {segment_id!r}.", ru=f"Сегмента {segment_id!r} нет.")


@router.get("/customers")
def list_customers(
    where: Annotated[Visit, Depends(visit("read_customers"))],
    run: RunId = None,
    segment: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=80, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> Customers:
    """Customers by id with their segment, status and probability."""
    if cursor is not None and not cursor.startswith("after:"):
        raise BadInput(
            f"{cursor!r} is not a cursor; pass `next` of the page before.",
            ru=f"{cursor!r} не указатель страницы; передайте `next` предыдущей.",
        )
    with where.session() as session:
        found = where.run(session, run)
        assignments = load_segmentation(session, where.workspace, found.id).assignments
    after = (cursor or "after:").removeprefix("after:")
    wanted = sorted(
        (a for a in assignments if a.customer > after and (segment is None or a.segment == segment)),
        key=lambda a: a.customer,
    )
    page = wanted[:limit]
    return Customers(run=found.id, customers=page, next=f"after:{page[-1].customer}" if len(wanted) > limit else None)
