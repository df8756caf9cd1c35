"""Records taken out of calls of a CRM, on their way to become files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Hooked:
    """`records`: (kind, id) → JSON as the readers of records know it; a later one of the same id stands."""

    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    problems: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)
    """(code, place, facts)."""

    def keep(self, kind: str, own: str, data: Any) -> None:
        """Take a record."""
        self.records[kind, own] = data

    def refuse(self, code: str, place: str, **facts: object) -> None:
        """Note what cannot be taken."""
        self.problems.append((code, place, facts))


def items(value: Any) -> list[Any]:
    """The entries of a list, or of a form's list (an object with numbers for names), in order."""
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []


def text_of(value: Any) -> str:
    """A plain value as text; nothing for lists and objects."""
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value).strip()
