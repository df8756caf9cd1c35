"""HTTP: the briefs of a run in every format, with an ETag that changes only with the brief."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel

from service.briefs.format import Language
from service.briefs.model import Brief, BriefKind
from service.briefs.render import FORMATS, MEDIA_TYPES, Format, render
from service.briefs.repository import content_hash, load_brief, load_briefs
from service.store.routes import PROBLEMS, Visit, visit

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
    lines = [
        BriefLine(
            id=b.id, kind=b.kind, segment=b.segment, segment_name=b.segment_name, language=b.language, title=b.title,
            etag=content_hash(b)[:ETAG],
        )
        for b in briefs
        if where.visitor.may(f"read_brief_{b.kind}") and lang in (None, b.language)
    ]  # fmt: skip
    return Briefs(run=run_id, formats=list(FORMATS), briefs=lines)


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
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A brief as md, html, docx, pdf or json; 304 while the ETag sent still holds."""
    where.visitor.require(f"read_brief_{kind}")
    brief = find_brief(where, kind, segment, lang, run)
    return brief_response(brief, format, if_none_match)


def brief_response(brief: Brief, format: Format, known: str | None = None, download: bool = False) -> Response:
    """A brief as a file, or 304."""
    etag = f'"{content_hash(brief)[:ETAG]}-{format}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Language": brief.language}
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
        tongue = language or where.settings.language or str(found.manifest.get("language", "ru"))
        if segment is None and kind in PER_SEGMENT:
            fitting = [b for b in load_briefs(session, where.workspace, found.id) if b.kind == kind]
            segment = next((b.segment for b in fitting if b.language == tongue), None)
        return load_brief(session, where.workspace, found.id, kind, segment, tongue)
