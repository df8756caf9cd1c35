"""Taking a customer out of SQL: their rows, their words in results and receipts, and the proof that nothing is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ingest.clues import proves
from ingest.contacts import Keys
from service.core.clock import now
from service.core.ids import random_id, text_hash
from service.store.runs import result_hash
from service.store.tables import (
    AssignmentRow,
    AuditRow,
    Base,
    BriefDecisionRow,
    BriefRow,
    BriefVersionRow,
    ClaimRow,
    ColumnMappingRow,
    CustomerDecisionRow,
    CustomerRow,
    DealRow,
    DocumentRow,
    ForgottenRow,
    KeptRow,
    LineageRow,
    MergeLogRow,
    ModelAnswerRow,
    RejectRow,
    ResultRow,
    RunRow,
    SegmentEditRow,
    SegmentRow,
    SourceFileRow,
    SpeakerRolesRow,
    Upload,
    UtteranceRow,
    VectorRow,
    Workspace,
)

GONE: Final = "[…]"
"""Stands where forgotten words stood in a result."""

TELLING: Final = 16
"""Letters from which an utterance is somebody's own: shorter ones ("да, хорошо") are everybody's."""

_PAYLOADS: Final = (SegmentRow, ClaimRow, ResultRow, BriefRow, BriefVersionRow, LineageRow, SegmentEditRow)


@dataclass(frozen=True)
class Traces:
    """Everything that points to a customer."""

    customer: str
    documents: frozenset[str]
    refs: frozenset[str]
    keys: frozenset[str]
    deals: int
    records: frozenset[str]
    """Marks of their records (salted hashes of references), as decisions, the merge log and the bar name them."""
    words: frozenset[str] = field(repr=False)
    """Their utterances long enough to be theirs alone, and not said by anybody else."""
    others: str = field(repr=False)
    """Everything said in other documents: words found here are nobody's own."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Strings that must be nowhere afterwards, longest first."""
        named = {self.customer, *self.documents, *self.refs, *self.words}
        return tuple(sorted(named, key=lambda mark: (-len(mark), mark)))


def traces_of(session: Session, workspace: str, customer: str) -> Traces:
    """What the database holds of a customer."""
    documents = session.scalars(
        select(DocumentRow).where(DocumentRow.workspace_id == workspace, DocumentRow.customer_id == customer)
    ).all()
    deals = session.scalars(
        select(DealRow).where(DealRow.workspace_id == workspace, DealRow.customer_id == customer)
    ).all()
    held = [row.keys for row in documents] + [row.keys for row in deals]
    # Barring a name, or a number that was only mentioned, would bar strangers.
    keys = {key for found in held for key in found if proves(key)}
    own, others = _words(session, workspace, {row.id for row in documents})
    hashed = Keys(session.get_one(Workspace, workspace).salt, "")
    return Traces(
        customer=customer,
        documents=frozenset(row.id for row in documents),
        refs=frozenset([*(row.ref for row in documents), *(row.ref for row in deals)]),
        keys=frozenset(keys - _keys_of_others(session, workspace, customer)),
        deals=len(deals),
        records=frozenset(map(hashed.of_ref, [*(row.ref for row in documents), *(row.ref for row in deals)])),
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
    """`removed`: rows deleted, results corrected, by what they were; `marks` are the strings that must be nowhere."""

    removed: dict[str, int]
    marks: tuple[str, ...]


def erase(session: Session, workspace: str, traces: Traces, who: str) -> Erased:
    """Delete the rows, blank the words in results, bar the keys, note the act."""
    marks = (*traces.marks, *sorted(_quotes(session, workspace, traces)))
    removed = Counter({"documents": len(traces.documents), "deals": traces.deals})
    _forget_edits(session, workspace, traces)
    removed["results"] = _blank_results(session, workspace, marks)
    for table in (UtteranceRow, SpeakerRolesRow):
        where = table.workspace_id == workspace
        removed[table.__tablename__] = _delete(session, table, where, table.document_id, traces.documents)
    for owned in (DocumentRow, DealRow, AssignmentRow):
        session.execute(delete(owned).where(owned.workspace_id == workspace, owned.customer_id == traces.customer))
    session.execute(delete(CustomerRow).where(CustomerRow.workspace_id == workspace, CustomerRow.id == traces.customer))
    files = SourceFileRow.workspace_id == workspace
    removed["files"] = _delete(session, SourceFileRow, files, SourceFileRow.path, traces.refs)
    removed["rejects"] = _delete_rejects(session, workspace, traces.refs)
    removed["merge_log"] = _forget_merging(session, workspace, traces.records)
    removed["kept_rows"] = _forget_kept(session, workspace, traces, marks)
    removed["model_answers"] = _forget_answers(session, workspace)
    _empty_samples(session, workspace)
    for key in sorted(traces.keys | traces.records):
        session.merge(ForgottenRow(workspace_id=workspace, key=key, created_at=now()))
    session.flush()
    _mark_runs_stale(session, workspace)
    counts = {name: removed[name] for name in ("documents", "deals", "results")}
    session.add(
        AuditRow(
            workspace_id=workspace, id=random_id("e"), at=now(), who=who, what="customer forgotten", details=counts
        )
    )
    return Erased(dict(sorted(removed.items())), marks)


def _forget_answers(session: Session, workspace: str) -> int:
    """All kept answers of a language model: what each was made from is kept as a hash only, so none can be cleared."""
    where = ModelAnswerRow.workspace_id == workspace
    gone = session.scalar(select(func.count()).select_from(ModelAnswerRow).where(where)) or 0
    session.execute(delete(ModelAnswerRow).where(where))
    return gone


def _forget_merging(session: Session, workspace: str, records: frozenset[str]) -> int:
    """Take the records out of people's decisions and the log of joins; returns how many entries went."""
    gone = 0
    for join in session.scalars(select(MergeLogRow).where(MergeLogRow.workspace_id == workspace)).all():
        if {join.one, join.other} & records:
            session.delete(join)
            gone += 1
    said = select(CustomerDecisionRow).where(CustomerDecisionRow.workspace_id == workspace)
    for row in session.scalars(said).all():
        one, other = ([mark for mark in side if mark not in records] for side in (row.one, row.other))
        if one and other:
            row.one, row.other = one, other
        else:
            session.delete(row)
            gone += 1
    return gone


def _forget_edits(session: Session, workspace: str, traces: Traces) -> None:
    """What people said of the customer's place, with what undid it; of a split segment's parts only their name."""
    rows = session.scalars(select(SegmentEditRow).where(SegmentEditRow.workspace_id == workspace)).all()
    customer, gone = traces.customer, set[str]()
    for row in sorted(rows, key=lambda row: row.number):
        theirs = row.payload.get("customer") == customer or row.payload.get("document") in traces.documents
        if theirs or row.payload.get("undoes") in gone:
            gone.add(row.id)
            session.delete(row)
        elif any(customer in part["customers"] for part in row.payload.get("parts", ())):
            kept = [{**p, "customers": [c for c in p["customers"] if c != customer]} for p in row.payload["parts"]]
            row.payload = {**row.payload, "parts": kept}


def forget_vectors_except(session: Session, workspace: str, texts: Iterable[str]) -> int:
    """Delete cached vectors of everything but `texts`: a vector can be read back into words.

    A vector that cannot be traced to a kept text goes too; the next analysis makes it again.
    """
    wanted = {text_hash(words) for words in texts}
    held = session.scalars(select(VectorRow.content_hash).where(VectorRow.workspace_id == workspace)).all()
    gone = set(held) - wanted
    _delete(session, VectorRow, VectorRow.workspace_id == workspace, VectorRow.content_hash, gone)
    return sum(content_hash in gone for content_hash in held)


def _payloads(session: Session, workspace: str) -> Iterator[tuple[Any, str]]:
    """(row, column) of everything a run, an upload or the audit log wrote as JSON."""
    for table, column in [
        *((t, "payload") for t in _PAYLOADS),
        (SegmentRow, "name"),
        (Upload, "receipt"),
        (AuditRow, "details"),
        (BriefDecisionRow, "comment"),
    ]:
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


def _delete_rejects(session: Session, workspace: str, refs: frozenset[str]) -> int:
    """Places inside their files may hold a phone number in the name."""
    gone = 0
    for row in session.scalars(select(RejectRow).where(RejectRow.workspace_id == workspace)).all():
        if any(row.place == ref or row.place.startswith((f"{ref}:", f"{ref}#")) for ref in refs):
            session.delete(row)
            gone += 1
    return gone


def _forget_kept(session: Session, workspace: str, traces: Traces, marks: Sequence[str]) -> int:
    """Their rows as they were before a later upload, and rejects that name their files; returns how many went."""
    gone = 0
    named = (*marks, *traces.keys)
    for row in session.scalars(select(KeptRow).where(KeptRow.workspace_id == workspace)).all():
        if row.file in traces.refs or _holds(row.before, named):
            session.delete(row)
            gone += 1
    return gone


def _holds(value: Any, marks: Sequence[str]) -> bool:
    if isinstance(value, dict):
        return any(_holds(item, marks) for item in value.values())
    if isinstance(value, list):
        return any(_holds(item, marks) for item in value)
    return isinstance(value, str) and any(mark in value for mark in marks)


def _empty_samples(session: Session, workspace: str) -> None:
    """Sample cells of tables that wait for a person may be anybody's: all of them go."""
    for row in session.scalars(select(ColumnMappingRow).where(ColumnMappingRow.workspace_id == workspace)):
        row.columns = [{**column, "samples": []} for column in row.columns]


def _mark_runs_stale(session: Session, workspace: str) -> None:
    """Earlier results counted this customer; whoever keeps a result by its hash must read it again."""
    for row in session.scalars(select(RunRow).where(RunRow.workspace_id == workspace)):
        row.manifest = {**row.manifest, "stale": True}
        if row.result_hash is not None:
            row.result_hash = result_hash(session, workspace, row.id)


def _delete(session: Session, table: type[Base], where: Any, column: Any, values: Iterable[str]) -> int:
    """Delete the rows whose `column` is one of `values`; returns how many they were."""
    ordered = sorted(values)
    gone = 0
    for start in range(0, len(ordered), 500):
        wanted = column.in_(ordered[start : start + 500])
        gone += session.scalar(select(func.count()).select_from(table).where(where, wanted)) or 0
        session.execute(delete(table).where(where, wanted))
    return gone
