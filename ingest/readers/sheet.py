"""Tables as rows of named cells: CSV and TSV of any delimiter, and workbooks."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, NamedTuple

from ingest.readers.source import RejectedRow, Source, clean, rejected
from ingest.reasons import CannotRead

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL = 200_000
"""A cell longer than this means a quote that was never closed."""
MAX_COLUMNS = 1_000
MAX_ROWS = 300_000
"""Rows taken from one table: no small company's export is longer, and ten million would not fit into memory."""
MAX_AREA = 12_000_000
"""Cells from a worksheet's corner to its last filled one; a workbook is laid out whole, empty cells included."""
SAMPLE = 60
_NAMED_DELIMITER = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\n', re.IGNORECASE)
"""What Excel writes on the first line for itself."""
csv.field_size_limit(MAX_CELL * 40)


Cell = tuple[int, int]
"""(row, column), both from 0."""


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
        return tuple(_workbook(source)) if source.is_old_office or _is_workbook(source.data) else ()
    if source.looks_html:
        from ingest.readers.html_tables import sheets_of_html

        return sheets_of_html(source)
    delimiter = delimiter_of(source.text)
    return (_text_table(source, delimiter),) if delimiter else ()


def delimiter_of(text: str) -> str | None:
    """The delimiter under which the first rows have the same number (two or more) of cells; None for prose."""
    if named := _NAMED_DELIMITER.match(text):
        return named[1]
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
        if len(rows) >= MAX_ROWS:
            rejects.append(rejected("too_many_rows", source.at(before + 1), limit=MAX_ROWS))
            break
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
        elif any(cell.strip() for cell in cells) and not (
            not rows and _NAMED_DELIMITER.match(f"{cells[0]}{delimiter}\n")
        ):
            rows.append(Row(before + 1, tuple(clean(cell) for cell in cells)))
        before = reader.line_num
    return Sheet(tuple(rows), rejects=tuple(rejects))


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            return any(name.startswith("xl/") for name in names) or b"opendocument.spreadsheet" in data[:200]
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _workbook(source: Source) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if not source.is_old_office:
        _refuse_vast(source.data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        for name in book.sheet_names:
            found = book.get_sheet_by_name(name)
            if sheet := _worksheet(source, name, _spread(found.iter_rows(), found.merged_cell_ranges or [])):
                yield sheet
    except PasswordError as error:
        raise CannotRead("locked") from error
    except (CalamineError, ValueError, OSError, zipfile.BadZipFile, MemoryError) as error:
        if source.is_old_office and source.extension not in ("xls", "xlsx", "xlt"):
            raise CannotRead("binary", format="DOC/MSG (old Microsoft Office)") from error
        raise CannotRead("workbook_broken") from error


def _spread(grid: Iterable[Sequence[object]], merged: list[tuple[Cell, Cell]]) -> Iterator[Sequence[object]]:
    """Rows in which cells merged downwards stand in every row they cover; those merged across are titles and stay."""
    downwards: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in sorted(merged):
        if left == right and top < bottom:
            downwards.setdefault(top, []).append((left, bottom))
    covering: dict[int, tuple[int, object]] = {}  # column → last row it covers, its value
    for number, row in enumerate(grid):
        cells = list(row)
        for column, (bottom, value) in list(covering.items()):
            if number > bottom:
                del covering[column]
            elif column < len(cells) and cells[column] in ("", None):
                cells[column] = value
        for column, bottom in downwards.get(number, ()):
            if column < len(cells):
                covering[column] = (bottom, cells[column])
        yield cells


def _worksheet(source: Source, name: str, grid: Iterable[Iterable[object]]) -> Sheet | None:
    rows: list[Row] = []
    rejects: list[RejectedRow] = []
    for number, cells in enumerate(grid, 1):
        if len(rows) >= MAX_ROWS:
            rejects.append(rejected("too_many_rows", source.at(number), limit=MAX_ROWS))
            break
        shown_cells = tuple(map(shown, islice(cells, MAX_COLUMNS)))
        if any(shown_cells):
            rows.append(Row(number, shown_cells))
    return Sheet(tuple(rows), title=clean(name), rejects=tuple(rejects)) if rows else None


_CELL_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{0,3})(\d{1,7})["']""")


def _refuse_vast(data: bytes) -> None:
    """A few bytes may place one cell at XFD1048576, and reading lays out every cell before it. Raises `CannotRead`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".bin"):
                    raise CannotRead("unsupported", extension="xlsb")
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    with archive.open(entry) as stream:
                        _refuse_vast_sheet(stream)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        raise CannotRead("workbook_broken") from error


def _refuse_vast_sheet(stream: IO[bytes]) -> None:
    widest = lowest = 0
    tail = b""
    while chunk := stream.read(1 << 20):
        for found in _CELL_PLACE.finditer(tail + chunk):
            column = found[1].upper()
            letters = sum((letter - 64) * 26**power for power, letter in enumerate(reversed(column)))
            widest, lowest = max(widest, letters), max(lowest, int(found[2]))
        if widest * lowest > MAX_AREA:
            raise CannotRead("sheet_vast", rows=lowest, columns=widest)
        tail = (tail + chunk)[-64:]


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
