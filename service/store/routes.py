"""What every HTTP door needs of a request: who asks, in which workspace, and the store. Also the health checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, cast

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from service.core.errors import BadInput, Unavailable
from service.core.settings import Settings
from service.store.db import Store
from service.store.runs import Run, latest_done, load_run


class Visitor(Protocol):
    """Who asks; see `service.web.security`."""

    @property
    def workspace(self) -> str: ...
    @property
    def role(self) -> str: ...
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


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_form_token(request: Request) -> None:
    """Read a form's `csrf` field before anybody is let in; only for browsers that are signed in, others send none.

    The form is kept by the request: whoever reads it later gets the same one. BadInput when it cannot be read.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in ("GET", "HEAD", "OPTIONS") or sent not in FORMS:
        return
    if "authorization" in request.headers or not request.app.state.signed_in(request):
        return
    try:
        form = await request.form(**request.app.state.form_limits)
    except HTTPException as error:
        raise BadInput(
            f"The form could not be read: {error.detail}", ru=f"Форму не удалось прочитать: {error.detail}"
        ) from error
    token = form.get("csrf")
    request.state.form_token = token if isinstance(token, str) else ""


def visit(action: str) -> Callable[..., Visit]:
    """A dependency that lets the request in only if its role covers `action`."""

    def admit(request: Request, _: Annotated[None, Depends(read_form_token)]) -> Visit:
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
        (413, "The request is larger than this door takes"),
        (422, "The request cannot be used as it is"),
        (429, "Too many requests: `Retry-After` says when to come again"),
        (503, "A part we depend on does not answer"),
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
