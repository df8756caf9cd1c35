"""From a request to the frame of its page: language, visitor, menu."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from service.core.errors import NotReady
from service.core.numbers import LANGUAGES, Formatter, Language
from service.store.audit import names_of
from service.store.routes import Visit
from service.web.i18n import LANGUAGE_COOKIE, choose_language
from service.web.results import Results, Shelf
from service.web.security import COOKIE, Knock, Visitor
from service.web.templating import Frame, Source


def knock_of(request: Request) -> Knock:
    """What the doorkeeper sees of a request."""
    client = request.client.host if request.client else None
    token = request.headers.get("x-csrf-token") or str(getattr(request.state, "form_token", ""))
    return Knock(request.method, dict(request.headers), client, request.cookies.get(COOKIE), token)


def language_for(request: Request) -> Language:
    """The language of the answer."""
    return choose_language(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language", ""),
        request.app.state.settings.language,
    )


def chosen_language(request: Request) -> Language | None:
    """The language asked for in this very request: to be remembered."""
    asked = request.query_params.get("lang")
    return next((code for code in LANGUAGES if code == asked), None)


def link_to(request: Request, path: str) -> str:
    """A whole address to hand out: by the public address of the settings, else by what the browser called us."""
    base = request.app.state.settings.public_url or str(request.base_url)
    return base.rstrip("/") + path


def bare_frame(request: Request) -> Frame:
    """A frame for errors and the sign-in page: the menu only for those who are let in."""
    try:
        visitor = request.app.state.admit(request)
    except Exception:  # also a database that does not answer: the page about it must come all the same
        visitor = None
    return Frame(language_for(request), visitor, request.url.path, "", Formatter(language_for(request)))


def frame_for(request: Request, where: Visit, section: str, results: Results | None = None) -> Frame:
    """The frame of a page about a run, or about none yet."""
    language = language_for(request)
    formatter = Formatter(language, results.currency if results else "RUB")
    visitor = where.visitor
    if not isinstance(visitor, Visitor):
        raise TypeError("pages are for visitors that the doorkeeper let in")
    source = None
    if results is not None:
        inputs, period = results.inputs, results.period
        source = Source(
            run_number=results.run_number,
            finished_at=results.finished_at,
            period=formatter.period(*(moment.date() for moment in period)) if period else "",
            documents=len(inputs.corpus.documents),
            customers=inputs.segmentation.customers or len(inputs.corpus.customers),
        )

    def people() -> Mapping[str, str]:
        with where.session() as session:
            return names_of(session, where.workspace)

    return Frame(language, visitor, request.url.path, section, formatter, where.workspace, source, people)


def results_or_none(shelf: Shelf, where: Visit) -> Results | None:
    """The latest results, None before the first analysis."""
    try:
        return shelf.results(where)
    except NotReady:
        return None
