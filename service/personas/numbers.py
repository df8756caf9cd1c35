"""Quantities in a sentence: "7 из 10", "$4,000", "every other", "полгода", "1,5–2к", "at least half"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

import yaml

from service.personas.tokens import Patterns, Tokens, tokens_of

Kind = Literal["share", "money", "days", "months", "years", "times", "count"]
Bound = Literal["about", "at_least", "at_most"]

_FIXED_BOUNDS: dict[str, Bound] = {"day": "at_most", "days": "at_least", "months": "at_least"}
"""Bounds that set phrases carry in themselves; the plural without a number ("takes months") is a floor."""
_DAYS = {"minute": 0.0, "hour": 0.0, "day": 1.0, "week": 7.0}
ROUND = (2, 3, 4, 5, 10, 20, 100)
"""Wholes people count by: "out of ten" …"""
_MARKS_BEFORE = frozenset("$€£₽")
_COUNTED = frozenset("обращений заявок звонков продаж оплат заказов клиентов выручки leads calls sales orders".split())
"""What may stand between a number and its bound: "5 % of sales at most"."""
_ENDINGS = frozenset("ка ки ку ти и й х го м я ый ая th nd rd st".split())
"""What is put to digits with a dash: "30-ка", "5-ти"."""
_PAIR = frozenset("пара пары".split())
"""A number only before what is counted: "пара дней" is two, "пожилые пары" are people."""


@dataclass(frozen=True)
class Quantity:
    """A number with what it is of; `first`/`last` are token indices (last exclusive), `high` the end of a range."""

    value: float
    kind: Kind
    bound: Bound
    first: int
    last: int
    high: float | None = None


@dataclass(frozen=True)
class _Lexicon:
    shares: tuple[tuple[float, Patterns], ...]
    counts: tuple[tuple[float, Patterns], ...]
    scales: tuple[tuple[float, Patterns], ...]
    units: tuple[tuple[str, Patterns], ...]
    fixed: tuple[tuple[str, float, Patterns], ...]
    between: Patterns
    bounds: tuple[tuple[Bound, Patterns], ...]


@cache
def _lexicon(language: str) -> _Lexicon:
    path = files("service.personas") / "locale" / f"{language}_numbers.yaml"
    raw: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)

    def table(name: str) -> tuple[tuple[float, Patterns], ...]:
        return tuple((float(value), Patterns(patterns)) for value, patterns in raw[name].items())

    return _Lexicon(
        shares=table("shares"),
        counts=table("counts"),
        scales=table("scales"),
        units=tuple((unit, Patterns(patterns)) for unit, patterns in raw["units"].items()),
        fixed=tuple((u, float(v), Patterns(p)) for u, values in raw["fixed"].items() for v, p in values.items()),
        between=Patterns(raw["between"]),
        bounds=(
            ("at_most", Patterns(raw["at_most"])),
            ("at_least", Patterns(raw["at_least"])),
            ("about", Patterns(raw["about"])),
        ),
    )


@dataclass(frozen=True)
class _Number:
    value: float
    first: int
    last: int


def quantities(tokens: Tokens, language: str) -> list[Quantity]:
    """Every quantity of the sentence, in order."""
    lexicon = _lexicon(language)
    found = _fixed(tokens, lexicon) + _shares(tokens, lexicon)
    taken = {index for q in found for index in range(q.first, q.last)}
    numbers = [n for n in _numbers(tokens, lexicon) if not taken.intersection(range(n.first, n.last))]
    found += _ratios(tokens, numbers, lexicon, taken)
    found += _inverse_ratios(tokens, numbers, lexicon, taken)
    numbers = [n for n in numbers if not taken.intersection(range(n.first, n.last))]
    found += [_with_unit(tokens, n, lexicon, taken) for n in _ranges(tokens, numbers)]
    found = [q for q in found if not _long_past(tokens, q)]
    return sorted((_bounded(tokens, q, lexicon) for q in found), key=lambda q: q.first)


def _long_past(tokens: Tokens, quantity: Quantity) -> bool:
    """ "Ten years ago" tells when, not how long or how many."""
    return quantity.last < len(tokens.items) and tokens.items[quantity.last].word in ("назад", "ago")


def _fixed(tokens: Tokens, lexicon: _Lexicon) -> list[Quantity]:
    """Set phrases: "полгода", "same day"."""
    found = []
    for unit, value, patterns in lexicon.fixed:
        for first, last in patterns.spans(tokens):
            if first and tokens.items[first - 1].word[0].isdigit():
                continue
            kind: Kind = "months" if unit.startswith("month") else "days"
            found.append(Quantity(value, kind, _FIXED_BOUNDS.get(unit, "about"), first, last))
    return found


def _shares(tokens: Tokens, lexicon: _Lexicon) -> list[Quantity]:
    spans: dict[int, Quantity] = {}
    for value, patterns in lexicon.shares:
        for first, last in patterns.spans(tokens):
            if first not in spans or last > spans[first].last:
                spans[first] = Quantity(value, "share", "about", first, last)
    inner = [q for q in spans.values() if not any(o is not q and o.first <= q.first < o.last for o in spans.values())]
    return inner


def _numbers(tokens: Tokens, lexicon: _Lexicon) -> list[_Number]:
    found = _digits(tokens)
    for value, patterns in lexicon.counts:
        for first, last in patterns.spans(tokens):
            if tokens.items[first].word not in _PAIR or _counts_something(tokens, last):
                found.setdefault(first, _Number(value, first, last))
    joined = _compounds([found[index] for index in sorted(found)])
    scales = {first: factor for factor, patterns in lexicon.scales for first, _ in patterns.spans(tokens)}
    scaled = [_Number(n.value * scales[n.last], n.first, n.last + 1) if n.last in scales else n for n in joined]
    return scaled


def _digits(tokens: Tokens) -> dict[int, _Number]:
    """Numbers in digits by place: "1,5", "120 000" in groups, "30-ка" with its ending."""
    found: dict[int, _Number] = {}
    last = 0
    for index, token in enumerate(tokens.items):
        if index < last or not token.word[0].isdigit():
            continue
        last = index + 1
        while re.fullmatch(r"\d{1,3}", tokens.items[index].word) and _goes_on(tokens, last):
            last += 1
        value = _parsed("".join(t.word for t in tokens.items[index:last]))
        if last + 1 < len(tokens.items) and tokens.items[last].word == "-" and tokens.items[last + 1].word in _ENDINGS:
            last += 2
        found[index] = _Number(value, index, last)
    return found


def _goes_on(tokens: Tokens, index: int) -> bool:
    """Whether a token is the next three digits of a number written in groups."""
    if index >= len(tokens.items) or not re.fullmatch(r"\d{3}", tokens.items[index].word):
        return False
    return tokens.items[index].start == tokens.items[index - 1].end + 1


def _counts_something(tokens: Tokens, index: int) -> bool:
    """Whether a word follows that can be counted."""
    return index < len(tokens.items) and tokens.items[index].word[0].isalpha()


def _compounds(numbers: list[_Number]) -> list[_Number]:
    """ "двадцать пять" → 25, "fifteen hundred" → 1500."""
    joined: list[_Number] = []
    for number in numbers:
        before = joined[-1] if joined else None
        if (
            before
            and before.last == number.first
            and before.value >= 20 > 10 > number.value >= 1
            and before.value % 10 == 0
        ):
            joined[-1] = _Number(before.value + number.value, before.first, number.last)
        elif before and before.last == number.first and number.value == 100 and 1 < before.value < 100:
            joined[-1] = _Number(before.value * 100, before.first, number.last)
        else:
            joined.append(number)
    return joined


def _parsed(word: str) -> float:
    """ "1,5" and "3.5" are decimals, "3,900" and "1.200.000" have group marks."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", word):
        return float(re.sub(r"[.,]", "", word))
    return float(word.replace(",", ".")) if word.count(",") + word.count(".") == 1 else float(re.sub(r"\D", "", word))


def _ratios(tokens: Tokens, numbers: list[_Number], lexicon: _Lexicon, taken: set[int]) -> list[Quantity]:
    """ "7 из 10", "seven out of ten"."""
    links = dict(lexicon.between.spans(tokens))
    found = []
    for a, b in pairwise(numbers):
        linked = any(links.get(place) == b.first for place in (a.last, a.last + 1))
        if linked and 0 <= a.value <= b.value and b.value >= 2:
            found.append(Quantity(a.value / b.value, "share", "about", a.first, b.last))
            taken.update(range(a.first, b.last))
    return found


def _inverse_ratios(tokens: Tokens, numbers: list[_Number], lexicon: _Lexicon, taken: set[int]) -> list[Quantity]:
    """ "Out of ten who call, two buy"."""
    words = ["", "", *(token.word for token in tokens.items)]
    starts = {
        last
        for _, last in lexicon.between.spans(tokens)
        if words[last + 1] == "из" or words[last : last + 2] == ["out", "of"]
    }
    found = []
    for whole, piece in pairwise(numbers):
        apart = 1 <= piece.first - whole.last <= 7
        fits = whole.value in ROUND and piece.value < whole.value and not taken & {whole.first, piece.first}
        if whole.first in starts and apart and fits:
            found.append(Quantity(piece.value / whole.value, "share", "about", piece.first, piece.last))
            taken.update((*range(whole.first, whole.last), *range(piece.first, piece.last)))
    return found


def _ranges(tokens: Tokens, numbers: list[_Number]) -> list[tuple[_Number, float | None]]:
    """Neighbours joined by a dash, "or", "to" are one range."""
    merged: list[tuple[_Number, float | None]] = []
    for number in numbers:
        if merged:
            before, high = merged[-1]
            gap = [t.word for t in tokens.items[before.last : number.first]]
            if (
                high is None
                and number.value > before.value
                and gap in (["-"], ["–"], ["—"], ["to"], ["or"], ["до"], ["или"])
            ):
                low = before.value
                if number.value >= 1000 and low < 100:
                    low *= 1000
                merged[-1] = (_Number(low, before.first, number.last), number.value)
                continue
        merged.append((number, None))
    return merged


def _with_unit(tokens: Tokens, ranged: tuple[_Number, float | None], lexicon: _Lexicon, taken: set[int]) -> Quantity:
    number, high = ranged
    unit, last = _unit_at(tokens, number, lexicon)
    first = number.first - 1 if number.first and tokens.items[number.first - 1].word in _MARKS_BEFORE else number.first
    if first < number.first:
        unit = "money"
    kind: Kind = "count"
    factor = 1.0
    if unit == "share":
        kind, factor = "share", 0.01
    elif unit == "money":
        kind = "money"
    elif unit in _DAYS:
        kind, factor = "days", _DAYS[unit]
    elif unit == "month":
        kind = "months"
    elif unit == "year":
        kind = "years"
    elif unit == "times":
        kind = "times"
    return Quantity(number.value * factor, kind, "about", first, last, high * factor if high is not None else None)


def _unit_at(tokens: Tokens, number: _Number, lexicon: _Lexicon) -> tuple[str, int]:
    """The unit right after the number, and one past it."""
    for unit, patterns in lexicon.units:
        for first, last in patterns.spans(tokens):
            if first == number.last:
                return unit, last
    return "", number.last


def _bounded(tokens: Tokens, quantity: Quantity, lexicon: _Lexicon) -> Quantity:
    """The quantity with its bound, from up to three words before it (or two after)."""
    if quantity.bound != "about":
        return quantity
    near = [
        (bound != "about", last - first, bound)
        for bound, patterns in lexicon.bounds
        for first, last in patterns.spans(tokens)
        if quantity.first - 2 <= last <= quantity.first or _trails(tokens, quantity, first, last)
    ]
    # "не меньше" holds "меньше": the longest phrase is the one that was said.
    return replace(quantity, bound=max(near)[2]) if near else quantity


def _trails(tokens: Tokens, quantity: Quantity, first: int, last: int) -> bool:
    """ "Two months or longer", "пять процентов, не больше": two words at least, right behind or after a comma."""
    behind = tokens.items[quantity.last : first]
    return last - first >= 2 and first >= quantity.last and all(t.word == "," or t.word in _COUNTED for t in behind)


def in_text(text: str, language: str) -> list[Quantity]:
    """Quantities of a plain string."""
    return quantities(tokens_of(text), language)
