"""All briefs of a run in one language, composed, verified and numbered."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from service.briefs.check import Checker
from service.briefs.compose_comparison import compose_comparison
from service.briefs.compose_session import compose_session
from service.briefs.creatives import compose_creative
from service.briefs.facts import Ledger
from service.briefs.inputs import BriefInputs
from service.briefs.labels import label
from service.briefs.material import Material
from service.briefs.model import Block, Brief, BriefKind, Fact, Sentence, block_spans, plain
from service.briefs.script_changes import compose_script
from service.briefs.verify import fold
from service.core.ids import stable_id


class Draft(NamedTuple):
    """A composed brief before it is checked."""

    kind: BriefKind
    segment: str | None
    headline: Sentence
    blocks: list[Block]


def compose_all(inputs: BriefInputs, language: str, ledger: Ledger | None = None) -> list[Brief]:
    """Comparison, session, then creative and script of every segment, the segment with most money first.

    With the ledger of another language's briefs, the same source keeps the same fact id in both.
    """
    material = Material(inputs, language, ledger)
    return [finish(material, draft) for draft in drafts(material)]


def drafts(material: Material) -> list[Draft]:
    """Every brief the data allow."""
    comparison = Draft("comparison", None, *compose_comparison(material))
    creatives = [Draft("creative", s.id, *compose_creative(material, s)) for s in material.inputs.segments]
    scripts = [Draft("script", s.id, *compose_script(material, s)) for s in material.inputs.segments]
    heads = [{draft.segment or "": draft.headline for draft in group} for group in (creatives, scripts)]
    return [comparison, Draft("session", None, *compose_session(material, *heads)), *creatives, *scripts]


def finish(material: Material, draft: Draft) -> Brief:
    """The draft through the verifier, with its facts and id."""
    segment = material.inputs.segment_by_id.get(draft.segment or "")
    checker = checker_for(material, draft)
    headline = draft.headline
    if not checker.holds(headline):
        headline = material.say(f"fallback.{draft.kind}", name=material.name(segment.id) if segment else "")
    checked = Draft(draft.kind, draft.segment, headline, checker.blocks(draft.blocks))
    return Brief(
        id=stable_id("b", material.inputs.corpus.workspace, draft.kind, draft.segment or "", material.language),
        kind=draft.kind,
        segment=draft.segment,
        language=material.language,
        title=plain(headline),
        headline=headline,
        blocks=tuple(checked.blocks),
        facts=_facts(material, checked),
        currency=material.write.currency,
        names=material.names,
        known_words=material.known_words,
        segment_name=segment.name if segment else "",
        made_on=material.inputs.made_on,
        order=material.inputs.segments.index(segment) if segment in material.inputs.segments else 0,
        refused=len(checker.refusals),
    )


def checker_for(material: Material, draft: Draft) -> Checker:
    """The verifier's walk over a draft, with every fact of the ledger at hand."""
    return Checker(
        facts={fact.id: fact for fact in material.ledger},
        names=dict(material.names),
        language=material.language,
        currency=material.write.currency,
        known_words=frozenset(fold(word) for word in material.known_words),
        segment=draft.segment,
    )


def _facts(material: Material, draft: Draft) -> tuple[Fact, ...]:
    """Facts the draft states, then the terms they are made of, each with its label."""
    order: list[str] = [s.fact for s in draft.headline if s.fact]
    for block in draft.blocks:
        order.extend(span.fact for span in block_spans(block) if span.fact)
    found: dict[str, Fact] = {}
    for fact_id in order:
        _take(material, fact_id, found)
    return tuple(found.values())


def _take(material: Material, fact_id: str, found: dict[str, Fact]) -> None:
    fact = material.ledger.get(fact_id)
    if fact is None or fact_id in found:
        return
    found[fact_id] = replace(fact, label=label(material, fact))
    for term in fact.terms:
        _take(material, term, found)
