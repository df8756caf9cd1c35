"""HTTP: segments of the latest run, and where each customer stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from service.core.errors import BadInput, NotFound
from service.segments.model import Assignment, Segment
from service.segments.repository import load_segmentation
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
    segments: list[Segment]


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
        segments=list(segmentation.segments),
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
