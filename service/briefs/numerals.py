"""Numbers, percentages, money and dates as they stand in finished Russian or English text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from service.core.numbers import Language

Kind = Literal["plain", "percent", "money", "word", "month"]
Role = Literal["alone", "low", "high", "k", "n"]
"""A number by itself, an end of a range, or a side of `k of n`."""

_SPACE = "[ \u00a0\u202f\u2009]"
_SIGNS = "₽$€£¥₸₴₺₹₾֏"
_GROUPED = {
    "ru": rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?",
    "en": r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?",
}
_DASH = "[–—−-]"


@dataclass(frozen=True)
class Numeral:
    """A number in the text. `step` is the worth of its last digit: a value within half a step is the same number."""

    kind: Kind
    value: float
    step: float
    start: int
    end: int
    text: str
    role: Role = "alone"


@cache
def lists(language: Language) -> dict[str, Any]:
    """The verifier's word lists of a language."""
    path = files("service.briefs") / "locale" / "verify.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))[language])


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    multipliers = "|".join(sorted(lists(language)["multipliers"], key=len, reverse=True))
    return re.compile(
        rf"(?P<before>[{_SIGNS}]|\b[A-Z]{{3}}{_SPACE})?(?P<number>{_GROUPED[language]})"
        rf"(?:{_SPACE}?(?P<times>{multipliers})(?!\w)\.?)?"
        rf"(?:{_SPACE}*(?P<after>%|п\. ?п\.|[{_SIGNS}]|руб\w*|Br\b|[A-Z]{{3}}\b))?"
    )


@cache
def _words(language: Language) -> re.Pattern[str]:
    known = sorted(lists(language)["number_words"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", re.IGNORECASE)


@cache
def _months(language: Language) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(lists(language)['months'])})\.?{_SPACE}+(?=\d{{4}})", re.IGNORECASE)


def numerals(text: str, language: Language) -> Iterator[Numeral]:
    """Every numeral of the text in order, with its role; in a range both ends have the unit written once."""
    found = [_numeral(match, language) for match in _pattern(language).finditer(text)]
    for index in range(len(found) - 1):
        first, second = found[index], found[index + 1]
        between = text[first.end : second.start]
        if re.fullmatch(rf"{_SPACE}+(?:из|of){_SPACE}+", between):
            found[index], found[index + 1] = replace(first, role="k"), replace(second, role="n")
        elif re.fullmatch(rf"{_DASH}|{_SPACE}+(?:до|to){_SPACE}+", between):
            found[index], found[index + 1] = _range(first, second, language)
    yield from found
    taken = {place for numeral in found for place in range(numeral.start, numeral.end)}
    for match in _words(language).finditer(text):
        if match.start() in taken:
            continue
        value = float(lists(language)["number_words"][match.group().lower()])
        yield Numeral("word", value, 0.0, match.start(), match.end(), match.group())
    for match in _months(language).finditer(text):
        yield Numeral("month", 0.0, 0.0, match.start(), match.end(), match.group())


def _numeral(match: re.Match[str], language: Language) -> Numeral:
    digits = re.sub(_SPACE, "", match.group("number"))
    digits = digits.replace(",", ".") if language == "ru" else digits.replace(",", "")
    decimals = len(digits.partition(".")[2])
    times = lists(language)["multipliers"].get(match.group("times") or "", 1)
    unit = match.group("after") or match.group("before") or ""
    kind: Kind = "plain"
    if unit == "%":
        kind = "percent"
    elif unit:
        kind = "money"
    return Numeral(kind, float(digits) * times, 10.0**-decimals * times, match.start(), match.end(), match.group())


def _range(first: Numeral, second: Numeral, language: Language) -> tuple[Numeral, Numeral]:
    """Both ends of a range: the unit and the million written at one end hold for the other."""
    low, high = replace(first, role="low"), replace(second, role="high")
    if first.kind == "plain" and second.kind != "plain":
        scale = _scale(second, language)
        low = replace(low, kind=second.kind, value=first.value * scale, step=first.step * scale)
    elif first.kind == "money" and second.kind == "plain":
        high = replace(high, kind="money")
    return low, high


def _scale(numeral: Numeral, language: Language) -> float:
    match = _pattern(language).match(numeral.text)
    times = match.group("times") if match else None
    return float(lists(language)["multipliers"].get(times or "", 1))
