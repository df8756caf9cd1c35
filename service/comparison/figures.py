"""Rules over figures of the economics book: parts, rates and amounts. Pure functions of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from service.comparison.model import Verdict
from service.comparison.rules import threshold
from service.personas.model import Reading

SUPPORTED, PARTLY, CONTRADICTED, OPEN = Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE


@dataclass(frozen=True)
class Judged:
    """A verdict with the rule that gave it and what the figure was held against."""

    verdict: Verdict
    rule: str
    compared: float | None = None


@dataclass(frozen=True)
class Figures:
    """One group's figure, with its interval, the average, the other groups' figures, and the number of groups."""

    value: float
    low: float | None
    high: float | None
    average: float | None
    others: tuple[float, ...]

    @property
    def groups(self) -> int:
        """How many groups there are, this one included."""
        return len(self.others) + 1


def banded(value: float, supported: bool, contradicted: bool) -> Verdict:
    """Supported, contradicted, or partly in between."""
    return SUPPORTED if supported else CONTRADICTED if contradicted else PARTLY


def rank(figures: Figures, direction: str, kind: str) -> Judged:
    """Whether the group is first (direction high) or last."""
    if not figures.others:
        return Judged(OPEN, "open.alone")
    sign = 1 if direction == "high" else -1
    best = max(sign * other for other in figures.others) * sign
    lead = sign * (figures.value - best)
    close = abs(lead) <= threshold("tie") * max(abs(best), abs(figures.value))
    verdict = PARTLY if close and figures.value != 0 else SUPPORTED if lead > 0 else CONTRADICTED
    return Judged(verdict, f"{kind}.most" if direction == "high" else f"{kind}.least", best)


def inverted(judged: Judged) -> Judged:
    """The verdict of the opposite statement."""
    flipped = {SUPPORTED: CONTRADICTED, CONTRADICTED: SUPPORTED}.get(judged.verdict, judged.verdict)
    return Judged(flipped, judged.rule, judged.compared)


def named_share(figures: Figures, reading: Reading) -> Judged:
    """ "At least half", "seven out of ten"."""
    named = reading.value or 0.0
    value, low, high = figures.value, figures.low, figures.high
    top = reading.high if reading.high is not None else named
    if reading.bound == "at_least":
        verdict = banded(value, value >= named, (high or value) < named or value < 0.8 * named)
    elif reading.bound == "at_most":
        verdict = banded(value, value <= top, (low or value) > top or value > 1.25 * top)
    else:
        inside = (low if low is not None else value) <= top and (high if high is not None else value) >= named
        gap = max(named - value, value - top, 0.0)
        verdict = banded(value, inside and gap <= threshold("share.tolerance"), gap > threshold("share.tolerance"))
    return Judged(verdict, "share.number", named)


def named_amount(figures: Figures, named: float, top: float, bound: str) -> Judged:
    """ "Within a month", "over four thousand", "about $20"."""
    value, tolerance = figures.value, threshold("amount.tolerance")
    if bound == "at_least":
        floor = named * (1 - tolerance)
        verdict = banded(value, value >= floor, value < named * (1 - threshold("amount.near")))
    elif bound == "at_most":
        verdict = banded(value, value <= top * (1 + tolerance), value > top * (1 + threshold("amount.near")))
    else:
        near, far = threshold("amount.near"), threshold("amount.far")
        verdict = banded(
            value,
            named * (1 - near) <= value <= top * (1 + near),
            not named * (1 - far) <= value <= top * (1 + far),
        )
    return Judged(verdict, "amount.number", named)


def part(figures: Figures, reading: Reading) -> Judged:
    """Rules for a part of a whole: share of leads, of sales, of revenue, of refunds."""
    value, equal = figures.value, 1 / figures.groups
    operator = reading.operator
    if operator == "number" and reading.value is not None:
        return _signed(named_share(figures, reading), reading)
    if operator == "only":
        return Judged(
            banded(value, value >= threshold("only"), value < threshold("only.broken")), "part.only", threshold("only")
        )
    if operator == "majority":
        first = value >= max(figures.others, default=0.0)
        near = first and (figures.high or value) >= threshold("majority")
        return _signed(Judged(banded(value, value >= threshold("majority"), not near), "part.majority", 0.5), reading)
    if operator in ("most", "first"):
        return _signed(rank(figures, reading.direction, "part"), reading)
    if operator in ("none", "rare", "low"):
        small = banded(value, value < threshold("part.small") * equal, value > threshold("part.small_broken") * equal)
        return Judged(small, "part.small", equal)
    if operator == "than" and figures.others:
        return rank(figures, reading.direction, "part")
    large = banded(value, value >= threshold("part.large") * equal, value < threshold("part.small_broken") * equal)
    if operator == "high" and max(figures.others, default=0.0) <= value:
        large = SUPPORTED
    return Judged(large, "part.large", equal)


def _signed(judged: Judged, reading: Reading) -> Judged:
    return inverted(judged) if reading.negated else judged


def rate(figures: Figures, reading: Reading) -> Judged:
    """Rules for a rate: conversion, refunds, referrals, discounts."""
    value = figures.value
    average = figures.average if figures.average else value
    operator = reading.operator
    if operator == "number" and reading.value is not None:
        return _signed(named_share(figures, reading), reading)
    if operator in ("most", "first"):
        return _signed(rank(figures, reading.direction, "rate"), reading)
    if operator == "majority":
        verdict = banded(value, value >= threshold("majority"), value < threshold("majority.near"))
        return _signed(Judged(verdict, "rate.majority", 0.5), reading)
    if operator in ("all", "only"):
        verdict = banded(value, value >= threshold("rate.all"), value < threshold("rate.all_broken"))
        return _signed(Judged(verdict, "rate.all", threshold("rate.all")), reading)
    if operator == "none":
        none = value < threshold("none") or value < threshold("none.of_average") * average
        broken = value >= threshold("none.broken") or value >= threshold("none.broken_of_average") * average
        return Judged(banded(value, none, broken), "rate.none", average)
    if value == 0 and average == 0:
        low = operator in ("rare", "low")
        return Judged(SUPPORTED if low else CONTRADICTED, "rate.low" if low else "rate.high", average)
    if operator in ("rare", "low"):
        verdict = banded(
            value, value < threshold("rate.low") * average, value >= threshold("rate.low_broken") * average
        )
        return Judged(verdict, "rate.low", average)
    if operator == "equal":
        verdict = banded(
            value, value >= threshold("rate.equal") * average, value < threshold("rate.equal_broken") * average
        )
        return Judged(verdict, "rate.equal", average)
    verdict = banded(value, value >= threshold("rate.high") * average, value < threshold("rate.high_broken") * average)
    return Judged(verdict, "rate.high", average)


def amount(figures: Figures, reading: Reading) -> Judged:
    """Rules for money, days, months and scores, against the median of the other groups."""
    value, operator = figures.value, reading.operator
    if operator in ("most", "first"):
        return _signed(rank(figures, reading.direction, "amount"), reading)
    middle = median(figures.others) if figures.others else figures.average
    if middle is None:
        return Judged(OPEN, "open.alone")
    low = operator in ("low", "rare", "none") or (operator == "than" and reading.direction == "low")
    if low:
        verdict = banded(value, value <= threshold("amount.low") * middle, value > middle)
        return Judged(verdict, "amount.low", middle)
    if operator == "equal":
        return Judged(banded(value, value >= 0.9 * middle, value < 0.75 * middle), "amount.equal", middle)
    verdict = banded(value, value >= threshold("amount.high") * middle, value < middle)
    return Judged(verdict, "amount.high", middle)


def against(value: float, other: float, direction: str, times: float | None = None) -> Judged:
    """Two named parties: which is more (or by how many times)."""
    sign = 1 if direction == "high" else -1
    target = other * times if times else other
    if abs(value - target) <= threshold("tie") * max(abs(value), abs(target)):
        return Judged(PARTLY, "than.other", other)
    return Judged(SUPPORTED if sign * (value - target) > 0 else CONTRADICTED, "than.other", other)


def combined(verdicts: Sequence[Verdict]) -> Verdict:
    """The claim's verdict from its thoughts': all alike is that; anything mixed is partly."""
    known = set(verdicts)
    if len(known) == 1:
        return verdicts[0]
    if known == {CONTRADICTED, OPEN}:
        return CONTRADICTED
    return PARTLY
