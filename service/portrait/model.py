"""Tiers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """Where a segment stands."""

    MOST_PROFITABLE = "most_profitable"
    PROMISING = "promising"
    SECONDARY = "secondary"
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class Placed:
    """A segment in its tier. `probability`: share of bootstrap draws in which the rules give the same tier."""

    segment: str
    tier: Tier
    probability: float
    reasons: tuple[str, ...]
    """Keys of the rules that held."""
    would_change: str
    """Key of the sentence on what would move it."""
    odds: tuple[tuple[Tier, float], ...] = ()
    """Share of draws in each tier, best tier first; empty when nothing could be drawn."""
    tie: bool = False
    """The data cannot tell this segment's revenue from another's in the same tier."""


@dataclass(frozen=True)
class Portrait:
    """All segments, best tier first."""

    placed: tuple[Placed, ...]
