"""A row that two may want to make at the same moment: made once, whoever comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.store.tables import Base


def insert_once(session: Session, table: type[Base], **values: Any) -> None:
    """Insert a row unless one with its key is there; two at once wait for each other instead of failing."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())
