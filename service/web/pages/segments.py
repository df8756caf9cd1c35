"""The segments page: who the customers turned out to be, most money first."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from service.core.numbers import Formatter
from service.economics.model import Measure
from service.portrait.model import Placed
from service.portrait.words import reason, would_change
from service.segments.drawing import Key, legend, map_svg
from service.segments.model import Segment, SubSegment, TopicShare
from service.web.charts import Range, axis_end, dot_range
from service.web.i18n import Words
from service.web.pages.figures import Figure, figure
from service.web.pages.segment_portrait import (
    MixedRow,
    NameView,
    OutsideRow,
    PhraseRow,
    PortraitWriter,
    TopicRow,
    TraitGroup,
)
from service.web.results import Results, Said

STABILITY = ((0.8, "firm"), (0.6, "fair"), (0.0, "loose"))
"""Mean co-association of a segment's members → word: how often they stayed together when the data were shaken."""

MONEY = ("revenue", "average_check", "ltv", "cac", "spend", "days_to_close", "satisfaction")
CARD_TOPICS, CARD_PHRASES, CARD_QUOTES = 4, 8, 2
TELLING = 0.05
"""A topic is shown as telling a segment apart when members voice it this much more often than others."""


@dataclass(frozen=True)
class PartView:
    """A sub-segment: what sets it apart from the rest of its segment."""

    name: str
    size: int
    share: str
    phrases: tuple[PhraseRow, ...]
    quotes: tuple[Said, ...]


@dataclass(frozen=True)
class SegmentView:
    """One segment as shown."""

    id: str
    name: str
    finding: str
    tier: str | None
    tier_sure: str
    tier_why: tuple[str, ...]
    size: int
    core: int
    soft: int
    share: Figure
    conversion: Figure
    chart: Range | None
    figures: dict[str, Figure]
    stability: str
    held: str
    """The same with the figure it stands for."""
    phrases: tuple[PhraseRow, ...]
    traits: tuple[TraitGroup, ...]
    topics: tuple[TopicRow, ...]
    quotes: tuple[Said, ...]
    nearest: str | None
    nearest_id: str | None
    here: tuple[str, ...]
    there: tuple[str, ...]
    differences: tuple[TopicRow, ...]
    name_check: NameView | None
    by_person: bool
    mixed: tuple[MixedRow, ...]
    parts: tuple[PartView, ...]
    """The second level, on the segment's own page."""


@dataclass(frozen=True)
class CampaignRow:
    """Where those who are no customers came from."""

    campaign: str
    share: Figure
    spend: Figure


@dataclass(frozen=True)
class SegmentsView:
    """The whole page."""

    finding: str
    lead: str
    segments: tuple[SegmentView, ...]
    axis: str
    average: str
    unassigned: int
    outsiders: int
    outsider_groups: tuple[SegmentView, ...]
    campaigns: tuple[CampaignRow, ...]
    by_source: tuple[OutsideRow, ...]
    by_campaign: tuple[OutsideRow, ...]
    map: Markup
    """The picture, "" where there is none."""
    keys: tuple[Key, ...]
    small: bool
    money: bool
    """Whether the visitor sees money and the data hold any."""


def segments_view(
    results: Results, words: Words, formatter: Formatter, money: bool, linked: bool = False
) -> SegmentsView:
    """Build the page from a run; `money` False leaves every economic figure out, `linked` leads quotes to documents."""
    inputs = results.inputs
    one = _SegmentWriter(results, words, formatter, money, linked=linked)
    segmentation = inputs.segmentation
    outsiders = tuple(s for s in segmentation.segments if s.kind == "not_a_customer")
    average = inputs.measures.get("all", "all", "conversion")
    return SegmentsView(
        finding=_finding(results, words, formatter, money),
        lead=_lead(results, words),
        segments=tuple(one.write(segment) for segment in inputs.segments),
        axis=formatter.percent(one.end),
        average=figure(average, words, formatter).value if money and average else "",
        unassigned=segmentation.unassigned,
        outsiders=segmentation.not_a_customer,
        outsider_groups=tuple(one.write(segment) for segment in outsiders),
        campaigns=_campaigns(results, words, formatter) if money else (),
        by_source=one.portrait.outside("source"),
        by_campaign=one.portrait.outside("campaign"),
        map=Markup(map_svg(segmentation, words.language)),  # escaped where it is drawn
        keys=legend(segmentation),
        small=segmentation.small,
        money=money and inputs.has_deals,
    )


def segment_view(
    results: Results, segment_id: str, words: Words, formatter: Formatter, money: bool, linked: bool = False
) -> SegmentView:
    """One segment with everything that is known of it, quotes `linked` to documents. NotFound for a foreign id."""
    one = _SegmentWriter(results, words, formatter, money, whole=True, linked=linked)
    return one.write(results.segment(segment_id))


class _SegmentWriter:
    def __init__(
        self,
        results: Results,
        words: Words,
        formatter: Formatter,
        money: bool,
        *,
        whole: bool = False,
        linked: bool = False,
    ) -> None:
        self.results, self.words, self.formatter, self.money, self.whole = results, words, formatter, money, whole
        self.portrait = PortraitWriter(results, words, formatter, linked=linked)
        measures = results.inputs.measures
        rows = [measures.get("segment", s.id, "conversion") for s in results.inputs.segments]
        self.end = axis_end([row.high for row in rows if row and row.n >= 5])
        self.mean = measures.value("all", "all", "conversion")

    def write(self, segment: Segment) -> SegmentView:
        """The segment as the page shows it."""
        placed = self.results.inputs.placed(segment.id)
        conversion = self._measure(segment, "conversion")
        nearest = segment.nearest
        neighbour = self.results.inputs.segment_by_id.get(nearest.segment) if nearest else None
        return SegmentView(
            id=segment.id,
            name=self._name(segment),
            finding=self._finding(segment),
            tier=placed.tier.value if placed else None,
            tier_sure=self._sure(placed),
            tier_why=self._why(placed),
            size=segment.size,
            core=segment.core,
            soft=segment.soft,
            share=figure(_share(segment), self.words, self.formatter),
            conversion=figure(conversion, self.words, self.formatter),
            chart=self._chart(conversion),
            figures={m: figure(self._measure(segment, m), self.words, self.formatter) for m in MONEY},
            stability=self.words(f"segments.stability.{stability_word(segment.stability)}"),
            held=self._held(segment),
            phrases=self.portrait.phrases(segment.keyphrases[: None if self.whole else CARD_PHRASES]),
            traits=self.portrait.traits(segment, whole=self.whole),
            topics=self._topics(segment),
            quotes=tuple(self.portrait.said(q) for q in segment.quotes[: None if self.whole else CARD_QUOTES]),
            nearest=neighbour.name if neighbour else None,
            nearest_id=neighbour.id if neighbour else None,
            here=nearest.here if nearest else (),
            there=nearest.there if nearest else (),
            differences=self.portrait.differences(segment) if self.whole else (),
            name_check=self.portrait.name(segment) if self.whole and segment.kind == "segment" else None,
            by_person=segment.named_by == "person",
            mixed=self.portrait.mixed(segment) if self.whole else (),
            parts=tuple(map(self._part, segment.parts)) if self.whole else (),
        )

    def _part(self, part: SubSegment) -> PartView:
        return PartView(
            name=part.name,
            size=part.size,
            share=self.formatter.percent(part.share.value) if part.share.value is not None else "",
            phrases=self.portrait.phrases(part.keyphrases[:CARD_PHRASES]),
            quotes=tuple(self.portrait.said(quote) for quote in part.quotes[:CARD_QUOTES]),
        )

    def _held(self, segment: Segment) -> str:
        if segment.kind != "segment":
            return ""
        word = stability_word(segment.stability)
        return self.words(f"segments.held.{word}", times=round(100 * segment.stability))

    def _name(self, segment: Segment) -> str:
        return segment.name if segment.kind == "segment" else self.words("segments.not_customers")

    def _finding(self, segment: Segment) -> str:
        name = self.formatter.quote(self._name(segment))
        people = self.formatter.percent(segment.share.value) if segment.share.value is not None else ""
        measures = self.results.inputs.measures
        revenue, total = (
            measures.value("segment", segment.id, "revenue"),
            measures.value("all", "all", "revenue"),
        )
        if self.money and people and revenue is not None and total:
            share = self.formatter.percent(revenue / total)
            return self.words("segments.one.money", name=name, people=people, revenue=share)
        if people:
            return self.words("segments.one.people", name=name, people=people)
        return self.words("segments.one.outsiders", name=name, n=segment.size)

    def _measure(self, segment: Segment, measure: str) -> Measure | None:
        return self.results.inputs.measures.get("segment", segment.id, measure) if self.money else None

    def _chart(self, row: Measure | None) -> Range | None:
        return dot_range(row.value, row.low, row.high, row.n, self.end, self.mean) if row else None

    def _sure(self, placed: Placed | None) -> str:
        if placed is None:
            return ""
        word = "sure" if placed.probability >= 0.9 else "likely" if placed.probability >= 0.7 else "unsure"
        return self.words(f"portrait.{word}")

    def _why(self, placed: Placed | None) -> tuple[str, ...]:
        if placed is None:
            return ()
        language = self.words.language
        said = [reason(key, language) for key in placed.reasons]
        return (*said, would_change(placed.would_change, language)) if placed.would_change else tuple(said)

    def _topics(self, segment: Segment) -> tuple[TopicRow, ...]:
        rows = [t for t in segment.topics if t.members.value is not None and t.members.k]
        if not self.whole:
            rows = sorted((t for t in rows if _lead_of(t) >= TELLING), key=lambda t: (-_lead_of(t), t.topic))
            rows = rows[:CARD_TOPICS]
        return self.portrait.topics(tuple(rows))


def stability_word(stability: float) -> str:
    """The word for a stability between 0 and 1."""
    return next(word for floor, word in STABILITY if stability >= floor)


def _lead_of(topic: TopicShare) -> float:
    return (topic.members.value or 0.0) - (topic.others.value or 0.0)


def _share(segment: Segment) -> Measure:
    share = segment.share
    return Measure("segment", segment.id, "share", share.value, share.low, share.high, share.n, "share")


def _finding(results: Results, words: Words, formatter: Formatter, money: bool) -> str:
    inputs = results.inputs
    if inputs.segmentation.small:
        return words("segments.finding.small", n=inputs.segmentation.customers)
    if not inputs.segments:
        return words("segments.finding.none", n=inputs.segmentation.customers)
    top = inputs.segments[0]
    name = formatter.quote(top.name)
    revenue = inputs.measures.value("segment", top.id, "revenue")
    total = inputs.measures.value("all", "all", "revenue")
    if not (money and revenue and total):
        largest = max(inputs.segments, key=lambda s: s.size)
        return words(
            "segments.finding.size",
            n=len(inputs.segments),
            name=formatter.quote(largest.name),
            size=formatter.of(largest.size, largest.share.n),
        )
    return words(
        "segments.finding.money",
        name=name,
        revenue=formatter.percent(revenue / total),
        people=formatter.percent(top.share.value or 0.0),
    )


def _lead(results: Results, words: Words) -> str:
    segmentation = results.inputs.segmentation
    if segmentation.small:
        return words("segments.lead.small")
    placed = segmentation.customers - segmentation.unassigned - segmentation.not_a_customer
    return words("segments.lead.found", n=len(results.inputs.segments), customers=words("count.customers", n=placed))


def _campaigns(results: Results, words: Words, formatter: Formatter) -> tuple[CampaignRow, ...]:
    measures = results.inputs.measures
    found = [
        (name, row)
        for name in measures.names("campaign")
        if (row := measures.get("campaign", name, "not_a_customer_share")) and row.value
    ]
    found.sort(key=lambda pair: (-(pair[1].value or 0.0), pair[0]))
    return tuple(
        CampaignRow(
            name, figure(row, words, formatter), figure(measures.get("campaign", name, "spend"), words, formatter)
        )
        for name, row in found
    )
