"""Stretches of text that hold personal data, and how they are hidden from the layers that come after."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*")
"""A number or a word; hyphenated words fall apart, so that "двадцать-пять" is two."""

HIDDEN = "\x1f"
"""What stands for a character already found: no letter, no digit, no space."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]` is of this kind; `label` tells persons apart (empty for everything but names)."""

    start: int
    end: int
    kind: str
    label: str = ""


def hide(text: str, spans: Iterable[Span]) -> str:
    """The same text, same length, with the spans blanked out so that later layers see no words there."""
    for span in spans:
        text = text[: span.start] + HIDDEN * (span.end - span.start) + text[span.end :]
    return text


def untangle(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans without overlaps: the earlier wins, and of two that start together the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.kind)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
