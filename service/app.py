"""Wiring of the web process: store, doors, pages, errors, headers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.staticfiles import StaticFiles

from service.briefs.routes import router as briefs
from service.comparison.routes import router as comparison
from service.core.errors import WhobuysError
from service.core.settings import Settings
from service.corpus.hook_step import Postbox
from service.corpus.intake import MAX_FILES, MAX_NOTE_LETTERS, MAX_UPLOAD_BYTES
from service.corpus.routes import router as corpus
from service.economics.routes import router as economics
from service.portrait.routes import router as portrait
from service.segments.arriving import Placing
from service.segments.routes import router as segments
from service.store.db import open_store
from service.store.keys import any_key
from service.store.routes import health
from service.web.brief_pages import router as brief_pages
from service.web.brief_routes import hooks as webhooks
from service.web.brief_routes import router as brief_versions
from service.web.card_pages import router as card_pages
from service.web.card_routes import router as claims
from service.web.company_routes import api as audit
from service.web.company_routes import pages as company_pages
from service.web.customer_routes import api as customers
from service.web.customer_routes import pages as customer_pages
from service.web.developer_routes import api as campaigns
from service.web.developer_routes import pages as developer_pages
from service.web.door_routes import router as doors
from service.web.doorkeeper import Doorkeeper
from service.web.edit_pages import router as edit_pages
from service.web.edit_routes import router as segment_edits
from service.web.frames import knock_of
from service.web.guard import API, Guard
from service.web.hook_routes import api as hooks
from service.web.hook_routes import door as hook_door
from service.web.metrics import Metrics
from service.web.metrics_routes import router as metrics
from service.web.note_routes import router as notes
from service.web.openapi import describe, operation_name
from service.web.pace import pace_of
from service.web.people_routes import router as people
from service.web.persona_routes import api as personas
from service.web.persona_routes import pages as persona_pages
from service.web.portrait_pages import router as portrait_pages
from service.web.problems import answer
from service.web.reception import Reception
from service.web.results import Shelf
from service.web.routes import router as pages
from service.web.run_pages import router as run_pages
from service.web.run_routes import router as runs
from service.web.runs import Cycles, Runs
from service.web.security import COOKIE, Visitor
from service.web.share_routes import public as shared
from service.web.share_routes import router as shares
from service.web.table_routes import api as mappings
from service.web.table_routes import pages as table_pages
from service.web.templating import STATIC
from service.web.upload_routes import router as upload_pages
from service.web.warming import warm_soon

API_ROUTERS: tuple[APIRouter, ...] = (
    corpus, mappings, runs, customers, segment_edits, segments, economics, claims, comparison, portrait, briefs,
    brief_versions, webhooks, personas, audit, notes, hooks, hook_door, campaigns,
)  # fmt: skip
DOOR_ROUTERS: tuple[APIRouter, ...] = (doors, shared)
"""Pages that need nobody to be signed in: each checks a password or a link of its own."""
PAGE_ROUTERS: tuple[APIRouter, ...] = (
    portrait_pages, edit_pages, brief_pages, card_pages, pages, customer_pages, table_pages, people, company_pages,
    shares, persona_pages, upload_pages, run_pages, developer_pages,
)  # fmt: skip

FORM_LIMITS = {"max_files": MAX_FILES, "max_fields": 6000, "max_part_size": 8 * MAX_NOTE_LETTERS}
"""Of any form that is read to find its token: the largest that any page of ours sends."""


def create_app(settings: Settings, cycles: Runs | None = None) -> FastAPI:
    """The web application over the store of `settings`. `cycles` replaces the real jobs in tests."""
    store = open_store(settings)
    doorkeeper, placing = Doorkeeper(store, settings), Placing(store, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with store.session() as session:
            if not any_key(session):
                logging.getLogger("whobuys.web").warning("open: no API key was made; answering this machine only")
        app.state.postbox.take_up()
        placing.take_up()
        warm_soon()
        yield
        app.state.postbox.close()
        placing.close()
        doorkeeper.sights.write()
        store.close()

    app = FastAPI(
        title="whobuys",
        version="1",
        description="Who is our customer really? Upload what customers said, run the cycle, read the briefs.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=operation_name,
    )
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]  # FastAPI's own way to another document
    app.state.store, app.state.settings, app.state.doorkeeper = store, settings, doorkeeper
    app.state.metrics = Metrics()
    app.state.shelf, app.state.runs = Shelf(), cycles or Cycles(store, settings)
    app.state.uploaded = placing.soon
    app.state.postbox = Postbox(store, settings, placing.soon)
    app.state.reception = Reception(store, doorkeeper, settings)
    app.state.signed_in = lambda request: doorkeeper.token_in(request.cookies.get(COOKIE)) is not None
    app.state.form_limits = FORM_LIMITS
    app.state.admit = lambda request: _admit(doorkeeper, request)
    for kind in (WhobuysError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)
    for router in API_ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(health)
    app.include_router(metrics)
    for router in (*DOOR_ROUTERS, *PAGE_ROUTERS):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=2048, compresslevel=5)
    app.add_middleware(
        Guard,
        limits={"/uploads": MAX_UPLOAD_BYTES, "/upload": MAX_UPLOAD_BYTES},
        pace=pace_of(settings),
        metrics=app.state.metrics,
        on_error=answer,
    )
    return app


def _admit(doorkeeper: Doorkeeper, request: Request) -> Visitor:
    visitor = doorkeeper.admit(knock_of(request))
    request.state.admitted = True  # read by the guard: from now on the key has a pace of its own
    return visitor
