"""Which reader takes a file: decided by what the file holds, its name only helps."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.model import DocumentKind
from ingest.raw import Contact, RawDocument, RawFile, RawUtterance
from ingest.readers import ad_responses, ad_spend, cues, deals, dialogue, lead_forms, prose, recognition, sales_notes
from ingest.readers.columns import Table, TableKind, recognise
from ingest.readers.sheet import Sheet, delimiter_of, sheets_of
from ingest.readers.source import RejectedRow, Source, clean, listed, rejected
from ingest.readers.who import facts_of_name
from ingest.reasons import CannotRead

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
FORCED_CALLS = frozenset({"call", "calls", "transcript", "transcripts"})
KINDS = tuple(
    sorted({*FORCED_TABLES, *FORCED_CALLS, "persona", "personas", "creative", "creatives", "script", "scripts"})
)
"""Every word `--as` takes."""
WORDS_ALONE = 100
"""JSON with this many characters of text and no pieces is a transcript without speakers."""
_TABLE_SUFFIXES = ("csv", "tsv", "tab", "xlsx", "xlsm", "xls", "ods")
_CALL_FOLDERS = re.compile(r"call|звонк|transcript|расшифров|запис|разговор|recording|dialog|диалог")


def read(source: Source) -> tuple[str, RawFile]:
    """(reader's name, what it took). Raises `CannotRead` for a file no reader knows."""
    if kind := prose.kind_of(source):
        return kind.value, prose.read(source, kind)
    if source.is_office:
        return _office(source)
    if cues.is_cues(source):
        taken = cues.read(source)
        return taken.documents[0].reader, taken
    if source.looks_json:
        return _json(source)
    return _text(source)


def _office(source: Source) -> tuple[str, RawFile]:
    if prose.is_word(source):
        inner = prose.as_text_source(source)
        if not inner.data.strip():
            raise CannotRead("empty")
        return _text(inner)
    sheets = sheets_of(source)
    if not sheets:
        raise CannotRead("unsupported", extension=source.extension or "?")
    return _tables(source, sheets)


def _json(source: Source) -> tuple[str, RawFile]:
    try:
        data = source.json
    except CannotRead:
        if source.extension in ("json", "jsonl", "ndjson") or not dialogue.is_dialogue(source):
            raise
        return "dialogue", dialogue.read(source)
    if source.kind not in FORCED_TABLES and recognition.is_recognition(data):
        taken = recognition.read(source)
        return taken.documents[0].reader, taken
    sheet = lead_forms.sheet_of(data)
    table = recognise(source, sheet, FORCED_TABLES.get(source.kind or "")) if sheet else None
    if table is None:
        if isinstance(data, dict) and len(str(data.get("text") or data.get("transcript") or "")) > WORDS_ALONE:
            raise CannotRead("no_speakers")
        raise CannotRead("json_unknown", keys=_keys(data))
    name, reader = TABLES[table.kind]
    return name, reader(table)


def _keys(data: object) -> str:
    if isinstance(data, list):
        data = next((item for item in data if isinstance(item, dict)), {})
    return listed([str(key) for key in data]) or "—" if isinstance(data, dict) else "—"


def _text(source: Source) -> tuple[str, RawFile]:
    forced = FORCED_TABLES.get(source.kind or "")
    talk = source.kind in FORCED_CALLS
    if not talk:
        sheets = sheets_of(source) if not source.is_office else ()
        if sheets and recognise(source, sheets[0], forced):
            return _tables(source, sheets)
    if not forced and (talk or dialogue.is_dialogue(source)):
        try:
            return "dialogue", dialogue.read(source)
        except CannotRead:
            return "dialogue", _lines(source)
    if forced in ("note", "lead") and source.extension not in _TABLE_SUFFIXES:
        return TABLES[forced][0], _written(source, forced)
    if forced or source.extension in _TABLE_SUFFIXES or _is_wide(source):
        raise _unknown_table(source)
    if _CALL_FOLDERS.search("/".join(source.folders)) or facts_of_name(source.stem).phones:
        return "dialogue", _lines(source)
    raise CannotRead("unknown_text")


def _lines(source: Source) -> RawFile:
    """A call whose lines name no speaker: each line is a turn. Raises `CannotRead` when it is one block of prose."""
    written = source.text.split("\n")
    facts, start = dialogue.header_of(written)
    lines = [text for line in written[start:] if (text := clean(re.sub(r"^\s*[-–—•]\s*", "", line)))]
    if len(lines) < 4 or sum(len(line) for line in lines) / len(lines) > 400:
        raise CannotRead("no_speakers")
    utterances = tuple(RawUtterance(line) for line in lines)
    return RawFile(documents=(dialogue.raw_call(source, utterances, facts, reader="dialogue"),), rows=1)


def _written(source: Source, kind: TableKind) -> RawFile:
    """A whole text that the sender calls a note or an answer; contacts in it are found like any said in a text."""
    named = facts_of_name(source.stem)
    document = RawDocument(
        ref=source.path,
        kind=DocumentKind.NOTE if kind == "note" else DocumentKind.AD_RESPONSE,
        reader=TABLES[kind][0],
        utterances=(RawUtterance(clean(source.text)),),
        contact=Contact(phones=named.phones),
        occurred_at=named.moment,
    )
    return RawFile(documents=(document,), rows=1)


def _is_wide(source: Source) -> bool:
    delimiter = delimiter_of(source.text)
    head = [line for line in source.text.split("\n")[:20] if line.strip()]
    return bool(delimiter) and len(head) > 1 and all(line.count(delimiter or "") >= 3 for line in head)


def _tables(source: Source, sheets: tuple[Sheet, ...]) -> tuple[str, RawFile]:
    """All recognised worksheets of a file together; the unrecognised ones are listed."""
    forced = FORCED_TABLES.get(source.kind or "")
    parts: list[tuple[str, RawFile]] = []
    rejects: list[RejectedRow] = []
    for sheet in sheets:
        table = recognise(source, sheet, forced)
        if table is None:
            place = f"{source.path} [{sheet.title}]" if sheet.title else source.path
            rejects.append(rejected("unknown_table", place, headers=_headers(sheet)))
        else:
            name, reader = TABLES[table.kind]
            parts.append((name, reader(table)))
    if not parts:
        raise CannotRead("unknown_table", headers=_headers(sheets[0]))
    name = "+".join(dict.fromkeys(name for name, _ in parts))
    return name, _merged([part for _, part in parts], rejects)


def _merged(parts: list[RawFile], rejects: list[RejectedRow]) -> RawFile:
    return RawFile(
        documents=tuple(document for part in parts for document in part.documents),
        deals=tuple(deal for part in parts for deal in part.deals),
        ad_spend=tuple(spend for part in parts for spend in part.ad_spend),
        texts=tuple(text for part in parts for text in part.texts),
        rejects=(*(row for part in parts for row in part.rejects), *rejects),
        rows=sum(part.rows for part in parts),
    )


def _headers(sheet: Sheet) -> str:
    widest = max(sheet.rows[:5], key=lambda row: sum(bool(cell) for cell in row.cells))
    return listed([cell for cell in widest.cells if cell])


def _unknown_table(source: Source) -> CannotRead:
    sheets = sheets_of(source)
    return CannotRead("unknown_table", headers=_headers(sheets[0]) if sheets and sheets[0].rows else "—")
