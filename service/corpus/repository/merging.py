"""Customers in SQL: their cards, people's decisions about them, the log of joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.contacts import Keys
from ingest.model import Decision, Link
from service.core.clock import now
from service.core.errors import NotFound
from service.core.ids import random_id
from service.core.settings import Settings
from service.corpus import rows
from service.corpus.merging import (
    Card,
    Entry,
    EntryKind,
    EntryState,
    Held,
    Line,
    LoggedJoin,
    SoldTo,
    changes_to_log,
    held_by,
)
from service.store.tables import (
    AuditRow,
    CustomerDecisionRow,
    CustomerRow,
    DealRow,
    DocumentRow,
    MergeLogRow,
    UtteranceRow,
    Workspace,
)

OWN_CONTACTS = "own_contacts"
"""Where a workspace keeps the keys of the company's own phones and mailboxes."""
REGION = "region"
"""Where it keeps the country its phones are written for."""
REGIONS = ("RU", "US", "GB")
"""Countries a telephone without a code is tried for beside the setting's."""


def keys_of(session: Session, workspace: str, region: str = "RU") -> Keys:
    """The workspace's way of hashing. NotFound before its first upload."""
    row = session.get(Workspace, workspace)
    if row is None:
        raise NotFound(
            f"Nothing was uploaded to workspace {workspace!r} yet.",
            ru=f"В пространство {workspace!r} ещё ничего не загружали.",
        )
    return Keys(row.salt, region)


def find_customer(session: Session, settings: Settings, workspace: str, wanted: str) -> str:
    """A customer's id from an id, a document's or deal's reference or id, a telephone or an e-mail. NotFound else."""
    if session.get(CustomerRow, (workspace, wanted)) is not None:
        return wanted
    for table in (DocumentRow, DealRow):
        found = select(table.customer_id).where(
            table.workspace_id == workspace, (table.ref == wanted) | (table.id == wanted)
        )
        if (customer := session.scalars(found).first()) is not None:
            return customer
    if (customer := _by_contact(session, settings, workspace, wanted)) is not None:
        return customer
    raise NotFound(
        "No such customer: name an id, a document, a telephone or an e-mail.",
        ru="Такого клиента нет: назовите его id, документ, телефон или почту.",
    )


def _by_contact(session: Session, settings: Settings, workspace: str, wanted: str) -> str | None:
    row = session.get(Workspace, workspace)
    if row is None:
        return None
    tried = [Keys(row.salt, region) for region in sorted({settings.region, *REGIONS})]
    wanted_keys = set().union(*(keys.of_phones([wanted]) | keys.of_emails([wanted]) for keys in tried))
    if not wanted_keys:
        return None
    for table in (DocumentRow, DealRow):
        found = select(table.customer_id, table.keys).where(table.workspace_id == workspace)
        for customer, held in session.execute(found.order_by(table.id)):
            if wanted_keys.intersection(held):
                return str(customer)
    return None


def customer_of(session: Session, workspace: str) -> dict[str, str]:
    """Reference of every document and deal → customer."""
    found: dict[str, str] = {}
    for table in (DealRow, DocumentRow):
        found |= dict(
            session.execute(select(table.ref, table.customer_id).where(table.workspace_id == workspace)).tuples().all()
        )
    return found


def refs_by_id(session: Session, workspace: str) -> dict[str, str]:
    """Id of every document and deal → its reference."""
    found: dict[str, str] = {}
    for table in (DealRow, DocumentRow):
        named = select(table.id, table.ref).where(table.workspace_id == workspace)
        found |= dict(session.execute(named).tuples().all())
    return found


def lines(session: Session, workspace: str) -> list[Line]:
    """All customers, those with most documents first."""
    written = select(DocumentRow.customer_id, func.count(), func.max(DocumentRow.occurred_at)).where(
        DocumentRow.workspace_id == workspace
    )
    documents = {row[0]: (row[1], row[2]) for row in session.execute(written.group_by(DocumentRow.customer_id))}
    sold = select(DealRow.customer_id, func.count()).where(DealRow.workspace_id == workspace)
    deals = dict(session.execute(sold.group_by(DealRow.customer_id)).tuples().all())
    found = []
    for customer in session.scalars(select(CustomerRow.id).where(CustomerRow.workspace_id == workspace)):
        count, last = documents.get(customer, (0, None))
        found.append(Line(customer, count, deals.get(customer, 0), last.date() if last else None))
    return sorted(found, key=lambda line: (-line.documents - line.deals, line.customer))


def load_card(session: Session, workspace: str, customer: str) -> Card:
    """A customer with their redacted documents, deals and why they are one."""
    mine = DocumentRow.workspace_id == workspace, DocumentRow.customer_id == customer
    documents = session.scalars(
        select(DocumentRow).where(*mine).order_by(DocumentRow.occurred_at, DocumentRow.ref)
    ).all()
    said: dict[str, list[UtteranceRow]] = {row.id: [] for row in documents}
    utterances = (
        select(UtteranceRow)
        .join(DocumentRow, DocumentRow.id == UtteranceRow.document_id)
        .where(UtteranceRow.workspace_id == workspace, *mine)
        .order_by(UtteranceRow.document_id, UtteranceRow.position)
    )
    for row in session.scalars(utterances):
        said[row.document_id].append(row)
    deals = session.scalars(
        select(DealRow).where(DealRow.workspace_id == workspace, DealRow.customer_id == customer).order_by(DealRow.ref)
    ).all()
    return Card(
        customer=customer,
        documents=tuple(rows.to_document(row, said[row.id]) for row in documents),
        deals=tuple(_sold(row) for row in deals),
        held=_held(session, workspace, customer, [*documents, *deals]),
        entries=tuple(entry for entry in load_log(session, workspace) if customer in entry.customers),
    )


def _sold(row: DealRow) -> SoldTo:
    amount = f"{row.amount:f} {row.currency or ''}".strip() if row.amount is not None else None
    return SoldTo(row.ref, row.status, row.product, amount, row.closed_on or row.created_on)


def _held(session: Session, workspace: str, customer: str, own: Sequence[DocumentRow | DealRow]) -> tuple[Held, ...]:
    records: dict[str, set[str]] = {}
    for row in own:
        records.setdefault(row.ref, set()).update(row.keys)
    others = (
        key
        for table in (DocumentRow, DealRow)
        for keys in session.scalars(
            select(table.keys).where(table.workspace_id == workspace, table.customer_id != customer)
        )
        for key in keys
    )
    return held_by(records, others)


def load_decisions(session: Session, workspace: str) -> tuple[Decision, ...]:
    """What people decided and did not undo, in the order decided."""
    found = select(CustomerDecisionRow).where(
        CustomerDecisionRow.workspace_id == workspace, CustomerDecisionRow.undone_at.is_(None)
    )
    ordered = session.scalars(found.order_by(CustomerDecisionRow.number))
    return tuple(Decision("merge" if r.kind == "merge" else "split", tuple(r.one), tuple(r.other)) for r in ordered)


def keep_decision(session: Session, workspace: str, decision: Decision, who: str) -> str:
    """Store a decision; returns the id by which it can be undone."""
    entry = random_id("m_")
    latest = select(func.max(CustomerDecisionRow.number)).where(CustomerDecisionRow.workspace_id == workspace)
    number = (session.scalar(latest) or 0) + 1
    session.add(
        CustomerDecisionRow(
            workspace_id=workspace, id=entry, number=number, kind=decision.kind, one=list(decision.one),
            other=list(decision.other), at=now(), who=who,
        )
    )  # fmt: skip
    note(session, workspace, who, "customers merged" if decision.kind == "merge" else "customer split", entry, decision)
    session.flush()
    return entry


def note(session: Session, workspace: str, who: str, what: str, entry: str, decision: Decision | None = None) -> None:
    """A line of the audit log: which entry, how many records; never whose."""
    details: dict[str, Any] = {"entry": entry}
    if decision is not None:
        details["records"] = [len(decision.one), len(decision.other)]
    session.add(AuditRow(workspace_id=workspace, id=random_id("e"), at=now(), who=who, what=what, details=details))


def decision_row(session: Session, workspace: str, entry: str) -> CustomerDecisionRow | None:
    """A person's decision, to be changed in this transaction."""
    return session.get(CustomerDecisionRow, (workspace, entry))


def join_row(session: Session, workspace: str, entry: str) -> MergeLogRow | None:
    """A join of the machine."""
    return session.get(MergeLogRow, (workspace, entry))


def load_log(session: Session, workspace: str) -> list[Entry]:
    """The whole log, newest first."""
    owner = customer_of(session, workspace)
    if session.get(Workspace, workspace) is None:
        return []
    keys = keys_of(session, workspace)
    ref_of = {keys.of_ref(ref): ref for ref in owner}
    joins = session.scalars(select(MergeLogRow).where(MergeLogRow.workspace_id == workspace))
    decisions = session.scalars(select(CustomerDecisionRow).where(CustomerDecisionRow.workspace_id == workspace))
    placed = [(row.at, 0, row.id, _join_entry(row, ref_of, owner)) for row in joins]
    placed += [(row.at, row.number, row.id, _said(row, ref_of, owner)) for row in decisions]
    return [entry for *_, entry in sorted(placed, key=lambda one: one[:3], reverse=True)]


def _join_entry(row: MergeLogRow, ref_of: Mapping[str, str], owner: Mapping[str, str]) -> Entry:
    state: EntryState = "ended" if row.ended_at else "in_force"
    sides = _refs([row.one], ref_of), _refs([row.other], ref_of)
    return Entry(
        row.id,
        "join",
        row.kind,
        *sides,
        _customers(sides, owner),
        row.at,
        "machine",
        row.upload_id,
        row.probability,
        state,
    )


def _said(row: CustomerDecisionRow, ref_of: Mapping[str, str], owner: Mapping[str, str]) -> Entry:
    state: EntryState = "undone" if row.undone_at else "in_force"
    sides = _refs(row.one, ref_of), _refs(row.other, ref_of)
    kind = cast(EntryKind, row.kind)
    return Entry(row.id, kind, "person", *sides, _customers(sides, owner), row.at, row.who, None, None, state)


def _refs(marks: Iterable[str], ref_of: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(ref_of[mark] for mark in marks if mark in ref_of))


def _customers(sides: Iterable[Iterable[str]], owner: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({owner[ref] for side in sides for ref in side}))


def logged_joins(session: Session, workspace: str, ref_of: Mapping[str, str]) -> list[LoggedJoin]:
    """Joins in force whose records are still here."""
    found = select(MergeLogRow).where(MergeLogRow.workspace_id == workspace, MergeLogRow.ended_at.is_(None))
    return [
        LoggedJoin(row.id, ref_of.get(row.one, ""), ref_of.get(row.other, ""))
        for row in session.scalars(found.order_by(MergeLogRow.id))
    ]


def write_log(session: Session, workspace: str, links: Sequence[Link], upload: str, moment: datetime) -> None:
    """Bring the log up to what joins records now: new joins are added, those that hold no longer are ended."""
    owner = customer_of(session, workspace)
    keys = keys_of(session, workspace)
    ref_of = {keys.of_ref(ref): ref for ref in owner}
    new, over = changes_to_log(links, logged_joins(session, workspace, ref_of), owner)
    for entry in over:
        session.get_one(MergeLogRow, (workspace, entry)).ended_at = moment
    for link in new:
        session.add(
            MergeLogRow(
                workspace_id=workspace, id=random_id("j_"), one=keys.of_ref(link.one[0]), other=keys.of_ref(link.other),
                kind=link.kind, probability=link.probability, upload_id=upload, at=moment,
            )
        )  # fmt: skip
    session.flush()


def own_contacts(session: Session, workspace: str) -> tuple[str, ...]:
    """Keys of the company's own phones and mailboxes found so far."""
    row = session.get(Workspace, workspace)
    return tuple(row.settings.get(OWN_CONTACTS, ())) if row is not None else ()


def keep_own_contacts(session: Session, workspace: str, found: Sequence[str], region: str | None) -> None:
    """Remember the company's own phones and mailboxes, and the country of its phones, for the next upload."""
    row = session.get_one(Workspace, workspace)
    learnt: dict[str, Any] = {OWN_CONTACTS: list(found)} if found else {}
    learnt |= {REGION: region} if region else {}
    if any(row.settings.get(name) != value for name, value in learnt.items()):
        row.settings = {**row.settings, **learnt}


def region_of(session: Session, workspace: str, preset: str) -> str:
    """The country of telephones without a code: as earlier uploads showed it, else the setting."""
    row = session.get(Workspace, workspace)
    return str(row.settings.get(REGION, preset)) if row is not None else preset
