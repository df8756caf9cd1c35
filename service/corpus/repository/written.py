"""What stakeholders wrote, in SQL: every version of their personas, read from a file or written by hand."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.model import StakeholderText
from service.core.clock import now
from service.corpus import rows
from service.corpus.written import Written
from service.store.tables import StakeholderTextRow


def persona_versions(session: Session, workspace: str) -> list[Written]:
    """Every version of every persona that is somebody's, oldest first."""
    found = select(StakeholderTextRow).where(
        StakeholderTextRow.workspace_id == workspace,
        StakeholderTextRow.kind == "persona",
        StakeholderTextRow.stakeholder.is_not(None),
    )
    ordered = found.order_by(StakeholderTextRow.created_at, StakeholderTextRow.ref, StakeholderTextRow.version)
    return [
        Written(str(row.stakeholder), row.ref, row.version, row.name, row.text, row.who, row.created_at)
        for row in session.scalars(ordered)
    ]


def next_version(session: Session, workspace: str, ref: str) -> int:
    """Number of the next version under a reference."""
    found = select(StakeholderTextRow.version).where(
        StakeholderTextRow.workspace_id == workspace, StakeholderTextRow.ref == ref
    )
    return max(session.scalars(found), default=0) + 1


def add_version(session: Session, workspace: str, text: StakeholderText, version: int, who: str) -> None:
    """Store a text as the next version under its reference."""
    values = rows.text_values(workspace, text)
    session.add(StakeholderTextRow(**values, version=version, created_at=now(), who=who))
    session.flush()
