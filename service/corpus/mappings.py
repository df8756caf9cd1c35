"""Tables as the workspace knows them, and what a person may say about their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ingest.model import SeenTable, TableMapping
from ingest.readers.headings import fields, header_key
from ingest.readers.mapping import SKIP, fields_of, missing_fields
from ingest.sampling import NAMELESS
from service.core.errors import BadInput

Language = Literal["ru", "en"]
KINDS: tuple[str, ...] = ("note", "ad_response", "deals", "ad_spend")
ASIDE = "aside"
"""Said instead of a field: this column is not needed."""
BY_SEVERAL = frozenset({"phone", "email", "full_name", "answer", "contact_id", "deal_ref"})
"""Fields that several columns of one table may have."""
SURE = 0.8
"""A column's meaning below this is marked for the person who confirms."""


@dataclass(frozen=True)
class KnownTable:
    """All tables of one set of headers in a workspace."""

    table: SeenTable
    files: tuple[str, ...]
    who: str
    seen_at: datetime
    decided_at: datetime | None = None

    @property
    def decided(self) -> bool:
        """Whether a person said what the columns mean."""
        return self.table.state in ("confirmed", "skipped")

    def suggested_for(self, kind: str) -> tuple[str | None, ...]:
        """Field of every column, in order, for a table of this kind: what was suggested or said, else what this kind
        also has."""
        allowed = fields_of(kind)
        return tuple(column.field if column.field in allowed else None for column in self.table.columns)

    def mapping(self) -> TableMapping:
        """What ingest is told about tables of this signature."""
        columns = {header_key(column.header): column.field for column in self.table.columns if column.field}
        return TableMapping(self.table.signature, self.table.kind or SKIP, columns)


def field_name(field: str | None, language: Language) -> str:
    """A field in words: `Телефон клиента`; of None, that the column is left aside."""
    return str(fields()["fields"][field][language] if field else fields()[ASIDE][language])


def kind_name(kind: str | None, language: Language) -> str:
    """A kind of table in words."""
    return str(fields()["kinds"][kind][language] if kind in KINDS else fields()[SKIP][language])


def decide(
    known: KnownTable, kind: str | None, said: Mapping[str, str | None], who: str, moment: datetime
) -> KnownTable:
    """The table as a person wants it: `said` are headers → fields, over what was suggested.

    `kind` None keeps the suggested one; `skip` leaves such tables unread. BadInput for a kind, header or field there is
    none of, for a field given twice, and for a table that lacks what its kind cannot do without.
    """
    kind = kind or known.table.kind
    if kind not in (*KINDS, SKIP):
        raise BadInput(
            f"There is no kind of table {kind!r}; use one of: {', '.join((*KINDS, SKIP))}.",
            ru=f"Вида таблицы {kind!r} нет; есть {', '.join((*KINDS, SKIP))}.",
        )
    if kind == SKIP:
        columns = tuple(replace(column, field=None, samples=()) for column in known.table.columns)
        table = replace(known.table, state="skipped", kind=None, confidence=1.0, columns=columns)
    else:
        chosen = _chosen(known.table, kind, said)
        _require_whole(kind, chosen)
        columns = tuple(
            replace(column, field=field, confidence=1.0, samples=())
            for column, field in zip(known.table.columns, chosen, strict=True)
        )
        table = replace(known.table, state="confirmed", kind=kind, confidence=1.0, columns=columns)
    return replace(known, table=table, who=who, decided_at=moment)


def _chosen(table: SeenTable, kind: str, said: Mapping[str, str | None]) -> list[str | None]:
    by_header = {header_key(header): field for header, field in said.items()}
    if unknown := sorted(set(by_header) - {header_key(column.header) for column in table.columns}):
        headers = ", ".join(column.header for column in table.columns)
        raise BadInput(
            f"There is no column {unknown[0]!r} in this table; its columns are: {headers}.",
            ru=f"Столбца {unknown[0]!r} в таблице нет; есть столбцы: {headers}.",
        )
    allowed = fields_of(kind)
    given = {field for field in by_header.values() if field}
    chosen = []
    for column in table.columns:
        key = header_key(column.header)
        suggested = column.field if column.field in allowed and column.field not in given - BY_SEVERAL else None
        field = by_header.get(key, suggested)
        chosen.append(None if field in (None, "", ASIDE) else _known(field, kind, allowed))
    return chosen


def _known(field: str | None, kind: str, allowed: Sequence[str]) -> str:
    if field not in allowed:
        raise BadInput(
            f"A table of kind {kind!r} has no field {field!r}; its fields are: {', '.join(allowed)}.",
            ru=f"В таблице вида {kind!r} нет поля {field!r}; есть поля: {', '.join(allowed)}.",
        )
    return str(field)


def _require_whole(kind: str, chosen: Sequence[str | None]) -> None:
    named = [field for field in chosen if field]
    for field in named:
        if named.count(field) > 1 and field not in BY_SEVERAL:
            raise BadInput(
                f"Two columns are both {field_name(field, 'en')!r}: leave one of them aside.",
                ru=f"Два столбца названы одинаково — «{field_name(field, 'ru')}»: один из них не берите.",
            )
    if missing := missing_fields(kind, named):
        english, russian = (", ".join(field_name(field, tongue) for field in missing) for tongue in ("en", "ru"))
        raise BadInput(
            f"Without one of these such a table cannot be read: {english}. Say which column it is.",
            ru=f"Без чего-то из этого такую таблицу не прочитать: {russian}. Укажите, какой это столбец.",
        )


def after_seeing(known: KnownTable | None, table: SeenTable, path: str, moment: datetime) -> KnownTable:
    """The workspace's record of a table seen again: what a person decided stays, a machine's suggestion is renewed."""
    files = tuple(sorted({*(known.files if known else ()), path}))
    if known is None or (not known.decided and table.state not in ("confirmed", "skipped")):
        return KnownTable(table, files, "", moment)
    return replace(known, table=replace(known.table, place=table.place, rows=table.rows), files=files, seen_at=moment)


def without_words(table: SeenTable) -> SeenTable:
    """The table without samples of the columns in which somebody may be told by what they say."""
    columns = (column if column.looks in NAMELESS else replace(column, samples=()) for column in table.columns)
    return replace(table, columns=tuple(columns))
