"""HTTP: who is one customer and why; joining, parting, undoing. For machines, and the pages that do the same."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from service.core.errors import WhobuysError
from service.corpus import merging_step
from service.corpus.merging import Card, Entry
from service.forgetting import Forgotten, forget
from service.store.routes import PROBLEMS, Visit, visit
from service.web.frames import frame_for
from service.web.i18n import Words
from service.web.pages.customers import card_view, customers_view
from service.web.showing import page

api = APIRouter(tags=["customers"], responses=PROBLEMS)
pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

MOST = 5000
"""Records in one split."""
Named = Annotated[str, Field(min_length=1, max_length=400)]
Reader = Annotated[Visit, Depends(visit("read_customers"))]
Editor = Annotated[Visit, Depends(visit("edit_customers"))]


class Log(BaseModel):
    """Joins that an equal key does not explain, and decisions of people, newest first."""

    entries: list[Entry]


class Find(BaseModel):
    """Whom to find."""

    model_config = ConfigDict(extra="forbid")
    named: Named


class Merge(BaseModel):
    """Two customers that are one: each by id, document, deal, telephone or e-mail."""

    model_config = ConfigDict(extra="forbid")
    one: Named
    other: Named


class Split(BaseModel):
    """Records (references or ids) that are another customer's."""

    model_config = ConfigDict(extra="forbid")
    out: list[Named] = Field(min_length=1, max_length=MOST)


class Parted(BaseModel):
    """The two customers a split left."""

    stayed: Card
    went: Card


class Undone(BaseModel):
    """Customers an undone entry concerned, as they are now."""

    customers: list[str]


@api.get("/customers/log")
def read_log(where: Reader) -> Log:
    """Why records are one customer where an equal key does not tell, and what people decided."""
    return Log(entries=merging_step.read_log(where.store, where.workspace))


@api.post("/customers/find")
def find_customer(wanted: Find, where: Reader) -> Card:
    """The customer whose id, document, deal, telephone or e-mail this is; in the body, so that no log keeps it."""
    return merging_step.read_card(where.store, where.settings, where.workspace, wanted.named)


@api.post("/customers/merge")
def merge_customers(wanted: Merge, where: Editor) -> Card:
    """Make two customers one, in every later upload too."""
    who = where.visitor.who
    return merging_step.merge(where.store, where.settings, where.workspace, wanted.one, wanted.other, who)


@api.post("/customers/log/{entry_id}/undo")
def undo_entry(entry_id: str, where: Editor) -> Undone:
    """Undo a join or a decision; a machine's join is then never made again."""
    return Undone(
        customers=list(merging_step.undo(where.store, where.settings, where.workspace, entry_id, where.visitor.who))
    )


@api.get("/customers/{customer_id}")
def read_customer(customer_id: str, where: Reader) -> Card:
    """A customer's redacted documents and deals, and why they are one."""
    return merging_step.read_card(where.store, where.settings, where.workspace, customer_id)


@api.post("/customers/{customer_id}/split")
def split_customer(customer_id: str, wanted: Split, where: Editor) -> Parted:
    """Take records out as a customer of their own; the two are never joined again by the machine."""
    who = where.visitor.who
    stayed, went = merging_step.split(where.store, where.settings, where.workspace, customer_id, wanted.out, who)
    return Parted(stayed=stayed, went=went)


@api.post("/customers/{customer_id}/forget")
def forget_customer(customer_id: str, where: Annotated[Visit, Depends(visit("forget_customers"))]) -> Forgotten:
    """Remove a customer everywhere, for good; the answer is the act of what went and where was looked."""
    return forget(where.store, where.settings, where.workspace, customer_id, where.visitor.who)


@pages.get("/customers")
def customers_page(request: Request, where: Reader, done: bool = False) -> Response:
    """All customers and the joins worth a look."""
    return _list_page(request, where, done=done)


@pages.post("/customers/find")
def find_on_page(request: Request, where: Reader, find: Annotated[str, Form(max_length=400)] = "") -> Response:
    """From a telephone, an e-mail, a document or a deal to the card; posted, so that no address holds it."""
    try:
        card = merging_step.read_card(where.store, where.settings, where.workspace, find.strip())
    except WhobuysError as error:
        return _list_page(request, where, find, error)
    return RedirectResponse(f"/customers/{card.customer}", status_code=303)


def _list_page(
    request: Request, where: Visit, find: str = "", error: WhobuysError | None = None, *, done: bool = False
) -> Response:
    frame = frame_for(request, where, "upload")
    view = customers_view(
        merging_step.list_customers(where.store, where.workspace),
        merging_step.read_log(where.store, where.workspace),
        Words(frame.formatter),
        frame.formatter,
        wanted=find,
        error=error.said_in(frame.language) if error else "",
        done=done,
    )
    return page(request, "customers.html", frame, status=error.status if error else 200, view=view)


@pages.get("/customers/{customer_id}")
def customer_page(customer_id: str, request: Request, where: Reader, done: bool = False) -> Response:
    """A customer's card."""
    return _card_page(request, where, customer_id, done=done)


def _card_page(
    request: Request, where: Visit, customer: str, error: WhobuysError | None = None, *, done: bool = False
) -> Response:
    frame = frame_for(request, where, "upload")
    card = merging_step.read_card(where.store, where.settings, where.workspace, customer)
    said = error.said_in(frame.language) if error else ""
    view = card_view(card, Words(frame.formatter), frame.formatter, error=said, done=done)
    return page(request, "customer.html", frame, status=error.status if error else 200, view=view)


@pages.post("/customers/{customer_id}/split")
def split_on_page(
    customer_id: str, request: Request, where: Editor, out: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Take the ticked records out."""
    try:
        merging_step.split(where.store, where.settings, where.workspace, customer_id, out or [], where.visitor.who)
    except WhobuysError as error:
        return _card_page(request, where, customer_id, error)
    return RedirectResponse("/customers?done=true", status_code=303)


@pages.post("/customers/{customer_id}/merge")
def merge_on_page(
    customer_id: str, request: Request, where: Editor, other: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Join with the customer named in the form."""
    try:
        card = merging_step.merge(
            where.store, where.settings, where.workspace, customer_id, other.strip(), where.visitor.who
        )
    except WhobuysError as error:
        return _card_page(request, where, customer_id, error)
    return RedirectResponse(f"/customers/{card.customer}?done=true", status_code=303)


@pages.post("/customers/log/{entry_id}/undo")
def undo_on_page(entry_id: str, request: Request, where: Editor) -> Response:
    """Undo an entry, then show the list."""
    try:
        merging_step.undo(where.store, where.settings, where.workspace, entry_id, where.visitor.who)
    except WhobuysError as error:
        return _list_page(request, where, "", error)
    return RedirectResponse("/customers?done=true", status_code=303)
