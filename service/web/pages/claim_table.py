"""All claims in one table: whose, about whom, true or not, worth the first place or not, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Stakeholder
from service.briefs.inputs import STAKEHOLDERS
from service.comparison.model import JudgedClaim, Verdict
from service.comparison.rules import sentence
from service.comparison.settling import settle
from service.core.numbers import Formatter
from service.portrait.focus import Focus, advice, focus_of
from service.portrait.model import Portrait
from service.web.i18n import Words
from service.web.pages.evidence import ClaimView, EvidenceWriter
from service.web.results import Results

EVERYBODY = "everybody"
"""The choice of claims that speak of no segment."""
VERDICTS = (Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.SUPPORTED, Verdict.NO_EVIDENCE)


@dataclass(frozen=True)
class Wanted:
    """What to show; None for all."""

    stakeholder: Stakeholder | None = None
    verdict: Verdict | None = None
    segment: str | None = None

    def fits(self, judged: JudgedClaim) -> bool:
        """Whether the claim is wanted."""
        segment = judged.segment or EVERYBODY
        return (
            self.stakeholder in (None, judged.claim.stakeholder)
            and self.verdict in (None, judged.verdict)
            and self.segment in (None, segment)
        )


@dataclass(frozen=True)
class ClaimRow:
    """A claim on both axes."""

    view: ClaimView
    focus: str
    advice: str
    settles: str


@dataclass(frozen=True)
class ChoiceView:
    """One option of a filter."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class ClaimTable:
    """The page."""

    finding: str
    rows: tuple[ClaimRow, ...]
    total: int
    stakeholders: tuple[ChoiceView, ...]
    verdicts: tuple[ChoiceView, ...]
    segments: tuple[ChoiceView, ...]


def claim_table(results: Results, wanted: Wanted, words: Words, formatter: Formatter) -> ClaimTable:
    """The claims that fit, what the data refute first, then in the order of the texts."""
    inputs = results.inputs
    found = sorted((c for c in inputs.claims if wanted.fits(c)), key=lambda c: VERDICTS.index(c.verdict))
    writer = EvidenceWriter(results, words, formatter)
    portrait = inputs.portrait or Portrait(())
    segments = [(s.id, s.name) for s in inputs.segments] + [(EVERYBODY, words("comparison.everybody"))]
    return ClaimTable(
        finding=words("claim_table.finding", n=len(found), total=formatter.count(len(inputs.claims))),
        rows=tuple(_row(c, writer, portrait, words, formatter) for c in found),
        total=len(inputs.claims),
        stakeholders=_choices([(w.value, words(f"who.{w.value}")) for w in STAKEHOLDERS], wanted.stakeholder),
        verdicts=_choices([(v.value, words(f"verdict.{v.value}")) for v in VERDICTS], wanted.verdict),
        segments=_choices(segments, wanted.segment),
    )


def _choices(options: Sequence[tuple[str, str]], chosen: str | None) -> tuple[ChoiceView, ...]:
    return tuple(ChoiceView(value, name, value == chosen) for value, name in options)


def _row(
    judged: JudgedClaim, writer: EvidenceWriter, portrait: Portrait, words: Words, formatter: Formatter
) -> ClaimRow:
    focus = focus_of(judged, portrait)
    key = advice(judged.verdict, focus)
    return ClaimRow(
        view=writer.claim(judged),
        focus="" if focus is Focus.EVERYBODY else words(f"focus.{focus.value}"),
        advice=words(f"advice.{key}") if key else "",
        settles=settles(judged, words.language, formatter),
    )


def settles(judged: JudgedClaim, language: str, formatter: Formatter) -> str:
    """What would settle the verdict, in a sentence; "" where the data are enough or the rule has no sentence."""
    found = settle(judged)
    if found.kind == "settled" or (found.kind == "data" and not found.rule):
        return ""
    key = found.rule if found.kind == "data" else f"settle.{found.kind}"
    return sentence(key, language).format(now=formatter.count(found.now), more=formatter.count(found.more))
