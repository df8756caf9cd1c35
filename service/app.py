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
from service.corpus.intake import MAX_UPLOAD_BYTES
from service.corpus.routes import router as corpus
from service.economics.routes import router as economics
from service.personas.routes import router as claims
from service.portrait.routes import router as portrait
from service.segments.arriving import place_soon
from service.segments.routes import router as segments
from service.store.db import open_store
from service.store.keys import any_key
from service.store.routes import health
from service.web.customer_routes import api as customers
from service.web.customer_routes import pages as customer_pages
from service.web.edit_pages import router as edit_pages
from service.web.edit_routes import router as segment_edits
from service.web.frames import knock_of
from service.web.guard import Guard
from service.web.problems import answer
from service.web.results import Shelf
from service.web.routes import router as pages
from service.web.run_routes import router as runs
from service.web.runs import Cycles, Runs
from service.web.security import Doorkeeper, Visitor
from service.web.table_routes import api as mappings
from service.web.table_routes import pages as table_pages
from service.web.templating import STATIC

API = "/api/v1"
API_ROUTERS: tuple[APIRouter, ...] = (
    corpus, mappings, runs, customers, segment_edits, segments, economics, claims, comparison, portrait, briefs,
)  # fmt: skip
PAGE_ROUTERS: tuple[APIRouter, ...] = (edit_pages, pages, customer_pages, table_pages)


def create_app(settings: Settings, cycles: Runs | None = None) -> FastAPI:
    """The web application over the store of `settings`. `cycles` replaces the real jobs in tests."""
    store = open_store(settings)
    doorkeeper = Doorkeeper(store, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with store.session() as session:
            if not any_key(session):
                logging.getLogger("whobuys.web").warning("open: no API key was made; answering this machine only")
        yield
        store.close()

    app = FastAPI(
        title="whobuys",
        version="1",
        description="Who is our customer really? Upload what customers said, run the cycle, read the briefs.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.store, app.state.settings, app.state.doorkeeper = store, settings, doorkeeper
    app.state.shelf, app.state.runs = Shelf(), cycles or Cycles(store, settings)
    app.state.uploaded = lambda workspace: place_soon(store, settings, workspace)
    app.state.admit = lambda request: _admit(doorkeeper, request)
    for kind in (WhobuysError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)
    for router in API_ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(health)
    for router in PAGE_ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=2048, compresslevel=5)
    app.add_middleware(Guard, limits={"/uploads": MAX_UPLOAD_BYTES, "/upload": MAX_UPLOAD_BYTES}, on_error=answer)
    return app


def _admit(doorkeeper: Doorkeeper, request: Request) -> Visitor:
    return doorkeeper.admit(knock_of(request))
