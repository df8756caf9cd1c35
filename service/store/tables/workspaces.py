"""Workspaces, keys, the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class Workspace(Base):
    """One company."""

    __tablename__ = "workspaces"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    settings: Mapped[Payload] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment())


class ApiKey(Base):
    """A machine's key: only its hash is kept."""

    __tablename__ = "api_keys"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(128), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    ends_at: Mapped[datetime | None] = mapped_column(Moment(), default=None)
    used_at: Mapped[datetime | None] = mapped_column(Moment(), default=None)
    """Last use, to the minute or so."""
    made_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class AuditRow(Base):
    """Who changed what, when. Never holds customer text."""

    __tablename__ = "audit_log"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment())
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    details: Mapped[Payload] = mapped_column(default=dict)
    __table_args__ = (Index("ix_audit_log_at", "workspace_id", "at"),)
