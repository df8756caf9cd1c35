"""Tables as rows of named cells: CSV and TSV of any delimiter, and workbooks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ingest.readers.source import RejectedRow, Source, clean, rejected
from ingest.reasons import CannotRead

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL = 200_000
"""A cell longer than this means a quote that was never closed."""
MAX_COLUMNS = 1_000
SAMPLE = 60
csv.field_size_limit(MAX_CELL * 40)


class Row(NamedTuple):
    """`number` is the line of the file (row of the sheet) where the row begins; `cells` are cleaned texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table before its header is found. `origin` is what stands before `#` in refs."""

    rows: tuple[Row, ...]
    title: str = ""
    """Name of the worksheet; empty for text tables."""
    rejects: tuple[RejectedRow, ...] = field(default=())


def sheets_of(source: Source) -> tuple[Sheet, ...]:
    """All non-empty tables of a file; none when the text is no table. Raises `CannotRead` for a broken workbook."""
    if source.is_office:
        return tuple(_workbook(source)) if _is_workbook(source.data) else ()
    delimiter = delimiter_of(source.text)
    return (_text_table(source, delimiter),) if delimiter else ()


def delimiter_of(text: str) -> str | None:
    """The delimiter under which the first rows have the same number (two or more) of cells; None for prose."""
    best: tuple[float, int, str] | None = None
    sample = _sample(text)
    for delimiter in DELIMITERS:
        counts = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=delimiter) if row]
        if not counts:
            continue
        width, rows = Counter(counts).most_common(1)[0]
        if width < 2:
            wide = [count for count in counts if count > 1]
            width, rows = Counter(wide).most_common(1)[0] if wide else (1, 0)
        agreement = rows / len(counts)
        if width >= 2 and agreement >= 0.5 and (best is None or (agreement, width) > best[:2]):
            best = (agreement, width, delimiter)
    return best[2] if best else None


def _sample(text: str) -> str:
    """The first lines, extended while a quote stays open."""
    lines = text[:400_000].split("\n")
    end = min(SAMPLE, len(lines))
    while end < min(len(lines), SAMPLE * 4) and "\n".join(lines[:end]).count('"') % 2:
        end += 1
    return "\n".join(lines[:end])


def _text_table(source: Source, delimiter: str) -> Sheet:
    reader = csv.reader(io.StringIO(source.text), delimiter=delimiter)
    rows: list[Row] = []
    rejects: list[RejectedRow] = []
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            rejects.append(rejected("row_broken", source.at(before + 1)))
            before = reader.line_num
            continue
        if any(len(cell) > MAX_CELL for cell in cells) or len(cells) > MAX_COLUMNS:
            rejects.append(rejected("quote_open", source.at(before + 1)))
        elif any(cell.strip() for cell in cells):
            rows.append(Row(before + 1, tuple(clean(cell) for cell in cells)))
        before = reader.line_num
    return Sheet(tuple(rows), rejects=tuple(rejects))


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _workbook(source: Source) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        for name in book.sheet_names:
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = [Row(number, tuple(map(shown, cells))) for number, cells in enumerate(grid, 1)]
            filled = tuple(row for row in rows if any(row.cells))
            if filled:
                yield Sheet(filled, title=name)
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise CannotRead("workbook_broken") from error


def shown(value: object) -> str:
    """A worksheet cell as text: whole floats without `.0`, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))
