"""Taking a customer out of SQL: their rows, their words in results and receipts, and the proof that nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, String, Text, delete, select, text
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.ids import random_id, text_hash
from service.store.db import Store
from service.store.runs import result_hash
from service.store.tables import (
    AssignmentRow,
    AuditRow,
    Base,
    BriefRow,
    ClaimRow,
    CustomerRow,
    DealRow,
    DocumentRow,
    ForgottenRow,
    RejectRow,
    ResultRow,
    RunRow,
    SegmentRow,
    SourceFileRow,
    Upload,
    UtteranceRow,
    VectorRow,
)

GONE: Final = "[…]"
"""Stands where forgotten words stood in a result."""

TELLING: Final = 16
"""Letters from which an utterance is somebody's own: shorter ones ("да, хорошо") are everybody's."""

_PAYLOADS: Final = (SegmentRow, ClaimRow, ResultRow, BriefRow)

SHARED_BY_NAMESAKES: Final = ("name:", "title:")
"""Kinds of key that strangers may share."""


@dataclass(frozen=True)
class Traces:
    """Everything that points to a customer."""

    customer: str
    documents: frozenset[str]
    refs: frozenset[str]
    keys: frozenset[str]
    deals: int
    words: frozenset[str] = field(repr=False)
    """Their utterances long enough to be theirs alone, and not said by anybody else."""
    others: str = field(repr=False)
    """Everything said in other documents: words found here are nobody's own."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Strings that must be nowhere afterwards, longest first."""
        return tuple(sorted({self.customer, *self.documents, *self.refs, *self.words}, key=lambda m: (-len(m), m)))


def customer_of_document(session: Session, workspace: str, named: str) -> str | None:
    """Whose document this is, by its id or its reference."""
    found = select(DocumentRow.customer_id).where(
        DocumentRow.workspace_id == workspace, (DocumentRow.ref == named) | (DocumentRow.id == named)
    )
    return session.scalars(found).first()


def customer_holding(session: Session, workspace: str, keys: set[str]) -> str | None:
    """The first customer one of whose documents or deals carries one of these contact keys."""
    for table in (DocumentRow, DealRow):
        found = select(table.customer_id, table.keys).where(table.workspace_id == workspace)
        for customer, held in session.execute(found):
            if keys.intersection(held):
                return str(customer)
    return None


def traces_of(session: Session, workspace: str, customer: str) -> Traces:
    """What the database holds of a customer."""
    documents = session.scalars(
        select(DocumentRow).where(DocumentRow.workspace_id == workspace, DocumentRow.customer_id == customer)
    ).all()
    deals = session.scalars(
        select(DealRow).where(DealRow.workspace_id == workspace, DealRow.customer_id == customer)
    ).all()
    held = [row.keys for row in documents] + [row.keys for row in deals]
    # Barring a full name would bar everybody of that name.
    keys = {key for found in held for key in found if not key.startswith(SHARED_BY_NAMESAKES)}
    own, others = _words(session, workspace, {row.id for row in documents})
    return Traces(
        customer=customer,
        documents=frozenset(row.id for row in documents),
        refs=frozenset([*(row.ref for row in documents), *(row.ref for row in deals)]),
        keys=frozenset(keys - _keys_of_others(session, workspace, customer)),
        deals=len(deals),
        words=frozenset(words for words in own if len(words) >= TELLING and words not in others),
        others=others,
    )


def _keys_of_others(session: Session, workspace: str, customer: str) -> set[str]:
    """Keys that stand for more than one customer (an office phone): barring them would bar the others."""
    return {
        key
        for table in (DocumentRow, DealRow)
        for keys in session.scalars(
            select(table.keys).where(table.workspace_id == workspace, table.customer_id != customer)
        )
        for key in keys
    }


def _words(session: Session, workspace: str, documents: set[str]) -> tuple[set[str], str]:
    """Utterances of these documents, and everything said in all others as one text."""
    own: set[str] = set()
    others: list[str] = []
    said = select(UtteranceRow.document_id, UtteranceRow.text).where(UtteranceRow.workspace_id == workspace)
    for document, words in session.execute(said):
        if document in documents:
            own.add(words.strip())
        else:
            others.append(words)
    return own, "\n".join(others)


class Erased(NamedTuple):
    """`results` payloads were corrected; `marks` are the strings that must be nowhere now."""

    results: int
    marks: tuple[str, ...]


def erase(session: Session, workspace: str, traces: Traces, who: str) -> Erased:
    """Delete the rows, blank the words in results, bar the keys, note the act."""
    marks = (*traces.marks, *sorted(_quotes(session, workspace, traces)))
    touched = _blank_results(session, workspace, marks)
    _delete(session, UtteranceRow, UtteranceRow.workspace_id == workspace, UtteranceRow.document_id, traces.documents)
    for table in (DocumentRow, DealRow, AssignmentRow):
        session.execute(delete(table).where(table.workspace_id == workspace, table.customer_id == traces.customer))
    session.execute(delete(CustomerRow).where(CustomerRow.workspace_id == workspace, CustomerRow.id == traces.customer))
    _delete(session, SourceFileRow, SourceFileRow.workspace_id == workspace, SourceFileRow.path, traces.refs)
    _delete_rejects(session, workspace, traces.refs)
    for key in sorted({*traces.keys, *(f"ref:{text_hash(ref)}" for ref in traces.refs)}):
        session.merge(ForgottenRow(workspace_id=workspace, key=key, created_at=now()))
    session.flush()
    _mark_runs_stale(session, workspace)
    counts = {"documents": len(traces.documents), "deals": traces.deals, "results": touched}
    session.add(
        AuditRow(
            workspace_id=workspace, id=random_id("e"), at=now(), who=who, what="customer forgotten", details=counts
        )
    )
    return Erased(touched, marks)


def forget_vectors_except(session: Session, workspace: str, texts: Iterable[str]) -> int:
    """Delete cached vectors of everything but `texts`: a vector can be read back into words.

    A vector that cannot be traced to a kept text goes too; the next analysis makes it again.
    """
    wanted = {text_hash(words) for words in texts}
    held = session.scalars(select(VectorRow.content_hash).where(VectorRow.workspace_id == workspace)).all()
    gone = set(held) - wanted
    _delete(session, VectorRow, VectorRow.workspace_id == workspace, VectorRow.content_hash, gone)
    return sum(content_hash in gone for content_hash in held)


def find_left(store: Store, workspace: str, marks: Iterable[str]) -> list[str]:
    """`table.column` of every text that still holds one of `marks`: the proof is that there is none."""
    wanted = tuple(marks)
    found: set[str] = set()
    with store.session() as session:
        for table in Base.metadata.sorted_tables:
            readable = [c for c in table.columns if isinstance(c.type, (String, Text, JSON))]
            if "workspace_id" not in table.columns or not readable:
                continue
            rows = session.execute(select(*readable).where(table.columns["workspace_id"] == workspace))
            for row in rows.mappings():
                for name, value in row.items():
                    if value is not None and any(mark in words for words in _strings(value) for mark in wanted):
                        found.add(f"{table.name}.{name}")
    return sorted(found)


def find_in_files(home: Path, marks: Iterable[str]) -> list[str]:
    """Files beside the database that hold one of `marks`: briefs and tables somebody saved there."""
    wanted = [mark.encode() for mark in marks]
    kept = {".db", ".db-wal", ".db-shm", ".lock"}
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix not in kept and any(mark in path.read_bytes() for mark in wanted):
            found.append(str(path))
    return found


def wipe_free_space(store: Store) -> None:
    """Let no deleted byte stay in the files: SQLite's log and free pages, PostgreSQL's dead rows."""
    if store.dialect == "postgresql":
        with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM"))
        return
    raw = store.engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement).fetchall()
    finally:
        raw.close()


def _payloads(session: Session, workspace: str) -> Iterator[tuple[Any, str]]:
    """(row, column) of everything a run or an upload wrote as JSON."""
    for table, column in [*((table, "payload") for table in _PAYLOADS), (Upload, "receipt")]:
        for row in session.scalars(select(table).where(table.workspace_id == workspace)):
            yield row, column


def _quotes(session: Session, workspace: str, traces: Traces) -> set[str]:
    """Parts of their utterances, and of nobody else's, that any result quotes."""
    payloads = _payloads(session, workspace)
    quoted = {words for row, column in payloads for words in _quoted(getattr(row, column), traces)}
    return {words for words in quoted if words not in traces.others}


def _blank_results(session: Session, workspace: str, marks: Iterable[str]) -> int:
    """Replace their words, ids and references in every payload and receipt; the structure stays readable."""
    touched, blank = 0, _blanker(marks)
    for row, column in _payloads(session, workspace):
        before = getattr(row, column)
        after = _mapped(before, blank)
        if after != before:
            setattr(row, column, after)
            touched += 1
    session.flush()
    return touched


def _quoted(value: Any, traces: Traces) -> Iterator[str]:
    """Texts of quotes (located parts of their utterances), wherever a record names their document or id."""
    if isinstance(value, dict):
        words = value.get("text")
        about = {value.get("document"), value.get("customer"), *_source(value.get("source"))}
        if isinstance(words, str) and len(words) >= TELLING // 2 and about & {traces.customer, *traces.documents}:
            yield words
        for item in value.values():
            yield from _quoted(item, traces)
    elif isinstance(value, list):
        for item in value:
            yield from _quoted(item, traces)


def _source(value: Any) -> tuple[str, ...]:
    """`document:<id>/3/0-20` names a document."""
    return (value.removeprefix("document:").split("/")[0],) if isinstance(value, str) else ()


def _blanker(marks: Iterable[str]) -> Callable[[str], str]:
    ordered = sorted(set(marks), key=lambda mark: (-len(mark), mark))

    def blank(words: str) -> str:
        for mark in ordered:
            if mark in words:
                words = words.replace(mark, GONE)
        return words

    return blank


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {change(key): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _delete_rejects(session: Session, workspace: str, refs: frozenset[str]) -> None:
    """Places inside their files may hold a phone number in the name."""
    for row in session.scalars(select(RejectRow).where(RejectRow.workspace_id == workspace)).all():
        if any(row.place == ref or row.place.startswith((f"{ref}:", f"{ref}#")) for ref in refs):
            session.delete(row)


def _mark_runs_stale(session: Session, workspace: str) -> None:
    """Earlier results counted this customer; whoever keeps a result by its hash must read it again."""
    for row in session.scalars(select(RunRow).where(RunRow.workspace_id == workspace)):
        row.manifest = {**row.manifest, "stale": True}
        if row.result_hash is not None:
            row.result_hash = result_hash(session, workspace, row.id)


def _delete(session: Session, table: type[Base], where: Any, column: Any, values: Iterable[str]) -> None:
    ordered = sorted(values)
    for start in range(0, len(ordered), 500):
        session.execute(delete(table).where(where, column.in_(ordered[start : start + 500])))
