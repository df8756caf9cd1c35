"""HTTP: what the columns of tables mean. For machines, and the pages that do the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ingest.model import SeenTable
from service.core.errors import BadInput
from service.corpus.mappings import KnownTable
from service.corpus.mappings_step import confirm_table, drop_table, read_table, read_tables
from service.corpus.places import without_contacts
from service.store.routes import PROBLEMS, Visit, visit
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.tables import answered, table_view, tables_view
from service.web.showing import page

api = APIRouter(tags=["mappings"], responses=PROBLEMS)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

MOST_COLUMNS = 1000
Reader = Annotated[Visit, Depends(visit("read_mappings"))]
Editor = Annotated[Visit, Depends(visit("confirm_mappings"))]


class ColumnToSay(BaseModel):
    """A column and its field; null leaves it aside. What the list of tables gives beside these is not looked at."""

    header: str = Field(max_length=2000)
    field: str | None = Field(default=None, max_length=40)


class MappingToSay(BaseModel):
    """What a person says about all tables of one signature. Columns not named keep what was suggested."""

    model_config = ConfigDict(extra="forbid")
    kind: str | None = Field(
        default=None, max_length=20, description="note, ad_response, deals, ad_spend, or skip for tables not needed."
    )
    columns: list[ColumnToSay] = Field(default=[], max_length=MOST_COLUMNS)


class Mapping(BaseModel):
    """A table of the workspace: how it was understood, where it was seen, who decided."""

    table: SeenTable
    files: list[str]
    who: str
    seen_at: datetime
    decided_at: datetime | None


class Mappings(BaseModel):
    """All tables seen, those that wait for a person first."""

    mappings: list[Mapping]


def _shown(where: Visit, known: KnownTable) -> KnownTable:
    """The table as this visitor may see it: a file's name may be somebody's telephone."""
    if where.visitor.may("read_customers"):
        return known
    table = replace(known.table, place=without_contacts(known.table.place))
    return replace(known, table=table, files=tuple(map(without_contacts, known.files)))


def _told(where: Visit, known: KnownTable) -> Mapping:
    known = _shown(where, known)
    return Mapping(
        table=known.table,
        files=list(known.files),
        who=known.who,
        seen_at=known.seen_at,
        decided_at=known.decided_at,
    )


@api.get("/mappings")
def list_mappings(where: Reader) -> Mappings:
    """Tables seen, with their suggestions and redacted samples."""
    return Mappings(mappings=[_told(where, known) for known in read_tables(where.store, where.workspace)])


@api.get("/mappings/{signature}")
def read_mapping(signature: str, where: Reader) -> Mapping:
    """One table."""
    return _told(where, read_table(where.store, where.workspace, signature))


@api.post("/mappings/{signature}")
def confirm_mapping(signature: str, said: MappingToSay, where: Editor) -> Mapping:
    """Keep what the columns mean; files with such columns are read so from their next upload on."""
    columns = {column.header: column.field for column in said.columns}
    return _told(where, confirm_table(where.store, where.workspace, signature, said.kind, columns, where.visitor.who))


@api.delete("/mappings/{signature}")
def drop_mapping(signature: str, where: Editor) -> Mapping:
    """Take back what was said; the next upload is suggested afresh."""
    return _told(where, drop_table(where.store, where.workspace, signature, where.visitor.who))


@pages.get("/tables")
def tables_page(request: Request, where: Reader, dropped: Annotated[bool, Query()] = False) -> Response:
    """All tables seen."""
    frame = frame_for(request, where, "upload")
    tables = [_shown(where, known) for known in read_tables(where.store, where.workspace)]
    view = tables_view(tables, Words(frame.formatter), dropped)
    return page(request, "tables.html", frame, view=view)


@pages.get("/tables/{signature}")
def table_page(
    signature: str,
    request: Request,
    where: Reader,
    kind: Annotated[str | None, Query(max_length=20)] = None,
    saved: Annotated[bool, Query()] = False,
) -> Response:
    """One table, with a choice for every column."""
    frame = frame_for(request, where, "upload")
    known = _shown(where, read_table(where.store, where.workspace, signature))
    return page(request, "table.html", frame, view=table_view(known, Words(frame.formatter), kind=kind, saved=saved))


@pages.post("/tables/{signature}")
async def tell_table(signature: str, request: Request, where: Editor) -> Response:
    """Keep what was chosen, or say what is missing and keep the choices on the page."""
    form = {name: str(value) for name, value in (await request.form(max_fields=MOST_COLUMNS + 1)).items()}
    return await run_in_threadpool(_tell, signature, request, where, form)


def _tell(signature: str, request: Request, where: Visit, form: dict[str, str]) -> Response:
    known = _shown(where, read_table(where.store, where.workspace, signature))
    kind, said = form.get("kind"), answered(known, form)
    try:
        confirm_table(where.store, where.workspace, known.table.signature, kind, said, where.visitor.who)
    except BadInput as error:
        frame = frame_for(request, where, "upload")
        view = table_view(known, Words(frame.formatter), kind=kind, chosen=said, error=error.said_in(frame.language))
        return page(request, "table.html", frame, status=error.status, view=view)
    return RedirectResponse(f"/tables/{known.table.signature}?saved=true", status_code=303)


@pages.post("/tables/{signature}/drop")
def untell_table(signature: str, where: Editor) -> Response:
    """Take back what was said."""
    drop_table(where.store, where.workspace, signature, where.visitor.who)
    return RedirectResponse("/tables?dropped=true", status_code=303)
