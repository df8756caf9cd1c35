"""HTTP: briefs in every format, with an ETag that changes only with the brief.

Without a run, readers get the latest approved version; while nothing of a kind, segment and language was approved,
the newest. `version=newest` or a number asks for another; `run` for what a run wrote, approved or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel

from service.briefs.model import Brief, BriefKind
from service.briefs.render import FORMATS, MEDIA_TYPES, Format, render
from service.briefs.repository import content_hash, load_brief, load_briefs
from service.briefs.versions.model import Place, Status, Version, Wanted
from service.briefs.versions.repository import load_held, load_versions, missing
from service.core.errors import BadInput
from service.core.numbers import Language, language_of
from service.store.routes import PROBLEMS, Visit, visit
from service.store.workspaces import tuned

router = APIRouter(tags=["briefs"], responses=PROBLEMS)

PER_SEGMENT = frozenset({"creative", "script"})
"""Kinds of which there is one a segment."""

ETAG = 20
"""Characters of the content's sha256 in an ETag."""

RunId = Annotated[str | None, Query(description="A run; the latest finished one if left out.", max_length=40)]


class BriefLine(BaseModel):
    """A brief on the shelf."""

    id: str
    kind: BriefKind
    segment: str | None
    segment_name: str
    language: Language
    title: str
    etag: str
    version: int | None
    """The version that says this; none for runs older than versions."""
    status: Status | None
    approved: int | None
    """The latest approved version, if any: what readers get."""


class Briefs(BaseModel):
    """The briefs of a run that the role may read."""

    run: str
    formats: list[str]
    briefs: list[BriefLine]


@router.get("/briefs")
def list_briefs(
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    run: RunId = None,
    lang: Annotated[Language | None, Query()] = None,
) -> Briefs:
    """What there is to read."""
    run_id, briefs = briefs_of(where, run)
    with where.session() as session:
        versions = by_place(load_versions(session, where.workspace))
    lines = [
        _line(brief, versions.get(place_of(brief), []), run_id)
        for brief in briefs
        if where.visitor.may(f"read_brief_{brief.kind}") and lang in (None, brief.language)
    ]
    return Briefs(run=run_id, formats=list(FORMATS), briefs=lines)


def _line(brief: Brief, versions: list[Version], run_id: str) -> BriefLine:
    """`versions` are those of the brief's place, the newest first."""
    mine = next((v for v in versions if v.run == run_id), versions[0] if versions else None)
    return BriefLine(
        id=brief.id,
        kind=brief.kind,
        segment=brief.segment,
        segment_name=brief.segment_name,
        language=brief.language,
        title=brief.title,
        etag=content_hash(brief)[:ETAG],
        version=mine.number if mine else None,
        status=mine.status if mine else None,
        approved=next((v.number for v in versions if v.status == "approved"), None),
    )


def place_of(brief: Brief) -> Place:
    """Where a brief's versions are counted."""
    return Place(brief.kind, brief.segment, brief.language)


def by_place(versions: list[Version]) -> Mapping[Place, list[Version]]:
    """Versions of each place, in the order given."""
    found: dict[Place, list[Version]] = {}
    for version in versions:
        found.setdefault(version.place, []).append(version)
    return found


FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The brief", "content": {media: {} for media in MEDIA_TYPES.values()}},
    304: {"description": "Not changed since the ETag sent as If-None-Match"},
}


@router.get("/briefs/{kind}", responses=FILES, response_class=Response)
def read_brief(
    kind: BriefKind,
    where: Annotated[Visit, Depends(visit("list_briefs"))],
    segment: Annotated[str | None, Query(max_length=40)] = None,
    format: Annotated[Format, Query()] = "json",
    lang: Annotated[Language | None, Query()] = None,
    run: RunId = None,
    version: Annotated[str, Query(pattern=r"^(approved|newest|[1-9][0-9]{0,5})$")] = "approved",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A brief as md, html, docx, pdf or json; 304 while the ETag sent still holds."""
    where.visitor.require(f"read_brief_{kind}")
    read = read_of_run(where, kind, segment, lang, run) if run else read_version(where, kind, segment, lang, version)
    return brief_response(read.brief, format, if_none_match, version=read.version)


class Read(NamedTuple):
    """A brief as it is handed out; `version` is None for what a run wrote before there were versions."""

    brief: Brief
    version: Version | None


def read_of_run(where: Visit, kind: BriefKind, segment: str | None, language: Language | None, run: str) -> Read:
    """What a run wrote, approved or not."""
    return Read(find_brief(where, kind, segment, language, run), None)


def read_version(
    where: Visit, kind: BriefKind, segment: str | None, language: Language | None, wanted: str = "approved"
) -> Read:
    """The version a reader means. NotFound for a number that is not there."""
    place = place_meant(where, kind, segment, language)
    with where.session() as session:
        held = load_held(session, where.workspace, place, wanted_of(wanted))
    if held is not None:
        return Read(held.brief, held.version)
    if wanted.isdigit():
        raise missing(place, int(wanted))
    return Read(find_brief(where, kind, place.segment, place.language), None)


def wanted_of(text: str) -> Wanted | int:
    """`approved`, `newest` or a number. BadInput for anything else."""
    if text in ("approved", "newest"):
        return "approved" if text == "approved" else "newest"
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise BadInput(
            f"A version is `approved`, `newest` or a number, not {text!r}.",
            ru=f"Версия — это `approved`, `newest` или номер, а не {text!r}.",
        )
    return int(text)


def place_meant(where: Visit, kind: BriefKind, segment: str | None, language: Language | None) -> Place:
    """The place in the language asked for or the company's own.

    Without a segment, a kind of which there is one a segment means the segment with most money in the latest run.
    """
    if kind not in PER_SEGMENT or (segment is not None and language is not None):
        return Place(kind, segment, language or company_language(where))
    tongue = language or company_language(where)
    if segment is None:
        segment = find_brief(where, kind, None, tongue).segment
    return Place(kind, segment, tongue)


def company_language(where: Visit) -> Language:
    """The setting, or the language most customers of the latest run speak."""
    with where.session() as session:
        chosen = tuned(session, where.workspace, where.settings).language
        return chosen or language_of(str(where.run(session).manifest.get("language", "ru")))


def brief_response(
    brief: Brief, format: Format, known: str | None = None, download: bool = False, version: Version | None = None
) -> Response:
    """A brief as a file, or 304."""
    etag = f'"{content_hash(brief)[:ETAG]}-{format}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Language": brief.language}
    if version is not None:
        headers |= {"Whobuys-Brief-Version": str(version.number), "Whobuys-Brief-Status": version.status}
    if known is not None and (
        known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
    ):
        return Response(status_code=304, headers=headers)
    if download or format in ("docx", "pdf"):
        headers["Content-Disposition"] = f'attachment; filename="{file_name(brief, format)}"'
    return Response(render(brief, format), media_type=MEDIA_TYPES[format], headers=headers)


def file_name(brief: Brief, format: str) -> str:
    """A name of plain letters: `whobuys-creative-<segment id>-ru.docx`. Segment names may be customers' words."""
    parts = ("whobuys", brief.kind, brief.segment or "", brief.language)
    return "-".join(part for part in parts if part) + f".{format}"


def briefs_of(where: Visit, run: str | None = None) -> tuple[str, list[Brief]]:
    """(run id, briefs) of a run, the latest finished one if none is named."""
    with where.session() as session:
        found = where.run(session, run)
        return found.id, list(load_briefs(session, where.workspace, found.id))


def find_brief(where: Visit, kind: str, segment: str | None, language: str | None, run: str | None = None) -> Brief:
    """The one brief meant, in the language asked for or the company's own.

    Without a segment, a brief per segment means that of the segment with most money.
    """
    with where.session() as session:
        found = where.run(session, run)
        tongue = (
            language
            or tuned(session, where.workspace, where.settings).language
            or str(found.manifest.get("language", "ru"))
        )
        if segment is None and kind in PER_SEGMENT:
            fitting = [b for b in load_briefs(session, where.workspace, found.id) if b.kind == kind]
            segment = next((b.segment for b in fitting if b.language == tongue), None)
        return load_brief(session, where.workspace, found.id, kind, segment, tongue)
