"""Tables in HTML and in Excel's XML of 2003: what many systems save under the name of an `.xls` file."""

from __future__ import annotations

from html.parser import HTMLParser

from ingest.readers.sheet import MAX_COLUMNS, MAX_ROWS, Row, Sheet
from ingest.readers.source import RejectedRow, Source, clean, rejected

_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_TABLES = frozenset({"table"})
_SKIPPED = frozenset({"script", "style", "head", "styles", "documentproperties"})


def sheets_of_html(source: Source) -> tuple[Sheet, ...]:
    """All tables of at least two rows and two columns, in order; none when the page holds none."""
    parser = _Tables()
    parser.feed(source.text)
    parser.close()
    sheets = []
    for title, rows in parser.tables:
        filled = tuple(row for row in rows if any(row.cells))
        if len(filled) > 1 and max(len(row.cells) for row in filled) > 1:
            rejects: tuple[RejectedRow, ...] = ()
            if len(rows) >= MAX_ROWS:
                rejects = (rejected("too_many_rows", source.at(rows[-1].number), limit=MAX_ROWS),)
            sheets.append(Sheet(filled, title=title, rejects=rejects))
    return tuple(sheets)


class _Tables(HTMLParser):
    """Collects rows of cells; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[str, list[Row]]] = []
        self._open: list[list[Row]] = []
        self._cells: list[list[str]] = []
        self._text: list[str] | None = None
        self._span = 1
        self._skipped = 0
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in _SKIPPED:
            self._skipped += 1
        elif tag == "worksheet":
            self._title = clean(named.get("ss:name") or "")
        elif tag in _TABLES:
            self._open.append([])
            self.tables.append((self._title, self._open[-1]))
        elif tag in _ROWS and self._open:
            self._cells.append([])
        elif tag in _CELLS and self._cells:
            self._finish_cell()
            self._text = []
            self._span = _number(named.get("colspan")) + _number(named.get("ss:mergeacross"), 0)
            missing = _number(named.get("ss:index"), 0) - 1 - len(self._cells[-1])
            self._cells[-1] += [""] * min(max(missing, 0), MAX_COLUMNS)
        elif tag in ("br", "p", "div") and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(0, self._skipped - 1)
        elif tag in _CELLS:
            self._finish_cell()
        elif tag in _ROWS and self._cells:
            self._finish_cell()
            cells = tuple(self._cells.pop()[:MAX_COLUMNS])
            if self._open and cells and len(self._open[-1]) < MAX_ROWS:
                self._open[-1].append(Row(self.getpos()[0], cells))
        elif tag in _TABLES and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._skipped:
            self._text.append(data)

    def _finish_cell(self) -> None:
        if self._text is not None and self._cells:
            text = "\n".join(" ".join(line.split()) for line in "".join(self._text).split("\n"))
            self._cells[-1] += [clean(text), *[""] * (min(self._span, MAX_COLUMNS) - 1)]
        self._text = None


def _number(written: str | None, default: int = 1) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 6 else default
