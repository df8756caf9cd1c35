"""A harvest into SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ingest.model import Deal, Document, Harvest, SourceFile
from service.core.clock import now
from service.core.ids import text_hash
from service.corpus import rows
from service.corpus.receipt import Changes
from service.corpus.repository.rejects import save_rejects
from service.store.tables import (
    AdSpendRow,
    Base,
    CustomerRow,
    DealRow,
    DocumentRow,
    ForgottenRow,
    SourceFileRow,
    StakeholderTextRow,
    UtteranceRow,
)

CHUNK = 500
"""Ids in one IN (…): under SQLite's oldest limit of 999 variables."""


def save_harvest(session: Session, workspace: str, harvest: Harvest, upload: str, seen: dict[str, str]) -> Changes:
    """Store a harvest; what a re-read file no longer holds goes, everything else stays.

    `seen` is what the pipeline was told, so that files it skipped keep their rows. Saving the same harvest twice
    changes nothing.
    """
    harvest, forgotten = _without_forgotten(session, workspace, harvest)
    fresh = [file for file in harvest.files if seen.get(file.path) != file.sha256]
    paths = {file.path for file in fresh}
    changes = Counter({"forgotten": forgotten})
    changes["replaced_files"] = _save_files(session, workspace, fresh, upload)
    changes += _save_documents(session, workspace, harvest, paths)
    changes += _save_deals(session, workspace, harvest, paths)
    spend = [rows.spend_values(workspace, row) for row in harvest.ad_spend]
    changes += _replace(session, workspace, AdSpendRow, spend, paths)
    _save_texts(session, workspace, harvest)
    save_rejects(session, workspace, harvest.rejects, paths, upload)
    changes["rejoined"] = _rejoin(session, workspace, harvest)
    changes["new_customers"] = _settle_customers(session, workspace)
    _flag_duplicates(session, workspace)
    return Changes(**changes)


def _save_files(session: Session, workspace: str, files: Sequence[SourceFile], upload: str) -> int:
    """Note the files as read; returns how many were there before with other bytes."""
    replaced = 0
    for file in files:
        row = session.get(SourceFileRow, (workspace, rows.storable(file.path)))
        if row is None:
            row = SourceFileRow(workspace_id=workspace, path=rows.storable(file.path))
            session.add(row)
        elif row.sha256 != file.sha256:
            replaced += 1
        row.sha256, row.reader, row.rows, row.upload_id = file.sha256, file.reader, file.rows, upload
    session.flush()
    return replaced


def _save_documents(session: Session, workspace: str, harvest: Harvest, paths: set[str]) -> Counter[str]:
    values = [rows.document_values(workspace, d, harvest.customer_of[d.ref]) for d in harvest.documents]
    ids = {value["id"] for value in values}
    gone = _rows_of_files(session, workspace, DocumentRow, paths) - ids
    _delete(session, workspace, UtteranceRow.document_id, gone | ids)
    changes = _replace(session, workspace, DocumentRow, values, paths)
    utterances = [value for document in harvest.documents for value in rows.utterance_values(workspace, document)]
    _insert(session, UtteranceRow, utterances)
    return changes


def _save_deals(session: Session, workspace: str, harvest: Harvest, paths: set[str]) -> Counter[str]:
    values = [rows.deal_values(workspace, deal, harvest.customer_of[deal.ref]) for deal in harvest.deals]
    changes = _replace(session, workspace, DealRow, values, paths)
    changes["superseded_deals"] = _supersede(session, workspace, values)
    return changes


def _supersede(session: Session, workspace: str, values: Iterable[dict[str, Any]]) -> int:
    """The same CRM deal exported again in another file: the newer export wins, or it would count twice."""
    fresh = {own: value["id"] for value in values if (own := _own_deal(value["keys"]))}
    files = {value["id"]: _file(value["ref"]) for value in values}
    found = select(DealRow.id, DealRow.ref, DealRow.keys).where(DealRow.workspace_id == workspace)
    old = {
        deal
        for deal, ref, keys in session.execute(found)
        if deal not in files and (own := _own_deal(keys)) in fresh and _file(ref) != files[fresh[own]]
    }
    _delete(session, workspace, DealRow.id, old)
    return len(old)


def _own_deal(keys: Sequence[str]) -> tuple[str, ...] | None:
    return tuple(sorted(key for key in keys if key.startswith("deal:"))) or None


def _file(ref: str) -> str:
    return ref.rsplit("#", 1)[0]


def _replace(
    session: Session, workspace: str, table: type[Base], values: list[dict[str, Any]], paths: set[str]
) -> Counter[str]:
    """Delete what the re-read files held and what comes again, insert `values`; counts rows added and removed."""
    ids = {value["id"] for value in values}
    before = _rows_of_files(session, workspace, table, paths)
    known = _existing(session, workspace, table, ids)
    _delete(session, workspace, table.id, before | known)  # type: ignore[attr-defined]
    _insert(session, table, list({value["id"]: value for value in values}.values()))
    return Counter({"added": len(ids - known), "removed": len(before - ids)})


def _rows_of_files(session: Session, workspace: str, table: Any, paths: set[str]) -> set[str]:
    """Ids of rows whose reference is one of the files, or a row of one: `path`, `path#row`."""
    if not paths:
        return set()
    found = session.execute(select(table.id, table.ref).where(table.workspace_id == workspace))
    return {row for row, ref in found if _belongs(ref, paths)}


def _belongs(ref: str, paths: set[str]) -> bool:
    return ref in paths or any(ref[:at] in paths for at, letter in enumerate(ref) if letter == "#")


def _existing(session: Session, workspace: str, table: Any, ids: set[str]) -> set[str]:
    found: set[str] = set()
    for chunk in _chunks(ids):
        found.update(session.scalars(select(table.id).where(table.workspace_id == workspace, table.id.in_(chunk))))
    return found


def _delete(session: Session, workspace: str, column: Any, values: set[str]) -> None:
    table = column.class_
    for chunk in _chunks(values):
        session.execute(delete(table).where(table.workspace_id == workspace, column.in_(chunk)))


def _insert(session: Session, table: type[Base], values: list[dict[str, Any]]) -> None:
    if values:
        session.execute(insert(table), values)


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _save_texts(session: Session, workspace: str, harvest: Harvest) -> None:
    """A changed text under the same reference is a new version; old versions stay."""
    for text in harvest.texts:
        value = rows.text_values(workspace, text)
        latest = session.scalars(
            select(StakeholderTextRow)
            .where(StakeholderTextRow.workspace_id == workspace, StakeholderTextRow.ref == value["ref"])
            .order_by(StakeholderTextRow.version.desc())
            .limit(1)
        ).first()
        if latest is not None and all(getattr(latest, name) == value[name] for name in value):
            continue
        version = latest.version + 1 if latest else 1
        session.add(StakeholderTextRow(**value, version=version, created_at=now()))
        session.flush()


def _rejoin(session: Session, workspace: str, harvest: Harvest) -> int:
    """Customers that turned out to be one: earlier rows follow the ids the identity step gave this time."""
    moved = 0
    for table in (DocumentRow, DealRow):
        found = session.execute(select(table.id, table.ref, table.customer_id).where(table.workspace_id == workspace))
        for row, ref, customer in found.all():
            new = harvest.customer_of.get(ref, customer)
            if new != customer:
                moved += 1
                session.execute(
                    update(table).where(table.workspace_id == workspace, table.id == row).values(customer_id=new)
                )
    return moved


def _settle_customers(session: Session, workspace: str) -> int:
    """Customers are those of documents and deals: add the new, drop the empty. Returns how many are new."""
    wanted = {
        customer
        for table in (DocumentRow, DealRow)
        for customer in session.scalars(select(table.customer_id).where(table.workspace_id == workspace).distinct())
    }
    present = set(session.scalars(select(CustomerRow.id).where(CustomerRow.workspace_id == workspace)))
    _delete(session, workspace, CustomerRow.id, present - wanted)
    moment = now()
    new = sorted(wanted - present)
    _insert(session, CustomerRow, [{"workspace_id": workspace, "id": c, "created_at": moment} for c in new])
    return len(new)


def _flag_duplicates(session: Session, workspace: str) -> None:
    """The same words of the same customer in two uploads count once: the first reference stands."""
    found = select(DocumentRow).where(DocumentRow.workspace_id == workspace).order_by(DocumentRow.ref)
    alike: dict[tuple[str, str], list[DocumentRow]] = defaultdict(list)
    for row in session.scalars(found):
        if "duplicate" not in row.flags and "empty" not in row.flags:
            alike[row.customer_id, row.content_hash].append(row)
    for group in alike.values():
        for row in group[1:]:
            row.flags = sorted({*row.flags, "duplicate"})
    session.flush()


def _without_forgotten(session: Session, workspace: str, harvest: Harvest) -> tuple[Harvest, int]:
    """The harvest without customers who asked to be forgotten, and how many records that took out."""
    barred = set(session.scalars(select(ForgottenRow.key).where(ForgottenRow.workspace_id == workspace)))
    if not barred:
        return harvest, 0
    records: list[Document | Deal] = [*harvest.documents, *harvest.deals]
    gone = {
        harvest.customer_of[record.ref]
        for record in records
        if barred.intersection(record.keys) or f"ref:{text_hash(record.ref)}" in barred
    }
    kept = {ref: customer for ref, customer in harvest.customer_of.items() if customer not in gone}
    left = Harvest(
        files=harvest.files,
        documents=tuple(d for d in harvest.documents if d.ref in kept),
        deals=tuple(d for d in harvest.deals if d.ref in kept),
        ad_spend=harvest.ad_spend,
        texts=harvest.texts,
        rejects=harvest.rejects,
        customer_of=kept,
        joins=tuple(join for join in harvest.joins if join.customer not in gone),
        redactions=harvest.redactions,
    )
    return left, len(records) - len(left.documents) - len(left.deals)
