"""The receipt of an upload in words: what came in, what is asked of a person, what was left out and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.model import Reject
from ingest.reasons import Weight, weight_of
from service.core.numbers import Formatter
from service.corpus.mappings import field_name, kind_name
from service.corpus.receipt import FileKind, Receipt, TableNote
from service.web.i18n import Words

WEIGHTS: tuple[Weight, ...] = ("mend", "check", "fine")
"""What is asked of a person first."""
FAMILIES = {"sales_notes": "note", "ad_responses": "ad_response", "deals": "deals", "ad_spend": "ad_spend",
            "persona": "text", "creative": "text", "script": "text"}  # fmt: skip
"""Reader → family; every other reader takes calls."""
MENDED_AT = dict.fromkeys(("mapping_needed", "mapping_guessed", "unknown_table", "unused_columns"), "/tables") | {
    "sales_assumed": "/speakers",
    "hook_only_id": "/hooks",
    "hook_partial": "/hooks",
    "hook_records": "/hooks",
}
"""Reason → the page where a person puts it right without another file."""
IN_TABLES = frozenset({"mapping_needed", "mapping_guessed", "unknown_table", "unused_columns"})
"""Reasons that the list of tables says better: there each has its link."""


@dataclass(frozen=True)
class Tile:
    """A count and what was counted."""

    count: int
    what: str


@dataclass(frozen=True)
class FileLine:
    """Files of one family and what they held."""

    name: str
    detail: str
    files: int
    rows: int


@dataclass(frozen=True)
class Group:
    """Counts that belong together, with a sentence on what they mean."""

    title: str
    explained: str
    rows: tuple[Tile, ...]


@dataclass(frozen=True)
class TableLine:
    """A table nobody knew by its headers."""

    signature: str
    place: str
    title: str
    columns: str
    waits: bool


@dataclass(frozen=True)
class RejectGroup:
    """Rejects with one reason: one repair. `mend` is the page where a person can do it, "" where there is none."""

    reason: str
    places: tuple[str, ...]
    mend: str = ""


@dataclass(frozen=True)
class RejectSection:
    """Rejects that ask the same of a person."""

    weight: Weight
    title: str
    explained: str
    groups: tuple[RejectGroup, ...]


@dataclass(frozen=True)
class ReceiptView:
    """The receipt."""

    receipt: Receipt
    finding: str
    lines: tuple[str, ...]
    tiles: tuple[Tile, ...]
    files: tuple[FileLine, ...]
    groups: tuple[Group, ...]
    waiting: tuple[TableLine, ...]
    """Tables not read until somebody says what their columns are."""
    guessed: tuple[TableLine, ...]
    """Tables read without help, worth a look."""
    sections: tuple[RejectSection, ...]


def receipt_view(receipt: Receipt, words: Words) -> ReceiptView:
    """The receipt in words."""
    notes = sorted(receipt.tables, key=lambda note: (note.state != "needed", note.kind is None, note.place))
    tables = tuple(_table(note, words) for note in notes if note.state in ("needed", "suggested"))
    return ReceiptView(
        receipt=receipt,
        finding=_finding(receipt, words),
        lines=_lines(receipt, words),
        tiles=_tiles(receipt, words),
        files=_files(receipt.files, words),
        groups=_groups(receipt, words),
        waiting=tuple(table for table in tables if table.waits),
        guessed=tuple(table for table in tables if not table.waits),
        sections=_sections(receipt.rejects, frozenset(table.place for table in tables), words),
    )


def rejects_view(rejects: tuple[Reject, ...], words: Words) -> tuple[RejectSection, ...]:
    """Rejects of any uploads, by what is asked of a person."""
    return _sections(rejects, frozenset(), words)


def _finding(receipt: Receipt, words: Words) -> str:
    taken = sum(kind.files for kind in receipt.files)
    if taken and receipt.channel == "note":
        return words(f"receipt.finding_note_{'new' if receipt.changes.new_customers else 'known'}")
    if taken and receipt.channel != "files":
        records = sum(kind.rows for kind in receipt.files)
        return words("receipt.finding_hook", n=records, system=words(f"uploads.channel.{receipt.channel}"))
    if taken and receipt.customers:
        return words("receipt.finding", n=taken, customers=words("count.customers", n=receipt.customers))
    if taken:
        return words("receipt.finding_nobody", n=taken)
    if receipt.unchanged:
        return words("receipt.finding_unchanged", n=receipt.unchanged)
    return words("receipt.finding_nothing")


def _lines(receipt: Receipt, words: Words) -> tuple[str, ...]:
    changes = receipt.changes
    counted = (
        ("new_customers", changes.new_customers if changes.new_customers < receipt.customers else 0),
        ("unchanged", receipt.unchanged if receipt.files else 0),
        ("replaced", changes.replaced_files),
        ("superseded", changes.superseded_deals),
        ("removed", changes.removed),
        ("rejoined", changes.rejoined),
        ("forgotten", changes.forgotten),
        ("unsure", receipt.roles_unsure),
    )
    lines = [words(f"receipt.line.{key}", n=n) for key, n in counted if n]
    if receipt.roles_by_words:
        sure = Formatter(words.language).value(receipt.roles_by_words_confidence or 0.0, "share")
        lines.append(words("receipt.line.by_words", n=receipt.roles_by_words, sure=sure))
    return tuple(lines)


def _tiles(receipt: Receipt, words: Words) -> tuple[Tile, ...]:
    counted = [(f"receipt.tile.{kind}", n) for kind, n in receipt.documents.items()]
    counted += [("receipt.tile.deals", receipt.deals), ("receipt.tile.ad_spend", receipt.ad_spend)]
    counted += [(f"receipt.tile.{kind}", n) for kind, n in receipt.texts.items()]
    return tuple(Tile(n, words(key, n=n)) for key, n in counted if n)


def _files(kinds: tuple[FileKind, ...], words: Words) -> tuple[FileLine, ...]:
    """One line a family; its readers stand beside it where there are several."""
    families: dict[str, list[FileKind]] = defaultdict(list)
    for kind in kinds:
        parts = dict.fromkeys(FAMILIES.get(part, "call") for part in kind.reader.split("+"))
        families["+".join(parts)].append(kind)
    return tuple(
        FileLine(
            name=" + ".join(words(f"receipt.family.{part}") for part in family.split("+")),
            detail=", ".join(f"{_reader(kind.reader, words)} {kind.files}" for kind in own) if len(own) > 1 else "",
            files=sum(kind.files for kind in own),
            rows=sum(kind.rows for kind in own),
        )
        for family, own in sorted(families.items())
    )


def _reader(reader: str, words: Words) -> str:
    return " + ".join(_named(words, "reader", part) for part in reader.split("+"))


def _groups(receipt: Receipt, words: Words) -> tuple[Group, ...]:
    found: tuple[tuple[str, str, Mapping[str, int]], ...] = (
        ("joined", "key", receipt.joined),
        ("redacted", "hidden", receipt.redacted),
        ("marked", "flag", receipt.marked),
    )
    return tuple(
        Group(
            words(f"receipt.{name}", n=sum(counted.values())),
            words(f"receipt.{name}_why"),
            tuple(
                Tile(n, " + ".join(_named(words, prefix, part) for part in kind.split("+")))
                for kind, n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
        )
        for name, prefix, counted in found
        if counted
    )


def _named(words: Words, prefix: str, kind: str) -> str:
    key = f"{prefix}.{kind}"
    return words(key) if words.has(key) else kind.replace("_", " ")


def _table(note: TableNote, words: Words) -> TableLine:
    waits = note.state == "needed"
    if note.kind is None:
        title = words("receipt.table.unknown")
    else:
        title = words(f"receipt.table.{note.state}", kind=kind_name(note.kind, words.language))
    columns = "; ".join(f"{header} → {field_name(field, words.language)}" for header, field in note.columns if field)
    if columns and (aside := [header for header, field in note.columns if not field]):
        columns = f"{columns}. {words('receipt.table.aside', columns=', '.join(aside))}"
    return TableLine(note.signature, note.place, title, columns, waits)


def _sections(rejects: tuple[Reject, ...], tables: frozenset[str], words: Words) -> tuple[RejectSection, ...]:
    """By what is asked of a person, then by the sentence that says what to do: one repair, many places."""
    by_weight: dict[Weight, dict[str, list[str]]] = {}
    mended_at: dict[str, str] = {}
    for reject in rejects:
        if reject.code in IN_TABLES and reject.place in tables:
            continue
        reason = reject.reason.get(words.language) or reject.reason.get("en") or reject.code
        by_weight.setdefault(weight_of(reject.code), {}).setdefault(reason, []).append(reject.place)
        mended_at[reason] = MENDED_AT.get(reject.code, "")
    return tuple(
        RejectSection(
            weight,
            words(f"receipt.rejects.{weight}", n=sum(map(len, by_weight[weight].values()))),
            words(f"receipt.rejects.{weight}_why"),
            tuple(
                RejectGroup(reason, tuple(places), mended_at[reason])
                for reason, places in sorted(by_weight[weight].items(), key=lambda pair: (-len(pair[1]), pair[0]))
            ),
        )
        for weight in WEIGHTS
        if weight in by_weight
    )
