"""What would settle a verdict that is not final: which data, or how many more cases.

A figure and what it is held against are told apart when the interval no longer reaches across. Intervals shrink with
the root of the number of cases, so `needed = n × (half the interval / distance)²`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

from service.comparison.model import Finding, JudgedClaim, Verdict
from service.comparison.rules import threshold

FAR = 20.0
"""More than this many times the cases there are will not come: the two are as good as equal."""


@dataclass(frozen=True)
class Settling:
    """`data`: `rule` is the key of the sentence on what is missing. `more`: that many more cases. `equal`: the
    difference is too small for any number of cases within reach. `confirm`: a person must confirm the card. `settled`:
    nothing is open."""

    kind: Literal["data", "more", "equal", "confirm", "settled"]
    rule: str = ""
    now: int = 0
    more: int = 0


def settle(judged: JudgedClaim) -> Settling:
    """What would settle the claim's verdict."""
    first = judged.findings[0] if judged.findings else None
    if judged.verdict is Verdict.NO_EVIDENCE or first is None:
        return Settling("data", judged.note)
    if first.rule == "held_back":
        return Settling("confirm")
    needed = _needed(first)
    if judged.preliminary and 0 < first.n < threshold("few"):
        needed = max(needed or 0.0, threshold("few"))
    if needed is None or needed <= first.n:
        return Settling("settled", now=first.n)
    if needed > FAR * first.n:
        return Settling("equal", now=first.n)
    return Settling("more", now=first.n, more=ceil(needed) - first.n)


def _needed(found: Finding) -> float | None:
    """Cases at which the interval ends where the other figure stands; None where one of the two is unknown."""
    if found.value is None or found.compared_with is None or found.low is None or found.high is None or not found.n:
        return None
    distance = abs(found.value - found.compared_with)
    towards = found.value - found.low if found.compared_with < found.value else found.high - found.value
    if distance <= 0:
        return float("inf")
    return float(found.n * (towards / distance) ** 2)
