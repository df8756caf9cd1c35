"""The same text in two uploads, word for word or nearly, marked as in one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.repeats import NEAR, SAME_CALL_WORDS, nearly, words_of
from service.store.tables import DocumentRow, UtteranceRow

MARKS = frozenset({"duplicate", "near_duplicate", "empty"})
CALL = "call"
CHUNK = 400


def flag_duplicates(session: Session, workspace: str) -> None:
    """Equal texts: of one customer, or of anybody when they are long enough.

    The first by time and reference stands, as in `ingest.repeats`.
    """
    mine = DocumentRow.workspace_id == workspace
    again = select(DocumentRow.content_hash).where(mine).group_by(DocumentRow.content_hash).having(func.count() > 1)
    found = session.scalars(select(DocumentRow).where(mine, DocumentRow.content_hash.in_(again))).all()
    alike: dict[str, list[DocumentRow]] = defaultdict(list)
    for row in sorted(found, key=_order):
        if "duplicate" not in row.flags and "empty" not in row.flags:
            alike[row.content_hash].append(row)
    for group in alike.values():
        if len(group) > 1:
            anybody = len(_words(session, workspace, [group[0].id])[group[0].id]) >= SAME_CALL_WORDS
            first: set[str] = set()
            for row in group:
                owner = "" if anybody else row.customer_id
                if owner in first:
                    row.flags = sorted({*row.flags, "duplicate"})
                first.add(owner)
    session.flush()


def flag_near_duplicates(session: Session, workspace: str, fresh: set[str]) -> None:
    """Nearly equal texts among documents of these ids and those they may repeat: of the same customer or minute, and
    for calls any of about their length, since a call recognised anew need not name its customer.

    A text that repeats within its own upload was marked there.
    """
    found = list(_kin(session, workspace, fresh))
    if not {row.id for row in found} - fresh:
        return
    _mark_nearly(session, workspace, found, fresh)


def unflag(session: Session, workspace: str, hashes: set[str], customers: set[str], moments: set[datetime]) -> None:
    """After documents went: what was marked as their repeat is looked at afresh."""
    marked: list[DocumentRow] = []
    for row in session.scalars(select(DocumentRow).where(DocumentRow.workspace_id == workspace)):
        kin = row.customer_id in customers or row.occurred_at in moments or row.kind == CALL
        gone = {"duplicate"} if row.content_hash in hashes else set()
        gone |= {"near_duplicate"} if kin else set()
        if gone & set(row.flags):
            row.flags = [flag for flag in row.flags if flag not in gone]
            marked.append(row)
    session.flush()
    if marked:
        again = {row.id for row in marked}
        _mark_nearly(session, workspace, list(_kin(session, workspace, again)), again)


def _mark_nearly(session: Session, workspace: str, found: list[DocumentRow], fresh: set[str]) -> None:
    standing = [row for row in sorted(found, key=_order) if not MARKS & set(row.flags)]
    words = _words(session, workspace, [row.id for row in standing])
    for again in nearly([(row.id, words[row.id]) for row in standing], fresh):
        row = session.get_one(DocumentRow, (workspace, again))
        row.flags = sorted({*row.flags, "near_duplicate"})
    session.flush()


def _kin(session: Session, workspace: str, ids: set[str]) -> Iterator[DocumentRow]:
    """The documents of these ids and all of their customers and moments, each once."""
    here = DocumentRow.workspace_id == workspace
    customers, moments = set[str](), set[datetime]()
    for chunk in _chunks(ids):
        own = select(DocumentRow.customer_id, DocumentRow.occurred_at).where(here, DocumentRow.id.in_(chunk))
        for customer, moment in session.execute(own):
            customers.add(customer)
            if moment is not None and (moment.hour or moment.minute):  # a day without a time says little
                moments.add(moment)
    seen: set[str] = set()
    for column, values in ((DocumentRow.customer_id, customers), (DocumentRow.occurred_at, moments)):
        for chunk in _chunks(values):
            for row in session.scalars(select(DocumentRow).where(here, column.in_(chunk))):
                if row.id not in seen:
                    seen.add(row.id)
                    yield row
    for chunk in _chunks(_as_long(session, workspace, ids) - seen):
        yield from session.scalars(select(DocumentRow).where(here, DocumentRow.id.in_(chunk)))


def _as_long(session: Session, workspace: str, ids: set[str]) -> set[str]:
    """Calls about as long as one of these calls: texts of which one is far longer cannot nearly be one."""
    said = (
        select(DocumentRow.id, func.sum(func.length(UtteranceRow.text)))
        .join(
            UtteranceRow,
            (UtteranceRow.document_id == DocumentRow.id) & (UtteranceRow.workspace_id == DocumentRow.workspace_id),
        )
        .where(DocumentRow.workspace_id == workspace, DocumentRow.kind == CALL, UtteranceRow.speaker != "agent")
        .group_by(DocumentRow.id)
    )
    if not any(kind == CALL for kind in _kinds(session, workspace, ids)):
        return set()
    lengths = {document: int(length) for document, length in session.execute(said)}
    own = sorted(lengths[one] for one in ids if one in lengths)
    return {
        document
        for document, length in lengths.items()
        if (at := bisect_left(own, NEAR * length)) < len(own) and own[at] * NEAR <= length
    }


def _kinds(session: Session, workspace: str, ids: set[str]) -> Iterator[str]:
    for chunk in _chunks(ids):
        yield from session.scalars(
            select(DocumentRow.kind).where(DocumentRow.workspace_id == workspace, DocumentRow.id.in_(chunk)).distinct()
        )


def _words(session: Session, workspace: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """What was not said by the agent, as plain words, by document."""
    said: dict[str, list[str]] = {one: [] for one in ids}
    for chunk in _chunks(said):
        found = select(UtteranceRow.document_id, UtteranceRow.text).where(
            UtteranceRow.workspace_id == workspace,
            UtteranceRow.document_id.in_(chunk),
            UtteranceRow.speaker != "agent",
        )
        for document, text in session.execute(found.order_by(UtteranceRow.document_id, UtteranceRow.position)):
            said[document].append(text)
    return {document: words_of("\n".join(texts)) for document, texts in said.items()}


def _order(row: DocumentRow) -> tuple[bool, str, str]:
    return row.occurred_at is None, str(row.occurred_at), row.ref


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
