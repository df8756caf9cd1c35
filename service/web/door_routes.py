"""The doors that need no account: sign in and out, set up, join, choose a new password."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AfterValidator
from starlette.responses import Response

from service.core.errors import BadInput, WhobuysError
from service.store.attempts import TooManyAttempts
from service.web.doorkeeper import COOKIE_SECONDS
from service.web.frames import bare_frame, knock_of, link_to
from service.web.reception import Reception, WrongPassword
from service.web.security import COOKIE, KeyNeeded, Knock, is_loopback, require_own_page
from service.web.showing import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Secret = Annotated[str, Form(max_length=1000)]
Line = Annotated[str, AfterValidator(lambda text: "".join(filter(str.isprintable, text))), Form(max_length=400)]
"""One line of a form; what cannot be printed falls out."""
SAID = (BadInput, WrongPassword, TooManyAttempts)
"""What is said on the form itself."""


def reception(request: Request) -> Reception:
    """The one reception of the app."""
    return cast(Reception, request.app.state.reception)


def knock_at(request: Request) -> Knock:
    """The knock of a form; NotAllowed when another site sent it."""
    knock = knock_of(request)
    require_own_page(knock)
    return knock


def signed_in(request: Request, cookie: str, target: str) -> RedirectResponse:
    """On to a page of ours, with the cookie of the new session."""
    response = RedirectResponse(local_path(target), status_code=303)
    secure = request.url.scheme == "https" or link_to(request, "").startswith("https:")
    response.set_cookie(COOKIE, cookie, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)
    return response


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:
    """Where an address and a password, or a key, are asked for."""
    return _form(request, "sign_in.html", next=local_path(next), email="")


@router.post("/sign-in")
def sign_in(request: Request, email: Line = "", password: Secret = "", key: Secret = "", next: Line = "/") -> Response:
    """Trade them for a session."""
    try:
        at, knock = reception(request), knock_at(request)
        cookie = at.sign_in_with_key(key, knock) if key else at.sign_in(email, password, knock)
    except (KeyNeeded, *SAID) as error:
        return _form(request, "sign_in.html", error, next=local_path(next), email=email[:254])
    return signed_in(request, cookie, next)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session."""
    reception(request).sign_out(knock_at(request))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response


@router.get("/setup")
@router.get("/setup/{token}")
def set_up_page(request: Request, token: str = "") -> Response:
    """The first account: by the link that `whobuys serve` prints, or from this machine while the demo is open."""
    _require_link_or_here(request, token)
    reception(request).look_at_set_up(token)
    return _form(request, "set_up.html", email="", name="", demo=not token)


@router.post("/setup")
@router.post("/setup/{token}")
def set_up(request: Request, token: str = "", email: Line = "", name: Line = "", password: Secret = "") -> Response:
    """Make it, and close the door to everybody else."""
    _require_link_or_here(request, token)
    try:
        cookie = reception(request).set_up(token, email, name, password, knock_at(request))
    except SAID as error:
        return _form(request, "set_up.html", error, email=email[:254], name=name[:80], demo=not token)
    return signed_in(request, cookie, "/people")


@router.get("/join/{token}")
def join_page(token: str, request: Request) -> Response:
    """An invitation."""
    return _form(request, "join.html", invitation=reception(request).invitation(token), name="")


@router.post("/join/{token}")
def join(token: str, request: Request, name: Line = "", password: Secret = "") -> Response:
    """Take it up."""
    try:
        cookie = reception(request).join(token, name, password, knock_at(request))
    except SAID as error:
        invitation = reception(request).invitation(token)
        return _form(request, "join.html", error, invitation=invitation, name=name[:80])
    return signed_in(request, cookie, "/")


@router.get("/reset/{token}")
def reset_page(token: str, request: Request) -> Response:
    """A link to a new password."""
    return _form(request, "reset.html", email=reception(request).look_at_reset(token))


@router.post("/reset/{token}")
def reset(token: str, request: Request, password: Secret = "") -> Response:
    """Choose it."""
    try:
        cookie = reception(request).reset(token, password, knock_at(request))
    except SAID as error:
        return _form(request, "reset.html", error, email=reception(request).look_at_reset(token))
    return signed_in(request, cookie, "/")


def local_path(target: str) -> str:
    """A path of this site, `/` for anything that leads elsewhere."""
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if plain else "/"


def _require_link_or_here(request: Request, token: str) -> None:
    """Without a link only somebody at this machine may set whobuys up."""
    if not token and not is_loopback(knock_of(request)):
        raise KeyNeeded(
            "Open the link that `whobuys serve` prints.", ru="Откройте ссылку, которую печатает `whobuys serve`."
        )


def _form(request: Request, template: str, error: WhobuysError | None = None, **view: object) -> HTMLResponse:
    frame = bare_frame(request)
    said = error.said_in(frame.language) if error else ""
    made = page(request, template, frame, status=error.status if error else 200, view={"error": said, **view})
    made.headers.update(error.headers if error else {})
    return made
