"""What the columns of a company's tables mean: the list of tables, and one table with a choice for every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.mapping import SKIP, fields_of
from service.corpus.mappings import ASIDE, KINDS, SURE, KnownTable, field_name, kind_name
from service.web.i18n import Words

COLUMN = "column-"
"""Names of the form's fields: `column-1` is the first column."""


@dataclass(frozen=True)
class Choice:
    """One option of a list."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class TableLine:
    """A table in the list."""

    signature: str
    place: str
    state: str
    kind: str
    rows: int
    waits: bool


@dataclass(frozen=True)
class TablesView:
    """The list."""

    finding: str
    tables: tuple[TableLine, ...]
    dropped: bool


@dataclass(frozen=True)
class ColumnView:
    """One column: its samples and what it may mean."""

    field: str
    """Name of the form's field."""
    header: str
    samples: tuple[str, ...]
    choices: tuple[Choice, ...]
    unsure: bool


@dataclass(frozen=True)
class TableView:
    """One table."""

    signature: str
    place: str
    title: str
    state: str
    kinds: tuple[Choice, ...]
    kind: str
    columns: tuple[ColumnView, ...]
    files: tuple[str, ...]
    decided: bool
    saved: bool
    error: str

    @property
    def skipped(self) -> bool:
        """Whether the chosen kind needs no columns."""
        return self.kind == SKIP


def tables_view(tables: Sequence[KnownTable], words: Words, dropped: bool = False) -> TablesView:
    """All tables, those that wait first."""
    waiting = sum(known.table.state == "needed" for known in tables)
    guessed = sum(known.table.state == "suggested" for known in tables)
    if waiting:
        finding = words("tables.finding", n=waiting)
    elif guessed:
        finding = words("tables.finding_check", n=guessed)
    else:
        finding = words("tables.finding_done") if tables else words("tables.finding_none")
    return TablesView(finding, tuple(_line(known, words) for known in tables), dropped)


def _line(known: KnownTable, words: Words) -> TableLine:
    table = known.table
    named = kind_name(table.kind, words.language) if table.kind else "—"
    return TableLine(
        table.signature, table.place, words(f"tables.states.{table.state}"), named, table.rows, table.state == "needed"
    )


def table_view(
    known: KnownTable,
    words: Words,
    *,
    kind: str | None = None,
    chosen: Mapping[str, str | None] | None = None,
    saved: bool = False,
    error: str = "",
) -> TableView:
    """One table as suggested or decided; `kind` and `chosen` are what the person has picked so far."""
    table = known.table
    wanted = kind if kind in (*KINDS, SKIP) else table.kind or (SKIP if table.state == "skipped" else KINDS[0])
    return TableView(
        signature=table.signature,
        place=table.place,
        title=_question(known, words),
        state=words(f"tables.states.{table.state}"),
        kinds=tuple(Choice(name, kind_name(name, words.language), name == wanted) for name in (*KINDS, SKIP)),
        kind=wanted,
        columns=() if wanted == SKIP else _columns(known, wanted, chosen, words),
        files=known.files,
        decided=known.decided,
        saved=saved,
        error=error,
    )


def _question(known: KnownTable, words: Words) -> str:
    table = known.table
    named = kind_name(table.kind, words.language)
    if known.decided or table.state == "known":
        return words("tables.ask_decided", kind=named)
    if table.kind is None:
        return words("tables.ask_unknown")
    return words(f"tables.ask_{table.state}", kind=named)


def _columns(
    known: KnownTable, kind: str, chosen: Mapping[str, str | None] | None, words: Words
) -> tuple[ColumnView, ...]:
    allowed = fields_of(kind)
    suggested = known.suggested_for(kind)
    found = []
    for number, (column, guess) in enumerate(zip(known.table.columns, suggested, strict=True), 1):
        field = chosen.get(column.header) if chosen is not None else guess
        options = [Choice("", field_name(None, words.language), field not in allowed)]
        options += [Choice(name, field_name(name, words.language), name == field) for name in allowed]
        unsure = chosen is None and guess is not None and column.confidence < SURE
        samples = tuple(dict.fromkeys(cell for cell in column.samples if cell))
        found.append(ColumnView(f"{COLUMN}{number}", column.header, samples, tuple(options), unsure))
    return tuple(found)


def answered(known: KnownTable, form: Mapping[str, str]) -> dict[str, str | None]:
    """Header → field, as the form says; a column without an answer is left aside."""
    return {
        column.header: form.get(f"{COLUMN}{number}") or ASIDE for number, column in enumerate(known.table.columns, 1)
    }
