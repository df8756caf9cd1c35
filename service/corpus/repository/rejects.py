"""The rejects list in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.model import Reject
from ingest.reasons import weight_of
from service.corpus import rows
from service.corpus.repository.keeping import keep_rows, reject_key
from service.store.tables import RejectRow, Upload


def save_rejects(session: Session, workspace: str, rejects: Sequence[Reject], paths: set[str], upload: str) -> None:
    """Rejects of re-read files are replaced; those of other files stay."""
    stale = [
        row
        for row in session.scalars(select(RejectRow).where(RejectRow.workspace_id == workspace))
        if file_of_place(row.place, paths) is not None
    ]
    kept_as = [(row, reject_key(row.place, row.code), file_of_place(row.place, paths) or row.place) for row in stale]
    keep_rows(session, workspace, upload, kept_as)
    for row in stale:
        session.delete(row)
    session.flush()
    kept = {(rows.storable(r.place), r.code): r for r in rejects}
    for (place, code), reject in sorted(kept.items()):
        session.merge(
            RejectRow(workspace_id=workspace, place=place, code=code, reason=dict(reject.reason), upload_id=upload)
        )
    session.flush()


def rejects_of(session: Session, workspace: str, paths: set[str] | None = None) -> tuple[Reject, ...]:
    """Stored rejects, of all files or of `paths`, by place."""
    found = select(RejectRow).where(RejectRow.workspace_id == workspace).order_by(RejectRow.place, RejectRow.code)
    return tuple(
        Reject(row.code, row.place, dict(row.reason))
        for row in session.scalars(found)
        if paths is None or file_of_place(row.place, paths) is not None
    )


def rejects_of_uploads(session: Session, workspace: str, who: str | None = None) -> tuple[Reject, ...]:
    """Rejects of uploads in force that ask to be mended, by place; only of those that `who` sent, if told."""
    found = (
        select(RejectRow)
        .join(Upload, (Upload.workspace_id == RejectRow.workspace_id) & (Upload.id == RejectRow.upload_id))
        .where(RejectRow.workspace_id == workspace, Upload.undone_at.is_(None))
    )
    if who is not None:
        found = found.where(Upload.who == who)
    return tuple(
        Reject(row.code, row.place, dict(row.reason))
        for row in session.scalars(found.order_by(RejectRow.place, RejectRow.code))
        if weight_of(row.code) == "mend"
    )


def file_of_place(place: str, paths: set[str]) -> str | None:
    """The file a place lies in: `path`, `path:line` or `path#row`; None when it is none of `paths`."""
    if place in paths:
        return place
    return next((place[:at] for at, letter in enumerate(place) if letter in "#:" and place[:at] in paths), None)
