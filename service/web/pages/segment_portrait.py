"""What is true of a segment and not of others, as the pages show it: traits, words, the checked name, neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.numbers import Formatter
from service.economics.model import Measure
from service.segments.facets import ORDER, facet_names
from service.segments.model import Assignment, Keyphrase, OutsideCount, Quote, Segment, Share, TopicShare
from service.segments.phrases import TELLS_APART
from service.segments.portrayal import soundness, spans
from service.web.charts import axis_end, share_width
from service.web.i18n import Words
from service.web.pages.figures import Figure, figure
from service.web.results import Results, Said, said

CARD_GROUPS, CARD_TRAITS = 4, 2
"""Groups of traits on a card of the overview, and traits in each."""
GROUP_TRAITS = 4
"""Traits of a group on a segment's own page."""
RARE = 3
"""Members who must show a trait before it is told."""
CARD_SHARE = 0.1
"""Share of members who must show it before a card tells it."""
DIFFERENCES = 6
ALIKE = 0.7
"""Part of the first share the second must reach for a surely placed customer to be told as mixed: neighbouring segments
share a quarter of all their looks with nearly everybody."""


@dataclass(frozen=True)
class TopicRow:
    """A topic: how many members voice it against others."""

    name: str
    facet: str
    members: Figure
    others: Figure
    here: float
    there: float
    """Bar widths in chart units."""
    quotes: tuple[Said, ...]


@dataclass(frozen=True)
class TraitGroup:
    """Traits of one kind (who they are, their situation …), surest first."""

    facet: str
    label: str
    rows: tuple[TopicRow, ...]


@dataclass(frozen=True)
class PhraseRow:
    """A phrase of theirs with both shares."""

    text: str
    members: Figure
    others: Figure


@dataclass(frozen=True)
class NameView:
    """The name's check in words."""

    holds: bool
    verdict: str
    members: Figure
    others: Figure
    sibling: str
    in_sibling: Figure | None
    refused: tuple[str, ...]


@dataclass(frozen=True)
class MixedRow:
    """A customer on the border of two segments."""

    first: str
    first_share: str
    second: str
    second_id: str
    second_share: str
    quote: Said | None


@dataclass(frozen=True)
class OutsideRow:
    """A source or campaign, and how many of its customers stand outside."""

    name: str
    customers: int
    unassigned: Figure
    not_a_customer: Figure


class PortraitWriter:
    """Writes portraits of one run in one language. `linked`: quotes lead to their document."""

    def __init__(self, results: Results, words: Words, formatter: Formatter, *, linked: bool = False) -> None:
        self.results, self.words, self.formatter, self.linked = results, words, formatter, linked
        self.kinds = {kind: words(f"document.{kind}") for kind in ("call", "note", "ad_response")}
        self.names = facet_names(words.language)

    def said(self, quote: Quote) -> Said:
        """A quote with its source, and its place where the visitor may go there."""
        return said(quote, self.results, self.formatter, self.kinds, linked=self.linked)

    def share(self, share: Share) -> Figure:
        """A share in print."""
        row = Measure("segment", "", "topic", share.value, share.low, share.high, share.n, "share")
        return figure(row, self.words, self.formatter)

    def topics(self, topics: tuple[TopicShare, ...]) -> tuple[TopicRow, ...]:
        """Rows under one axis."""
        end = axis_end(v for t in topics for v in (t.members.value, t.others.value))
        return tuple(self._topic(topic, end, topic.quotes) for topic in topics)

    def _topic(self, topic: TopicShare, end: float, quotes: tuple[Quote, ...]) -> TopicRow:
        return TopicRow(
            name=self.names.get(topic.topic, topic.topic),
            facet=self.words(f"facet.{topic.facet}"),
            members=self.share(topic.members),
            others=self.share(topic.others),
            here=share_width(topic.members.value, end),
            there=share_width(topic.others.value, end),
            quotes=tuple(self.said(quote) for quote in quotes),
        )

    def traits(self, segment: Segment, *, whole: bool) -> tuple[TraitGroup, ...]:
        """What is truer of members, by kind, in the order a person would tell it; no quote stands there twice."""
        telling = [t for t in (*segment.facets, *segment.topics) if t.score >= TELLS_APART and t.members.k >= RARE]
        kinds = {t.topic for t in segment.facets if t.facet == "who"}
        end = axis_end(v for t in telling for v in (t.members.value, t.others.value))
        shown = {quote.text for quote in segment.quotes}
        groups = []
        for facet in ORDER:
            rows = [t for t in telling if t.facet == facet and (facet != "who" or not kinds or t.topic in kinds)]
            rows = [t for t in rows if whole or (t.members.value or 0.0) >= CARD_SHARE]
            rows.sort(key=lambda t: (-t.score, t.topic))
            told = []
            for row in rows[: GROUP_TRAITS if whole else CARD_TRAITS]:
                fresh = tuple(quote for quote in row.quotes if quote.text not in shown)[:1]
                shown.update(quote.text for quote in fresh)
                told.append(self._topic(row, end, fresh))
            if told:
                groups.append(TraitGroup(facet, self.words(f"facet_group.{facet}"), tuple(told)))
        return tuple(groups if whole else groups[:CARD_GROUPS])

    def phrases(self, keyphrases: tuple[Keyphrase, ...]) -> tuple[PhraseRow, ...]:
        """Phrases with both shares."""
        return tuple(PhraseRow(p.text, self.share(p.members), self.share(p.others)) for p in keyphrases)

    def name(self, segment: Segment) -> NameView | None:
        """The check of a name the machine gave; None of a person's."""
        check = segment.name_check
        if check is None:
            return None
        sibling = self.results.inputs.segment_by_id.get(check.sibling or "")
        return NameView(
            holds=check.passed,
            verdict=self.words("segments.name.holds" if check.passed else "segments.name.fails"),
            members=self.share(check.members),
            others=self.share(check.others),
            sibling=sibling.name if sibling else "",
            in_sibling=self.share(check.in_sibling) if check.in_sibling else None,
            refused=check.refused,
        )

    def differences(self, segment: Segment) -> tuple[TopicRow, ...]:
        """What tells the segment from its nearest neighbour; `others` are the neighbour's."""
        return self.topics(segment.nearest.differences[:DIFFERENCES]) if segment.nearest else ()

    def mixed(self, segment: Segment) -> tuple[MixedRow, ...]:
        """Members on the border, and those who stand in a second segment nearly as surely; the most divided first."""
        divided = [
            place
            for place in self.results.inputs.segmentation.assignments
            if place.segment == segment.id and place.second_segment in self.results.inputs.segment_by_id
            if place.status == "soft" or place.second_probability >= ALIKE * place.probability
        ]
        divided.sort(key=lambda place: (place.probability - place.second_probability, place.customer))
        return tuple(self._mixed(segment, place) for place in divided)

    def _mixed(self, segment: Segment, place: Assignment) -> MixedRow:
        second = self.results.inputs.segment_by_id[place.second_segment or ""]
        return MixedRow(
            first=segment.name,
            first_share=self.formatter.percent(place.probability),
            second=second.name,
            second_id=second.id,
            second_share=self.formatter.percent(place.second_probability),
            quote=self._own_words(place.customer),
        )

    def _own_words(self, customer: str) -> Said | None:
        """The sentence of theirs that reads best."""
        found = [
            (-soundness(quote, line), place, quote)
            for place, line in enumerate(self.results.lines_of(customer))
            for quote in spans(line)
        ]
        return self.said(min(found, key=lambda one: one[:2])[2]) if found else None

    def outside(self, level: str) -> tuple[OutsideRow, ...]:
        """Sources or campaigns with those outside every segment."""
        rows = [row for row in self.results.inputs.segmentation.outside if row.level == level]
        return tuple(
            OutsideRow(self._came_by(row), row.customers, self.share(row.unassigned), self.share(row.not_a_customer))
            for row in rows
        )

    def _came_by(self, row: OutsideCount) -> str:
        if row.level == "campaign":
            return row.name
        kind, _, platform = row.name.partition("/")
        return f"{self.kinds.get(kind, kind)}, {platform}" if platform else self.kinds.get(kind, kind)
