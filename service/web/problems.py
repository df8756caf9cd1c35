"""Errors as people and machines read them: a page that says what next, or problem+json (RFC 9457)."""

from __future__ import annotations

import logging

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from service.core.errors import BadInput, NotFound, NotReady, WhobuysError
from service.core.logs import kind_and_place
from service.web.frames import bare_frame, language_for
from service.web.i18n import Words
from service.web.security import KeyNeeded
from service.web.templating import render

PROBLEM = "application/problem+json"


async def answer(request: Request, error: Exception) -> Response:
    """The answer to any error."""
    found = _as_ours(error)
    if found is None:
        # The error's own text may quote a customer: only its type and place go to the log.
        logging.getLogger("whobuys.web").error("%s", _place(request, error))
    if request.url.path.startswith("/api/") or request.url.path in ("/healthz", "/readyz", "/metrics"):
        return problem(request, found)
    return _page(request, found)


def problem(request: Request, error: WhobuysError | None) -> JSONResponse:
    """problem+json; None is a bug of ours."""
    status, code = (error.status, error.code) if error else (500, "bug")
    language = language_for(request)
    words = Words(bare_frame(request).formatter)
    body = {
        "type": f"urn:whobuys:problem:{code}",
        "title": words(f"error.title.{status}") if words.has(f"error.title.{status}") else code,
        "status": status,
        "detail": error.said_in(language) if error else words("error.what.500"),
        "code": code,
        "request": _request_id(request),
    }
    return JSONResponse(body, status_code=status, media_type=PROBLEM, headers=_headers(error))


def _page(request: Request, error: WhobuysError | None) -> Response:
    if isinstance(error, KeyNeeded):
        target = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={target}", status_code=303)
    frame = bare_frame(request)
    words = Words(frame.formatter)
    status = error.status if error else 500
    empty = isinstance(error, NotReady)
    known = words.has(f"error.title.{status}")
    view = {
        "status": None if empty else status,
        "title": words("empty.title") if empty else words(f"error.title.{status if known else 422}"),
        "what": words("empty.what") if empty else error.said_in(frame.language) if error else words("error.what.500"),
        "steps": [words(f"empty.step{n}") for n in (1, 2, 3)] if empty else [],
        "links": _links(words, empty),
        "request_id": "" if empty else _request_id(request),
    }
    shown = render("message.html", frame, view=view)
    return HTMLResponse(shown, status_code=200 if empty else status, headers=_headers(error))


def _headers(error: WhobuysError | None) -> dict[str, str]:
    """What an error says in headers: how to prove who you are, when to come again."""
    if error is None:
        return {}
    asked = {"WWW-Authenticate": 'Bearer realm="whobuys"'} if error.status == 401 else {}
    return {**asked, **error.headers}


def _links(words: Words, empty: bool) -> list[dict[str, str]]:
    first = {"href": "/", "words": words("empty.upload" if empty else "error.home")}
    return [first] if empty else [first, {"href": "/segments", "words": words("frame.sections.segments")}]


def _as_ours(error: Exception) -> WhobuysError | None:
    if isinstance(error, WhobuysError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _http(error)
    return None


def _invalid(error: RequestValidationError) -> BadInput:
    """Which fields are wrong and why; never what was sent, which may be a customer's words."""
    places = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
    return BadInput(f"The request does not fit: {places}.", ru=f"Запрос не подходит: {places}.")


def _http(error: HTTPException) -> WhobuysError:
    if error.status_code == 404:
        return NotFound("There is nothing at this address.", ru="По этому адресу ничего нет.")
    if error.status_code == 400:  # FastAPI's word for a body that is no text at all; everybody else's is 422
        return BadInput("The body of the request cannot be read.", ru="Содержимое запроса не читается.")
    found = WhobuysError(str(error.detail))
    found.status, found.code = error.status_code, f"http_{error.status_code}"
    return found


def _place(request: Request, error: Exception) -> str:
    """Kind of a crash, our own line it came from, and the request's id."""
    return f"crash: {kind_and_place(error)}, request {_request_id(request)}"


def _request_id(request: Request) -> str:
    return str(getattr(request.state, "request_id", ""))
