"""From customers to the hints for their next calls: where the last analysis or the arrivals put them; the script."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.briefs.model import Brief
from service.briefs.routes import read_version
from service.core.errors import NotFound, NotReady
from service.core.numbers import Language
from service.segments.model import Assignment
from service.segments.repository.arrivals import place_of, segment_name
from service.store.routes import Visit
from service.store.runs import latest_done
from service.web.pages.next_call import NextCall, next_call


def next_calls(where: Visit, customers: Sequence[str], language: Language) -> list[NextCall]:
    """Hints for these customers, in their order; the script only for roles that may read it."""
    with where.session() as session:
        run = _latest(session, where.workspace)
        places = {one: place_of(session, where.workspace, run, one) if run else None for one in customers}
        named = {
            place.segment: segment_name(session, where.workspace, run, place.segment)
            for place in places.values()
            if run and place is not None and place.segment
        }
    scripts = {segment: _script(where, segment, language) for segment in sorted(named)}
    return [
        next_call(one, place, run is not None, _of(named, place), _script_for(scripts, place))
        for one, place in places.items()
    ]


def _latest(session: Session, workspace: str) -> str | None:
    try:
        return latest_done(session, workspace).id
    except NotReady:
        return None


def _of(named: dict[str, str], place: Assignment | None) -> str:
    return named.get(place.segment or "", "") if place is not None else ""


def _script_for(scripts: dict[str, Brief | None], place: Assignment | None) -> Brief | None:
    return scripts.get(place.segment or "") if place is not None else None


def _script(where: Visit, segment: str, language: Language) -> Brief | None:
    if not where.visitor.may("read_brief_script"):
        return None
    try:
        return read_version(where, "script", segment, language, "approved").brief
    except (NotFound, NotReady):
        return None
