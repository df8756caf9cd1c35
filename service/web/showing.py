"""How a page is answered with: rendered, its language remembered; and the results that most pages read."""

from __future__ import annotations

from typing import cast

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.store.routes import Visit
from service.web.frames import chosen_language
from service.web.i18n import LANGUAGE_COOKIE
from service.web.results import Shelf
from service.web.security import Visitor
from service.web.templating import Frame, render

YEAR_SECONDS = 365 * 24 * 3600


def page(request: Request, template: str, frame: Frame, status: int = 200, **view: object) -> HTMLResponse:
    """A rendered page; a language asked for in the address is remembered."""
    response = HTMLResponse(render(template, frame, **view), status_code=status)
    language = chosen_language(request)
    if language:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="lax", httponly=True)
    return response


def visitor_of(where: Visit) -> Visitor:
    """The visitor as the pages know them."""
    if not isinstance(where.visitor, Visitor):
        raise TypeError("pages are for visitors that the doorkeeper let in")
    return where.visitor


def shelf_of(request: Request) -> Shelf:
    """Results of the last runs."""
    return cast(Shelf, request.app.state.shelf)
