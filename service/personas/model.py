"""Claims and their readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.model import Stakeholder

SubjectKind = Literal["all", "segment", "campaign", "unresolved"]
Operator = Literal[
    "is",
    "most",
    "first",
    "majority",
    "number",
    "none",
    "only",
    "all",
    "rare",
    "low",
    "high",
    "than",
    "equal",
    "follows",
    "not_stated",
]
"""`most` with direction `low` is "least"; `equal` is "no worse than"; `follows` is "the more X, the more Y"."""

Direction = Literal["high", "low"]
Bound = Literal["about", "at_least", "at_most"]


@dataclass(frozen=True)
class Subject:
    """Whom an atom speaks of. `mention` is the words in the text that say so, "" when carried over."""

    kind: SubjectKind
    segment: str | None = None
    campaign: str | None = None
    mention: str = ""
    confirmed: bool = False
    campaigns: tuple[str, ...] = ()
    """All campaigns the words fit ("the family campaign" on two platforms); `campaign` is the first."""
    second: str | None = None
    """The segment the mention might mean instead, when the choice was close and nobody confirmed it."""


@dataclass(frozen=True)
class Reading:
    """One atom of a claim: subject, measure, operator, value.

    `measure` is a measure class (see `service/personas/cues`): leads, wins, revenue, conversion, value, lifetime,
    retention, cycle, returns, referral, discount, basket, channel, cost_per_lead, cost_per_customer, satisfaction,
    topic, identity ("our client is …"), demographic, no_data.
    """

    subject: Subject
    measure: str
    operator: Operator
    value: float | None = None
    unit: str | None = None
    other: Subject | None = None
    """The second party of a comparison."""
    topics: tuple[str, ...] = ()
    """Ids of the topic catalogue."""
    words: tuple[str, ...] = ()
    """Stems of the claim's own content words, for topics outside the catalogue."""
    channel: str | None = None
    """Sources named, joined by `+`; a channel of the data by its own name; `campaign:` and names of campaigns."""
    other_channel: str | None = None
    """The source it is compared with."""
    negated: bool = False
    measure_cue: bool = False
    operator_cue: bool = False
    alternatives: tuple[str, ...] = ()
    """The next best measure classes."""
    direction: Direction = "high"
    """Which way a superlative or comparison looks."""
    bound: Bound = "about"
    """Whether `value` is a floor, a ceiling or neither."""
    high: float | None = None
    """The far end of a range; `value` is the near one."""
    versus: tuple[str, ...] = ()
    """Topics that come second: "not the price but the atmosphere"."""
    condition: tuple[str, ...] = ()
    """Topics of those it speaks of: "who says they must ask somebody is lost"."""
    everyone: bool = False
    """Said of every group: "for everybody"."""


@dataclass(frozen=True)
class Claim:
    """One checkable statement, with the place it was found: `text[start:end] == quote` of the persona's text."""

    id: str
    stakeholder: Stakeholder
    ref: str
    version: int
    start: int
    end: int
    quote: str
    sentence: str
    heading: str
    atoms: tuple[Reading, ...]
    confirmed: bool = False
    """A person confirmed or corrected the reading; otherwise it is a machine reading."""
    read: tuple[Reading, ...] = ()
    """How the machine read it, where a person's reading stands in `atoms`."""


@dataclass(frozen=True)
class Alias:
    """A name the personas use for people, tied to a segment, or to all."""

    mention: str
    lemma: str
    segment: str | None
    score: float
    """How far the segment is ahead of the next."""
    confirmed: bool = False
    second: str | None = None
    """The next segment, when it is close."""


@dataclass(frozen=True)
class Proposal:
    """How a language model reads a claim. Unconfirmed: shown beside the machine's reading, no part of any verdict."""

    claim: str
    atoms: tuple[Reading, ...]
