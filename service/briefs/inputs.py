"""Everything the briefs of one run are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ingest.model import DealStatus, DocumentKind, Stakeholder, TextKind
from service.briefs.said import Said, sentences_of
from service.comparison.model import Comparison, JudgedClaim
from service.corpus.model import Corpus, CorpusDocument, CorpusText
from service.economics.model import MeasureBook
from service.portrait.model import Placed, Portrait, Tier
from service.segments.model import Segment, Segmentation
from service.segments.topics import topics_in

STAKEHOLDERS = (Stakeholder.MARKETING, Stakeholder.SALES, Stakeholder.OWNER)
"""Order in which the three are shown everywhere."""

MOST_CUSTOMERS = 400
"""Customers listened to per segment for quotations: enough to choose from, however large the segment."""


@dataclass(frozen=True)
class BriefInputs:
    """The results of the steps before; `made_on` is the day of the run, printed and never hashed."""

    corpus: Corpus
    segmentation: Segmentation
    measures: MeasureBook
    comparison: Comparison | None = None
    portrait: Portrait | None = None
    made_on: date | None = None

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Real segments, the one that brings most money first (then conversion, then size)."""
        real = [segment for segment in self.segmentation.segments if segment.kind == "segment"]
        return tuple(sorted(real, key=self._money_rank))

    def _money_rank(self, segment: Segment) -> tuple[float, float, int, str]:
        revenue = self.measures.value("segment", segment.id, "revenue") or 0.0
        conversion = self.measures.value("segment", segment.id, "conversion") or 0.0
        return (-revenue, -conversion, -segment.size, segment.id)

    @cached_property
    def segment_by_id(self) -> dict[str, Segment]:
        """Every segment of the run by id, not_a_customer groups too."""
        return {segment.id: segment for segment in self.segmentation.segments}

    @cached_property
    def segment_of(self) -> dict[str, str]:
        """Customer → segment id."""
        return self.segmentation.segment_of()

    @cached_property
    def outsiders(self) -> frozenset[str]:
        """Customers who are no customers at all."""
        return frozenset(self.segmentation.outsiders())

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Segment id → its customers, sorted."""
        found: dict[str, list[str]] = {segment.id: [] for segment in self.segments}
        for customer, segment in sorted(self.segment_of.items()):
            found.setdefault(segment, []).append(customer)
        return {segment: tuple(customers) for segment, customers in found.items()}

    @cached_property
    def document_by_id(self) -> dict[str, CorpusDocument]:
        """Documents by opaque id."""
        return {document.id: document for document in self.corpus.documents}

    @cached_property
    def topics_of(self) -> dict[str, frozenset[str]]:
        """Customer → topics of the catalogue they voice anywhere."""
        found: dict[str, frozenset[str]] = {}
        for document in self.corpus.documents:
            voiced = topics_in(document.customer_text, document.document.language)
            found[document.customer] = found.get(document.customer, frozenset()) | voiced
        return found

    @cached_property
    def _said(self) -> dict[str, tuple[Said, ...]]:
        return {}

    def said(self, segment: str) -> tuple[Said, ...]:
        """Sentences of a segment's customers that could stand alone, the best first; listened to once."""
        if segment not in self._said:
            heard = self.members.get(segment, ())[:MOST_CUSTOMERS]
            documents = [d for customer in heard for d in self.corpus.documents_of.get(customer, [])]
            self._said[segment] = sentences_of(documents)
        return self._said[segment]

    @cached_property
    def winners(self) -> frozenset[str]:
        """Customers with at least one won deal."""
        return frozenset(d.customer for d in self.corpus.deals if d.deal.status is DealStatus.WON)

    @cached_property
    def lost(self) -> frozenset[str]:
        """Customers with a lost deal and no won one."""
        losers = {d.customer for d in self.corpus.deals if d.deal.status is DealStatus.LOST}
        return frozenset(losers - self.winners)

    @property
    def has_deals(self) -> bool:
        """Whether anything is known of who paid."""
        return bool(self.corpus.deals)

    @property
    def has_spend(self) -> bool:
        """Whether anything is known of advertising cost."""
        return bool(self.corpus.ad_spend)

    @cached_property
    def claims(self) -> tuple[JudgedClaim, ...]:
        """Judged claims of the three personas."""
        return self.comparison.claims if self.comparison else ()

    def claims_of(self, stakeholder: Stakeholder) -> tuple[JudgedClaim, ...]:
        """Judged claims of one stakeholder, in the order of the text."""
        return tuple(c for c in self.claims if c.claim.stakeholder is stakeholder)

    @cached_property
    def voices(self) -> tuple[Stakeholder, ...]:
        """Stakeholders who wrote a persona."""
        have = {t.text.stakeholder for t in self.texts(TextKind.PERSONA)} | {c.claim.stakeholder for c in self.claims}
        return tuple(s for s in STAKEHOLDERS if s in have)

    def texts(self, kind: TextKind) -> tuple[CorpusText, ...]:
        """The company's own texts of a kind."""
        return tuple(t for t in self.corpus.texts if t.text.kind is kind)

    @cached_property
    def named_segments(self) -> dict[str, tuple[Stakeholder, ...]]:
        """Segment id → stakeholders whose persona speaks of it."""
        found: dict[str, list[Stakeholder]] = {}
        for coverage in self.comparison.coverage if self.comparison else ():
            for segment in coverage.segments:
                found.setdefault(segment, []).append(coverage.stakeholder)
        return {segment: tuple(who) for segment, who in found.items()}

    @cached_property
    def protagonists(self) -> dict[Stakeholder, str]:
        """Stakeholder → the segment their persona is mainly about, ghosts left out."""
        if not self.comparison:
            return {}
        ghosts = set(self.comparison.ghosts)
        return {
            c.stakeholder: c.segments[0]
            for c in self.comparison.coverage
            if c.segments and c.stakeholder not in ghosts and c.segments[0] in self.segment_by_id
        }

    @cached_property
    def blind_spots(self) -> tuple[Segment, ...]:
        """Segments nobody named, most money first."""
        if not self.comparison or not self.voices:
            return ()
        return tuple(self.segment_by_id[s] for s in self.comparison.blind_spots if s in self.segment_by_id)

    @cached_property
    def worthy_blind_spots(self) -> tuple[Segment, ...]:
        """Blind spots that are not placed at the bottom: those worth a heading of their own."""
        return tuple(s for s in self.blind_spots if not self.not_ours(s.id))

    def not_ours(self, segment: str) -> bool:
        """Whether the portrait says these people are not the company's customers."""
        place = self.placed(segment)
        return place is not None and place.tier is Tier.NOT_OURS

    def placed(self, segment: str) -> Placed | None:
        """The segment's place in the portrait."""
        if not self.portrait:
            return None
        return next((p for p in self.portrait.placed if p.segment == segment), None)

    def calls(self) -> tuple[CorpusDocument, ...]:
        """Documents that are calls."""
        return tuple(d for d in self.corpus.documents if d.document.kind is DocumentKind.CALL)
