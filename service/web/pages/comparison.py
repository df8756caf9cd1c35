"""The owner's page: three pictures of the client held against the data, with the evidence a click away."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model import Stakeholder
from service.briefs.format import Formatter
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.model import Brief
from service.comparison.model import Coverage, Divergence, Verdict
from service.economics.measures_catalogue import entry_of, label
from service.web.charts import Bar, stacked
from service.web.i18n import Words
from service.web.pages.evidence import ClaimView, EvidenceWriter
from service.web.pages.figures import written
from service.web.pages.front import Front, front_of
from service.web.results import Results, Said, said

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
class DivergenceView:
    """Where pictures part, in words, with the money and how it was reckoned."""

    title: str
    money: str | None
    terms: tuple[TermView, ...]
    claims: tuple[str, ...]
    who: tuple[str, ...]


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
    agreements: tuple[AgreementView, ...]
    claims: tuple[tuple[str, tuple[ClaimView, ...]], ...]
    """(stakeholder, claims)."""
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
        divergences=tuple(writer.divergence(d) for d in comparison.divergences),
        blind=tuple(writer.blind(segment_id) for segment_id in comparison.blind_spots),
        agreements=tuple(writer.agreement(a.stakeholders, a.segment, a.claims) for a in comparison.agreements),
        claims=tuple((who.value, found) for who, found in claims.items() if found),
        machine=sum(not c.claim.confirmed for c in comparison.claims),
    )


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

    def divergence(self, found: Divergence) -> DivergenceView:
        """A divergence in words."""
        judged = [self.judged[c] for c in found.claims if c in self.judged]
        title = self.words(
            f"divergence.{found.kind}",
            segment=self.formatter.quote(self.name(found.segment) or self.words("comparison.everybody")),
            who=", ".join(self.words(f"who.{s.value}") for s in found.stakeholders),
        )
        return DivergenceView(
            title=title,
            money=None if found.money is None else self.formatter.money(found.money),
            terms=tuple(self._term(key, value) for key, value in found.arithmetic),
            claims=tuple(c.claim.quote for c in judged),
            who=tuple(s.value for s in found.stakeholders),
        )

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


def _unit_of(term: str) -> str:
    if any(part in term for part in ("share", "conversion", "rate", "percent")):
        return "share"
    if any(part in term for part in ("spend", "revenue", "money", "ltv", "cac", "check", "value", "cost", "price")):
        return "money"
    return "days" if "days" in term else "count"
