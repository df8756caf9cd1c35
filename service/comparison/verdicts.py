"""Claims to verdicts: which figure answers a reading, which rule it is held to. Deterministic and pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from service.comparison import campaigns, channels
from service.comparison.evidence import Evidence
from service.comparison.figures import (
    CONTRADICTED,
    OPEN,
    PARTLY,
    SUPPORTED,
    Figures,
    Judged,
    against,
    amount,
    banded,
    combined,
    named_amount,
    part,
    rate,
)
from service.comparison.model import Finding, JudgedClaim, Verdict
from service.comparison.rules import threshold
from service.comparison.voiced import Support, judge_topic
from service.economics.model import Level, Measure
from service.personas.model import Claim, Reading, Subject

PARTS = {"leads": "share_of_customers", "wins": "share_of_won", "revenue": "share_of_revenue"}
RATES = {
    "conversion": ("conversion",),
    "referral": ("referral_share",),
    "discount": ("discount_share",),
    "returns": ("refund_share",),
}
AMOUNTS = {
    "cycle": ("days_to_close",),
    "value": ("basket", "average_check", "ltv"),
    "lifetime": ("ltv", "basket", "average_check"),
    "basket": ("accessories", "basket"),
    "satisfaction": ("satisfaction", "nps", "csat"),
}
TOPIC_OF = {"discount": "discount", "returns": "warranty", "referral": "", "satisfaction": ""}
"""The topic that speaks for a measure the files have no column for."""
UNTESTABLE = {"demographic": "open.demographic", "no_data": "open.no_data"}
MONTH = 30.44


def judge(claim: Claim, evidence: Evidence) -> JudgedClaim:
    """The claim's verdict with the findings of its thoughts; the first finding is the one that decides."""
    findings = [judge_reading(atom, claim, evidence) for atom in claim.atoms]
    verdict = combined([f.verdict for f in findings])
    deciding = sorted(range(len(findings)), key=lambda i: (findings[i].verdict is not verdict, i))
    ordered = tuple(findings[i] for i in deciding)
    first = claim.atoms[deciding[0]]
    return JudgedClaim(
        claim=claim,
        verdict=verdict,
        findings=ordered,
        segment=first.subject.segment,
        preliminary=any(_is_thin(f) for f in ordered if f.verdict is not OPEN),
        note=ordered[0].rule if verdict is OPEN else "",
    )


def judge_reading(reading: Reading, claim: Claim, evidence: Evidence) -> Finding:
    """The finding of one thought.

    A machine reading gives `supported` only with both cues, and, where two segments come into question, of both.
    """
    finding = _Bench(reading, evidence).finding()
    if finding.verdict is not SUPPORTED or claim.confirmed:
        return finding
    sure = reading.measure_cue and reading.operator_cue
    second = reading.subject.second
    if sure and second is not None:
        instead = replace(reading, subject=replace(reading.subject, segment=second))
        sure = _Bench(instead, evidence).finding().verdict is SUPPORTED
    return finding if sure else replace(finding, verdict=PARTLY, rule="held_back")


def _is_thin(finding: Finding) -> bool:
    if 0 < finding.n < threshold("few"):
        return True
    near = finding.measure.startswith(("topic:", "words:")) and finding.value is not None and finding.compared_with
    return bool(near and abs((finding.value or 0) - (finding.compared_with or 0)) < threshold("topic.error"))


@dataclass(frozen=True)
class _Bench:
    """One reading before the evidence."""

    reading: Reading
    evidence: Evidence

    def finding(self) -> Finding:
        """Dispatch by measure class."""
        reading = self.reading
        if reading.measure in UNTESTABLE:
            return Finding(OPEN, UNTESTABLE[reading.measure])
        if reading.operator == "follows":
            return campaigns.follows(self.evidence)
        if reading.measure in ("cost_per_lead", "cost_per_customer"):
            return campaigns.judge_cost(reading, self.evidence)
        if reading.measure == "channel":
            return channels.judge_channel(reading, self.evidence)
        if reading.condition and self._about_sayers:
            return self._sayers()
        if reading.subject.kind == "unresolved":
            return Finding(OPEN, "open.subject")
        if reading.measure == "topic":
            return self._topic()
        if not self.evidence.has_deals and reading.measure != "leads":
            return Finding(OPEN, "open.no_deals")
        if reading.measure == "identity":
            return self._identity()
        if reading.measure in PARTS:
            return self._part(PARTS[reading.measure])
        if reading.measure == "returns" and reading.operator in ("majority", "only", "most") and self._segment:
            return self._part("share_of_refunds")
        if reading.measure == "retention":
            return self._retention()
        if reading.measure in RATES:
            return self._rate(RATES[reading.measure])
        return self._amount(AMOUNTS[reading.measure])

    @property
    def _segment(self) -> str | None:
        return self.reading.subject.segment if self.reading.subject.kind == "segment" else None

    @cached_property
    def _place(self) -> tuple[Level, str]:
        return ("segment", self._segment) if self._segment else ("all", "all")

    @property
    def _about_sayers(self) -> bool:
        return self.reading.measure in ("conversion", "wins") and not self._segment

    # -- figures

    def _row(self, names: Sequence[str]) -> Measure | None:
        """The first of the measures this group has a value for."""
        level, name = self._place
        for measure in names:
            row = self.evidence.book.get(level, name, measure)
            if row is not None and row.value is not None:
                return row
        return None

    def _figures(self, row: Measure) -> Figures:
        others = tuple(
            value
            for segment in self.evidence.segments
            if segment != self._segment
            and (value := self.evidence.book.value("segment", segment, row.measure)) is not None
        )
        average = self.evidence.book.value("all", "all", row.measure)
        return Figures(row.value or 0.0, row.low, row.high, average, others)

    def _of(self, row: Measure, judged: Judged, compared_name: str = "") -> Finding:
        return Finding(
            verdict=judged.verdict,
            rule=judged.rule,
            measure=row.measure,
            level=row.level,
            name=row.name,
            value=row.value,
            low=row.low,
            high=row.high,
            n=row.n,
            unit=row.unit,
            compared_with=judged.compared,
            compared_name=compared_name,
        )

    def _than(self, row: Measure) -> Finding | None:
        """Two named groups compared, when both are known."""
        other = self.reading.other
        if self.reading.operator != "than" or other is None or other.kind != "segment" or other.segment is None:
            return None
        if other.segment == self._segment:
            return Finding(OPEN, "open.subject")
        value = self.evidence.book.value("segment", other.segment, row.measure)
        if value is None or row.value is None:
            return Finding(OPEN, "open.no_figure", row.measure)
        times = self.reading.value if self.reading.unit == "times" else None
        judged = against(row.value, value, self.reading.direction, times)
        if self.reading.negated:
            from service.comparison.figures import inverted

            judged = inverted(judged)
        return self._of(row, judged, other.segment)

    def _part(self, measure: str) -> Finding:
        row = self._row((measure,))
        if self._segment is None:
            return Finding(OPEN, "open.subject_part", measure)
        if row is None:
            return Finding(OPEN, "open.no_figure", measure)
        return self._than(row) or self._of(row, part(self._figures(row), self.reading))

    def _rate(self, names: Sequence[str]) -> Finding:
        row = self._row(names)
        if row is None or self._never_recorded(row):
            return self._without_column(names[0])
        if self._segment is None and self.reading.operator not in ("number", "none", "all", "majority", "rare", "low"):
            return self._everybody(names[0], row)
        return self._than(row) or self._of(row, rate(self._figures(row), self.reading))

    def _never_recorded(self, row: Measure) -> bool:
        """A file in which nobody ever ordered twice is one that does not record it."""
        return row.measure == "repeat_share" and not self.evidence.book.value("all", "all", row.measure)

    def _everybody(self, measure: str, row: Measure) -> Finding:
        """ "Customers do X", of all: a majority must."""
        value = row.value or 0.0
        judged = Judged(
            banded(value, value >= threshold("majority"), value < threshold("none.broken")), "rate.majority", 0.5
        )
        return self._of(row, judged)

    def _without_column(self, measure: str) -> Finding:
        """No such column in the files: what customers say may still answer."""
        topic = TOPIC_OF.get(self.reading.measure, "")
        if topic and self.reading.operator in ("none", "rare", "low", "all", "majority", "is", "high"):
            spoken = replace(self.reading, measure="topic", topics=(topic,), words=(), versus=())
            if self.reading.measure == "discount" and self.reading.operator == "low":
                spoken = replace(spoken, operator="none")
            return _Bench(spoken, self.evidence)._topic()
        return Finding(OPEN, "open.no_figure", measure)

    def _amount(self, names: Sequence[str]) -> Finding:
        row = self._row(names)
        if row is None:
            return Finding(OPEN, "open.no_figure", names[0])
        than = self._than(row)
        if than:
            return than
        if self.reading.operator == "number" and self.reading.value is not None:
            return self._of(row, self._named(row))
        if self._segment is None:
            return Finding(OPEN, "open.subject_part", row.measure)
        return self._of(row, amount(self._figures(row), self.reading))

    def _named(self, row: Measure) -> Judged:
        factor = (
            {"months": MONTH, "years": 365.25, "days": 1.0}.get(self.reading.unit or "", 1.0)
            if row.unit == "days"
            else 1.0
        )
        low = (self.reading.value or 0.0) * factor
        top = (self.reading.high or self.reading.value or 0.0) * factor
        bound = self.reading.bound
        if row.unit == "days" and bound == "about" and self.reading.direction == "low":
            bound = "at_most"
        return named_amount(self._figures(row), low, top, bound)

    def _retention(self) -> Finding:
        reading = self.reading
        named = reading.operator == "number" and reading.unit in ("months", "years")
        if named and self._segment is None:
            return self._all_stay()
        row = self._row(("months_paid",))
        if row is None:
            return self._rate(("stay_share", "repeat_share"))
        if named:
            factor = 12.0 if reading.unit == "years" else 1.0
            low, top = (reading.value or 0) * factor, (reading.high or reading.value or 0) * factor
            return self._of(row, named_amount(self._figures(row), low, top, reading.bound))
        if self._segment is None or reading.operator in ("majority", "all", "number", "is", "equal"):
            return self._rate(("stay_share", "repeat_share"))
        return self._than(row) or self._of(row, amount(self._figures(row), reading))

    def _all_stay(self) -> Finding:
        """ "Who comes stays half a year": of how many segments is it true?"""
        months = (self.reading.value or 0.0) * (12.0 if self.reading.unit == "years" else 1.0)
        row = self._row(("months_paid",))
        if row is None:
            return Finding(OPEN, "open.no_figure", "months_paid")
        means = [
            v
            for s in self.evidence.segments
            if (v := self.evidence.book.value("segment", s, "months_paid")) is not None
        ]
        held = [mean >= months * 0.9 for mean in means]
        judged = Judged(banded(0, bool(held) and all(held), not any(held)), "retention.every_segment", months)
        return self._of(row, judged)

    def _identity(self) -> Finding:
        """ "Our client is X": leads, sales and revenue, two of three."""
        if self._segment is None:
            return Finding(OPEN, "open.subject_part", "share_of_revenue")
        rows = [row for name in PARTS.values() if (row := self._row((name,))) is not None]
        if not rows:
            return Finding(OPEN, "open.no_figure", "share_of_revenue")
        negated = self.reading.negated or self.reading.operator in ("none", "low", "rare")
        figures = [self._figures(row) for row in rows]
        if negated:
            equal = 1 / figures[0].groups
            large = [f.value >= threshold("part.small_broken") * equal for f in figures]
            judged = Judged(banded(0, not any(large), sum(large) >= 2), "identity.not", equal)
        else:
            held = [f.value >= max(f.others, default=0.0) or f.value >= threshold("majority") for f in figures]
            judged = Judged(banded(0, sum(held) >= 2, not any(held)), "identity.two_of_three", None)
        return self._of(rows[-1], judged)

    # -- what customers say

    def _topic(self) -> Finding:
        support = Support(self.reading, self.evidence.voices)
        if not support.known:
            return Finding(OPEN, "open.words", support.measure)
        customers = self.evidence.voices.customers(self._segment)
        if not customers:
            return Finding(OPEN, "open.no_words", support.measure)
        counted = support.count(customers)
        judged = judge_topic(self.reading, support, self.evidence.voices, self._segment)
        level, name = self._place
        interval = self.evidence.interval(counted.k, counted.n)
        return Finding(
            judged.verdict, judged.rule, counted.measure, level, name, counted.share, *interval, counted.n,
            counted.k, "share", judged.compared,
        )  # fmt: skip

    def _sayers(self) -> Finding:
        """ "Who says so is lost": how many of those who voice the condition bought."""
        voices = self.evidence.voices
        sayers = [c for c in voices.everybody if voices.topics_of[c].intersection(self.reading.condition)]
        if len(sayers) < 5 or not self.evidence.has_deals:
            return Finding(OPEN, "open.words")
        bought = sum(c in voices.buyers for c in sayers)
        share = bought / len(sayers)
        average = self.evidence.book.value("all", "all", "conversion") or 0.0
        low = self.reading.operator in ("low", "none", "rare") or self.reading.negated
        if low:
            verdict = banded(
                share, share < threshold("topic.lost") * average, share >= threshold("topic.lost_broken") * average
            )
        else:
            verdict = banded(
                share, share >= threshold("rate.high") * average, share < threshold("rate.high_broken") * average
            )
        interval = self.evidence.interval(bought, len(sayers))
        measure = f"topic:{'+'.join(self.reading.condition)}"
        return Finding(
            verdict, "topic.sayers", measure, "all", "all", share, *interval, len(sayers), bought, "share", average
        )


def subject_segments(reading: Reading) -> tuple[str, ...]:
    """Segments a reading speaks of."""
    return tuple(s.segment for s in (reading.subject, reading.other) if s is not None and s.segment is not None)


def is_known(subject: Subject) -> bool:
    """Whether it is clear who is meant."""
    return subject.kind != "unresolved"


__all__ = ["CONTRADICTED", "Verdict", "is_known", "judge", "judge_reading", "subject_segments"]
