"""HTTP: the portrait, segments in their tiers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from service.portrait.model import Placed
from service.portrait.repository import load_portrait
from service.store.routes import PROBLEMS, Visit, visit

router = APIRouter(tags=["portrait"], responses=PROBLEMS)


class PortraitView(BaseModel):
    """Segments in their tiers, best first."""

    run: str
    placed: list[Placed]


@router.get("/portrait")
def read_portrait(
    where: Annotated[Visit, Depends(visit("read_portrait"))], run: Annotated[str | None, Query(max_length=40)] = None
) -> PortraitView:
    """Most profitable, promising, secondary, not ours."""
    with where.session() as session:
        found = where.run(session, run)
        portrait = load_portrait(session, where.workspace, found.id)
    return PortraitView(run=found.id, placed=list(portrait.placed))
