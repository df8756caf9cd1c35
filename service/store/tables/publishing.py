"""Versions of briefs, what people decided about them, and who is told of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class BriefVersionRow(Base):
    """A brief as it stood when it first said this. `payload`: `service.briefs.model.Brief` as JSON.

    A version belongs to its place (kind, segment, language) and not to a run: it stays when runs come and go.
    """

    __tablename__ = "brief_versions"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str] = mapped_column(String(40))
    """Empty for kinds of which there is one for everybody."""
    language: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    """Within its place, from 1."""
    status: Mapped[str] = mapped_column(String(16))
    """proposed · approved · returned: the latest decision"""
    run_id: Mapped[str] = mapped_column(String(40))
    """The run that wrote it; may be gone."""
    said_hash: Mapped[str] = mapped_column(String(64))
    """What it says, by which the next run tells whether anything is new."""
    basis: Mapped[Payload] = mapped_column(default=dict)
    """What it rests on: counts of the data, versions of texts, settings (for "why it changed")."""
    created_at: Mapped[datetime] = mapped_column(Moment())
    payload: Mapped[Payload] = mapped_column()
    __table_args__ = (
        Index("ix_brief_versions_place", "workspace_id", "kind", "segment_id", "language", "number", unique=True),
    )


class BriefDecisionRow(Base):
    """Somebody approved a version or sent it back; the log only grows."""

    __tablename__ = "brief_decisions"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    """Order among the decisions on this version, from 1."""
    decision: Mapped[str] = mapped_column(String(16))
    """approved · returned"""
    who: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment())
    __table_args__ = (Index("ix_brief_decisions_version", "workspace_id", "version_id", "number", unique=True),)


class WebhookRow(Base):
    """An address that is told of briefs. The secret signs each message, so it is kept as it is."""

    __tablename__ = "webhooks"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(default=list)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    removed_at: Mapped[datetime | None] = mapped_column(Moment())


class DeliveryRow(Base):
    """A message to one address: written with what it tells of, sent by a durable job. Holds no customer text."""

    __tablename__ = "webhook_deliveries"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(32))
    payload: Mapped[Payload] = mapped_column()
    status: Mapped[str] = mapped_column(String(16))
    """waiting · delivered · failed"""
    queued: Mapped[bool] = mapped_column(Boolean, default=False)
    """Handed to the job queue."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    answer: Mapped[int | None] = mapped_column(Integer)
    """HTTP status of the last attempt."""
    error: Mapped[str] = mapped_column(Text, default="")
    """What stopped the last attempt, as a code."""
    created_at: Mapped[datetime] = mapped_column(Moment())
    tried_at: Mapped[datetime | None] = mapped_column(Moment())
    __table_args__ = (Index("ix_webhook_deliveries_status", "workspace_id", "status", "created_at"),)
