"""A claim with the figure that decides it, the rule applied, and the quotes on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.comparison.model import Finding, JudgedClaim
from service.comparison.rules import sentence
from service.core.numbers import Formatter
from service.economics.measures_catalogue import label
from service.segments.topics import catalogue
from service.web.charts import Range, axis_end, dot_range
from service.web.i18n import Words
from service.web.pages.figures import Figure, written
from service.web.results import Results, Said, said


@dataclass(frozen=True)
class ClaimView:
    """A claim with what decides it."""

    id: str
    who: str
    quote: str
    verdict: str
    preliminary: bool
    machine: bool
    about: str
    figure: Figure | None
    measure: str
    compared: str
    chart: Range | None
    rules: tuple[str, ...]
    note: str
    quotes_for: tuple[Said, ...]
    quotes_against: tuple[Said, ...]


class EvidenceWriter:
    """Writes claims of one run in one language."""

    def __init__(self, results: Results, words: Words, formatter: Formatter) -> None:
        self.results, self.words, self.formatter = results, words, formatter
        self._topics = {topic.id: topic.name[words.language] for topic in catalogue(words.language)}
        self._kinds = {kind: words(f"document.{kind}") for kind in ("call", "note", "ad_response")}

    def claim(self, judged: JudgedClaim) -> ClaimView:
        """The claim; its first finding decides."""
        first = judged.findings[0] if judged.findings else None
        return ClaimView(
            id=judged.claim.id,
            who=judged.claim.stakeholder.value,
            quote=judged.claim.quote,
            verdict=judged.verdict.value,
            preliminary=judged.preliminary,
            machine=not judged.claim.confirmed,
            about=self._name(judged.segment) or self.words("comparison.everybody"),
            figure=self._figure(first),
            measure=self._measure(first.measure) if first and first.measure else "",
            compared=self._compared(first),
            chart=self._chart(first),
            rules=self._rules(finding.rule for finding in judged.findings),
            note=" ".join(self._rules([judged.note])),
            quotes_for=tuple(said(q, self.results, self.formatter, self._kinds) for q in judged.quotes_for),
            quotes_against=tuple(said(q, self.results, self.formatter, self._kinds) for q in judged.quotes_against),
        )

    def _figure(self, found: Finding | None) -> Figure | None:
        if found is None or found.value is None:
            return None
        unit = found.unit or "share"
        return written(self.words, self.formatter, found.value, found.low, found.high, found.n, unit, found.k)

    def _compared(self, found: Finding | None) -> str:
        if found is None or found.compared_with is None:
            return ""
        value = self.formatter.value(found.compared_with, found.unit or "share")
        name = self._name(found.compared_name) or found.compared_name
        if not name or name == "all":
            return self.words("comparison.compared", value=value)
        return self.words("comparison.compared_named", name=name, value=value)

    def _chart(self, found: Finding | None) -> Range | None:
        if found is None or found.unit not in ("share", "") or found.value is None or found.low is None:
            return None
        end = axis_end([found.value, found.high, found.compared_with])
        return dot_range(found.value, found.low, found.high, found.n, end, found.compared_with)

    def _measure(self, measure: str) -> str:
        """A measure or topic in words; "" for one the catalogue does not know."""
        if measure.startswith("topic:"):
            topic = measure.partition(":")[2]
            return self.words("comparison.topic", topic=self._topics.get(topic, topic))
        try:
            return label(measure, self.words.language)
        except KeyError:
            return ""

    def _rules(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Sentences of rules, each once; a key without a sentence says nothing."""
        found: dict[str, None] = {}
        for key in keys:
            try:
                found[sentence(key, self.words.language)] = None
            except KeyError:
                continue
        return tuple(found)

    def _name(self, segment_id: str | None) -> str | None:
        segment = self.results.inputs.segment_by_id.get(segment_id or "")
        return segment.name if segment else None
