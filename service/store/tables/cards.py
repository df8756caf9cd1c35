"""Who corrected which claim card or name, when, and what stood there before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class CardEditRow(Base):
    """One correction by a person. The log only grows: undoing is a line too.

    `payload`: `before` and `now` as `confirmations` keeps them (null: the machine's reading), `undoes`: another line.
    """

    __tablename__ = "card_edits"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    """Order in the workspace, from 1."""
    kind: Mapped[str] = mapped_column(String(16))
    """claim | alias"""
    key: Mapped[str] = mapped_column(Text)
    """Claim id, or a name's dictionary form."""
    who: Mapped[str] = mapped_column(Text)
    """Person or key id, `open` or `command line`."""
    created_at: Mapped[datetime] = mapped_column(Moment())
    payload: Mapped[Payload] = mapped_column()
    __table_args__ = (Index("ix_card_edits_number", "workspace_id", "number", unique=True),)
