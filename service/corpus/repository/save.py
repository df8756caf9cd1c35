"""A harvest into SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from ingest.clues import item_of, proves
from ingest.contacts import Keys
from ingest.crowds import may_be_one
from ingest.model import Deal, Document, Harvest, Reject, SourceFile
from ingest.reasons import reason
from service.core.clock import now
from service.corpus import rows
from service.corpus.receipt import Changes
from service.corpus.repository.keeping import keep_records, keep_rows, note_added_text
from service.corpus.repository.rejects import file_of_place, save_rejects
from service.corpus.repository.repeats import flag_duplicates, flag_near_duplicates
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
    Workspace,
)

FORGOTTEN = "forgotten_customer"
"""Code of the reject that stands for records of somebody who asked to be forgotten."""
EARLIER_KEPT = "earlier_kept"
"""Code of the reject that stands for a new version nobody could read."""
SKIPPED = "table_skipped"
UNNAMED = "[…]"
"""Stands for the name of such a file: it may hold their telephone."""
CHUNK = 500
"""Ids in one IN (…): under SQLite's oldest limit of 999 variables."""


def save_harvest(session: Session, workspace: str, harvest: Harvest, upload: str, seen: dict[str, str]) -> Changes:
    """Store a harvest; what a re-read file no longer holds goes, everything else stays.

    `seen` is what the pipeline was told, so that files it skipped keep their rows. Saving the same harvest twice
    changes nothing.
    """
    whole = harvest
    harvest, _ = without_forgotten(session, workspace, whole)
    fresh = [file for file in harvest.files if seen.get(file.path) != file.sha256]
    reread = {file.path for file in fresh}
    unread = _unread_versions(session, workspace, harvest, reread)
    fresh = [file for file in fresh if file.path not in unread]
    paths = reread - unread
    kept = tuple(Reject(EARLIER_KEPT, path, reason(EARLIER_KEPT)) for path in sorted(unread))
    changes = Counter({"forgotten": _records(whole) - _records(harvest)})
    changes["replaced_files"] = _save_files(session, workspace, fresh, upload)
    changes += _save_documents(session, workspace, harvest, paths, upload)
    changes += _save_deals(session, workspace, harvest, paths, upload)
    spend = [rows.spend_values(workspace, row) for row in harvest.ad_spend]
    changes += _replace(session, workspace, AdSpendRow, spend, paths, upload)
    _save_texts(session, workspace, harvest, upload)
    save_rejects(session, workspace, (*harvest.rejects, *kept), reread, upload)
    changes["rejoined"] = _rejoin(session, workspace, harvest.customer_of)
    changes["new_customers"] = _settle_customers(session, workspace)
    flag_duplicates(session, workspace)
    flag_near_duplicates(session, workspace, {rows.document_id(workspace, d.ref) for d in harvest.documents})
    return Changes(**changes)


def _unread_versions(session: Session, workspace: str, harvest: Harvest, paths: set[str]) -> set[str]:
    """Files that came again in a form nobody could read: what their earlier version held must not go for nothing.

    A table a person said is not needed is no such file.
    """
    skipped = {reject.place for reject in harvest.rejects if reject.code == SKIPPED}
    refused = {file.path for file in harvest.files if file.path in paths and file.reader is None}
    refused -= {path for path in refused if any(_belongs(place.split(" [")[0], {path}) for place in skipped)}
    return {
        path
        for path in refused
        if (row := session.get(SourceFileRow, (workspace, rows.storable(path)))) is not None and row.rows
    }


def _save_files(session: Session, workspace: str, files: Sequence[SourceFile], upload: str) -> int:
    """Note the files as read; returns how many were there before with other bytes."""
    stored = {
        path: row
        for file in files
        if (row := session.get(SourceFileRow, (workspace, path := rows.storable(file.path)))) is not None
    }
    keep_rows(session, workspace, upload, [(row, path, path) for path, row in stored.items()])
    replaced = sum(stored[path].sha256 != file.sha256 for file in files if (path := rows.storable(file.path)) in stored)
    for file in files:
        path = rows.storable(file.path)
        row = stored.setdefault(path, SourceFileRow(workspace_id=workspace, path=path))
        row.sha256, row.reader, row.rows, row.upload_id = file.sha256, file.reader, file.rows, upload
        session.add(row)
    session.flush()
    return replaced


def _save_documents(session: Session, workspace: str, harvest: Harvest, paths: set[str], upload: str) -> Counter[str]:
    values = [rows.document_values(workspace, d, harvest.customer_of[d.ref]) for d in harvest.documents]
    ids = {value["id"] for value in values}
    gone = _rows_of_files(session, workspace, DocumentRow, paths) - ids
    changes = _replace(session, workspace, DocumentRow, values, paths, upload)
    _delete(session, workspace, UtteranceRow.document_id, gone | ids)
    utterances = [value for document in harvest.documents for value in rows.utterance_values(workspace, document)]
    _insert(session, UtteranceRow, utterances)
    return changes


def _save_deals(session: Session, workspace: str, harvest: Harvest, paths: set[str], upload: str) -> Counter[str]:
    values = [rows.deal_values(workspace, deal, harvest.customer_of[deal.ref]) for deal in harvest.deals]
    changes = _replace(session, workspace, DealRow, values, paths, upload)
    changes["superseded_deals"] = _supersede(session, workspace, values, upload)
    return changes


def _supersede(session: Session, workspace: str, values: Iterable[dict[str, Any]], upload: str) -> int:
    """The same CRM deal exported again in another file: the newer export wins, or it would count twice.

    A number that two systems gave to different people is two deals.
    """
    fresh = {own: value for value in values if (own := _own_deal(value["keys"]))}
    files = {value["id"]: _file(value["ref"]) for value in fresh.values()}
    again = {value["id"] for value in values}
    found = select(DealRow.id, DealRow.ref, DealRow.keys).where(DealRow.workspace_id == workspace)
    old = {
        deal
        for deal, ref, keys in session.execute(found)
        if deal not in again
        and (newer := fresh.get(_own_deal(keys) or ())) is not None
        and _file(ref) != files[newer["id"]]
        and may_be_one(item_of(ref, keys), item_of(newer["ref"], newer["keys"]))
    }
    keep_records(session, workspace, upload, DealRow, old)
    _delete(session, workspace, DealRow.id, old)
    return len(old)


def _own_deal(keys: Sequence[str]) -> tuple[str, ...] | None:
    return tuple(sorted(key for key in keys if key.startswith("deal:"))) or None


def _file(ref: str) -> str:
    return ref.rsplit("#", 1)[0]


def _replace(
    session: Session, workspace: str, table: type[Base], values: list[dict[str, Any]], paths: set[str], upload: str
) -> Counter[str]:
    """Delete what the re-read files held and what comes again, insert `values`; counts rows added and removed."""
    ids = {value["id"] for value in values}
    before = _rows_of_files(session, workspace, table, paths)
    known = _existing(session, workspace, table, ids)
    keep_records(session, workspace, upload, table, before | known)
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


def _save_texts(session: Session, workspace: str, harvest: Harvest, upload: str) -> None:
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
        note_added_text(session, workspace, upload, value["ref"], version)
        session.flush()


def move_customers(session: Session, workspace: str, customer_of: Mapping[str, str]) -> int:
    """Stored rows follow the customers given here; returns how many moved."""
    moved = _rejoin(session, workspace, customer_of)
    if moved:
        _settle_customers(session, workspace)
        flag_duplicates(session, workspace)
    return moved


def settle_stored(session: Session, workspace: str) -> None:
    """Customers and repeats of what is stored now, after rows were taken out."""
    _settle_customers(session, workspace)
    flag_duplicates(session, workspace)


def _rejoin(session: Session, workspace: str, customer_of: Mapping[str, str]) -> int:
    """Customers that turned out to be one, or two: earlier rows follow the ids the identity step gave this time."""
    moved = 0
    for table in (DocumentRow, DealRow):
        found = session.execute(select(table.id, table.ref, table.customer_id).where(table.workspace_id == workspace))
        for row, ref, customer in found.all():
            new = customer_of.get(ref, customer)
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


def _records(harvest: Harvest) -> int:
    return len(harvest.documents) + len(harvest.deals)


def without_forgotten(session: Session, workspace: str, harvest: Harvest) -> tuple[Harvest, tuple[Reject, ...]]:
    """The harvest without people who asked to be forgotten, and what that refused, named without their file's name.

    Somebody is known by a key of theirs, or by the very record where it carries no key at all. Records joined with
    theirs go too, unless they belong to a customer who is stored: of such only the barred record itself is refused.
    """
    barred = set(session.scalars(select(ForgottenRow.key).where(ForgottenRow.workspace_id == workspace)))
    if not barred:
        return harvest, ()
    hashed = Keys(session.get_one(Workspace, workspace).salt, "")
    records: list[Document | Deal] = [*harvest.documents, *harvest.deals]
    own = {record.ref for record in records if _is_barred(record, barred, hashed)}
    stored = set(session.scalars(select(CustomerRow.id).where(CustomerRow.workspace_id == workspace)))
    gone = {harvest.customer_of[ref] for ref in own} - stored
    refs = own | {record.ref for record in records if harvest.customer_of[record.ref] in gone}
    left = replace(
        harvest,
        files=tuple(file for file in harvest.files if file.path not in refs),
        documents=tuple(d for d in harvest.documents if d.ref not in refs),
        deals=tuple(d for d in harvest.deals if d.ref not in refs),
        rejects=tuple(r for r in harvest.rejects if r.place not in refs and file_of_place(r.place, refs) is None),
        customer_of={ref: customer for ref, customer in harvest.customer_of.items() if ref not in refs},
        joins=tuple(join for join in harvest.joins if join.item not in refs),
        links=tuple(link for link in harvest.links if link.other not in refs and not refs.intersection(link.one)),
    )
    places = Counter(map(_place_unnamed, sorted(refs)))
    refused = [Reject(FORGOTTEN, place, reason(FORGOTTEN, count=n)) for place, n in sorted(places.items())]
    return left, tuple(refused)


def _place_unnamed(ref: str) -> str:
    """The table of a row; of a file that is one record only its folder."""
    table, _, row = ref.rpartition("#")
    return table if row and table else f"{ref.rpartition('/')[0]}/{UNNAMED}".lstrip("/")


def _is_barred(record: Document | Deal, barred: set[str], hashed: Keys) -> bool:
    keys = {key for key in record.keys if proves(key)}
    return bool(keys & barred) if keys else hashed.of_ref(record.ref) in barred
