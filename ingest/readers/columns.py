"""What a table is and what its columns mean, by a dictionary of headers (`locale/columns.yaml`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, NamedTuple

from ingest.readers.amounts import Mark, decimal_mark
from ingest.readers.moments import Column, Order, order_of
from ingest.readers.sheet import Row, Sheet
from ingest.readers.source import RejectedRow, Source, rejected
from ingest.reasons import packaged

TableKind = Literal["note", "lead", "deal", "spend"]
KINDS: tuple[TableKind, ...] = ("note", "lead", "deal", "spend")
LONGEST_HEADER = 300
"""Letters of a header that are looked at; a longer cell is somebody's text."""
HEADER_ROWS = 15
"""The header is looked for among this many first rows: reports put titles above it."""
STRONG, ALSO, SHARED = 3.0, 1.0, 0.5
ENOUGH = 3.0
"""A table whose recognised headers weigh less than this is not that kind of table."""
NAMED = 2.0
"""What a telling file or worksheet name adds; a column headed by a question adds it to ad responses."""
COVERED, FAMILIAR = 0.75, 1.5
"""A table nearly all of whose headers are known is that kind of table, however few they are."""
_NAMES: dict[TableKind, re.Pattern[str]] = {
    "note": re.compile(r"note|замет|примечан|activit|актив|tasks?\b|задач|calls?_|звонк|comment|коммент|дела"),
    "lead": re.compile(r"lead|лид|заявк|отклик|form|анкет|response|опрос"),
    "deal": re.compile(r"deal|сделк|opportunit|order|заказ|продаж|sales|оплат"),
    "spend": re.compile(
        r"spend|расход|cost|затрат|report|отчет|ads_|_ads|реклам|direct|директ|campaign|кампани|бюджет"
    ),
}

_PUNCTUATION = re.compile(r"[^\w%№]+|_")
_BRACKETS = re.compile(r"\([^)]{0,200}\)|\[[^\]]{0,200}\]")


def normalised(header: str) -> str:
    """`Контакт: Телефон (раб.)` → `контакт телефон`: lower case, ё as е, words apart by one space, no brackets."""
    text = unicodedata.normalize("NFKC", header[:LONGEST_HEADER]).lower().replace("ё", "е")
    plain = _PUNCTUATION.sub(" ", _BRACKETS.sub(" ", text)).strip()
    return plain or _PUNCTUATION.sub(" ", text).strip()


class Known(NamedTuple):
    """A header's field in one kind of table; `field` is None for columns known and not needed."""

    field: str | None
    weight: float


@cache
def _fillers() -> frozenset[str]:
    return frozenset(packaged("columns.yaml")["fillers"])


@cache
def _dictionary(kind: TableKind) -> dict[str, Known]:
    """Normalised header → field, the kind's own entries before the shared ones."""
    words = packaged("columns.yaml")
    found: dict[str, Known] = {}
    own = words["kinds"][kind]
    for strength, weight in (("strong", STRONG), ("also", ALSO)):
        for name, lists in own["fields"].items():
            for header in lists.get(strength, ()):
                found.setdefault(normalised(header), Known(name, weight))
    for name, headers in words["shared"].items():
        for header in headers:
            found.setdefault(normalised(header), Known(name, SHARED))
    for header in own["ignored"]:
        found.setdefault(normalised(header), Known(None, 0.0))
    return found


def field_of(header: str, kind: TableKind) -> Known | None:
    """The field of a header: as written, without filler words, or a short header that speaks of a phone or e-mail."""
    dictionary = _dictionary(kind)
    plain = normalised(header)
    if found := dictionary.get(plain):
        return found
    words = plain.replace("%", " ").split()
    if re.fullmatch(r"utm \w+", plain):
        return Known(None, 0.0)
    while words and words[-1].isdigit():
        words = words[:-1]
    for candidate in _without_fillers(words):
        if found := dictionary.get(candidate):
            return found
    if header.rstrip().endswith("?") or len(words) > 4:
        return None
    if any(word.startswith(("телефон", "phone", "mobile", "моб")) or word == "тел" for word in words):
        return Known("phone", SHARED)
    if any(word in ("email", "mail", "почта", "имейл") for word in words):
        return Known("email", SHARED)
    return None


def _without_fillers(words: list[str]) -> Iterator[str]:
    """The header with filler words taken away from its ends, the longest first."""
    fillers, start, end = _fillers(), 0, len(words)
    while start < end - 1 and words[start] in fillers:
        start += 1
    yield " ".join(words[start:])
    while end > start + 1 and words[end - 1] in fillers:
        end -= 1
    yield " ".join(words[start:end])
    yield " ".join(words[:end])


@dataclass(frozen=True)
class Table:
    """A recognised table. `fields[i]` names column i; None for columns that are known and not needed, or unknown."""

    kind: TableKind
    source: Source
    headers: tuple[str, ...]
    fields: tuple[str | None, ...]
    unknown: tuple[int, ...]
    """Columns whose header is in no dictionary: questions of a form, or columns left aside."""
    rows: tuple[Row, ...]
    score: float
    title: str = ""
    rejects: tuple[RejectedRow, ...] = ()

    @cached_property
    def positions(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for index, name in enumerate(self.fields):
            if name is not None:
                found[name] = (*found.get(name, ()), index)
        return found

    def has(self, field: str) -> bool:
        return field in self.positions

    def first(self, row: Row, *names: str) -> str:
        """The first non-empty cell among the columns of these fields."""
        for name in names:
            for index in self.positions.get(name, ()):
                if row.cells[index]:
                    return row.cells[index]
        return ""

    def every(self, row: Row, *names: str) -> tuple[str, ...]:
        """All different non-empty cells of these fields."""
        cells = (row.cells[index] for name in names for index in self.positions.get(name, ()))
        return tuple(dict.fromkeys(cell for cell in cells if cell))

    def values(self, *names: str) -> list[str]:
        """All non-empty cells of these fields, in row order."""
        return [cell for row in self.rows for cell in self.every(row, *names)]

    @cached_property
    def is_russian(self) -> bool:
        return any("а" <= char <= "я" for header in self.headers for char in header.lower())

    def date_order(self, *names: str) -> Order:
        """Day or month first in these columns: proved by their own values, else by the table's other dates."""
        if names not in self._orders:
            self._orders[names] = self._order_found(names)
        return self._orders[names]

    @cached_property
    def _orders(self) -> dict[tuple[str, ...], Order]:
        return {}

    def _order_found(self, names: tuple[str, ...]) -> Order:
        default: Order = "day" if self.is_russian or self._has_day_first_currency else "month"
        own = order_of(self.values(*names), default)
        if own.decided:
            return own.order
        everything: Column = order_of(self.values("created", "closed", "occurred", "day", "modified"), default)
        return everything.order

    @cached_property
    def _has_day_first_currency(self) -> bool:
        joined = " ".join([*self.headers, *self.values("currency", "amount", "spend")[:50]])
        return any(mark in joined for mark in ("£", "€", "₽", "GBP", "EUR", "RUB", "KZT", "AUD"))

    def decimal_mark(self, *names: str) -> Mark:
        return decimal_mark(self.values(*names))

    def ref_of(self, row: Row) -> str:
        """`path#<the row's own id, else its number>`."""
        own = self.first(row, "id")
        return f"{self.source.path}#{own or row.number}"

    def place(self, row: Row) -> str:
        return self.source.at(row.number)

    def header_of(self, field: str) -> str:
        positions = self.positions.get(field)
        return self.headers[positions[0]] if positions else field


def recognise(source: Source, sheet: Sheet, only: TableKind | None = None) -> Table | None:
    """The table kind whose dictionary knows most of the headers; None when none knows enough."""
    best: Table | None = None
    for index, row in enumerate(sheet.rows[:HEADER_ROWS]):
        filled = sum(bool(cell) for cell in row.cells)
        if filled < 2:
            continue
        for kind in (only,) if only else KINDS:
            table = _as_kind(source, sheet, index, kind)
            if table is not None and (best is None or table.score > best.score + 1e-9):
                best = table
        if best is not None and index > 3:
            break
    return best


def _as_kind(source: Source, sheet: Sheet, header_index: int, kind: TableKind) -> Table | None:
    headers = trimmed(sheet.rows[header_index].cells)
    known = [field_of(header, kind) if header else Known(None, 0.0) for header in headers]
    weights: dict[str, float] = {}
    for found in known:
        if found is not None and found.field is not None:
            weights[found.field] = max(weights.get(found.field, 0.0), found.weight)
    rules = packaged("columns.yaml")["kinds"][kind]
    hint = _hint(source, sheet, kind, headers, known)
    if any(not set(group) & set(weights) for group in rules["needs"]):
        return None
    if not set(rules["any_of"]) & set(weights) and not (kind == "lead" and hint):
        return None
    covered = sum(found is not None for found in known) >= COVERED * len(known)
    score = sum(weights.values()) + hint + FAMILIAR * covered
    if score < ENOUGH:
        return None
    body, rejects = body_under(source, sheet, header_index, len(headers))
    return Table(
        kind=kind,
        source=source,
        headers=headers,
        fields=tuple(found.field if found else None for found in known),
        unknown=tuple(index for index, found in enumerate(known) if found is None),
        rows=body,
        score=score,
        title=" ".join(cell for row in sheet.rows[:header_index] for cell in row.cells if cell),
        rejects=(*sheet.rejects, *rejects),
    )


def hint_of(source: Source, sheet: Sheet, kind: TableKind) -> float:
    """What the names of file and worksheet add to a kind's score."""
    return NAMED * bool(_NAMES[kind].search(f"{source.name} {sheet.title}".lower().replace("ё", "е")))


def _hint(
    source: Source, sheet: Sheet, kind: TableKind, headers: Sequence[str], known: Sequence[Known | None]
) -> float:
    asked = kind == "lead" and any(
        found is None and (header.rstrip().endswith("?") or len(normalised(header).split()) >= 4)
        for header, found in zip(headers, known, strict=True)
    )
    return hint_of(source, sheet, kind) + NAMED * asked


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """A row without the empty cells at its end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return tuple(cells[:end])


def body_under(
    source: Source, sheet: Sheet, header_index: int, width: int
) -> tuple[tuple[Row, ...], list[RejectedRow]]:
    """Rows under the header, padded to its width; totals and rows of another width go to the rejects."""
    totals = {normalised(word) for word in packaged("columns.yaml")["totals"]}
    last = len(sheet.rows) - 1
    rows: list[Row] = []
    rejects: list[RejectedRow] = []
    for index, row in enumerate(sheet.rows[header_index + 1 :], header_index + 1):
        cells = trimmed(row.cells)
        first = next((cell for cell in cells if cell), "")
        if normalised(first) in totals or normalised(first).startswith(("итого", "всего ", "total ")):
            rejects.append(rejected("total_row", source.at(row.number)))
        elif len(cells) > width:
            rejects.append(rejected("long_row", source.at(row.number), expected=width, found=len(cells)))
        elif not source.is_office and len(row.cells) < width and index == last and not source.text.endswith("\n"):
            rejects.append(rejected("cut_row", source.at(row.number), expected=width, found=len(row.cells)))
        elif not source.is_office and len(row.cells) == 1 and width > 2:
            rejects.append(rejected("short_row", source.at(row.number), expected=width, found=1))
        else:
            rows.append(Row(row.number, (*cells, *[""] * (width - len(cells)))))
    return tuple(rows), rejects
