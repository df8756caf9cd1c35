"""Sample cells of a table as a person may see them: no telephone, name or number of anybody in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ingest.language import language_of
from ingest.model import SeenColumn, SeenTable

SHOWN_AS = {"phone": "[phone]", "email": "[email]", "name": "[name]"}
"""Cells of these columns are shown by what they are, whatever the redactor would find in them."""
NAMELESS = frozenset({"date", "whole", "decimal", "money", "percent", "flag"})
"""Looks in which there is nobody to hide."""
_LONG_NUMBER = re.compile(r"\d(?:[\s().-]?\d){8,}")

Redact = Callable[[str, str], str | None]
"""(text, language) → text without personal data; None when some was still found in it."""


def shown_table(table: SeenTable, redact: Redact) -> SeenTable:
    """The table with its headers and samples redacted."""
    return replace(table, columns=tuple(_shown(column, redact) for column in table.columns))


def _shown(column: SeenColumn, redact: Redact) -> SeenColumn:
    header = redact(column.header, language_of(column.header)) or "[…]"
    return replace(column, header=header, samples=tuple(_cell(cell, column, redact) for cell in column.samples))


def _cell(cell: str, column: SeenColumn, redact: Redact) -> str:
    if not cell or column.looks in NAMELESS:
        return cell
    if (mask := SHOWN_AS.get(column.looks) or SHOWN_AS.get(_contact(column))) is not None:
        return mask
    text = redact(cell, language_of(cell))
    return "[…]" if text is None else _LONG_NUMBER.sub("[number]", text)


def _contact(column: SeenColumn) -> str:
    """What the suggested meaning says the cells are."""
    field = column.field or ""
    return "name" if field.endswith("_name") or field == "staff" else field
