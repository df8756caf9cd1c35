"""HTTP: a pasted note with its customer's segment and the hints for the next call, for machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.core.clock import now
from service.core.numbers import Language
from service.corpus.intake import MAX_NOTE_LETTERS, checked_note
from service.corpus.receipt import Receipt
from service.corpus.repository.undoing import customers_of_upload
from service.corpus.routes import ingest_note, load_receipt, shown_receipt
from service.store.routes import PROBLEMS, Visit, visit
from service.web.frames import language_for
from service.web.next_calls import next_calls
from service.web.pages.next_call import NextCall

router = APIRouter(tags=["corpus"], responses=PROBLEMS)

SHOWN_CUSTOMERS = 20
"""Customers of one upload for whom hints are told."""
PLACING_TIME = timedelta(minutes=10)
"""After this nobody waits for a place any more: the next analysis will give it."""


class NoteToTake(BaseModel):
    """What a seller wrote after a talk. Telephone or e-mail tell whose it is; else those in the text do."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=MAX_NOTE_LETTERS)
    phone: str = Field(default="", max_length=60)
    email: str = Field(default="", max_length=200)
    day: str = Field(default="", max_length=10, description="Day of the talk, such as 2026-02-03; default: today.")


class NoteTaken(BaseModel):
    """The receipt, and the customer's next call. `placing`: ask for the upload's customers again in a few seconds."""

    receipt: Receipt
    customers: list[NextCall]


class UploadCustomers(BaseModel):
    """Customers of an upload with their segments and hints; `total` where there are more than shown."""

    customers: list[NextCall]
    total: int


def calls_of_upload(where: Visit, upload_id: str, language: Language) -> UploadCustomers:
    """Segments and hints for the customers an upload brought. NotFound for an unknown upload."""
    receipt = load_receipt(where, upload_id)
    with where.session() as session:
        customers, total = customers_of_upload(session, where.workspace, upload_id, SHOWN_CUSTOMERS)
    calls = next_calls(where, customers, language)
    if now() - receipt.created_at > PLACING_TIME:
        calls = [replace(call, state="later") if call.state == "placing" else call for call in calls]
    return UploadCustomers(customers=calls, total=total)


@router.post("/notes", status_code=201)
def take_note(
    note: NoteToTake, request: Request, response: Response, where: Annotated[Visit, Depends(visit("upload"))]
) -> NoteTaken:
    """Take a note; answer with what was understood and hidden, whose it is, their segment and the next call's hints."""
    checked = checked_note(note.text, note.phone, note.email, note.day, now().date())
    receipt = ingest_note(where, checked)
    request.app.state.uploaded(where.workspace)
    response.headers["Location"] = f"/api/v1/uploads/{receipt.id}"
    shown = shown_receipt(where, receipt)
    return NoteTaken(receipt=shown, customers=calls_of_upload(where, receipt.id, language_for(request)).customers)


@router.get("/uploads/{upload_id}/customers")
def read_upload_customers(
    upload_id: str,
    request: Request,
    where: Annotated[Visit, Depends(visit("read_uploads"))],
    lang: Annotated[Language | None, Query()] = None,
) -> UploadCustomers:
    """Whom an upload is about: segment, and the hints for the next call."""
    return calls_of_upload(where, upload_id, lang or language_for(request))
