"""Who our customer is: segments in tiers with their intervals drawn, and each in the form of a persona."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.numbers import Formatter
from service.economics.measures_catalogue import group_name, label
from service.economics.model import Measure
from service.portrait.model import Placed, Portrait, Tier
from service.portrait.persona import Known, Persona, Trait, personas
from service.portrait.words import reason, rules, would_change
from service.segments.facets import facet_names
from service.segments.model import Share
from service.web.charts import Range, measured_range
from service.web.i18n import Words
from service.web.pages.figures import Figure, figure
from service.web.results import Results, Said, said

SURE, LIKELY = 0.9, 0.7
DRAWN = ("value_per_lead", "conversion")
"""What the tiers are about: what one enquiry brings; how often they buy, where no file tells amounts."""


@dataclass(frozen=True)
class TierRow:
    """A segment in the tier table. `probability` in words; `chart` draws what an enquiry brings."""

    id: str
    name: str
    tier: str
    sure: str
    probability: str
    tie: bool
    value: Figure
    chart: Range | None
    revenue: Figure
    conversion: Figure
    customers: str
    won: str
    why: tuple[str, ...]
    change: str
    odds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ItemView:
    """One item of a line: the words, the figure, and what is small beside it."""

    text: str
    figure: str = ""
    more: str = ""


@dataclass(frozen=True)
class LineView:
    """A line of the persona: `Objections` and its items."""

    label: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class PersonaView:
    """A segment in the form of a persona."""

    id: str
    name: str
    tier: str | None
    strength: str
    strength_why: str
    lines: tuple[LineView, ...]
    quotes: tuple[Said, ...]


@dataclass(frozen=True)
class PortraitPage:
    """The whole page."""

    finding: str
    lead: str
    rows: tuple[TierRow, ...]
    drawn: str
    """What the chart draws, in words."""
    average: str
    personas: tuple[PersonaView, ...]
    rules: tuple[str, ...]
    money: bool


def portrait_page(results: Results, words: Words, formatter: Formatter, *, money: bool, claims: bool) -> PortraitPage:
    """Build the page. `money`: the visitor may see figures in money; `claims`: and how the personas fared."""
    inputs = results.inputs
    placed = inputs.portrait.placed if inputs.portrait else ()
    tiers = _TierWriter(results, words, formatter, money)
    writer = _PersonaWriter(results, words, formatter, money, claims)
    portrait = inputs.portrait or Portrait(())
    found = personas(inputs.segmentation, inputs.measures, portrait, inputs.comparison)
    average = inputs.measures.get("all", "all", tiers.drawn)
    return PortraitPage(
        finding=_finding(results, placed, words, formatter, money),
        lead=words("tiers.lead") if placed else "",
        rows=tuple(tiers.row(one) for one in placed if one.segment in inputs.segment_by_id),
        average=figure(average, words, formatter).value if money and average else "",
        drawn=label(tiers.drawn, words.language),
        personas=tuple(writer.write(one) for one in found),
        rules=rules(words.language) if placed else (),
        money=money and inputs.has_deals,
    )


def _finding(results: Results, placed: Sequence[Placed], words: Words, formatter: Formatter, money: bool) -> str:
    inputs = results.inputs
    first = [one for one in placed if one.tier is Tier.MOST_PROFITABLE and one.segment in inputs.segment_by_id]
    if not placed:
        return words("tiers.finding.none")
    if not first:
        return words("tiers.finding.nobody_first", n=len(placed))
    names = ", ".join(formatter.quote(inputs.segment_by_id[one.segment].name) for one in first)
    shares = [inputs.measures.value("segment", one.segment, "share_of_revenue") for one in first]
    if money and all(share is not None for share in shares):
        revenue = formatter.percent(sum(share or 0.0 for share in shares))
        return words("tiers.finding.money", names=names, revenue=revenue)
    return words("tiers.finding.first", names=names)


class _TierWriter:
    def __init__(self, results: Results, words: Words, formatter: Formatter, money: bool) -> None:
        self.results, self.words, self.formatter, self.money = results, words, formatter, money
        self.book = results.inputs.measures
        ids = [segment.id for segment in results.inputs.segments]
        known = [m for m in DRAWN if any(self.book.value("segment", s, m) is not None for s in ids)]
        self.drawn = known[0] if known else DRAWN[0]
        rows = [self.book.get("segment", s, self.drawn) for s in ids]
        self.end = max((row.high or row.value or 0.0 for row in rows if row), default=0.0)
        self.mean = self.book.value("all", "all", self.drawn)

    def row(self, placed: Placed) -> TierRow:
        """One segment."""
        segment = self.results.inputs.segment_by_id[placed.segment]
        value = self.book.get("segment", segment.id, self.drawn)
        language = self.words.language
        drawn = bool(placed.odds)
        return TierRow(
            id=segment.id,
            name=segment.name,
            tier=placed.tier.value,
            sure=self.words(f"portrait.{sureness(placed.probability)}") if drawn else "",
            probability=self.formatter.percent(placed.probability) if drawn else "",
            tie=placed.tie,
            value=self._figure(self.drawn, segment.id),
            chart=measured_range(value, self.end, self.mean) if self.money else None,
            revenue=self._figure("share_of_revenue", segment.id),
            conversion=self._figure("conversion", segment.id),
            customers=self.formatter.count(segment.size),
            won=self.formatter.count(self.book.value("segment", segment.id, "won") or 0),
            why=tuple(reason(key, language) for key in placed.reasons),
            change=would_change(placed.would_change, language) if placed.would_change else "",
            odds=tuple((tier.value, self.formatter.percent(share)) for tier, share in placed.odds if share >= 0.005),
        )

    def _figure(self, measure: str, segment: str) -> Figure:
        return figure(self.book.get("segment", segment, measure), self.words, self.formatter)


def sureness(probability: float) -> str:
    """`sure`, `likely` or `unsure`."""
    return "sure" if probability >= SURE else "likely" if probability >= LIKELY else "unsure"


class _PersonaWriter:
    def __init__(self, results: Results, words: Words, formatter: Formatter, money: bool, claims: bool) -> None:
        self.results, self.words, self.formatter = results, words, formatter
        self.money, self.claims = money, claims
        self.names = facet_names(words.language)
        self.kinds = {kind: words(f"document.{kind}") for kind in ("call", "note", "ad_response")}

    def write(self, one: Persona) -> PersonaView:
        """The persona with every line that has something to say."""
        counted = self.formatter.count
        return PersonaView(
            id=one.segment,
            name=one.name,
            tier=one.placed.tier.value if one.placed else None,
            strength=self.words(f"persona.strength.{one.strength}"),
            strength_why=self.words("persona.rests_on", customers=counted(one.customers), won=counted(one.won)),
            lines=tuple(line for line in self._lines(one) if line.items),
            quotes=tuple(said(quote, self.results, self.formatter, self.kinds) for quote in one.quotes),
        )

    def _lines(self, one: Persona) -> list[LineView]:
        words = self.words
        lines = [LineView(words(f"facet_group.{f}"), tuple(map(self._trait, traits))) for f, traits in one.traits]
        spoken = tuple(ItemView(p.text, self._share(p.members), self._other(p.others)) for p in one.words)
        lines.append(LineView(words("persona.words"), spoken))
        if self.money:
            lines.append(LineView(words("persona.channels"), tuple(map(self._channel, one.channels))))
            lines.append(LineView(words("persona.check"), tuple(map(self._measure, one.check))))
            lines.append(LineView(words("persona.decision"), tuple(map(self._measure, one.decision))))
            lines.append(LineView(words("persona.share"), tuple(map(self._measure, one.shares))))
        if self.claims:
            lines.append(LineView(words("persona.known"), tuple(map(self._known, one.known))))
        return lines

    def _trait(self, trait: Trait) -> ItemView:
        row = trait.row
        more = self._other(row.others) if trait.distinct else self.words("persona.common")
        return ItemView(self.names.get(row.topic, row.topic), self._share(row.members), more)

    def _share(self, share: Share) -> str:
        row = Measure("segment", "", "topic", share.value, share.low, share.high, share.n, "share")
        return figure(row, self.words, self.formatter).value

    def _other(self, share: Share) -> str:
        return "" if share.value is None else self.words("persona.others", share=self._share(share))

    def _channel(self, row: Measure) -> ItemView:
        shown = figure(row, self.words, self.formatter)
        name = group_name(row.measure.partition(":")[2], self.words.language)
        return ItemView(name, shown.value, "; ".join(filter(None, (shown.spread, shown.base))))

    def _measure(self, row: Measure) -> ItemView:
        shown = figure(row, self.words, self.formatter)
        more = "; ".join(filter(None, (shown.spread, shown.base)))
        book = self.results.inputs.measures
        floor = row.measure == "ltv" and bool(book.value("segment", row.name, "still_paying_share"))
        return ItemView(label(row.measure, self.words.language), f"≥ {shown.value}" if floor else shown.value, more)

    def _known(self, known: Known) -> ItemView:
        how = "hero" if known.protagonist else "named" if known.named else "silent"
        counts = (known.right, known.partly, known.wrong, known.unknown)
        keys = ("supported", "partly", "contradicted", "no_evidence")
        fared = [f"{self.words(f'verdict.{key}')} {n}" for key, n in zip(keys, counts, strict=True) if n]
        return ItemView(
            self.words(f"who.{known.stakeholder.value}"), self.words(f"persona.seen.{how}"), ", ".join(fared)
        )
