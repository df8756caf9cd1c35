"""HTTP: uploads with their receipts, the rejects list, customers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from ingest.model import Reject
from service.core.clock import now
from service.core.errors import BadInput
from service.core.records import from_json
from service.corpus.intake import (
    KINDS,
    MAX_FILES,
    MAX_NOTE_LETTERS,
    Note,
    checked_note,
    free_place,
    note_table,
    safe_path,
    without_container,
)
from service.corpus.places import receipt_without_contacts, reject_without_contacts
from service.corpus.receipt import Receipt
from service.corpus.repository import rejects_of
from service.corpus.speaking import as_shown
from service.corpus.speaking_step import hearing, read_call, set_back, set_roles
from service.corpus.step import ingest_paths
from service.corpus.undoing import Undoing
from service.corpus.undoing_step import preview_undo, undo_upload
from service.store.routes import PROBLEMS, Visit, visit
from service.store.uploads import recent_receipts, upload_receipt

router = APIRouter(tags=["corpus"], responses=PROBLEMS)

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "note": {"type": "string", "description": "A note as text, instead of or beside files."},
                        "phone": {"type": "string", "description": "The telephone of the note's customer."},
                        "email": {"type": "string", "description": "The e-mail of the note's customer."},
                        "day": {"type": "string", "description": "The day of the talk; default: today."},
                        "kind": {"type": "string", "enum": list(KINDS), "description": "What all of it is."},
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True)
class Parcel:
    """What a form carried: files by safe relative path, a note, what the sender says they are."""

    files: tuple[tuple[PurePosixPath, UploadFile], ...]
    note: Note | None
    kind: str | None


class Rejects(BaseModel):
    """Everything that could not be used, newest state of each file."""

    rejects: list[Reject]


class Uploads(BaseModel):
    """Uploads with their receipts. `next` is the value of `before` for the older ones, null when there are none."""

    uploads: list[Receipt]
    next: str | None


async def take_parcel(request: Request) -> Parcel:
    """Read the multipart form. BadInput when it is none, holds nothing, or too much."""
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=50, max_part_size=4 * MAX_NOTE_LETTERS)
    except HTTPException as error:
        raise BadInput(
            f"The upload could not be read as a form: {error.detail}",
            ru=f"Загрузку не удалось прочитать как форму: {error.detail}",
        ) from error
    parcel = _parcel(form)
    if not parcel.files and not parcel.note:
        raise BadInput(
            "Nothing was sent: choose files, or paste a note.",
            ru="Ничего не прислано: выберите файлы или вставьте заметку.",
        )
    return parcel


def _parcel(form: FormData) -> Parcel:
    sent = [part for name in ("files", "folder") for part in form.getlist(name)]
    uploads = [part for part in sent if isinstance(part, UploadFile) and part.filename]
    paths = without_container([safe_path(part.filename or "", i) for i, part in enumerate(uploads, start=1)])
    said = {name: str(form.get(name) or "") for name in ("phone", "email", "day")}
    text = str(form.get("note") or "").strip()
    note = checked_note(text, **said, today=now().date()) if text else None
    kind = str(form.get("kind") or "") or None
    if kind is not None and kind not in KINDS:
        raise BadInput(f"Unknown kind {kind!r}; use one of: {', '.join(KINDS)}.")
    return Parcel(tuple(zip(paths, uploads, strict=True)), note, kind)


def ingest_parcel(where: Visit, parcel: Parcel) -> Receipt:
    """Write the parcel to a folder that lives only for this call, and ingest it as the command line would.

    Files and a note are one upload, unless the files are said to be of another kind: then the receipt is theirs.
    """
    scratch = where.settings.home / "incoming"
    scratch.mkdir(parents=True, exist_ok=True)
    apart = parcel.note is not None and (not parcel.files or parcel.kind not in (None, "note"))
    receipt: Receipt | None = None
    if parcel.note is not None and apart:
        receipt = ingest_note(where, parcel.note, parcel.kind)
    if parcel.files:
        with tempfile.TemporaryDirectory(dir=scratch) as name:
            folder = _lay_files(Path(name), parcel)
            if parcel.note is not None and not apart:
                _lay_note(folder, parcel.note, parcel.kind)
            receipt = _ingest(where, folder, parcel.kind, "files")
    if receipt is None:
        raise ValueError("an empty parcel is refused before it comes here")
    return receipt


def ingest_note(where: Visit, note: Note, kind: str | None = None) -> Receipt:
    """Take a pasted note, of a kind other than a note where the sender says so."""
    scratch = where.settings.home / "incoming"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        return _ingest(where, _lay_note(Path(name), note, kind), None if kind == "note" else kind, "note")


def _ingest(where: Visit, folder: Path, kind: str | None, channel: str) -> Receipt:
    who = where.visitor.who
    return ingest_paths(where.store, where.settings, where.workspace, [folder], kind=kind, who=who, channel=channel)


def _lay_files(folder: Path, parcel: Parcel) -> Path:
    for relative, part in parcel.files:
        with free_place(folder, relative).open("wb") as target:
            shutil.copyfileobj(part.file, target)
    return folder


def _lay_note(folder: Path, note: Note, kind: str | None) -> Path:
    if kind in (None, "note"):
        (folder / f"{note.name}.csv").write_text(note_table(note, now().date()), encoding="utf-8")
    else:
        (folder / f"{note.name}.txt").write_text(note.text, encoding="utf-8")
    return folder


def load_receipt(where: Visit, upload_id: str) -> Receipt:
    """The receipt of an upload. NotFound for an unknown or foreign id."""
    with where.session() as session:
        return from_json(Receipt, upload_receipt(session, where.workspace, upload_id))


def shown_receipt(where: Visit, receipt: Receipt) -> Receipt:
    """The receipt as this visitor may see it: a file's name may be somebody's telephone."""
    return receipt if where.visitor.may("read_customers") else receipt_without_contacts(receipt)


def shown_rejects(where: Visit, rejects: Sequence[Reject]) -> tuple[Reject, ...]:
    """The same for rejects."""
    return tuple(rejects) if where.visitor.may("read_customers") else tuple(map(reject_without_contacts, rejects))


@router.post("/uploads", status_code=201, openapi_extra=UPLOAD_BODY)
async def upload_files(
    request: Request, response: Response, where: Annotated[Visit, Depends(visit("upload"))]
) -> Receipt:
    """Take any number of files, or a note; answer with what was recognised, joined, redacted, rejected and why."""
    receipt = await run_in_threadpool(ingest_parcel, where, await take_parcel(request))
    await run_in_threadpool(request.app.state.uploaded, where.workspace)
    response.headers["Location"] = f"/api/v1/uploads/{receipt.id}"
    return shown_receipt(where, receipt)


@router.get("/uploads")
def list_uploads(
    where: Annotated[Visit, Depends(visit("read_uploads"))],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[str | None, Query(max_length=40, description="Only uploads older than this one.")] = None,
    mine: Annotated[bool, Query(description="Only those that this key or person sent.")] = False,
) -> Uploads:
    """Receipts of uploads, newest first; `next` goes on with older ones."""
    who = where.visitor.who if mine else None
    with where.session() as session:
        found = [from_json(Receipt, one) for one in recent_receipts(session, where.workspace, limit + 1, before, who)]
    shown = [shown_receipt(where, receipt) for receipt in found[:limit]]
    return Uploads(uploads=shown, next=found[limit - 1].id if len(found) > limit else None)


@router.get("/uploads/{upload_id}")
def read_upload(upload_id: str, where: Annotated[Visit, Depends(visit("read_uploads"))]) -> Receipt:
    """The receipt of an earlier upload."""
    return shown_receipt(where, load_receipt(where, upload_id))


@router.get("/uploads/{upload_id}/undo")
def read_undo(upload_id: str, where: Annotated[Visit, Depends(visit("read_uploads"))]) -> Undoing:
    """What taking the upload back would do, and which later uploads stand in the way."""
    return preview_undo(where.store, where.workspace, upload_id)


@router.post("/uploads/{upload_id}/undo")
def undo(upload_id: str, where: Annotated[Visit, Depends(visit("undo_uploads"))]) -> Undoing:
    """Take an upload back: what it brought goes, what it replaced returns. 409 with the reason where it cannot be."""
    return take_back(where, upload_id)


def take_back(where: Visit, upload_id: str) -> Undoing:
    """Undo an upload of one's own, or anybody's where the role covers that."""
    if load_receipt(where, upload_id).who != where.visitor.who:
        where.visitor.require("undo_any_upload")
    return undo_upload(where.store, where.workspace, upload_id, where.visitor.who)


@router.get("/rejects")
def list_rejects(where: Annotated[Visit, Depends(visit("read_uploads"))]) -> Rejects:
    """Files and rows that could not be used, with the reason in both languages."""
    with where.session() as session:
        return Rejects(rejects=list(shown_rejects(where, rejects_of(session, where.workspace))))


class RolesToSet(BaseModel):
    """Who speaks in a call: a voice (`SPEAKER_00`) or lines (`@3`, `@4-9`, from 0) → agent, customer or unknown."""

    model_config = ConfigDict(extra="forbid")
    roles: dict[str, str] = Field(min_length=1, max_length=5000)


class Speakers(BaseModel):
    """`waiting`: calls kept out because it is unclear who the customer is; `chosen`: calls a person has set."""

    waiting: list[dict[str, Any]]
    chosen: list[dict[str, Any]]


@router.get("/speakers")
def list_speakers(where: Annotated[Visit, Depends(visit("read_speakers"))]) -> Speakers:
    """Calls that wait for a person, with two lines of every voice, and those that a person has set."""
    found = hearing(where.store, where.workspace)
    return Speakers(waiting=list(map(as_shown, found.waiting)), chosen=list(map(as_shown, found.chosen)))


@router.get("/speakers/{call_id}")
def read_speakers(call_id: str, where: Annotated[Visit, Depends(visit("read_speakers"))]) -> dict[str, Any]:
    """One call with all its lines: positions, voices, roles, confidence."""
    return as_shown(read_call(where.store, where.workspace, call_id), lines=True)


@router.post("/speakers/{call_id}")
def set_speakers(
    call_id: str, said: RolesToSet, where: Annotated[Visit, Depends(visit("set_speakers"))]
) -> dict[str, Any]:
    """Keep who speaks; the next analysis uses it, later uploads of the same file too."""
    return as_shown(set_roles(where.store, where.workspace, call_id, said.roles, where.visitor.who))


@router.delete("/speakers/{call_id}")
def unset_speakers(call_id: str, where: Annotated[Visit, Depends(visit("set_speakers"))]) -> dict[str, Any]:
    """Take back what was set in a call."""
    return as_shown(set_back(where.store, where.workspace, call_id, where.visitor.who))
