"""What people changed about segments, and how segments of one run became those of the next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, run_key, workspace_key


class SegmentEditRow(Base):
    """One change by a person. The log only grows: undoing is an edit too. `payload`: `service.segments.edits.Edit`."""

    __tablename__ = "segment_edits"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    """Order in the workspace, from 1."""
    kind: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Text)
    """Key id, `open` or `command line`."""
    created_at: Mapped[datetime] = mapped_column(Moment())
    payload: Mapped[Payload] = mapped_column()
    __table_args__ = (Index("ix_segment_edits_number", "workspace_id", "number", unique=True),)


class LineageRow(Base):
    """A run's segments as found before people's edits, and what became of those of the run before.

    No result of the run's input alone, so outside its hash. `payload`: `service.segments.lineage.Lineage` as JSON.
    """

    __tablename__ = "lineages"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    payload: Mapped[Payload] = mapped_column()
