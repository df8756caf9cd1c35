"""Segments, assignments, and what is true of a segment's members and not of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SegmentKind = Literal["segment", "not_a_customer"]
Status = Literal["core", "soft", "unassigned", "not_a_customer"]


@dataclass(frozen=True)
class Quote:
    """Verbatim words of a customer, by offsets into an utterance of a stored document."""

    document: str
    """Opaque document id."""
    position: int
    """Index of the utterance."""
    start: int
    end: int
    """Character offsets into the utterance's text: `text == utterance.text[start:end]`."""
    text: str
    customer: str


@dataclass(frozen=True)
class Share:
    """k of n with a Wilson 95 % interval; value is None when n is 0."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Keyphrase:
    """A word or two-word phrase truer of members than of others. Shares count customers."""

    text: str
    """As people wrote it most often."""
    lemma: str
    members: Share
    others: Share
    score: float


@dataclass(frozen=True)
class TopicShare:
    """How many customers of the segment voice a topic of the catalogue (`service/segments/topics`)."""

    topic: str
    facet: str
    """objection · need · pain · trigger · who · question (the catalogue's groups)."""
    members: Share
    others: Share
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class NameCheck:
    """Whether the proposed name holds: share of members and of others whose words contain it."""

    members: Share
    others: Share
    passed: bool


@dataclass(frozen=True)
class Nearest:
    """The most similar other segment and what tells the two apart."""

    segment: str
    similarity: float
    here: tuple[str, ...]
    """Phrases truer of this segment than of the other."""
    there: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """A group of customers that emerged. `id` is opaque and stable over runs."""

    id: str
    kind: SegmentKind
    name: str
    ordinal: int
    """1 = largest; for display only, never an identity."""
    size: int
    core: int
    soft: int
    share: Share
    """Of all customers except not_a_customer."""
    stability: float
    """Mean co-association inside the segment, 0..1."""
    keyphrases: tuple[Keyphrase, ...] = ()
    topics: tuple[TopicShare, ...] = ()
    quotes: tuple[Quote, ...] = ()
    nearest: Nearest | None = None
    name_check: NameCheck | None = None
    documents: int = 0


@dataclass(frozen=True)
class Assignment:
    """One customer's place. `segment` is None when unassigned."""

    customer: str
    segment: str | None
    status: Status
    probability: float
    second_segment: str | None = None
    second_probability: float = 0.0


@dataclass(frozen=True)
class Segmentation:
    """The result of the step. `small` says there were too few customers to look for segments."""

    segments: tuple[Segment, ...]
    assignments: tuple[Assignment, ...]
    small: bool = False
    customers: int = 0
    unassigned: int = 0
    not_a_customer: int = 0
    manifest: dict[str, str | int | float] | None = None

    def segment_of(self) -> dict[str, str]:
        """Customer → segment id, for core and soft members of real segments."""
        real = {s.id for s in self.segments if s.kind == "segment"}
        return {a.customer: a.segment for a in self.assignments if a.segment in real and a.segment is not None}

    def outsiders(self) -> set[str]:
        """Customers set apart as not customers at all: out of every denominator."""
        return {a.customer for a in self.assignments if a.status == "not_a_customer"}
