"""Notes and activities of a CRM: amoCRM, HubSpot, Bitrix24, Salesforce and tables like theirs."""

from __future__ import annotations

import re

from ingest.model import DocumentKind
from ingest.raw import RawDocument, RawFile, RawUtterance
from ingest.readers.columns import Table
from ingest.readers.dialogue import is_role, turns_of
from ingest.readers.sheet import Row
from ingest.readers.source import RejectedRow, clean, listed, rejected
from ingest.readers.who import moment_of, person_of, staff_of

_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|p|url|user|list|quote|code|color|size|img|table|tr|td|\*)(?:=[^\]]*)?\]", re.IGNORECASE
)
TELLING_SUBJECTS = 0.5
"""Subjects are part of the note only when at least this share of them differ: `Call` and `Звонок` say nothing."""


def read(table: Table) -> RawFile:
    """One note a row; rows without a single filled cell of a note are listed."""
    subjects = _subjects_tell(table)
    documents: list[RawDocument] = []
    rejects: list[RejectedRow] = [*table.rejects, *unused_columns(table)]
    for row in table.rows:
        if not table.first(row, "text", "subject", "full_name", "phone", "email", "deal_ref", "contact_id"):
            rejects.append(rejected("empty_row", table.place(row)))
        else:
            documents.append(_note(table, row, subjects))
    return RawFile(documents=tuple(documents), rejects=tuple(rejects), rows=len(documents))


def _subjects_tell(table: Table) -> bool:
    subjects = table.values("subject")
    return bool(subjects) and len(set(subjects)) >= max(2, TELLING_SUBJECTS * len(subjects))


def _note(table: Table, row: Row, subjects: bool) -> RawDocument:
    text = note_text(table.first(row, "text"))
    subject = note_text(table.first(row, "subject")) if subjects or not text else ""
    talk = _talk(text)
    if subject and subject.lower() not in text.lower():
        text = f"{subject}\n{text}".strip()
    return RawDocument(
        ref=table.ref_of(row),
        kind=DocumentKind.CALL if talk else DocumentKind.NOTE,
        reader="sales_notes",
        utterances=talk or (RawUtterance(text),),
        contact=person_of(table, row),
        staff=staff_of(table, row),
        occurred_at=moment_of(table, row, "occurred", "created"),
        campaign=table.first(row, "campaign") or None,
        ad=table.first(row, "ad") or None,
    )


def _talk(text: str) -> tuple[RawUtterance, ...]:
    """The turns of a transcript kept in a cell: two or more with role labels; none for a note."""
    if text.count(":") < 2:
        return ()
    turns = turns_of(text.split("\n"))
    roles = {turn.tag for turn in turns if turn.tag and is_role(turn.tag)}
    return turns if len(turns) > 1 and len(roles) > 1 else ()


def note_text(text: str) -> str:
    """A note without BBCode tags."""
    return clean(_BBCODE.sub("", text)) if "[" in text else clean(text)


def unused_columns(table: Table) -> list[RejectedRow]:
    """One line naming the columns no field was found for, so that nothing is left out in silence."""
    names = [table.headers[index] for index in table.unknown if any(row.cells[index] for row in table.rows)]
    return [rejected("unused_columns", table.source.path, columns=listed(names))] if names else []
