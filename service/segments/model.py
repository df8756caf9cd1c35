"""Segments, assignments, and what is true of a segment's members and not of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.segments.lineage import Lineage

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
    """objection · need · pain · trigger · who · question (the catalogue's groups) · situation · goal · reason."""
    members: Share
    others: Share
    quotes: tuple[Quote, ...] = ()
    score: float = 0.0
    """z of the difference of log-odds: from 1.64 on it is truer of members at one-sided 5 %."""


@dataclass(frozen=True)
class NameCheck:
    """Whether the name holds: share of members and of others who say a word of it, or are what it says they are."""

    members: Share
    others: Share
    passed: bool
    """Truer of members than of others, intervals apart, and than of any single other segment."""
    sibling: str | None = None
    """The other segment it is truest of."""
    in_sibling: Share | None = None
    refused: tuple[str, ...] = ()
    """Better looking names that did not hold."""


@dataclass(frozen=True)
class Nearest:
    """The most similar other segment and what tells the two apart."""

    segment: str
    similarity: float
    here: tuple[str, ...]
    """Phrases truer of this segment than of the other."""
    there: tuple[str, ...]
    differences: tuple[TopicShare, ...] = ()
    """Topics and facets in which they differ most surely; `members` are of this segment, `others` of the other one."""


@dataclass(frozen=True)
class SubSegment:
    """A kind of customer within a segment. Shares and phrases compare it with the rest of the segment."""

    id: str
    name: str
    size: int
    share: Share
    """Of the segment's members."""
    keyphrases: tuple[Keyphrase, ...]
    quotes: tuple[Quote, ...]
    members: tuple[str, ...]
    """Customer ids."""


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
    facets: tuple[TopicShare, ...] = ()
    """Kinds of people, situations, goals and reasons truer of members than of others (`service/segments/facets`)."""
    named_by: Literal["machine", "person"] = "machine"
    """A person's name wins for good; it is not checked against words."""
    parts: tuple[SubSegment, ...] = ()
    """The second level, where the segment is large enough and falls in two."""
    plain_name: str = ""
    """The name made from the members' words, where a language model's name stands in its place."""

    @property
    def own_name(self) -> str:
        """The name that no language model had a hand in: what other steps may lean on."""
        return self.plain_name if self.plain_name and self.named_by == "machine" else self.name


@dataclass(frozen=True)
class Assignment:
    """One customer's place. `segment` is None when unassigned."""

    customer: str
    segment: str | None
    status: Status
    probability: float
    second_segment: str | None = None
    second_probability: float = 0.0
    documents: int | None = None
    """Documents of the customer when they were placed: who has more by now has said something new. None: not known."""


@dataclass(frozen=True)
class OutsideCount:
    """Customers of one source or campaign, and how many of them stand outside every segment."""

    level: Literal["source", "campaign"]
    name: str
    """`call`, `note`, `ad_response` or, where the platform is known, `ad_response/vk`; a campaign as written."""
    customers: int
    unassigned: Share
    not_a_customer: Share


@dataclass(frozen=True)
class MapPoint:
    """A customer's place on the map, both coordinates 0..1. Segment and status are those of the assignment."""

    customer: str
    x: float
    y: float


@dataclass(frozen=True)
class CustomerMap:
    """Customers in the plane: near means speaking alike; axes, distances and areas mean nothing more.

    Those who are no customers have no place. `drawn` of `customers`: over `service/segments/map.DRAWN` a seeded sample.
    """

    points: tuple[MapPoint, ...]
    drawn: int
    customers: int


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
    lineage: Lineage | None = None
    """Against the run before. Not loaded for readers, who need no more than where customers stand now."""
    outside: tuple[OutsideCount, ...] = ()
    """Unassigned and not-a-customer by source and campaign, most customers first."""
    map: CustomerMap | None = None

    def segment_of(self) -> dict[str, str]:
        """Customer → segment id, for core and soft members of real segments."""
        real = {s.id for s in self.segments if s.kind == "segment"}
        return {a.customer: a.segment for a in self.assignments if a.segment in real and a.segment is not None}

    def outsiders(self) -> set[str]:
        """Customers set apart as not customers at all: out of every denominator."""
        return {a.customer for a in self.assignments if a.status == "not_a_customer"}
