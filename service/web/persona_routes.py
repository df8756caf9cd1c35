"""HTTP: stakeholders' personas as texts: read, write, versions. For machines, and the pages that do the same."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from service.core.errors import BadInput, NotReady
from service.corpus.written import LONGEST, STAKEHOLDERS, Own, with_answers
from service.corpus.written_step import Overtaken, read_all_personas, read_persona, write_persona
from service.store.audit import names_of
from service.store.routes import PROBLEMS, Problem, Visit, visit
from service.store.workspaces import handed_in, sealed
from service.web.frames import frame_for, language_for
from service.web.i18n import Words
from service.web.pages.personas import QUESTIONS, form_view, personas_view, versions_view
from service.web.problems import problem
from service.web.security import HandInFirst, Role
from service.web.showing import page

api = APIRouter(tags=["personas"], responses=PROBLEMS)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

StakeholderName = Literal["marketing", "sales", "owner"]
Reading = Annotated[Visit, Depends(visit("read_personas"))]
Writing = Annotated[Visit, Depends(visit("write_persona"))]


class Version(BaseModel):
    """A version of a persona. `who`: person or key id, `open`, `command line`; empty for one read from a file."""

    version: int
    at: datetime
    who: str
    text: str


class Persona(BaseModel):
    """A stakeholder's persona. `sealed`: it opens once the reader's own is handed in; then `text` is empty.

    `version` 0: nothing is handed in yet. `others`: further texts of theirs, uploaded under other names.
    """

    stakeholder: StakeholderName
    version: int
    at: datetime | None
    who: str
    text: str
    sealed: bool
    others: list[str]


class Personas(BaseModel):
    """All three."""

    personas: list[Persona]


class Versions(BaseModel):
    """Every version of one, the newest first."""

    stakeholder: StakeholderName
    versions: list[Version]


class PersonaToWrite(BaseModel):
    """The whole text. `version`: the one you began from; left out, the text is put over whatever is there."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=LONGEST)
    version: int | None = Field(default=None, ge=0, description="The version the text was made from; 0 for none.")


class OvertakenProblem(Problem):
    """Somebody saved another version: its number and text, and yours."""

    version: int
    saved: str
    yours: str


OVERTAKEN: dict[int | str, dict[str, object]] = {
    409: {
        "model": OvertakenProblem,
        "content": {"application/problem+json": {}},
        "description": "Another version was saved meanwhile: both texts",
    }
}


def hidden_from(where: Visit) -> frozenset[str]:
    """Stakeholders whose persona the visitor does not see yet."""
    role = where.visitor.role
    with where.session() as session:
        if role == Role.ADMIN or not sealed(session, where.workspace) or role in handed_in(session, where.workspace):
            return frozenset()
    return frozenset(STAKEHOLDERS) - {role}


def may_write(where: Visit, stakeholder: str) -> bool:
    """Whether the persona is the visitor's own, or they may write anybody's."""
    own = where.visitor.may("write_persona") and where.visitor.role == stakeholder
    return own or where.visitor.may("write_any_persona")


@api.get("/personas")
def list_personas(where: Reading) -> Personas:
    """Whom each stakeholder takes for the customer, as it stands."""
    hidden = hidden_from(where)
    return Personas(personas=[_told(own, own.stakeholder in hidden) for own in _all(where)])


@api.get("/personas/{stakeholder}")
def get_persona(stakeholder: StakeholderName, where: Reading) -> Persona:
    """One of them."""
    own = read_persona(where.store, where.workspace, stakeholder)
    return _told(own, stakeholder in hidden_from(where))


@api.put("/personas/{stakeholder}", responses=OVERTAKEN, response_model=Persona)
def put_persona(
    stakeholder: StakeholderName,
    said: PersonaToWrite,
    request: Request,
    where: Writing,
    if_match: Annotated[str | None, Header(max_length=20, description="The version instead of `version`.")] = None,
) -> Persona | JSONResponse:
    """Save the next version; 409 with both texts when somebody was faster. The next analysis reads it."""
    _require_own(where, stakeholder)
    base = said.version if if_match is None else _number(if_match.strip().strip('"'))
    try:
        return _told(_write(where, stakeholder, said.text, base), False)
    except Overtaken as error:
        answer = problem(request, error)
        body = {**_body(answer), "version": error.own.version, "saved": error.own.text, "yours": error.text}
        return JSONResponse(body, status_code=409, media_type="application/problem+json")


@api.get("/personas/{stakeholder}/versions")
def list_persona_versions(stakeholder: StakeholderName, where: Reading) -> Versions:
    """Every version, the newest first."""
    own = _open_persona(where, stakeholder)
    found = [Version(version=one.version, at=one.at, who=one.who, text=one.text) for one in reversed(own.versions)]
    return Versions(stakeholder=stakeholder, versions=found)


@pages.get("/personas")
def personas_page(
    request: Request,
    where: Reading,
    saved: Annotated[int, Query(ge=0)] = 0,
    same: Annotated[bool, Query()] = False,
) -> Response:
    """All three side by side."""
    frame = frame_for(request, where, "personas")
    hidden = hidden_from(where)
    with where.session() as session:
        names = names_of(session, where.workspace)
        closed = sealed(session, where.workspace)
        try:
            analysed = where.run(session).created_at
        except NotReady:
            analysed = None
    writable = frozenset(name for name in STAKEHOLDERS if may_write(where, name))
    words = Words(frame.formatter)
    view = personas_view(
        _all(where), words, frame.formatter, names, hidden, writable, closed, analysed, saved=saved, same=same
    )
    return page(request, "personas.html", frame, view=view)


@pages.get("/personas/{stakeholder}")
def persona_page(stakeholder: StakeholderName, request: Request, where: Writing) -> Response:
    """The form of one."""
    _require_own(where, stakeholder)
    own = read_persona(where.store, where.workspace, stakeholder)
    return _form_page(request, where, own, own.text)


@pages.post("/personas/{stakeholder}")
async def save_persona(stakeholder: StakeholderName, request: Request, where: Writing) -> Response:
    """Save the next version; both texts when somebody was faster."""
    form = {name: str(value) for name, value in (await request.form(max_fields=50)).items()}
    return await run_in_threadpool(_save, stakeholder, request, where, form)


@pages.get("/personas/{stakeholder}/versions")
def persona_versions_page(stakeholder: StakeholderName, request: Request, where: Reading) -> Response:
    """Every version with what changed."""
    frame = frame_for(request, where, "personas")
    own = _open_persona(where, stakeholder)
    with where.session() as session:
        names = names_of(session, where.workspace)
    view = versions_view(own, Words(frame.formatter), frame.formatter, names)
    return page(request, "persona_versions.html", frame, view=view)


def _save(stakeholder: str, request: Request, where: Visit, form: dict[str, str]) -> Response:
    _require_own(where, stakeholder)
    words = Words(frame_for(request, where, "personas").formatter)
    text = form.get("text", "").replace("\r\n", "\n")
    answers = [(words(f"personas.question.{name}"), form.get(f"q_{name}", "")) for name in QUESTIONS]
    whole = with_answers(text, answers)
    own = read_persona(where.store, where.workspace, stakeholder)
    try:
        written = _write(where, stakeholder, whole, _number(form.get("version", "")))
    except Overtaken as error:
        return _form_page(request, where, error.own, whole, conflict=error)
    except BadInput as error:
        return _form_page(request, where, own, text, error=error, answers=form)
    same = "&same=true" if written.version == own.version else ""
    return RedirectResponse(f"/personas?saved={written.version}{same}", status_code=303)


def _form_page(
    request: Request,
    where: Visit,
    own: Own,
    text: str,
    *,
    conflict: Overtaken | None = None,
    error: BadInput | None = None,
    answers: dict[str, str] | None = None,
) -> Response:
    frame = frame_for(request, where, "personas")
    with where.session() as session:
        names = names_of(session, where.workspace)
    said = error.said_in(language_for(request)) if error else ""
    view = form_view(
        own, text, Words(frame.formatter), frame.formatter, names,
        conflict=conflict is not None, error=said, answers=answers or {},
    )  # fmt: skip
    failed = conflict or error
    return page(request, "persona_form.html", frame, status=failed.status if failed else 200, view=view)


def _write(where: Visit, stakeholder: str, text: str, base: int | None) -> Own:
    return write_persona(
        where.store, where.settings, where.workspace, stakeholder, text, base, where.visitor.who
    )  # fmt: skip


def _all(where: Visit) -> list[Own]:
    return read_all_personas(where.store, where.workspace)


def _open_persona(where: Visit, stakeholder: str) -> Own:
    """A persona the visitor may read; HandInFirst for one that is sealed for them."""
    if stakeholder in hidden_from(where):
        raise HandInFirst(
            "First hand in your own picture of the customer.", ru="Сначала сдайте свой портрет клиента."
        )  # fmt: skip
    return read_persona(where.store, where.workspace, stakeholder)


def _require_own(where: Visit, stakeholder: str) -> None:
    if not may_write(where, stakeholder):
        where.visitor.require("write_any_persona")


def _told(own: Own, is_sealed: bool) -> Persona:
    now = own.now
    return Persona(
        stakeholder=cast(StakeholderName, own.stakeholder),
        version=own.version,
        at=now.at if now else None,
        who=now.who if now else "",
        text="" if is_sealed else own.text,
        sealed=is_sealed,
        others=[] if is_sealed else [one.text for one in own.others],
    )


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadInput("Say which version you began from.", ru="Укажите, с какой версии вы начали.")
    return int(text)


def _body(answer: JSONResponse) -> dict[str, object]:
    return cast(dict[str, object], json.loads(bytes(answer.body)))
