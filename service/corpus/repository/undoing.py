"""An upload out of SQL again: the rows it brought go, those it replaced come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ingest.clues import proves
from ingest.contacts import Keys
from service.corpus.repository.keeping import (
    RECORDS,
    Kept,
    drop_kept,
    file_of,
    later_changes,
    load_kept,
    put_back,
)
from service.corpus.repository.repeats import unflag
from service.corpus.undoing import Undoing
from service.store.runs import mark_stale_since
from service.store.tables import (
    DocumentRow,
    ForgottenRow,
    RejectRow,
    SourceFileRow,
    StakeholderTextRow,
    Upload,
    UtteranceRow,
    Workspace,
)


def plan_undo(session: Session, workspace: str, upload: str) -> Undoing:
    """What taking the upload back would do."""
    files = _files_of(session, workspace, upload)
    kept = _to_restore(session, workspace, upload, files)
    removed = Counter({"files": len(files), "texts": sum(1 for one in kept if not one.before)})
    for table in RECORDS:
        removed[table.__tablename__] = len(_ids_of_files(session, workspace, table, files))
    restored = Counter(one.kind for one in kept if one.before and one.kind != RejectRow.__tablename__)
    restored["files"] = restored.pop(SourceFileRow.__tablename__, 0)
    return Undoing(
        upload,
        {kind: n for kind, n in sorted(removed.items()) if n},
        {kind: n for kind, n in sorted(restored.items()) if n},
        later_changes(session, workspace, upload, files),
    )


def undo_rows(session: Session, workspace: str, upload: str, who: str, moment: datetime) -> int:
    """Remove what the upload brought, write back what it replaced; returns how many analyses are now of older data.

    Rows of customers who were forgotten since do not come back.
    """
    files = _files_of(session, workspace, upload)
    kept = _to_restore(session, workspace, upload, files)
    gone = _documents_of(session, workspace, files)
    session.expunge_all()
    for table in RECORDS:
        ids = _ids_of_files(session, workspace, table, files)
        if table is DocumentRow:
            _delete(session, UtteranceRow, workspace, UtteranceRow.document_id, ids)
        _delete(session, table, workspace, table.id, ids)
    for one in kept:
        if not one.before:
            version, _, ref = one.key.partition(" ")
            text = session.get(StakeholderTextRow, (workspace, ref, int(version)))
            if text is not None:
                session.delete(text)
    session.execute(delete(RejectRow).where(RejectRow.workspace_id == workspace, RejectRow.upload_id == upload))
    _delete(session, SourceFileRow, workspace, SourceFileRow.path, files)
    session.flush()
    session.expire_all()
    put_back(session, workspace, [one for one in kept if one.before])
    _unflag_repeats(session, workspace, gone)
    drop_kept(session, workspace, upload)
    row = session.get_one(Upload, (workspace, upload))
    row.undone_at, row.undone_by = moment, who
    session.flush()
    return mark_stale_since(session, workspace, row.created_at)


def _files_of(session: Session, workspace: str, upload: str) -> set[str]:
    """Paths this upload was the last to read."""
    found = select(SourceFileRow.path).where(SourceFileRow.workspace_id == workspace, SourceFileRow.upload_id == upload)
    return set(session.scalars(found))


def _to_restore(session: Session, workspace: str, upload: str, files: set[str]) -> list[Kept]:
    """Kept rows but those of files that the upload itself brought, and those of forgotten people."""
    kept = load_kept(session, workspace, upload)
    before = {one.key for one in kept if one.kind == SourceFileRow.__tablename__}
    barred = set(session.scalars(select(ForgottenRow.key).where(ForgottenRow.workspace_id == workspace)))
    hashed = Keys(session.get_one(Workspace, workspace).salt, "")
    return [
        one
        for one in kept
        if not one.before or ((one.file not in files or one.file in before) and not _is_barred(one, barred, hashed))
    ]


def _is_barred(one: Kept, barred: set[str], hashed: Keys) -> bool:
    if not barred or "keys" not in one.before:
        return False
    keys = {key for key in one.before["keys"] if proves(key)}
    return bool(keys & barred) or hashed.of_ref(one.before["ref"]) in barred


def _ids_of_files(session: Session, workspace: str, table: Any, files: set[str]) -> set[str]:
    found = session.execute(select(table.id, table.ref).where(table.workspace_id == workspace))
    return {row for row, ref in found if ref in files or file_of(ref) in files}


def _unflag_repeats(session: Session, workspace: str, gone: Sequence[DocumentRow]) -> None:
    """The same words elsewhere may now be the first of their kind."""
    hashes, customers = {row.content_hash for row in gone}, {row.customer_id for row in gone}
    unflag(session, workspace, hashes, customers, {row.occurred_at for row in gone if row.occurred_at is not None})


def _documents_of(session: Session, workspace: str, files: set[str]) -> list[DocumentRow]:
    found = session.scalars(select(DocumentRow).where(DocumentRow.workspace_id == workspace))
    return [row for row in found if row.ref in files or file_of(row.ref) in files]


def _delete(session: Session, table: Any, workspace: str, column: Any, values: set[str]) -> None:
    ordered = sorted(values)
    for start in range(0, len(ordered), 500):
        session.execute(delete(table).where(table.workspace_id == workspace, column.in_(ordered[start : start + 500])))


def customers_of_upload(session: Session, workspace: str, upload: str, most: int) -> tuple[list[str], int]:
    """Customers of the documents and deals in the files of an upload, by id: at most `most` of them, and how many."""
    files = _files_of(session, workspace, upload)
    found: set[str] = set()
    for table in RECORDS[:2]:
        owned: Any = table
        for ref, customer in session.execute(
            select(owned.ref, owned.customer_id).where(owned.workspace_id == workspace)
        ):
            if ref in files or file_of(ref) in files:
                found.add(customer)
    return sorted(found)[:most], len(found)


def counts_of(session: Session, workspace: str, uploads: Sequence[str]) -> dict[str, int]:
    """Upload → rows of earlier uploads that it replaced or removed and that are still kept."""
    from service.store.tables import KeptRow

    found = (
        select(KeptRow.upload_id, func.count())
        .where(KeptRow.workspace_id == workspace, KeptRow.upload_id.in_(uploads))
        .where(KeptRow.kind.in_([table.__tablename__ for table in RECORDS]))
        .group_by(KeptRow.upload_id)
    )
    return dict(session.execute(found).tuples().all())
