"""Verdicts, agreements, divergences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.model import Stakeholder
from service.personas.model import Alias, Claim
from service.segments.model import Quote


class Verdict(StrEnum):
    """What the data say of a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    CONTRADICTED = "contradicted"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True)
class Finding:
    """The figure that decides one atom of a claim, and the rule applied.

    `measure` names a row of the economics book or `topic:<id>`; `rule` is a key of the rules table whose sentence,
    in both languages, is shown next to the verdict; `compared_with` is the figure it was held against.
    """

    verdict: Verdict
    rule: str
    measure: str = ""
    level: str = "all"
    name: str = "all"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    k: int | None = None
    unit: str = ""
    compared_with: float | None = None
    compared_name: str = ""
    names: tuple[str, ...] = ()
    """Of several campaigns or channels whose figure is one: each; `name` then says them all."""


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its verdict. The first finding is the one that decides."""

    claim: Claim
    verdict: Verdict
    findings: tuple[Finding, ...]
    segment: str | None
    quotes_for: tuple[Quote, ...] = ()
    quotes_against: tuple[Quote, ...] = ()
    preliminary: bool = False
    """Few cases, or within the error of the measurement."""
    note: str = ""
    """Key of a sentence on what would settle it, "" when nothing is open."""


@dataclass(frozen=True)
class Coverage:
    """How much of the business the segments a stakeholder speaks of make up (shares 0..1, None if unknown)."""

    stakeholder: Stakeholder
    segments: tuple[str, ...]
    """Segments the persona names, the protagonist first."""
    leads: float | None
    wins: float | None
    revenue: float | None
    right: int
    partly: int
    wrong: int
    unknown: int


@dataclass(frozen=True)
class Divergence:
    """Where pictures part, with what it may cost. `money` is the amount at stake, `arithmetic` its terms."""

    id: str
    kind: str
    """protagonist · claim_vs_data · claim_vs_claim · blind_spot · spend"""
    segment: str | None
    stakeholders: tuple[Stakeholder, ...]
    claims: tuple[str, ...]
    money: float | None
    arithmetic: tuple[tuple[str, float], ...] = ()
    """(measure key, value) terms; the money is what `kind`'s stated formula makes of them."""


@dataclass(frozen=True)
class Agreement:
    """What two or three stakeholders say alike and the data do not contradict."""

    segment: str | None
    stakeholders: tuple[Stakeholder, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The step's result. `missing` names stakeholders without a persona."""

    claims: tuple[JudgedClaim, ...]
    aliases: tuple[Alias, ...]
    coverage: tuple[Coverage, ...]
    agreements: tuple[Agreement, ...]
    divergences: tuple[Divergence, ...]
    blind_spots: tuple[str, ...]
    """Segments nobody named, most money first."""
    ghosts: tuple[Stakeholder, ...]
    """Personas whose protagonist matches no segment."""
    missing: tuple[Stakeholder, ...] = ()
