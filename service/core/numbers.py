"""The one way numbers, money, dates and quotes are written, in Russian and English, on every page and document.

Rounding rules, kept by `service.briefs.verify` too: shares to a whole percent (one decimal under 1 % and above 99 %),
money to three significant digits from 1 000 up and to the whole unit below (two decimals under 10, two significant
digits under a hundredth, which prices of single calls are), millions with the same three digits, days whole from 10
up, other quantities to one decimal. Files for machines (CSV, JSON) hold the numbers as they are, unrounded.

Typography after GOST habits: no-break spaces in groups of three, before units and before the dash; « » outside,
„ “ inside.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from math import floor, log10
from typing import Literal

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import get_currency_symbol

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
NBSP = "\u00a0"
MINUS = "\u2212"
SIGNS = {"RUB": "₽", "KZT": "₸", "UAH": "₴", "BYN": "Br", "GEL": "₾", "AMD": "֏", "TRY": "₺", "INR": "₹"}
"""Signs that readers of both languages know; other currencies as CLDR writes them."""
FIRST = frozenset("$€£¥")
"""Currency signs that English puts before the number."""
ROUGH = 30
"""Below this many customers an estimate is called rough (PAGES B7)."""
TOO_FEW = 5
"""Below this many no percentage is given at all (PAGES B7)."""
MILLION = 1_000_000
CENT = 0.01


def language_of(code: str | None) -> Language:
    """The language briefs are written in for a code: Russian for `ru`, English for everything else."""
    return "ru" if code == "ru" else "en"


@cache
def _plural_rule(language: Language) -> Locale:
    return Locale.parse(language)


def plural(language: Language, number: float, forms: dict[str, str]) -> str:
    """The CLDR plural form for `number`: `forms` by category (`one`, `few`, `many`, `other`)."""
    whole = int(number) if float(number).is_integer() else number
    category = str(_plural_rule(language).plural_form(abs(whole)))
    return forms.get(category) or forms["other"]


def significant(value: float, digits: int = 3) -> float:
    """`value` rounded half away from zero to `digits` significant digits."""
    if value == 0:
        return 0.0
    exponent = len(str(int(abs(value)))) - digits if abs(value) >= 1 else -digits
    step: float = float(10**exponent) if exponent >= 0 else 1 / float(10**-exponent)
    rounded_to: float = _half_up(value / step) * step
    return rounded_to


def _half_up(value: float) -> float:
    """Round half away from zero: what people expect, unlike Python's half-to-even."""
    return float(int(abs(value) + 0.5 + 1e-9)) * (1 if value >= 0 else -1)


def rounded(value: float, decimals: int) -> float:
    """`value` with `decimals` decimals, half away from zero."""
    scale = float(10**decimals)
    return _half_up(value * scale) / scale


class Formatter:
    """Writes values for people. `currency` is an ISO code; English puts $, €, £ before the number."""

    def __init__(self, language: str, currency: str = "RUB") -> None:
        self.language: Language = language_of(language)
        self.currency = currency or "RUB"

    def number(self, value: float, decimals: int = 0) -> str:
        """Digits in groups of three, decimal comma in Russian; trailing zero decimals dropped."""
        amount = rounded(abs(value), decimals)
        text = f"{amount:,.{decimals}f}"
        if decimals:
            text = text.rstrip("0").rstrip(".")
        if self.language == "ru":
            text = text.replace(",", NBSP).replace(".", ",")
        return (MINUS if value < 0 and amount else "") + text

    def count(self, value: float) -> str:
        """A whole number."""
        return self.number(value)

    def percent(self, share: float) -> str:
        """A share 0..1 as per cent."""
        return self._percent_digits(share) + self.percent_sign

    @property
    def percent_sign(self) -> str:
        """` %` with a no-break space in Russian, `%` in English."""
        return f"{NBSP}%" if self.language == "ru" else "%"

    def _percent_digits(self, share: float) -> str:
        points = share * 100
        near_edge = 0 < abs(points) < 1 or 99 < abs(points) < 100
        return self.number(points, 1 if near_edge else 0)

    @property
    def sign(self) -> str:
        """The currency's sign, or its code where it has none."""
        if self.currency in SIGNS:
            return SIGNS[self.currency]
        return str(get_currency_symbol(self.currency, locale="en_US" if self.language == "en" else "ru_RU"))

    def money(self, value: float) -> str:
        """`84 200 ₽`, `1,23 млн ₽`; `$84,200`, `$1.23 million`."""
        return self._with_sign(self._money_digits(value))

    def _with_sign(self, digits: str) -> str:
        if self.language == "en" and self.sign in FIRST:
            return digits.replace(MINUS, f"{MINUS}{self.sign}") if MINUS in digits else self.sign + digits
        return f"{digits}{NBSP}{self.sign}"

    def _money_digits(self, value: float) -> str:
        size = abs(value)
        if size >= MILLION or significant(size) >= MILLION:
            unit = "млн" if self.language == "ru" else "million"
            return f"{self.number(significant(value) / MILLION, 2)}{NBSP}{unit}"
        if size >= 1000:
            return self.number(significant(value))
        if 0 < size < CENT:
            return self.number(value, 1 - floor(log10(size)))
        return self.number(value, 2 if 0 < size < 10 else 0)

    def days(self, value: float) -> str:
        """Days without the word: whole from 10 up, one decimal below."""
        return self.number(value, 0 if abs(value) >= 10 else 1)

    @property
    def unknown(self) -> str:
        """What stands where the data hold no such figure."""
        return "нет данных" if self.language == "ru" else "no data"

    def decimal(self, value: float) -> str:
        """One decimal."""
        return self.number(value, 1)

    def value(self, value: float, unit: str) -> str:
        """A value by its unit, without the noun."""
        writers = {"share": self.percent, "money": self.money, "days": self.days, "count": self.count}
        return writers.get(unit, self.decimal)(value)

    def spread(self, low: float, high: float, unit: str) -> str:
        """An interval: `от 3 до 14 %`, `3–14%`."""
        if unit == "share":
            ends, sign = (self._percent_digits(low), self._percent_digits(high)), self.percent_sign
            return (
                f"от{NBSP}{ends[0]} до{NBSP}{ends[1]}{sign}" if self.language == "ru" else f"{ends[0]}–{ends[1]}{sign}"
            )
        if self.language == "ru":
            return f"от{NBSP}{self._bare(low, unit)} до{NBSP}{self.value(high, unit)}"
        return (
            f"{self.value(low, unit)}–{self._bare(high, unit)}"
            if self.sign in FIRST
            else (f"{self._bare(low, unit)}–{self.value(high, unit)}")
        )

    def _bare(self, value: float, unit: str) -> str:
        return self._money_digits(value) if unit == "money" else self.value(value, unit)

    def of(self, k: float, n: float) -> str:
        """`7 из 98`, `7 of 98`."""
        word = "из" if self.language == "ru" else "of"
        return f"{self.count(k)}{NBSP}{word}{NBSP}{self.count(n)}"

    def full_share(
        self, k: float, n: float, value: float, low: float | None, high: float | None, noun: str = ""
    ) -> str:
        """A share with its base and, in words, its uncertainty; below five customers only the counts."""
        base = self.of(k, n) + (f" {noun}" if noun else "")
        if n < TOO_FEW:
            return base
        if low is None or high is None:
            return f"{base} ({self.percent(value)})"
        spread = self.spread(low, high, "share")
        if self.language == "ru":
            word = "вероятно" if n >= ROUGH else "оценка грубая:"
            return f"{base} ({self.percent(value)}, {word} {spread})"
        word = "likely" if n >= ROUGH else "rough:"
        return f"{base} ({self.percent(value)}, {word} {spread})"

    def quote(self, text: str) -> str:
        """Verbatim words in the language's quotation marks; inner marks become inner ones."""
        inner = " ".join(text.split())
        if self.language == "ru":
            return f"«{_inner(inner, '„', '“')}»"
        return f"“{_inner(inner, '‘', '’')}”"

    def day(self, value: date) -> str:
        """A date in running text: `23 ноября 2026 г.`, `23 November 2026`."""
        month = get_month_names("wide", "format", locale=self.language)[value.month]
        tail = f"{NBSP}г." if self.language == "ru" else ""
        return f"{value.day}{NBSP}{month} {value.year}{tail}"

    def short_day(self, value: date) -> str:
        """A date in a table: `23.11.2026`, `23 Nov 2026`."""
        if self.language == "ru":
            return value.strftime("%d.%m.%Y")
        month = get_month_names("abbreviated", "format", locale="en")[value.month]
        return f"{value.day}{NBSP}{month}{NBSP}{value.year}"

    def period(self, first: date, last: date) -> str:
        """Months from first to last: `январь–июнь 2026`, `сентябрь 2025 — июнь 2026`."""
        names = get_month_names("wide", "stand-alone", locale=self.language)
        start, end = names[first.month], names[last.month]
        if (first.year, first.month) == (last.year, last.month):
            return f"{start} {first.year}"
        if first.year == last.year:
            return f"{start}–{end} {first.year}"
        dash = f"{NBSP}— " if self.language == "ru" else " – "
        return f"{start} {first.year}{dash}{end} {last.year}"


def _inner(text: str, opening: str, closing: str) -> str:
    """Outer marks inside a quotation become inner ones, opening and closing by turns for straight marks."""
    result: list[str] = []
    is_open = False
    for character in text:
        if character in "«“„":
            result.append(opening)
        elif character in "»”":
            result.append(closing)
        elif character == '"':
            result.append(closing if is_open else opening)
            is_open = not is_open
        else:
            result.append(character)
    return "".join(result)
