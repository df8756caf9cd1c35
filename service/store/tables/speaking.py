"""What people said about who speaks in a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class SpeakerRolesRow(Base):
    """Roles of a call's voices and lines as a person set them, and what was thought before.

    `document_id` outlives the document: the same file uploaded again finds it here. Goes with a forgotten customer.
    """

    __tablename__ = "speaker_roles"
    workspace_id: Mapped[str] = workspace_key()
    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    voices: Mapped[Payload] = mapped_column(default=dict)
    """Voice → role."""
    lines: Mapped[list[Any]] = mapped_column(default=list)
    """[position, hash of the redacted words, role] of every line."""
    before: Mapped[Payload] = mapped_column(default=dict)
    """Roles and confidence as found without a person, to go back to."""
    who: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
