"""What a run found, and the corrections people made to it.

Results of a step keep the columns people filter by, and the rest as JSON in `payload` (schema version inside).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, run_key, workspace_key


class RunRow(Base):
    """One cycle over the corpus. `input_hash` names the corpus and settings it saw."""

    __tablename__ = "runs"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    """pending · running · done · failed · cancelled"""
    stage: Mapped[str] = mapped_column(String(32), default="")
    done_stages: Mapped[list[str]] = mapped_column(default=list)
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    """Counts the times a failed run was taken up again; part of its job's name."""
    input_hash: Mapped[str] = mapped_column(String(64))
    result_hash: Mapped[str | None] = mapped_column(String(64))
    manifest: Mapped[Payload] = mapped_column(default=dict)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())
    __table_args__ = (Index("ix_runs_number", "workspace_id", "number", unique=True),)


class SegmentRow(Base):
    """A segment of a run; `id` is stable over runs. `payload`: `service.segments.model.Segment` as JSON."""

    __tablename__ = "segments"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    payload: Mapped[Payload] = mapped_column()


class AssignmentRow(Base):
    """Customer → segment with a probability and a status."""

    __tablename__ = "assignments"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    customer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    segment_id: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    probability: Mapped[float] = mapped_column(Float)
    second_segment_id: Mapped[str | None] = mapped_column(String(40))
    second_probability: Mapped[float] = mapped_column(Float, default=0.0)
    documents: Mapped[int | None] = mapped_column(Integer)
    """Documents the customer had: who has more by now has said something new since. Not known of older runs."""


class ArrivalRow(Base):
    """A customer who came, or said more, after a run, placed among its segments; columns as in `assignments`."""

    __tablename__ = "arrivals"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    customer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    segment_id: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    probability: Mapped[float] = mapped_column(Float)
    second_segment_id: Mapped[str | None] = mapped_column(String(40))
    second_probability: Mapped[float] = mapped_column(Float)
    documents: Mapped[int | None] = mapped_column(Integer)
    placed_at: Mapped[datetime] = mapped_column(Moment())


class MeasureRow(Base):
    """One measure of one group of customers."""

    __tablename__ = "measures"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    level: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    measure: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    n: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(16))


class ClaimRow(Base):
    """A claim with its reading and verdict. `payload`: `service.comparison.model.JudgedClaim` as JSON."""

    __tablename__ = "claims"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    stakeholder: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str | None] = mapped_column(String(40))
    payload: Mapped[Payload] = mapped_column()


class ConfirmationRow(Base):
    """A person's correction of a claim card, or an alias; survives runs."""

    __tablename__ = "confirmations"
    workspace_id: Mapped[str] = workspace_key()
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """claim | alias"""
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    payload: Mapped[Payload] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment())


class ResultRow(Base):
    """The result of a step that is read whole: divergences, agreement, portrait, facts."""

    __tablename__ = "results"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    payload: Mapped[Payload] = mapped_column()


class BriefRow(Base):
    """A generated document as structured content; formats are rendered from it."""

    __tablename__ = "briefs"
    workspace_id: Mapped[str] = workspace_key()
    run_id: Mapped[str] = run_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    content_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Payload] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment())
