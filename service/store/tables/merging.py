"""Who is one customer: what people decided, joins that an equal key alone does not explain, acts of forgetting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class CustomerDecisionRow(Base):
    """A merge or a split by a person. Records are named by marks (salted hashes of references): they outlive files."""

    __tablename__ = "customer_decisions"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    """Order in the workspace, from 1: the last word counts."""
    kind: Mapped[str] = mapped_column(String(8))
    one: Mapped[list[str]] = mapped_column(default=list)
    other: Mapped[list[str]] = mapped_column(default=list)
    at: Mapped[datetime] = mapped_column(Moment())
    who: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(Moment())
    undone_by: Mapped[str | None] = mapped_column(Text)


class MergeLogRow(Base):
    """A join by the machine beyond an equal key: the record `one` was put with `other`, by what, since which upload.

    `ended_at` is set when later records took the evidence away, or a person did.
    """

    __tablename__ = "merge_log"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    one: Mapped[str] = mapped_column(String(40))
    other: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(24))
    probability: Mapped[float | None] = mapped_column(Float)
    upload_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    __table_args__ = (Index("ix_merge_log_ended", "workspace_id", "ended_at"),)


class ForgettingRow(Base):
    """The act of a forgetting: what went, where was looked, what was found. Holds nothing about the person."""

    __tablename__ = "forgettings"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment())
    who: Mapped[str] = mapped_column(Text)
    act: Mapped[Payload] = mapped_column(default=dict)
    sha256: Mapped[str] = mapped_column(String(64))
