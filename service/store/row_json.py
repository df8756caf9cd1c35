"""Values of table columns as JSON and back: for backups, and for rows kept as they were."""

from __future__ import annotations

import base64
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, LargeBinary

from service.store.tables import Moment, Money


def plain(value: Any) -> Any:
    """A column's value as JSON takes it."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def typed(kind: Any, value: Any) -> Any:
    """The Python value a column of this type takes."""
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Money):
        return Decimal(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if isinstance(kind, Moment) or kind.python_type is datetime else value
