"""Which reader takes a file: decided by what the file holds, its name only helps."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.raw import RawFile, RawUtterance
from ingest.readers import cues, dialogue, documents, mail, notes_text, prose, recognition, records, tables
from ingest.readers.sheet import delimiter_of, sheets_of
from ingest.readers.source import Source, clean, listed, rejected
from ingest.readers.who import facts_of_name
from ingest.reasons import CannotRead

FORCED_CALLS = frozenset({"call", "calls", "transcript", "transcripts"})
KINDS = tuple(
    sorted({*tables.FORCED_TABLES, *FORCED_CALLS, "persona", "personas", "creative", "creatives", "script", "scripts"})
)
"""Every word `--as` takes."""
_TABLE_SUFFIXES = ("csv", "tsv", "tab", "xlsx", "xlsm", "xls", "ods")
_CALL_FOLDERS = re.compile(r"call|звонк|transcript|расшифров|запис|разговор|recording|dialog|диалог")


def read(source: Source) -> tuple[str, RawFile]:
    """(reader's name, what it took). Raises `CannotRead` for a file no reader knows."""
    source = documents.written(source)
    if source.is_office:
        return _workbook(source)
    if source.looks_html and not sheets_of(source):
        source = documents.of_html(source)
    if mail.is_letter(source):
        return _letter(source)
    if kind := prose.kind_of(source):
        return kind.value, prose.read(source, kind)
    if cues.is_cues(source):
        taken = cues.read(source)
        return taken.documents[0].reader, taken
    if source.looks_json:
        return _json(source)
    return _text(source)


def _workbook(source: Source) -> tuple[str, RawFile]:
    sheets = sheets_of(source)
    if not sheets:
        raise CannotRead("unsupported", extension=source.extension or "?")
    return tables.read(source, sheets)


def _letter(source: Source) -> tuple[str, RawFile]:
    inside = mail.as_text(source)
    if kind := prose.kind_of(inside):
        return kind.value, prose.read(inside, kind)
    return "mail", mail.read(source)


def _json(source: Source) -> tuple[str, RawFile]:
    """JSON by its shape; text that only begins with a bracket goes on as text."""
    try:
        broken = [rejected("json_cut", source.at(line)) for line in source.parsed.broken]
        name, taken = _json_data(source, source.json)
    except RecursionError as error:
        raise CannotRead("json_deep") from error
    except CannotRead as problem:
        if source.extension in ("json", "jsonl", "ndjson") or problem.code != "json_broken":
            raise
        try:
            return _text(source)
        except CannotRead:
            raise problem from None
    return name, replace(taken, rejects=(*taken.rejects, *broken))


def _json_data(source: Source, data: object) -> tuple[str, RawFile]:
    if source.kind not in tables.FORCED_TABLES and recognition.is_recognition(data):
        taken = recognition.read(source)
        return taken.documents[0].reader, taken
    if recognition.speaks_as_one(data):
        raise CannotRead("no_speakers")
    sheets = records.sheets_of(data)
    if not any(tables.is_table(source, sheet) or len(sheet.rows) > tables.MANY_RECORDS for sheet in sheets):
        raise CannotRead("json_unknown", keys=_keys(data))
    return tables.read(source, sheets)


def _keys(data: object) -> str:
    if isinstance(data, list):
        data = next((item for item in data if isinstance(item, dict)), {})
    return listed([str(key) for key in data]) or "—" if isinstance(data, dict) else "—"


def _text(source: Source) -> tuple[str, RawFile]:
    forced = tables.forced_kind(source)
    talk = source.kind in FORCED_CALLS
    sheets = sheets_of(source) if not talk else ()
    if any(tables.is_table(source, sheet) for sheet in sheets):
        return tables.read(source, sheets)
    if not forced and not talk and source.extension not in _TABLE_SUFFIXES and notes_text.is_notes(source):
        return "sales_notes", notes_text.read(source, "note")
    if not forced and (talk or dialogue.is_dialogue(source)):
        try:
            return "dialogue", dialogue.read(source)
        except CannotRead:
            return "dialogue", _lines(source)
    if forced in ("note", "lead") and source.extension not in _TABLE_SUFFIXES:
        return tables.TABLES[forced][0], notes_text.read(source, forced)
    if forced or source.extension in _TABLE_SUFFIXES or _is_wide(source):
        if sheets:
            return tables.read(source, sheets)
        raise CannotRead("unknown_table", headers="—")
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


def _is_wide(source: Source) -> bool:
    delimiter = delimiter_of(source.text)
    head = [line for line in source.text.split("\n")[:20] if line.strip()]
    return bool(delimiter) and len(head) > 1 and all(line.count(delimiter or "") >= 3 for line in head)
