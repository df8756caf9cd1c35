"""Dates and times as exports write them; all are local wall-clock times without a zone, as the file has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

Order = Literal["day", "month"]
"""What stands first in 03/04/2026."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "янв"), ("feb", "фев"), ("mar", "мар"), ("apr", "апр"), ("may", "май", "мая"), ("jun", "июн"),
            ("jul", "июл"), ("aug", "авг"), ("sep", "сен"), ("oct", "окт"), ("nov", "ноя"), ("dec", "дек"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_CLOCK = (
    r"(?:[T ,]+(?:в |at )?(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?(?:[.,]\d+)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?:Z|UTC|GMT|MSK|МСК|(?:GMT|UTC)?[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}{_ZONE}$")
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<b>\d{2})(?P<d>\d{2})(?:[T _-]?(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?)?Z?$"
)
_NUMERIC = re.compile(rf"(?P<p>\d{{1,2}})(?P<sep>[./-])(?P<q>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}$")
_WORD_DAY = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<w>[^\W\d]{{3,9}})\.?,?[ -](?P<y>\d{{4}})(?: ?г\.?)?{_CLOCK}{_ZONE}$"
)
_WORD_MONTH = re.compile(rf"(?P<w>[^\W\d]{{3,9}})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_CLOCK}{_ZONE}$")
_MONTH_ONLY = re.compile(
    r"(?:(?P<y>(?:19|20)\d{2})[-./](?P<b>\d{1,2})|(?P<b2>\d{1,2})[./](?P<y2>(?:19|20)\d{2})"
    r"|(?P<w>[^\W\d]{3,9})\.?,? (?P<y3>(?:19|20)\d{2})(?: ?г(?:од|ода)?\.?)?)$"
)
_TO = re.compile(r"\s*(?:–|—|\.\.+|\s-\s|\bto\b|\bпо\b)\s*|(?<=\d{4})-(?=\d{1,2}\.)")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun|пн|вт|ср|чт|пт|сб|вс)[^\W\d]*\.?,?\s+", re.IGNORECASE)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.0)?$")
_FIRST, _LAST = 1990, 2100


class Column(NamedTuple):
    """How the dates of one column are to be read."""

    order: Order
    decided: bool
    """Whether a value proved the order, or it is only a default."""


def order_of(values: Iterable[str], default: Order) -> Column:
    """Day or month first, from every value of a column: a number over 12 can only be a day."""
    first = second = 0
    for value in values:
        match = _NUMERIC.match(value.strip())
        if match is None:
            continue
        first += int(match["p"]) > 12
        second += int(match["q"]) > 12
        if match["sep"] == "." and len(match["p"]) == 2:
            first += 0.5  # type: ignore[assignment]  # dotted dates are day first almost everywhere
    if first == second:
        return Column(default, decided=False)
    return Column("day" if first > second else "month", decided=True)


def parse_moment(value: object, order: Order = "day") -> datetime | None:
    """A date-time, midnight when the value has no clock; None when it is no date."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = _WEEKDAY.sub("", str(value).strip())
    if _EPOCH.match(text):
        return _from_epoch(text)
    for pattern in (_ISO, _COMPACT, _NUMERIC, _WORD_DAY, _WORD_MONTH):
        if match := pattern.match(text):
            return _built(match.groupdict(), order)
    return None


def parse_day(value: object, order: Order = "day") -> date | None:
    """As `parse_moment`, the day only."""
    moment = parse_moment(value, order)
    return moment.date() if moment else None


def first_day(value: str, order: Order = "day") -> date | None:
    """The day a report's row begins on: a day, a range of days (`01.01.2026–07.01.2026`) or a month (`январь 2026`)."""
    text = re.sub(r"^(?:с|from)\s+", "", value.strip(), flags=re.IGNORECASE)
    if day := parse_day(text, order):
        return day
    start = _TO.split(text, maxsplit=1)[0].strip()
    if start != text and (day := parse_day(start, order)):
        return day
    if found := _MONTH_ONLY.match(text):
        year = int(found["y"] or found["y2"] or found["y3"])
        month = int(found["b"] or found["b2"] or 0) or _MONTHS.get((found["w"] or "").lower()[:3], 0)
        return date(year, month, 1) if 1 <= month <= 12 and _FIRST <= year <= _LAST else None
    return None


def _from_epoch(text: str) -> datetime:
    seconds = int(text.removesuffix(".0"))
    if seconds > 10**11:
        seconds //= 1000
    return datetime.fromtimestamp(seconds, tz=UTC).replace(tzinfo=None)


def _built(parts: dict[str, str | None], order: Order) -> datetime | None:
    year = int(parts["y"] or 0)
    if year < 100:
        year += 2000
    if (word := parts.get("w")) is not None:
        month = _MONTHS.get((word or "").lower()[:3], 0)
        day = int(parts["d"] or 0)
    elif (first := parts.get("p")) is not None:
        second = parts["q"]
        day, month = (int(first), int(second or 0)) if order == "day" else (int(second or 0), int(first))
    else:
        month, day = int(parts["b"] or 0), int(parts["d"] or 0)
    hour = int(parts.get("h") or 0)
    if half := (parts.get("half") or "").lower():
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        built = datetime(year, month, day, hour, int(parts.get("m") or 0), int(parts.get("s") or 0))
    except ValueError:
        return None
    return built if _FIRST <= year <= _LAST else None
