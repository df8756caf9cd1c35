"""What is asked about a finished brief: its sentences to be smoothed, an ad or spoken lines to be drafted.

The size of a question hangs on the brief, never on how many documents there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ingest.model import TextKind
from service.briefs.material import Material
from service.briefs.model import Block, Brief, Bullets, Diff, Paragraph, Sentence, plain
from service.briefs.people import DOUBTS, themes
from service.briefs.quotes import cut
from service.briefs.reach import reach
from service.briefs.spoken.phrasing import COMPLAINTS, Masked, complaint, masked, unmasked
from service.briefs.spoken.wording import Pairs, spoken_words, wording_complaint
from service.briefs.verify import Context, as_text, verify
from service.briefs.voices import Voices
from service.corpus.model import CorpusText
from service.llm.leash import Request, Verdict
from service.llm.model import Question
from service.segments.model import Segment, TopicShare

MOST_SENTENCES = 60
"""Sentences of a brief that are sent to be smoothed."""
HEADLINE, LINE, SPOKEN_LINE = 70, 140, 200
"""Characters of an ad's headline, of its lines, of what a salesperson says."""
QUOTES, DOUBTS_TOLD, LONGEST_AD, LONGEST_PLACE = 5, 4, 1500, 240

Judge = Callable[[Mapping[str, Any]], Verdict[Any]]


@dataclass(frozen=True)
class Spot:
    """Where a sentence stands: block and number within the block."""

    block: int
    number: int


def spots(blocks: tuple[Block, ...]) -> Iterator[tuple[Spot, Sentence]]:
    """Sentences of running text and lists; tables, quotations, diffs and small print stay as they are."""
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and block.role != "note":
            yield from ((Spot(index, number), sentence) for number, sentence in enumerate(block.sentences))
        elif isinstance(block, Bullets):
            yield from ((Spot(index, number), sentence) for number, sentence in enumerate(block.items))


def replaced(blocks: tuple[Block, ...], changed: Mapping[Spot, Sentence]) -> tuple[Block, ...]:
    """The blocks with some of their sentences put differently."""
    result = list(blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            told = tuple(changed.get(Spot(index, n), s) for n, s in enumerate(block.sentences))
            result[index] = replace(block, sentences=told)
        elif isinstance(block, Bullets):
            result[index] = replace(
                block, items=tuple(changed.get(Spot(index, n), s) for n, s in enumerate(block.items))
            )
    return tuple(result)


def phrasing(brief: Brief, context_at: Callable[[int], Context]) -> tuple[Request[Sentence], dict[str, Spot]] | None:
    """The brief's sentences as one question. `context_at`: block number → what a sentence there may lean on."""
    masks: dict[str, Masked] = {}
    places: dict[str, Spot] = {}
    found = ((spot, mask) for spot, s in spots(brief.blocks) if (mask := masked(s, brief.language)) is not None)
    for number, (spot, mask) in enumerate(islice(found, MOST_SENTENCES), 1):
        masks[str(number)], places[str(number)] = mask, spot
    if not masks:
        return None
    told = "\n".join(f"{n}. {m.text}" + (f"\n   {m.legend}" if m.legend else "") for n, m in masks.items())

    def judge(answer: Mapping[str, Any]) -> Verdict[Sentence]:
        held: dict[str, Sentence] = {}
        complaints: dict[str, str] = {}
        for proposal in answer["sentences"]:
            number, text = proposal["id"], " ".join(proposal["text"].split())
            if number not in masks or number in held:
                continue
            said = complaint(text, masks[number], brief.language)
            if said is None:
                made = unmasked(text, masks[number], brief.language)
                wrong = verify(as_text(made), context_at(places[number].block))
                said = COMPLAINTS[brief.language]["verify"].format(", ".join(c.code for c in wrong)) if wrong else None
                if said is None:
                    held[number] = made
            if said is not None:
                complaints[number] = said
        return Verdict(held, complaints)

    return Request(Question("phrase_sections", brief.language, {"sentences": told}), tuple(masks), judge), places


@dataclass(frozen=True)
class AdDraft:
    """An ad in a model's words."""

    headline: str
    lines: tuple[str, ...]


def creative(material: Material, segment: Segment, context: Context, pairs: Pairs) -> Request[AdDraft]:
    """One ad for the segment."""
    inputs = material.inputs
    ad = _ad_of(material, segment)
    quotes = [short.text for q in islice(Voices(inputs, segment).typical(), 3 * QUOTES) if (short := cut(q))][:QUOTES]
    wants, doubts = themes(material, segment)[:DOUBTS_TOLD], material.foremost(segment, DOUBTS)[:DOUBTS_TOLD]
    texts = [ad.text.text] if ad else []
    spoken = spoken_words(inputs, pairs, segment.id, texts, [material.topic_name(t.topic) for t in (*wants, *doubts)])
    variables = {
        "ad": texts[0][:LONGEST_AD] if texts else "—",
        "wants": _topics(material, wants),
        "doubts": _topics(material, doubts),
        "words": ", ".join(spoken.common) or "—",
        "quotes": "\n".join(quotes) or "—",
    }

    def judge(answer: Mapping[str, Any]) -> Verdict[AdDraft]:
        headline, lines = answer["headline"].strip(), tuple(line.strip() for line in answer["lines"] if line.strip())
        checks = [wording_complaint(headline, spoken, context, HEADLINE)]
        checks += [wording_complaint(line, spoken, context, LINE) for line in lines]
        wrong = "; ".join(dict.fromkeys(said for said in checks if said))
        return Verdict({}, {"1": wrong}) if wrong else Verdict({"1": AdDraft(headline, lines)}, {})

    return Request(Question("rewrite_creative", material.language, variables), ("1",), judge)


def _ad_of(material: Material, segment: Segment) -> CorpusText | None:
    """The ad that brings most of the segment's people; the first where none brings any."""
    texts = material.inputs.texts(TextKind.CREATIVE)
    ranked = sorted(texts, key=lambda t: (-reach(material.inputs, t).by_segment.get(segment.id, 0), t.text.ref))
    return ranked[0] if ranked else None


def _topics(material: Material, topics: list[TopicShare]) -> str:
    told = [f"{material.topic_name(t.topic)} — {material.write.percent(t.members.value or 0.0)}" for t in topics]
    return "; ".join(told) or "—"


def script(material: Material, segment: Segment, brief: Brief, context: Context, pairs: Pairs) -> Request[str] | None:
    """One spoken line for every place of the script brief that proposes new words."""
    places = {
        str(number): diff for number, diff in enumerate((b for b in brief.blocks if isinstance(b, Diff) and b.new), 1)
    }
    if not places:
        return None
    own = [text.text.text for text in material.inputs.texts(TextKind.SCRIPT)]
    topics = [material.topic_name(topic.topic) for topic in segment.topics]
    spoken = spoken_words(material.inputs, pairs, segment.id, own, topics)
    told = "\n".join(
        f"{number}. {diff.section[:LONGEST_PLACE]}\n   {plain(diff.new)[:LONGEST_PLACE]}"
        for number, diff in places.items()
    )

    def judge(answer: Mapping[str, Any]) -> Verdict[str]:
        held: dict[str, str] = {}
        complaints: dict[str, str] = {}
        for proposal in answer["lines"]:
            number, text = proposal["id"], " ".join(proposal["text"].split())
            if number in places and number not in held:
                said = wording_complaint(text, spoken, context, SPOKEN_LINE)
                if said is None:
                    held[number] = text
                else:
                    complaints[number] = said
        return Verdict(held, complaints)

    variables = {"places": told, "words": ", ".join(spoken.common) or "—"}
    return Request(Question("rewrite_script", material.language, variables), tuple(places), judge)
