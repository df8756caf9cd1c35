"""Who a row, a header block or a file name is about."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import NamedTuple

from ingest.contacts import PHONE, emails_in, phones_in
from ingest.raw import Contact
from ingest.readers.columns import Table
from ingest.readers.moments import parse_moment
from ingest.readers.sheet import Row
from ingest.reasons import packaged

_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}$")
_FILE_DATE = re.compile(
    r"(?<!\d)(?P<y>20\d{2})(?P<sep>[-_.]?)(?P<b>0[1-9]|1[0-2])(?P=sep)(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[-_T ]?(?<![\d])(?P<h>[01]\d|2[0-3])[-:.]?(?P<m>[0-5]\d)(?:[-:.]?(?P<s>[0-5]\d))?(?!\d|-\d{3}))?"
)
_FILE_DATE_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>0[1-9]|[12]\d|3[01])[-_.](?P<b>0[1-9]|1[0-2])[-_.](?P<y>20\d{2})"
    r"(?:[-_T ](?P<h>[01]\d|2[0-3])[-:.]?(?P<m>[0-5]\d)(?:[-:.]?(?P<s>[0-5]\d))?(?!\d))?"
)
_FILE_PHONE = re.compile(r"(?<!\d)\+?\d(?:[\s().-]{0,2}\d){9,14}(?!\d)")


class NameFacts(NamedTuple):
    """What a file's own name tells: a phone, a time, words that may be a surname."""

    phones: tuple[str, ...] = ()
    moment: datetime | None = None
    words: tuple[str, ...] = ()


def facts_of_name(stem: str) -> NameFacts:
    """Read `20241203_1539_+79450004840`, `call_0034_ingram_20260629`, `in-8945…-20241217-152300`, `GMT20260121-…`."""
    moment = None
    rest = stem
    if found := _FILE_DATE.search(stem) or _FILE_DATE_DAY_FIRST.search(stem):
        moment = _moment(found)
        if moment is not None:
            rest = f"{stem[: found.start()]} {stem[found.end() :]}"
    phones = tuple(match[0].strip() for match in _FILE_PHONE.finditer(rest))
    tokens = re.findall(r"[^\W\d_]{3,}", _FILE_PHONE.sub(" ", rest))
    return NameFacts(phones, moment, tuple(word for word in tokens if word.lower() not in _file_words()))


@cache
def _file_words() -> frozenset[str]:
    return frozenset(packaged("file_names.yaml"))


def _moment(found: re.Match[str]) -> datetime | None:
    parts = {key: int(value) for key, value in found.groupdict().items() if key != "sep" and value}
    try:
        clock = (parts.get("h", 0), parts.get("m", 0), parts.get("s", 0))
        return datetime(parts["y"], parts["b"], parts["d"], *clock)
    except ValueError:
        return None


def names_in(cell: str) -> tuple[str, ...]:
    """Names of a contact cell such as `Ruth Mistry (ruth@…)`, `(206) 555 0123`, `Анна; Иван Петров`."""
    names = []
    for part in _SEPARATORS.split(cell):
        bare = re.sub(r"\([^)]{0,200}\)|\[[^\]]{0,200}\]|<[^>]{0,200}>", " ", part)
        bare = PHONE.sub(" ", re.sub(r"\S{0,64}@\S{0,255}", " ", bare))
        bare = " ".join(bare.split()).strip(" ,.-–—")
        if bare and _NAME.match(bare):
            names.append(bare)
    return tuple(dict.fromkeys(names))


def person_of(table: Table, row: Row) -> Contact:
    """The contact of a table row, from all its contact columns."""
    cells = table.every(row, "full_name")
    parts = [table.first(row, name) for name in ("first_name", "middle_name", "last_name")]
    joined = " ".join(part for part in parts if part)
    names = tuple(dict.fromkeys(name for cell in (*cells, joined) if cell for name in names_in(cell)))
    phones = [phone for cell in table.every(row, "phone") for phone in _several(cell)]
    phones += [phone for cell in cells for phone in phones_in(cell)]
    emails = [email for cell in (*table.every(row, "email"), *cells) for email in emails_in(cell)]
    return Contact(
        phones=tuple(dict.fromkeys(phones)),
        emails=tuple(dict.fromkeys(emails)),
        names=names,
        deal_ids=ids_in(table.every(row, "deal_ref")),
        contact_ids=ids_in(table.every(row, "contact_id")),
        lead_ids=ids_in(table.every(row, "lead_ref")),
        titles=titles_in(table.every(row, "deal_ref")),
    )


def _several(cell: str) -> tuple[str, ...]:
    """All phones of a cell; the whole cell when none stands out."""
    return phones_in(cell) or ((cell,) if re.search(r"\d{5}", re.sub(r"\D", "", cell)) else ())


_ID = re.compile(r"[\w:-]*\d[\w:-]*(?:\.0)?")


def ids_in(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Ids in cells such as `901; 902`."""
    parts = (part for cell in cells for part in re.split(r"\s*[;,]\s*", cell))
    return tuple(dict.fromkeys(part for part in parts if _ID.fullmatch(part)))


def titles_in(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Titles of deals in cells that hold no ids; very short ones tell nothing."""
    parts = (part for cell in cells for part in re.split(r"\s*;\s*", cell))
    return tuple(dict.fromkeys(part for part in parts if len(part) >= 4 and not _ID.fullmatch(part)))


def moment_of(table: Table, row: Row, *names: str) -> datetime | None:
    """The first of these date columns that is filled."""
    for name in names:
        if cell := table.first(row, name):
            return parse_moment(cell, table.date_order(name))
    return None


def staff_of(table: Table, row: Row) -> tuple[str, ...]:
    """The company's people of a row."""
    return tuple(dict.fromkeys(name for cell in table.every(row, "staff") for name in names_in(cell)))
