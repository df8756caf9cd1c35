"""The second axis of a verdict: whether the people a claim speaks of deserve the first place in the company's work.

A claim may be true of people who bring nothing, and wrong of those who bring most. The first axis is the verdict; this
one is the tier of the segment: most profitable – yes; promising – worth a test; secondary and not ours – no.
"""

from __future__ import annotations

from enum import StrEnum

from service.comparison.model import JudgedClaim, Verdict
from service.portrait.model import Portrait, Tier


class Focus(StrEnum):
    """Whether to put these people first."""

    FIRST = "first"
    TEST = "test"
    LATER = "later"
    NEVER = "never"
    EVERYBODY = "everybody"
    """The claim speaks of no segment."""


OF_TIER = {
    Tier.MOST_PROFITABLE: Focus.FIRST,
    Tier.PROMISING: Focus.TEST,
    Tier.SECONDARY: Focus.LATER,
    Tier.NOT_OURS: Focus.NEVER,
}

ADVICE: dict[tuple[Verdict, Focus], str] = {
    (Verdict.SUPPORTED, Focus.FIRST): "build_on",
    (Verdict.SUPPORTED, Focus.TEST): "test",
    (Verdict.SUPPORTED, Focus.LATER): "true_but_small",
    (Verdict.SUPPORTED, Focus.NEVER): "true_but_small",
    (Verdict.PARTLY, Focus.FIRST): "sharpen",
    (Verdict.PARTLY, Focus.TEST): "test",
    (Verdict.CONTRADICTED, Focus.FIRST): "correct_first",
    (Verdict.CONTRADICTED, Focus.TEST): "correct",
    (Verdict.NO_EVIDENCE, Focus.FIRST): "find_out",
}
"""What the two axes together say to do; a pair that is not here asks for nothing."""


def focus_of(judged: JudgedClaim, portrait: Portrait) -> Focus:
    """The second axis of a claim."""
    placed = next((p for p in portrait.placed if p.segment == judged.segment), None)
    return OF_TIER[placed.tier] if placed else Focus.EVERYBODY


def advice(verdict: Verdict, focus: Focus) -> str:
    """Key of the sentence on what to do, "" where nothing follows."""
    return ADVICE.get((verdict, focus), "")
