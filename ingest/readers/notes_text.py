"""Notes written as plain text: a file a note, or a journal of many under dates and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.model import DocumentKind
from ingest.raw import RawDocument, RawFile, RawUtterance
from ingest.readers.columns import TableKind
from ingest.readers.dialogue import header_of, turns_of
from ingest.readers.source import Source, clean
from ingest.readers.who import facts_of_name
from ingest.reasons import CannotRead

_NOTES = re.compile(r"(?<![^\W_])(?:notes?|journal|замет\w*|примечан\w*|журнал\w*)(?![^\W_])")
_FOLDERS = re.compile(r"(?<![^\W_])(?:meetings?|visits?|встреч\w*|визит\w*|crm)(?![^\W_])")
_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|={3,}|_{3,})\s*$")
_DATED = re.compile(r"^\s*(?:#{1,6}\s+|\*\*)?\[?(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?!\d)")
MIN_ENTRIES = 2
"""Dated lines from which a text is a journal rather than one note that mentions a day."""
TURNS = 3
"""Turns from which a text among notes is the transcript of a talk."""


def is_notes(source: Source) -> bool:
    """Whether the folder or the file's name says that these are notes about customers, and no talk of two is in it."""
    named = any(_NOTES.search(part.replace("ё", "е")) for part in (*source.folders, source.stem.lower()))
    if not named and not any(map(_FOLDERS.search, source.folders)):
        return False
    turns = turns_of(source.text.split("\n"))
    return len(turns) < TURNS or len({turn.tag for turn in turns}) < 2


def read(source: Source, kind: TableKind) -> RawFile:
    """One note or answer, or one an entry of a journal: `path#<number>`. Raises `CannotRead` (`empty`)."""
    entries = [entry for entry in _entries(source.text.split("\n")) if re.search(r"[^\W\d_]{2}", "\n".join(entry))]
    if not entries:
        raise CannotRead("empty")
    written = [_document(source, kind, entry, number, len(entries)) for number, entry in enumerate(entries, 1)]
    return RawFile(documents=tuple(written), rows=len(written))


def _document(source: Source, kind: TableKind, lines: list[str], number: int, of: int) -> RawDocument:
    named = facts_of_name(source.stem)
    facts, start = header_of(lines)
    text = clean("\n".join(lines[start:])) or clean("\n".join(lines))
    contact = facts.contact
    if of == 1:
        contact = replace(contact, phones=tuple(dict.fromkeys((*contact.phones, *named.phones))))
    return RawDocument(
        ref=source.path if of == 1 else f"{source.path}#{number}",
        kind=DocumentKind.NOTE if kind == "note" else DocumentKind.AD_RESPONSE,
        reader="sales_notes" if kind == "note" else "ad_responses",
        utterances=(RawUtterance(text),),
        contact=contact,
        staff=facts.staff,
        occurred_at=facts.moment or named.moment,
    )


def _entries(lines: list[str]) -> Iterator[list[str]]:
    """The text cut at rules, or else at lines that begin with a date."""
    if any(_RULE.match(line) for line in lines[1:]):
        heads, kept = [_RULE.match(line) is not None for line in lines], False
    else:
        heads, kept = [_DATED.match(line) is not None for line in lines], True
        if sum(heads) < MIN_ENTRIES:
            heads = [False] * len(lines)
    entry: list[str] = []
    for line, is_head in zip(lines, heads, strict=True):
        if is_head:
            yield entry
            entry = [line] if kept else []
        else:
            entry.append(line)
    yield entry
