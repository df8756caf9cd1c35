"""Headers of two rows, as merged cells leave them: groups above, columns below."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ingest.readers.columns import KINDS, field_of, trimmed
from ingest.readers.sheet import Row, Sheet

LOOKED_AT = 6
"""First rows among which the header's two are."""
FAMILIAR = 0.5
"""Share of the lower row's cells that must be known headers: a row of data may stand under a header with gaps too."""


def one_header(sheet: Sheet) -> Sheet:
    """The sheet with its two header rows made one; as it came when it has one."""
    for index in range(min(LOOKED_AT, len(sheet.rows) - 2)):
        upper, lower = sheet.rows[index], sheet.rows[index + 1]
        if lower.number == upper.number + 1 and _are_header(upper.cells, lower.cells):
            made = Row(lower.number, _joined(upper.cells, lower.cells))
            return replace(sheet, rows=(*sheet.rows[:index], made, *sheet.rows[index + 2 :]))
    return sheet


def _are_header(upper: tuple[str, ...], lower: tuple[str, ...]) -> bool:
    """Together they name every column, neither does alone, and the lower row speaks in headers."""
    width = max(len(trimmed(upper)), len(trimmed(lower)))
    pairs = list(zip(_padded(upper, width), _padded(lower, width), strict=True))
    if sum(bool(above) for above, _ in pairs) < 2 or not all(above or below for above, below in pairs):
        return False
    if all(above for above, _ in pairs):
        return False
    below = [cell for _, cell in pairs if cell]
    known = sum(any(field_of(cell, kind) is not None for kind in KINDS) for cell in below)
    return len(below) > 1 and known > FAMILIAR * len(below)


def _joined(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """The lower row's names, the upper's where it has none; its group goes before a name that stands twice."""
    width = max(len(upper), len(lower))
    counts = Counter(cell for cell in lower if cell)
    group = ""
    names: list[str] = []
    for above, below in zip(_padded(upper, width), _padded(lower, width), strict=True):
        group = above or group
        names.append(f"{group} {below}" if counts[below] > 1 and group else below or above)
    return tuple(names)


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))
