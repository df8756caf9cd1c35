"""Every table gets a meaning: what a person said about its headers, known headers, a sure suggestion; else it waits."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.model import SeenColumn, SeenTable, TableMapping, TableState
from ingest.readers.amounts import parse_amount
from ingest.readers.columns import HEADER_ROWS, KINDS, Table, TableKind, body_under, hint_of, recognise, trimmed
from ingest.readers.headings import PUBLIC, fields, header_key
from ingest.readers.sheet import Row, Sheet
from ingest.readers.source import RejectedRow, Source, listed, rejected
from ingest.readers.suggestion import HARMLESS, NOTHING, Guess, Suggestion, guess_column, suggest
from ingest.readers.values import ColumnValues, Look, cell_look, values_of

SKIP = "skip"
"""Kind of the tables a person does not need."""
INTERNAL: dict[str, TableKind] = {public: kind for kind, public in PUBLIC.items()}
SAMPLE_ROWS = 3
"""Rows shown beside a suggestion."""
SAMPLE_LETTERS = 160
LOOKED_AT = 1500
"""Rows whose cells are looked at; columns do not change their meaning further down."""
WIDEST = 150
"""Columns of a table that a person can be asked about."""
SAID = 0.5
"""A suggestion is sure enough from here when the sender named the kind of the table."""
HEADLESS = -1
"""Stands for the row of headers in a table that has none."""
VALUE_LOOKS: frozenset[Look] = frozenset({"phone", "email", "date", "money", "decimal", "percent", "link"})
"""What no header looks like."""
FILL = 0.7
"""An unlisted column of a table with known headers is used from here: header and cells leave no doubt."""
CONTACTS = frozenset({"phone", "email"})
BESIDE_QUESTIONS = CONTACTS | {"campaign", "ad"}
"""What an unlisted column of a form may be; any other is a question."""
NEVER_FILLED = frozenset(
    {"answer", "text", "description", "subject", "title", "id", "contact_id", "deal_ref", "lead_ref", "is_test"}
)
"""Not given to an unlisted column of a known table: a wrong one would put words or records where they do not belong."""


class Understood(NamedTuple):
    """A worksheet's table, if it can be read, and how it was understood; no `seen` for what is no table at all."""

    table: Table | None
    seen: SeenTable | None
    rejects: tuple[RejectedRow, ...] = ()


def signature_of(headers: Sequence[str]) -> str:
    """The same for equal headers in any order, case and spacing."""
    return hashlib.sha256("\n".join(sorted(map(header_key, headers))).encode()).hexdigest()[:16]


def fields_of(kind: str) -> tuple[str, ...]:
    """Fields a table of this kind (as `PUBLIC` names it) may have."""
    return tuple(fields()["kinds"][kind]["fields"])


def missing_fields(kind: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """Fields of which at least one must be named before a table of this kind can be read; empty when it can."""
    own = set(chosen)
    if kind == "note" and "text" not in own:
        return ("text",)
    people = ("phone", "email", "full_name", "first_name")
    if kind == "ad_response" and not own & set(people):
        return people
    if kind == "deals" and not own & {"stage", "is_won", "amount"}:
        return ("stage", "is_won", "amount")
    if kind == "ad_spend" and ("spend" not in own or not own & {"campaign", "ad", "platform"}):
        return ("spend",) if "spend" not in own else ("campaign", "ad", "platform")
    return ()


def understand(source: Source, sheet: Sheet, only: TableKind | None, mappings: Sequence[TableMapping]) -> Understood:
    """Give a worksheet its meaning. A table that nobody can be sure of is seen, not read, and says so in a reject."""
    if mappings and (found := _by_person(source, sheet, {mapping.signature: mapping for mapping in mappings})):
        return found
    if (table := recognise(source, sheet, only)) is not None:
        return _known(source, sheet, table)
    return _suggested(source, sheet, only)


def is_settled(sheet: Sheet, mappings: Sequence[TableMapping]) -> bool:
    """Whether a person said what the sheet's headers mean."""
    said = {mapping.signature for mapping in mappings}
    rows = _header_rows(sheet, mappings) if said else ()
    return any(signature_of(_headers_at(sheet, index)) in said for index in rows)


def _header_rows(sheet: Sheet, mappings: Iterable[TableMapping]) -> tuple[int, ...]:
    """Rows that may hold headers; that there are none is looked into only where a person met such a table."""
    rows = tuple(range(min(HEADER_ROWS, len(sheet.rows))))
    headless = any(not mapping.columns or any(key.startswith("#") for key in mapping.columns) for mapping in mappings)
    return (*rows, HEADLESS) if headless else rows


def _by_person(source: Source, sheet: Sheet, by_signature: dict[str, TableMapping]) -> Understood | None:
    for index in _header_rows(sheet, by_signature.values()):
        headers = _headers_at(sheet, index)
        mapping = by_signature.get(signature_of(headers)) if headers else None
        if mapping is not None:
            return _mapped(source, sheet, index, headers, mapping)
    return None


def _mapped(source: Source, sheet: Sheet, index: int, headers: tuple[str, ...], mapping: TableMapping) -> Understood:
    guesses = [
        Guess(field, 1.0) if (field := mapping.columns.get(header_key(header))) else NOTHING for header in headers
    ]
    if mapping.kind == SKIP:
        seen = _seen(source, sheet, headers, sheet.rows[index + 1 :], "skipped", None, 1.0, guesses)
        return Understood(None, seen, (rejected("table_skipped", _place(source, sheet)),))
    kind = INTERNAL[mapping.kind]
    table = _table(source, sheet, index, headers, kind, guesses)
    # What a person left aside is left aside, without a word about unused columns.
    table = replace(table, unknown=tuple(i for i, guess in enumerate(guesses) if guess.field == "answer"))
    return Understood(table, _seen(source, sheet, headers, table.rows, "confirmed", kind, 1.0, guesses))


def _suggested(source: Source, sheet: Sheet, only: TableKind | None) -> Understood:
    index = _header_row(sheet)
    headers = _headers_at(sheet, index)
    body, _ = body_under(source, sheet, index, len(headers))
    named = listed([header for header in headers if header])
    place = _place(source, sheet)
    if not 2 <= len(headers) <= WIDEST or not body:
        code = "no_rows" if headers and not body else "unknown_table"
        return Understood(None, None, (rejected(code, place, headers=named),))
    values = _values(headers, body)
    hints = {kind: hint_of(source, sheet, kind) for kind in KINDS}
    found = suggest(headers, values, hints, only)
    if found is None:
        nothing = [NOTHING] * len(headers)
        seen = _seen(source, sheet, headers, body, "needed", None, 0.0, nothing, values)
        return Understood(None, seen, (rejected("unknown_table", place, headers=named),))
    sure = found.is_sure or (only is not None and found.confidence >= SAID)
    state: TableState = "suggested" if sure else "needed"
    guesses = _worth_reading(found) if sure else found.guesses
    seen = _seen(source, sheet, headers, body, state, found.kind, found.confidence, guesses, values)
    facts = _told(seen, named)
    if not sure:
        return Understood(None, seen, (rejected("mapping_needed", place, **facts),))
    table = _table(source, sheet, index, headers, found.kind, guesses)
    return Understood(table, seen, (rejected("mapping_guessed", place, **facts),))


def _worth_reading(found: Suggestion) -> list[Guess]:
    return [guess if guess.confidence >= HARMLESS else NOTHING for guess in found.guesses]


def _table(
    source: Source, sheet: Sheet, index: int, headers: tuple[str, ...], kind: TableKind, guesses: Sequence[Guess]
) -> Table:
    """A table whose columns mean what `guesses` say. Sales without a column for their outcome were paid."""
    rows, rejects = body_under(source, sheet, index, len(headers))
    named = tuple(None if guess.field == "answer" else guess.field for guess in guesses)
    unknown = tuple(i for i, guess in enumerate(guesses) if guess.field in (None, "answer") and headers[i])
    title = " ".join(cell for row in sheet.rows[: max(0, index)] for cell in row.cells if cell)
    made = Table(kind, source, headers, named, unknown, rows, 0.0, title, (*sheet.rejects, *rejects))
    if kind == "deal" and "amount" in named and not {"stage", "is_won"} & set(named):
        return _paid(made)
    return made


def _paid(table: Table) -> Table:
    """Every row with an amount is a sale: a column that says so is added, and a line tells that it was assumed."""
    mark = table.decimal_mark("amount")
    rows = tuple(
        Row(row.number, (*row.cells, "true" if parse_amount(table.first(row, "amount"), mark) else ""))
        for row in table.rows
    )
    return replace(
        table,
        headers=(*table.headers, ""),
        fields=(*table.fields, "is_won"),
        rows=rows,
        rejects=(*table.rejects, rejected("sales_assumed", table.source.path, column=table.header_of("amount"))),
    )


def _known(source: Source, sheet: Sheet, table: Table) -> Understood:
    """A table of known headers; columns filled in beside them are shown to a person, but for plain contacts."""
    filled, guesses = _filled(table)
    guessed = [guess.confidence for guess in guesses if guess.confidence < 1.0 and guess.field not in {None, *CONTACTS}]
    if not guessed:
        return Understood(filled, _seen(source, sheet, table.headers, table.rows, "known", table.kind, 1.0, guesses))
    values = _values(table.headers, table.rows)
    sure = min(guessed)
    seen = _seen(source, sheet, table.headers, table.rows, "suggested", table.kind, sure, guesses, values)
    named = listed([header for header in table.headers if header])
    return Understood(filled, seen, (rejected("mapping_guessed", _place(source, sheet), **_told(seen, named)),))


def _told(seen: SeenTable, named: str) -> dict[str, str]:
    """What the sentence about a guessed table names."""
    words = fields()["kinds"][seen.kind]
    return {"headers": named, "kind_ru": words["ru"], "kind_en": words["en"], "signature": seen.signature}


def _filled(table: Table) -> tuple[Table, list[Guess]]:
    """Give columns whose headers no dictionary has the fields still missing, the surest pairs first.

    Telephones and e-mails are contacts under any header, never a form's question; nearly all other columns of a form
    are.
    """
    guesses = [Guess(field, 1.0) if field else NOTHING for field in table.fields]
    named = list(table.fields)
    wanted = BESIDE_QUESTIONS if table.kind == "lead" else frozenset(fields_of(PUBLIC[table.kind])) - NEVER_FILLED
    pairs: list[tuple[float, int, str]] = []
    for index in table.unknown:
        own = values_of([row.cells[index] for row in table.rows[:LOOKED_AT]])
        found = guess_column(table.headers[index], own, table.kind)
        if table.headers[index].endswith("?"):
            found = {field: sure for field, sure in found.items() if field in CONTACTS}
        pairs += [(sure, -index, field) for field, sure in found.items() if field in wanted and sure >= FILL]
    for sure, place, field in sorted(pairs, reverse=True):
        if named[-place] is None and (field in CONTACTS or field not in named):
            named[-place], guesses[-place] = field, Guess(field, round(sure, 3))
    unknown = tuple(index for index in table.unknown if named[index] is None)
    return replace(table, fields=tuple(named), unknown=unknown), guesses


def _seen(
    source: Source,
    sheet: Sheet,
    headers: Sequence[str],
    rows: Sequence[Row],
    state: TableState,
    kind: TableKind | None,
    confidence: float,
    guesses: Sequence[Guess],
    values: Sequence[ColumnValues] = (),
) -> SeenTable:
    shown = rows[:SAMPLE_ROWS] if state in ("suggested", "needed") else ()
    labels = tuple(header or f"#{number}" for number, header in enumerate(headers, 1))
    columns = tuple(
        SeenColumn(
            header=header,
            field=guess.field,
            confidence=guess.confidence,
            looks=values[number - 1].look if values else "",
            samples=tuple(row.cells[number - 1][:SAMPLE_LETTERS] for row in shown),
        )
        for number, (header, guess) in enumerate(zip(labels, guesses, strict=True), 1)
    )
    public = PUBLIC[kind] if kind else None
    return SeenTable(
        signature_of(labels), _place(source, sheet), state, public, round(confidence, 3), len(rows), columns
    )


def _place(source: Source, sheet: Sheet) -> str:
    return f"{source.path} [{sheet.title}]" if sheet.title else source.path


def _values(headers: Sequence[str], rows: Sequence[Row]) -> list[ColumnValues]:
    return [values_of([row.cells[index] for row in rows[:LOOKED_AT]]) for index in range(len(headers))]


def _headers_at(sheet: Sheet, index: int) -> tuple[str, ...]:
    """The headers of a row; numbers and looks of the columns where no row is a header."""
    if index != HEADLESS:
        cells = trimmed(sheet.rows[index].cells)
        return tuple(cell or f"#{number}" for number, cell in enumerate(cells, 1)) if sum(map(bool, cells)) > 1 else ()
    if not sheet.rows:
        return ()
    width = Counter(len(trimmed(row.cells)) for row in sheet.rows[:LOOKED_AT]).most_common(1)[0][0]
    rows = [row for row in sheet.rows[:LOOKED_AT] if len(row.cells) >= width]
    looks = (values_of([row.cells[index] for row in rows]).look for index in range(width))
    return tuple(f"#{number} {look}" for number, look in enumerate(looks, 1))


def _header_row(sheet: Sheet) -> int:
    """The first row nearly as wide as the table without a value among its cells; `HEADLESS` when there is none."""
    widths = [sum(map(bool, row.cells)) for row in sheet.rows[: 4 * HEADER_ROWS]]
    if not widths:
        return HEADLESS
    usual = Counter(widths).most_common(1)[0][0]
    for index, row in enumerate(sheet.rows[:HEADER_ROWS]):
        if widths[index] < max(2, 0.6 * usual):
            continue
        looks = Counter(cell_look(cell) for cell in row.cells if cell)
        if any(looks[look] for look in VALUE_LOOKS) or looks["whole"] + looks["id"] > 0.3 * widths[index]:
            return HEADLESS
        return HEADLESS if _reads_like_data(sheet, index) else index
    return HEADLESS


def _reads_like_data(sheet: Sheet, index: int) -> bool:
    """Whether the row's cells stand again in their columns or are as long as what customers say."""
    cells = trimmed(sheet.rows[index].cells)
    below = sheet.rows[index + 1 : index + 1 + LOOKED_AT]
    repeated = 0
    for column, cell in enumerate(cells):
        again = sum(cell == row.cells[column] for row in below if cell and column < len(row.cells))
        repeated += again > 0 or len(cell.split()) > 12
    return repeated > 0.3 * len(cells)
