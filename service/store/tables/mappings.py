"""What the columns of a company's tables mean: as suggested, as a person said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, workspace_key


class ColumnMappingRow(Base):
    """All tables of one set of headers. Redacted sample cells stay only until somebody has decided or a customer is
    forgotten."""

    __tablename__ = "column_mappings"
    workspace_id: Mapped[str] = workspace_key()
    signature: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    """Where such a table was seen last: `path`, or `path [worksheet]`."""
    files: Mapped[list[str]] = mapped_column(default=list)
    """Paths of all files that hold one."""
    state: Mapped[str] = mapped_column(String(16))
    """known · suggested · needed · confirmed · skipped"""
    kind: Mapped[str | None] = mapped_column(String(16))
    confidence: Mapped[float] = mapped_column(Float, default=1.0)
    rows: Mapped[int] = mapped_column(Integer, default=0)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    """`ingest.model.SeenColumn` as JSON, in the order of the file seen last."""
    who: Mapped[str] = mapped_column(Text, default="")
    """Who confirmed; empty while it is a machine's."""
    seen_at: Mapped[datetime] = mapped_column(Moment())
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
