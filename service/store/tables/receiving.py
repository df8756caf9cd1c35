"""How data come in beside files: doors for a CRM, what they brought; and what an upload replaced, to take it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class HookRow(Base):
    """A door for one system of one company. Only the hash of its token is kept."""

    __tablename__ = "hooks"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    system: Mapped[str] = mapped_column(String(16))
    """amocrm, bitrix24 or generic."""
    label: Mapped[str] = mapped_column(Text, default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    who: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())


class HookDeliveryRow(Base):
    """One call through a door, by the hash of what it carried: the same call twice is one. Never its words."""

    __tablename__ = "hook_deliveries"
    workspace_id: Mapped[str] = workspace_key()
    hook_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Moment())
    state: Mapped[str] = mapped_column(String(12))
    """waiting, taken or failed."""
    upload_id: Mapped[str | None] = mapped_column(String(40))
    problem: Mapped[Payload] = mapped_column(default=dict)
    """Why nothing could be taken, by language."""
    __table_args__ = (Index("ix_hook_deliveries_received", "workspace_id", "received_at"),)


class KeptRow(Base):
    """A row as it was before an upload replaced or removed it; an empty `before` marks one that the upload added.

    It holds what the row held (redacted text, salted keys), and goes when its customer is forgotten.
    """

    __tablename__ = "kept_rows"
    workspace_id: Mapped[str] = workspace_key()
    upload_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Name of the row's table."""
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    """Path of the file the row came from."""
    before: Mapped[Payload] = mapped_column(default=dict)
