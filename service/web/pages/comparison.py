"""The owner's page: three pictures of the client held against the data, with the evidence a click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Stakeholder
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.model import Brief
from service.comparison.model import Coverage, Divergence, Verdict
from service.core.numbers import Formatter
from service.economics.measures_catalogue import entry_of, label
from service.web.charts import Bar, stacked
from service.web.i18n import Words
from service.web.pages.evidence import ClaimView, EvidenceWriter
from service.web.pages.figures import written
from service.web.pages.front import Front, front_of
from service.web.pages.overlap import OverlapView, overlap_views
from service.web.results import Results, Said, said

KINDS = ("protagonist", "claim_vs_claim", "claim_vs_data", "blind_spot", "spend")
"""Ways pictures part, in the order they are shown."""

QUOTED = 2
"""Claims quoted in one parting of pictures."""
FIRST = 5
"""Claims of a stakeholder that are not folded away."""

VERDICTS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NO_EVIDENCE)


@dataclass(frozen=True)
class VoiceView:
    """One stakeholder: what the picture covers and how its claims fared."""

    who: str
    missing: bool
    ghost: bool
    protagonist: str | None
    protagonist_id: str | None
    claims: int
    counts: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]
    leads: str | None
    wins: str | None
    revenue: str | None


@dataclass(frozen=True)
class CellView:
    """What one stakeholder's picture makes of one segment."""

    mark: str
    """A verdict, `named`, or `silent`."""
    claims: int
    protagonist: bool


@dataclass(frozen=True)
class RowView:
    """A segment in the matrix."""

    id: str
    name: str
    tier: str | None
    cells: tuple[CellView, ...]
    revenue_share: str | None
    blind: bool


@dataclass(frozen=True)
class TermView:
    """One line of the arithmetic."""

    label: str
    value: str


@dataclass(frozen=True)
class PartingView:
    """One way in which pictures part about a segment: who, and in which words."""

    title: str
    claims: tuple[str, ...]
    more: int
    """Claims left out here; all of them stand below with their evidence."""


@dataclass(frozen=True)
class DivergenceView:
    """Everything that parts about one segment, the money it touches, and how that was reckoned."""

    segment: str
    segment_id: str | None
    money: str | None
    stake: str
    formula: str
    """The sum written out, where it is a difference."""
    terms: tuple[TermView, ...]
    partings: tuple[PartingView, ...]


@dataclass(frozen=True)
class AgreementView:
    """What several say alike."""

    who: tuple[str, ...]
    segment: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True)
class BlindView:
    """A segment nobody named."""

    id: str
    name: str
    line: str
    quote: Said | None


@dataclass(frozen=True)
class ClaimsOf:
    """A stakeholder's claims: those the data speak to, what they refute first, and those they do not."""

    who: str
    count: int
    first: tuple[ClaimView, ...]
    rest: tuple[ClaimView, ...]
    unchecked: tuple[ClaimView, ...]


@dataclass(frozen=True)
class ComparisonView:
    """The whole page."""

    finding: str
    lead: str
    front: Front | None
    """The brief's first screen, which then stands in place of `finding` and `lead`."""
    voices: tuple[VoiceView, ...]
    rows: tuple[RowView, ...]
    divergences: tuple[DivergenceView, ...]
    blind: tuple[BlindView, ...]
    overlaps: tuple[OverlapView, ...]
    agreements: tuple[AgreementView, ...]
    claims: tuple[ClaimsOf, ...]
    machine: int
    """Readings nobody confirmed."""


def comparison_view(results: Results, words: Words, formatter: Formatter, brief: Brief | None = None) -> ComparisonView:
    """Build the page; its first screen is that of the comparison brief, where there is one."""
    writer = _Writer(results, words, formatter)
    comparison = results.inputs.comparison
    if comparison is None:
        raise ValueError("a run without a comparison has no comparison page")
    evidence = EvidenceWriter(results, words, formatter)
    claims = {who: tuple(evidence.claim(c) for c in results.inputs.claims_of(who)) for who in STAKEHOLDERS}
    voices = tuple(writer.voice(who) for who in STAKEHOLDERS)
    return ComparisonView(
        finding=writer.finding(),
        lead=writer.lead(),
        front=front_of(brief) if brief else None,
        voices=voices,
        rows=tuple(writer.row(segment.id) for segment in results.inputs.segments),
        divergences=writer.divergences(comparison.divergences),
        overlaps=overlap_views(results, words, formatter),
        blind=tuple(writer.blind(segment_id) for segment_id in comparison.blind_spots),
        agreements=tuple(writer.agreement(a.stakeholders, a.segment, a.claims) for a in comparison.agreements),
        claims=tuple(_claims_of(who.value, found) for who, found in claims.items() if found),
        machine=sum(not c.claim.confirmed for c in comparison.claims),
    )


def _claims_of(who: str, claims: tuple[ClaimView, ...]) -> ClaimsOf:
    order = (Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.SUPPORTED)
    checked = tuple(c for verdict in order for c in claims if c.verdict == verdict.value)
    unchecked = tuple(c for c in claims if c.verdict == Verdict.NO_EVIDENCE.value)
    return ClaimsOf(who, len(claims), checked[:FIRST], checked[FIRST:], unchecked)


class _Writer:
    def __init__(self, results: Results, words: Words, formatter: Formatter) -> None:
        self.results, self.words, self.formatter = results, words, formatter
        self.inputs = results.inputs
        self.kinds = {kind: words(f"document.{kind}") for kind in ("call", "note", "ad_response")}
        self.judged = {c.claim.id: c for c in results.inputs.claims}
        comparison = results.inputs.comparison
        self.coverage = {c.stakeholder: c for c in comparison.coverage} if comparison else {}

    # --- the first screen ------------------------------------------------------------------------------------

    def finding(self) -> str:
        """How the claims fared, when the brief has no headline."""
        total = len(self.inputs.claims)
        wrong = sum(c.verdict is Verdict.CONTRADICTED for c in self.inputs.claims)
        if not total:
            return self.words("comparison.finding.no_personas")
        return self.words("comparison.finding.counts", n=wrong, total=self.formatter.count(total))

    def lead(self) -> str:
        """Period, applications, customers, payers."""
        customers = self.inputs.measures.value("all", "all", "customers")
        won = self.inputs.measures.value("all", "all", "won")
        parts = []
        if self.results.period:
            parts.append(self.formatter.period(*(moment.date() for moment in self.results.period)))
        parts.append(self.words("count.documents", n=len(self.inputs.corpus.documents)))
        if customers is not None:
            parts.append(self.words("count.customers", n=customers))
        if won is not None and self.inputs.has_deals:
            parts.append(self.words("count.won", n=won))
        return " · ".join(parts)

    def voice(self, who: Stakeholder) -> VoiceView:
        """A stakeholder's card."""
        comparison, coverage = self.inputs.comparison, self.coverage.get(who)
        counts = tuple((v.value, sum(c.verdict is v for c in self.inputs.claims_of(who))) for v in VERDICTS)
        hero = self.inputs.protagonists.get(who)
        return VoiceView(
            who=who.value,
            missing=bool(comparison and who in comparison.missing),
            ghost=bool(comparison and who in comparison.ghosts),
            protagonist=self.name(hero),
            protagonist_id=hero,
            claims=sum(count for _, count in counts),
            counts=counts,
            bars=stacked(counts),
            leads=self._percent(coverage, "leads"),
            wins=self._percent(coverage, "wins"),
            revenue=self._percent(coverage, "revenue"),
        )

    def _percent(self, coverage: Coverage | None, field: str) -> str | None:
        value: float | None = getattr(coverage, field) if coverage and coverage.segments else None
        return None if value is None else self.formatter.percent(value)

    def row(self, segment_id: str) -> RowView:
        """A row of the matrix."""
        placed = self.inputs.placed(segment_id)
        total = self.inputs.measures.value("all", "all", "revenue")
        revenue = self.inputs.measures.value("segment", segment_id, "revenue")
        return RowView(
            id=segment_id,
            name=self.name(segment_id) or segment_id,
            tier=placed.tier.value if placed else None,
            cells=tuple(self.cell(who, segment_id) for who in STAKEHOLDERS),
            revenue_share=self.formatter.percent(revenue / total) if revenue is not None and total else None,
            blind=bool(self.inputs.comparison and segment_id in self.inputs.comparison.blind_spots),
        )

    def cell(self, who: Stakeholder, segment_id: str) -> CellView:
        """How the stakeholder's claims about the segment fared, in one mark."""
        verdicts = [c.verdict for c in self.inputs.claims_of(who) if c.segment == segment_id]
        coverage = self.coverage.get(who)
        named = bool(coverage and segment_id in coverage.segments)
        hero = self.inputs.protagonists.get(who) == segment_id
        return CellView(cell_mark(verdicts, named), len(verdicts), hero)

    # --- divergences, blind spots, agreements ----------------------------------------------------------------

    def divergences(self, found: Sequence[Divergence]) -> tuple[DivergenceView, ...]:
        """Divergences by segment, the dearest first: one sum a segment, however many claims touch it."""
        grouped: dict[str | None, list[Divergence]] = {}
        for one in found:
            grouped.setdefault(one.segment, []).append(one)
        ordered = sorted(grouped.values(), key=lambda group: -max(d.money or 0.0 for d in group))
        return tuple(self._divergence(group) for group in ordered)

    def _divergence(self, group: list[Divergence]) -> DivergenceView:
        dearest = max(group, key=lambda d: d.money or 0.0)
        return DivergenceView(
            segment=self.name(dearest.segment) or self.words("comparison.everybody"),
            segment_id=dearest.segment if self.name(dearest.segment) else None,
            money=self.formatter.money(dearest.money) if dearest.money else None,
            stake=self.words(f"at_stake.{stake_of(dearest)}"),
            formula=self._formula(dearest),
            terms=tuple(self._term(key, value) for key, value in dearest.arithmetic),
            partings=tuple(self._parting(kind, group) for kind in KINDS if any(d.kind == kind for d in group)),
        )

    def _formula(self, found: Divergence) -> str:
        if stake_of(found) != "gap" or found.money is None:
            return ""
        a, b = (self.formatter.money(value) for _, value in found.arithmetic[:2])
        return self.words("overlap.arithmetic", a=a, b=b, c=self.formatter.money(found.money))

    def _parting(self, kind: str, group: list[Divergence]) -> PartingView:
        fitting = [d for d in group if d.kind == kind]
        who = [s for s in STAKEHOLDERS if any(s in d.stakeholders for d in fitting)]
        claims = dict.fromkeys(self.judged[c].claim.quote for d in fitting for c in d.claims if c in self.judged)
        names = ", ".join(self.words(f"who.{s.value}") for s in who)
        shown = tuple(claims)[:QUOTED]
        return PartingView(self.words(f"divergence.{kind}", who=names), shown, len(claims) - len(shown))

    def _term(self, key: str, value: float) -> TermView:
        try:
            return TermView(label(key, self.words.language), self.formatter.value(value, entry_of(key).unit))
        except KeyError:
            return TermView(key.replace("_", " "), self.formatter.value(value, _unit_of(key)))

    def blind(self, segment_id: str) -> BlindView:
        """A segment nobody named: what it brings and what it says."""
        segment = self.inputs.segment_by_id[segment_id]
        measures = self.inputs.measures
        parts = [self.words("count.customers", n=segment.size)]
        conversion = measures.get("segment", segment_id, "conversion")
        if conversion and conversion.value is not None:
            paid = written(self.words, self.formatter, conversion.value, None, None, conversion.n, "share")
            parts.append(self.words("comparison.pays", share=paid.value))
        revenue = measures.value("segment", segment_id, "revenue")
        if revenue:
            parts.append(self.words("comparison.brings", money=self.formatter.money(revenue)))
        quote = segment.quotes[0] if segment.quotes else None
        return BlindView(
            segment_id,
            segment.name,
            ", ".join(parts),
            said(quote, self.results, self.formatter, self.kinds) if quote else None,
        )

    def agreement(self, who: tuple[Stakeholder, ...], segment: str | None, claims: tuple[str, ...]) -> AgreementView:
        """What several say alike."""
        quotes = tuple(self.judged[c].claim.quote for c in claims if c in self.judged)
        return AgreementView(tuple(s.value for s in who), self.name(segment), quotes)

    def name(self, segment_id: str | None) -> str | None:
        """A segment's name."""
        segment = self.inputs.segment_by_id.get(segment_id or "")
        return segment.name if segment else None


def cell_mark(verdicts: list[Verdict], named: bool) -> str:
    """One mark for several verdicts: all right, all wrong, mixed, nothing to check by; else named, or silent."""
    known = {v for v in verdicts if v is not Verdict.NO_EVIDENCE}
    if known == {Verdict.SUPPORTED}:
        return Verdict.SUPPORTED.value
    if known == {Verdict.CONTRADICTED}:
        return Verdict.CONTRADICTED.value
    if known:
        return Verdict.PARTLY.value
    if verdicts:
        return Verdict.NO_EVIDENCE.value
    return "named" if named else "silent"


def stake_of(found: Divergence) -> str:
    """What the sum is, by its first term: `revenue`, `gap` between two revenues, `spend`, else `money`."""
    terms = [key for key, _ in found.arithmetic]
    if terms[:2] == ["revenue", "revenue"]:
        return "gap"
    return terms[0] if terms and terms[0] in ("revenue", "spend") else "money"


def _unit_of(term: str) -> str:
    if any(part in term for part in ("share", "conversion", "rate", "percent")):
        return "share"
    if any(part in term for part in ("spend", "revenue", "money", "ltv", "cac", "check", "value", "cost", "price")):
        return "money"
    return "days" if "days" in term else "count"
