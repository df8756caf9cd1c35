"""Numbers and money as exports write them: `1 234,56 ₽`, `$1,900.00`, `1.234,56 €`, `(120)`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

Mark = Literal[",", "."]
"""The decimal separator of a column."""

CURRENCIES: tuple[tuple[str, str], ...] = (
    (r"₽|\bр(?:уб)?\b\.?|\bрублей\b|\brub\b|\brur\b", "RUB"),
    (r"₸|\bkzt\b|\bтенге\b", "KZT"),
    (r"\bbyn\b|\bбел\.? ?руб", "BYN"),
    (r"₴|\buah\b|\bгрн\b", "UAH"),
    (r"a\$|\baud\b", "AUD"),
    (r"c\$|\bcad\b", "CAD"),
    (r"£|\bgbp\b", "GBP"),
    (r"€|\beur\b|\bевро\b", "EUR"),
    (r"\$|\busd\b|\bдолл", "USD"),
)
"""Signs and words of currencies, the more particular first."""

LONGEST = 15
"""Digits before the decimal mark; a longer number is an id or noise, not money."""
_NOISE = re.compile(r"[^\d.,()+-]")
_UNITS = re.compile(r"(?i)\b(?:руб|р|долл)\b\.|\b00\s*коп\b\.?")
"""Words whose full stop is not a decimal mark."""
_THOUSANDS = re.compile(r"(?i)(?<=[\d\s])(?:тыс(?:яч[аи]?)?\b\.?|k\b|к\b)")
_MILLIONS = re.compile(r"(?i)(?<=[\d\s])(?:млн\b\.?|миллион(?:а|ов)?\b|mln\b|mio\b)|(?<=\d)m\b")
_TWO_NUMBERS = re.compile(r"\d\s*[^\W\d_][^\d]*\d|\d\s*[%/]\s*[^\d]*\d")
"""Digits on both sides of a word or a slash are two figures, not one."""
_COMMA_DECIMAL = re.compile(r",\d{1,2}$|\.\d{3},")
_DOT_DECIMAL = re.compile(r"\.\d{1,2}$|,\d{3}\.|\.\d{4,}$")
_DOT_GROUPS = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3}){2,}$")


def currency_in(text: str) -> str | None:
    """The ISO code of the currency named in a value or header, if any."""
    lowered = text.lower()
    return next((code for pattern, code in CURRENCIES if re.search(pattern, lowered)), None)


def scale_in(header: str) -> int:
    """What the figures of a column are counted in: `Бюджет, тыс. руб.` → 1000."""
    words = re.findall(r"[^\W\d_]+", header.lower())
    if any(word in ("тыс", "тысяч", "thousands", "thousand") for word in words):
        return 1000
    return 1_000_000 if any(word in ("млн", "миллионов", "millions") for word in words) else 1


def decimal_mark(values: Iterable[str]) -> Mark:
    """The decimal separator of a column: what its unambiguous values show, else a dot."""
    commas = dots = 0
    for value in values:
        bare = _NOISE.sub("", _UNITS.sub("", value)).strip(".,")
        commas += bool(_COMMA_DECIMAL.search(bare)) or bool(_DOT_GROUPS.match(bare))
        dots += bool(_DOT_DECIMAL.search(bare))
    return "," if commas > dots else "."


def parse_amount(value: object, mark: Mark = ".") -> Decimal | None:
    """The number in `value`; None when there is none or more than one. `12,5 тыс. ₽` is 12500."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(str(value)) if value == value and abs(value) != float("inf") else None
    text = str(value)
    if text.isascii() and text.isdigit():
        return Decimal(text) if len(text) <= LONGEST else None
    if not text:
        return None
    text = _UNITS.sub("", text.replace("\u2212", "-"))
    times = 1000 if _THOUSANDS.search(text) else 1_000_000 if _MILLIONS.search(text) else 1
    text = _MILLIONS.sub("", _THOUSANDS.sub("", text)) if times > 1 else text
    if _TWO_NUMBERS.search(text):
        return None
    bare = _NOISE.sub("", text).strip(".,")
    negative = bare.startswith(("-", "(")) or bare.endswith("-")
    bare = bare.strip("()+-")
    if not re.search(r"\d", bare) or re.search(r"\d[-()+]+\d", bare):
        return None
    other = "." if mark == "," else ","
    plain = bare.replace(other, "").replace(mark, ".")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if number.adjusted() >= LONGEST:
        return None
    return (-number if negative else number) * times


def parse_count(value: object) -> int | None:
    """A whole number such as `1 204` or `3.0`; None when the value is not whole."""
    number = parse_amount(value)
    if number is None and value is not None:
        return None
    return int(number) if number is not None and number == number.to_integral_value() and abs(number) < 10**12 else None


_YES = frozenset("1 true yes y t да д есть истина верно + ✓ ✔ x х".split())
_NO = frozenset("0 false no n f нет н ложь - – —".split())


def parse_flag(value: object) -> bool | None:
    """Yes or no in either language; None when it is neither."""
    word = str(value).strip().lower().removesuffix(".0")
    if word in _YES:
        return True
    return False if word in _NO else None
