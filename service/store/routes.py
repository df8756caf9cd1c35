"""What every HTTP door needs of a request: who asks, in which workspace, and the store. Also the health checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.core.errors import Unavailable
from service.core.settings import Settings
from service.store.db import Store
from service.store.runs import Run, latest_done, load_run


class Visitor(Protocol):
    """Who asks; see `service.web.security`."""

    @property
    def workspace(self) -> str: ...
    @property
    def who(self) -> str: ...
    def may(self, action: str) -> bool: ...
    def require(self, action: str) -> None: ...


@dataclass(frozen=True)
class Visit:
    """One request that was let in."""

    visitor: Visitor
    store: Store
    settings: Settings

    @property
    def workspace(self) -> str:
        """The workspace the visitor's key belongs to: the only one this request can see."""
        return self.visitor.workspace

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction."""
        with self.store.session() as session:
            yield session

    def run(self, session: Session, run_id: str | None = None) -> Run:
        """The run asked for, or the latest finished one. NotFound for a foreign id, NotReady when there is none."""
        return load_run(session, self.workspace, run_id) if run_id else latest_done(session, self.workspace)


def visit(action: str) -> Callable[[Request], Visit]:
    """A dependency that lets the request in only if its role covers `action`."""

    def admit(request: Request) -> Visit:
        visitor = cast(Visitor, request.app.state.admit(request))
        visitor.require(action)
        return Visit(visitor, request.app.state.store, request.app.state.settings)

    admit.action = action  # type: ignore[attr-defined]  # read by the test of routes × roles
    return admit


class Health(BaseModel):
    """State of the process."""

    status: str


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: str
    title: str
    status: int
    detail: str
    code: str


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": words}
    for status, words in (
        (401, "A key is needed"),
        (403, "The role does not cover this"),
        (404, "No such thing in this workspace"),
        (409, "Not ready, or something else is running"),
        (422, "The request cannot be used as it is"),
    )
}
"""Documented errors of every data route."""

health = APIRouter(tags=["health"])


@health.get("/healthz")
def healthz() -> Health:
    """The process lives."""
    return Health(status="ok")


@health.get("/readyz", responses={503: {"model": Problem, "description": "The database does not answer"}})
def readyz(request: Request) -> Health:
    """The database answers."""
    try:
        with request.app.state.store.session() as session:
            session.execute(text("select 1"))
    except Exception as error:
        raise Unavailable("The database does not answer.") from error
    return Health(status="ok")
