"""Worksheets of a file to records: each by the reader of its kind, those nobody understands kept for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.raw import RawFile
from ingest.readers import ad_responses, ad_spend, contact_cards, deals, sales_notes
from ingest.readers.columns import Table, TableKind, recognise
from ingest.readers.mapping import is_settled, understand
from ingest.readers.merged_headers import one_header
from ingest.readers.sheet import Sheet
from ingest.readers.source import Source

TABLES: dict[TableKind, tuple[str, Callable[[Table], RawFile]]] = {
    "note": ("sales_notes", sales_notes.read),
    "lead": ("ad_responses", ad_responses.read),
    "deal": ("deals", deals.read),
    "spend": ("ad_spend", ad_spend.read),
}
FORCED_TABLES: dict[str, TableKind] = {
    "note": "note", "notes": "note", "lead": "lead", "leads": "lead", "ad_response": "lead", "ad_responses": "lead",
    "deal": "deal", "deals": "deal", "spend": "spend", "ad_spend": "spend",
}  # fmt: skip
MANY_RECORDS = 3
"""JSON of more records than this may be a table of one's own; less is some setting or answer."""
UNREAD = ""
"""Reader's name of a file none of whose tables could be read yet: it is read again next time."""


def is_table(source: Source, sheet: Sheet) -> bool:
    """Whether the sheet is surely a table: a person said what its headers mean, or they are known."""
    sheet = one_header(sheet)
    if is_settled(sheet, source.mappings) or contact_cards.cards_of(source, sheet) is not None:
        return True
    return recognise(source, sheet, forced_kind(source)) is not None


def forced_kind(source: Source) -> TableKind | None:
    """The kind of table the sender says this is."""
    return FORCED_TABLES.get(source.kind or "")


def read(source: Source, sheets: Sequence[Sheet]) -> tuple[str, RawFile]:
    """(readers' names joined by `+`, everything taken). `UNREAD` when no table of the file could be read."""
    parts: list[tuple[str, RawFile]] = []
    for sheet in map(one_header, sheets):
        told = forced_kind(source) is not None or is_settled(sheet, source.mappings)
        if not told and (cards := contact_cards.cards_of(source, sheet)) is not None:
            parts.append(("contacts", contact_cards.read(cards)))
            continue
        table, seen, rejects = understand(source, sheet, forced_kind(source), source.mappings)
        name, taken = UNREAD, RawFile()
        if table is not None:
            name, reader = TABLES[table.kind]
            taken = reader(table)
        parts.append((name, _merged([taken, RawFile(rejects=rejects, tables=(seen,) if seen else ())])))
    return "+".join(dict.fromkeys(name for name, _ in parts if name)), _merged([part for _, part in parts])


def _merged(parts: Sequence[RawFile]) -> RawFile:
    return RawFile(
        documents=tuple(document for part in parts for document in part.documents),
        deals=tuple(deal for part in parts for deal in part.deals),
        ad_spend=tuple(spend for part in parts for spend in part.ad_spend),
        texts=tuple(text for part in parts for text in part.texts),
        rejects=tuple(row for part in parts for row in part.rejects),
        rows=sum(part.rows for part in parts),
        contacts=tuple(contact for part in parts for contact in part.contacts),
        tables=tuple(table for part in parts for table in part.tables),
    )
