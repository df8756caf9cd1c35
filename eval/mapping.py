"""How well unlisted tables are understood: tables read at once, tables asked about, columns right, with headers erased.

Cells are made up from the meaning of each column, so every figure is about headers and the look of cells, not about
one company's data.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.model import SeenTable
from ingest.readers.columns import recognise
from ingest.readers.mapping import understand
from ingest.readers.sheet import sheets_of
from ingest.readers.source import Source
from ingest.readers.suggestion import HARMLESS

TABLES = Path(__file__).with_name("mapping_tables.yaml")
CELLS = Path(__file__).with_name("mapping_cells.yaml")
ROWS = 40
NUMBERS_OF_RECORDS = frozenset({"id", "contact_id", "deal_ref", "lead_ref"})


@dataclass(frozen=True)
class MappingScore:
    """Counts over the tables of one split, with their headers or without."""

    split: str
    headers: bool
    tables: int
    by_dictionary: int
    """Read by known headers alone."""
    read_right: int
    """Read at once, with the right kind and no column wrong."""
    read_wrong: int
    """Read at once with a wrong kind or a wrong column: the harm."""
    asked_right: int
    """Left to a person with the right kind suggested, or rightly called no table of ours."""
    asked_wrong: int
    columns: int
    columns_right: int
    mistakes: tuple[str, ...]


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load(CELLS.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def cells_of(meaning: str, language: str, at: random.Random) -> Callable[[int], str]:
    """What a column of this meaning holds, row by row."""
    made = _words()[language]
    dates = {
        "ru": lambda n: f"{n % 27 + 1:02}.{n % 12 + 1:02}.2025",
        "en": lambda n: f"2025-{n % 12 + 1:02}-{n % 27 + 1:02}",
    }
    if meaning in ("created", "closed", "occurred", "day"):
        return dates[language]
    if meaning == "phone":
        area = 9160000000 if language == "ru" else 2065550000
        shape = "+7 ({}) {}-{}" if language == "ru" else "({}) {}-{}"
        numbers = at.sample(range(9999), ROWS)
        return lambda n: shape.format(*_cut(str(area + numbers[n])))
    if meaning == "email":
        return lambda n: f"person{n}.{at.randint(1, 99)}@example.com"
    if meaning in ("id", "contact_id", "deal_ref"):
        start = at.randint(1000, 8000)
        return lambda n: str(start + 7 * n)
    if meaning in ("amount", "spend"):
        return lambda n: (
            f"{at.randint(1, 90)} {at.randint(100, 999)},50"
            if language == "ru"
            else f"{at.randint(100, 9000)}.{at.randint(10, 99)}"
        )
    if meaning in ("impressions", "clicks", "leads", "quantity"):
        top = {"impressions": 9000, "clicks": 300, "leads": 12, "quantity": 60}[meaning]
        return lambda n: str(at.randint(1, top))
    if meaning == "0":
        return at.choice([lambda n: str(at.randint(1, 50)), lambda n: f"{at.choice('ABCD')}-{at.randint(1, 30)}"])
    if meaning in ("text", "answer"):
        pool = made[meaning]
        return lambda n: f"{pool[n % len(pool)]}, {pool[(n // len(pool) + n + 3) % len(pool)]}"
    if meaning == "full_name":
        return lambda n: (
            f"{made['first_name'][n % 10]} {made['last_name'][(n // 10 + n) % 10]}"
            if n % 9
            else made["first_name"][n % 10]
        )
    few = meaning in ("staff", "stage", "product", "campaign", "platform", "source", "loss_reason", "ad")
    pool = made[meaning]
    return (lambda n: at.choice(pool)) if few else (lambda n: pool[n % len(pool)])


def _cut(digits: str) -> tuple[str, str, str]:
    return digits[:3], digits[3:6], digits[6:]


def table_text(entry: dict[str, Any], *, headers: bool) -> str:
    """A table as CSV; without headers its columns are called `Column 1` …"""
    at = random.Random(entry["id"])
    makers = [cells_of(str(meaning), entry["language"], at) for _, meaning in entry["columns"]]
    held = io.StringIO()
    out = csv.writer(held, delimiter=";")
    out.writerow([name if headers else f"Column {n}" for n, (name, _) in enumerate(entry["columns"], 1)])
    for row in range(ROWS):
        cells = [make(row) for make in makers]
        empty = {i for i, (_, m) in enumerate(entry["columns"]) if m in ("loss_reason", "closed") and row % 3}
        out.writerow(["" if i in empty else cell for i, cell in enumerate(cells)])
    return held.getvalue()


def score(split: str, *, headers: bool) -> MappingScore:
    """Read all tables of a split."""
    counts = dict.fromkeys(("by_dictionary", "read_right", "read_wrong", "asked_right", "asked_wrong"), 0)
    columns = right = 0
    mistakes: list[str] = []
    entries = [e for e in yaml.safe_load(TABLES.read_text(encoding="utf-8")) if e["split"] == split]
    for entry in entries:
        source = Source(entry["file"] if headers else "table.csv", table_text(entry, headers=headers).encode())
        (sheet,) = sheets_of(source)
        counts["by_dictionary"] += recognise(source, sheet) is not None
        _, seen, _ = understand(source, sheet, None, ())
        assert seen is not None
        wrong = wrong_columns(entry, seen) if entry["kind"] else {}
        if entry["kind"]:
            columns, right = columns + len(entry["columns"]), right + len(entry["columns"]) - len(wrong)
        kind_right = (seen.kind or 0) == entry["kind"]
        if seen.state in ("known", "suggested"):
            harmful = [name for name in wrong if _harms(entry, seen, name)]
            counts["read_right" if kind_right and not harmful else "read_wrong"] += 1
        else:
            counts["asked_right" if kind_right or not entry["kind"] else "asked_wrong"] += 1
        if wrong or (entry["kind"] and not kind_right):
            mistakes.append(
                f"{entry['id']}: {seen.state} as {seen.kind} ({seen.confidence:.2f}) {'; '.join(wrong.values())}"
            )
    return MappingScore(
        split, headers, len(entries), **counts, columns=columns, columns_right=right, mistakes=tuple(mistakes)
    )


def wrong_columns(entry: dict[str, Any], seen: SeenTable) -> dict[int, str]:
    """Position → what was understood instead, of every column understood wrongly or not at all."""
    found: dict[int, str] = {}
    for number, ((header, meaning), column) in enumerate(zip(entry["columns"], seen.columns, strict=True)):
        wanted = str(meaning) if meaning else None
        if column.field != wanted and not _same(wanted, column.field):
            found[number] = f"{header}={column.field or '—'} {column.confidence:.2f}, is {wanted or '—'}"
    return found


def _same(wanted: str | None, found: str | None) -> bool:
    """Fields that every reader takes for one another."""
    return {wanted, found} in ({"occurred", "created"}, {"full_name", "first_name"})


def _harms(entry: dict[str, Any], seen: SeenTable, number: int) -> bool:
    """A column read as something it is not. One left aside only loses what it says, one number for another a join."""
    column = seen.columns[number]
    read = column.field is not None and column.confidence >= HARMLESS
    return read and not {column.field, str(entry["columns"][number][1])} <= NUMBERS_OF_RECORDS


def show(result: MappingScore) -> str:
    """One line, and the mistakes."""
    title = f"{result.split} tables, {'own headers' if result.headers else 'headers erased'}"
    line = (
        f"{title}: {result.tables} tables, by dictionary alone {result.by_dictionary}; read right {result.read_right}, "
        f"read wrong {result.read_wrong}, asked with the right kind {result.asked_right}, asked with a wrong one "
        f"{result.asked_wrong}; columns right {result.columns_right}/{result.columns}"
    )
    return "\n".join([line, *(f"  {mistake}" for mistake in result.mistakes)])


def main(arguments: Sequence[str]) -> int:
    """Score all splits, with headers and without. 1 when a table was read wrong."""
    argparse.ArgumentParser(prog="python -m eval mapping", description=__doc__).parse_args(arguments)
    results = [score(split, headers=headers) for headers in (True, False) for split in ("seen", "unseen", "traps")]
    print("\n".join(map(show, results)))
    return 1 if any(result.read_wrong for result in results) else 0
