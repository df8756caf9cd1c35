"""The sales script of a segment: recognise, ask, say back, answer; and what that changes in the script there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ingest.model import TextKind
from service.briefs.answers import LEAST_CASES, Contrast, best_answer, cases
from service.briefs.doubts import bought_in_doubt, lost_reasons
from service.briefs.material import Material
from service.briefs.model import Block, Bullets, Fact, Heading, Paragraph, Row, Sentence, Span, Table
from service.briefs.people import DOUBTS, said, telling_phrases
from service.briefs.quotes import Quotes
from service.briefs.sentences import joined
from service.briefs.voices import Voices
from service.segments.model import Keyphrase, Segment, TopicShare

SIGNS, THEMES, QUESTIONS, DOUBTS_SHOWN = 3, 2, 5, 5
MOST_RECORDED = 3
ENOUGH_SALES = 5
"""Fewer sales say nothing of how long a decision takes."""
LEAST_SHARE = 0.06
"""A doubt voiced by fewer of the segment's people needs no line in the script."""
ASKED = frozenset({"question", "need", "pain"})


@dataclass(frozen=True)
class Doubt:
    """A doubt of the segment with the answer that goes with buying, where one is told apart."""

    topic: TopicShare
    contrast: Contrast | None
    answered: int
    """Customers with a known outcome who were answered."""
    everybody: bool
    """Whether the answers are of all segments."""
    quote: Fact | None = None
    """The doubt in a customer's words."""


@dataclass
class Pad:
    """What one script brief is written from."""

    material: Material
    segment: Segment
    quotes: Quotes
    voices: Voices
    signs: list[Keyphrase] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def headline_topic(self) -> Doubt | None:
        """The doubt with an answer told apart, if any."""
        return next((d for d in self.doubts if d.contrast), None)


def pad_for(material: Material, segment: Segment) -> Pad:
    """Signs and doubts of the segment."""
    pad = Pad(material, segment, Quotes(material), Voices(material.inputs, segment), telling_phrases(segment, SIGNS))
    for topic in material.foremost(segment, DOUBTS)[:DOUBTS_SHOWN]:
        if (topic.members.value or 0.0) >= LEAST_SHARE:
            pad.doubts.append(
                replace(_doubt(material, segment, topic), quote=pad.quotes.pick(pad.voices.on(topic.topic)))
            )
    return pad


def _doubt(material: Material, segment: Segment, topic: TopicShare) -> Doubt:
    """Answers within the segment when there are enough, else of all segments."""
    inputs = material.inputs
    own = cases(inputs, topic.topic, inputs.members.get(segment.id, ()))
    if len(own) >= LEAST_CASES and (found := best_answer(own)):
        return Doubt(topic, found, len(own), everybody=False)
    everyone = cases(inputs, topic.topic, inputs.segment_of)
    return Doubt(topic, best_answer(everyone), len(own), everybody=True)


def opening(pad: Pad) -> Iterator[Block]:
    """Who it is for, and everything up to the objection table."""
    material, segment = pad.material, pad.segment
    sentences = [material.say("script.whom", name=material.name(segment.id), size=material.size(segment))]
    conversion = material.figure(segment.id, "conversion")
    if conversion:
        sentences.append(material.say("script.buys", conversion=conversion))
    yield Paragraph(tuple(sentences), role="lead")
    yield from _recognise(pad)
    yield from _ask(pad)
    if not material.inputs.not_ours(segment.id):
        yield from _recap(pad)
        yield from _objections(pad)


def sign_facts(material: Material, segment: Segment, phrase: Keyphrase) -> tuple[Fact, Fact, Fact]:
    """(said here, said elsewhere, how often the phrase points here)."""
    here, there = material.ledger.phrase(segment.id, phrase), material.ledger.phrase_elsewhere(segment.id, phrase)
    saying = phrase.members.k + phrase.others.k
    right = material.ledger.share(
        f"points_here/{segment.id}/{phrase.lemma}", phrase.members.k, saying, subject=segment.id, text=phrase.text
    )
    return here, there, right


def _recognise(pad: Pad) -> Iterator[Block]:
    material, segment = pad.material, pad.segment
    items = []
    for phrase in pad.signs:
        here, there, right = sign_facts(material, segment, phrase)
        words = (said(material, segment, phrase),)
        items.append(material.say("script.sign", phrase=words, here=here, there=there, right=right))
    items += [
        material.say(
            "script.sign_topic",
            topic=material.topic_name(topic.topic),
            here=material.ledger.topic(segment.id, topic),
            there=material.ledger.topic_elsewhere(segment.id, topic),
        )
        for topic in material.telling(segment, frozenset({"who", "trigger"}))[:2]
    ]
    yield Heading(material.text("script.recognise"))
    if items:
        yield Bullets(tuple(items))
    else:
        yield Paragraph((material.say("script.no_sign"),))


def _ask(pad: Pad) -> Iterator[Block]:
    material, segment = pad.material, pad.segment
    items = []
    if pad.signs:
        words = material.book.listed([(said(material, segment, phrase),) for phrase in pad.signs])
        items.append(material.say("script.question", words=words))
    items += [_theme(pad, topic) for topic in material.telling(segment, ASKED)[:THEMES]]
    asked = pad.quotes.some(pad.voices.typical(question=True), QUESTIONS - len(items))
    items += [material.say("script.they_ask", quote=quote) for quote in asked]
    if items:
        yield Heading(material.text("script.ask"))
        yield Bullets(tuple(items))


def _theme(pad: Pad, topic: TopicShare) -> Sentence:
    """What to bring up before the price, with the question they ask about it themselves."""
    material = pad.material
    line = material.say(
        "script.theme",
        topic=material.topic_name(topic.topic),
        here=material.ledger.topic(pad.segment.id, topic),
        there=material.ledger.topic_elsewhere(pad.segment.id, topic),
    )
    quote = pad.quotes.pick(q for q in pad.voices.on(topic.topic) if q.text.endswith("?"))
    return joined(line, " ", material.say("script.they_ask", quote=quote)) if quote else line


def _recap(pad: Pad) -> Iterator[Block]:
    found = pad.quotes.some(pad.voices.typical(question=False), 2)
    if found:
        yield Heading(pad.material.text("script.recap"))
        yield Bullets(tuple(pad.material.say("script.recap_line", quote=fact) for fact in found))


def _objections(pad: Pad) -> Iterator[Block]:
    if not pad.doubts:
        return
    material = pad.material
    columns = tuple(material.text(f"script.col_{c}") for c in ("doubt", "said", "quote", "bought", "answer"))
    yield Heading(material.text("script.doubts"))
    yield Table(columns, tuple(_objection_row(pad, doubt) for doubt in pad.doubts), numeric=(1, 3))
    if any(doubt.contrast for doubt in pad.doubts):
        yield Paragraph((material.say("script.answer_note"),), role="note")


def _objection_row(pad: Pad, doubt: Doubt) -> Row:
    material, segment = pad.material, pad.segment
    here = material.ledger.topic(segment.id, doubt.topic)
    quote = doubt.quote
    bought = bought_in_doubt(material, segment, doubt.topic.topic)
    return Row(
        (
            (Span(material.topic_name(doubt.topic.topic), style="strong"),),
            (Span(material.book.state(here, "of"), here.id),),
            (Span(material.book.state(quote), quote.id, "quote"),) if quote else (),
            (Span(material.book.state(bought[0], "of"), bought[0].id),) if bought else (),
            _answer(pad, doubt),
        ),
        segment.id,
    )


def _answer(pad: Pad, doubt: Doubt) -> Sentence:
    material = pad.material
    if not material.inputs.has_deals:
        return material.say("script.no_deals")
    facts = contrast_facts(pad, doubt)
    if facts is not None:
        quote, with_it, without = facts
        key = "script.answer_all" if doubt.everybody else "script.answer"
        return material.say(key, quote=quote, with_it=with_it, without=without)
    n = answered_fact(pad, doubt)
    return material.say("script.too_few" if doubt.answered < LEAST_CASES else "script.no_difference", n=n)


def answered_fact(pad: Pad, doubt: Doubt) -> Fact:
    """How many customers of the segment with a known outcome were answered."""
    return pad.material.ledger.count(
        f"answered_doubt/{pad.segment.id}/{doubt.topic.topic}", doubt.answered, subject=pad.segment.id
    )


def contrast_facts(pad: Pad, doubt: Doubt) -> tuple[Fact, Fact, Fact] | None:
    """(the agent's words, bought with them, bought without them)."""
    contrast, ledger = doubt.contrast, pad.material.ledger
    if contrast is None:
        return None
    quote = ledger.quote(contrast.example, speaker="agent")
    if quote is None:
        return None
    whose = "all" if doubt.everybody else pad.segment.id
    subject = None if doubt.everybody else pad.segment.id
    key = f"{whose}/{doubt.topic.topic}/{contrast.lemma}"
    return (
        quote,
        ledger.share(f"bought_with/{key}", contrast.won_with, contrast.with_it, subject=subject),
        ledger.share(f"bought_without/{key}", contrast.won_without, contrast.without_it, subject=subject),
    )


def closing(pad: Pad) -> Iterator[Block]:
    """Why they leave, and what to record so that the next version knows more."""
    material, segment = pad.material, pad.segment
    reasons = lost_reasons(material, segment)[:3]
    if reasons:
        yield Heading(material.text("script.lost"))
        yield Bullets(
            tuple(
                material.say(
                    "creative.lost_reason", reason=(Span(material.write.quote(f.text), f.id, "quote"),), share=f
                )
                for f in reasons
            )
        )
    if material.inputs.not_ours(segment.id):
        return
    days = material.figure(segment.id, "days_to_close")
    if days is not None and days.value and (days.n or 0) >= ENOUGH_SALES:
        yield Heading(material.text("script.next"))
        yield Paragraph((material.say("script.next_day", days=days),))
    few = [d for d in pad.doubts if d.answered < LEAST_CASES and d.topic.members.k >= 5]
    if few and material.inputs.has_deals:
        yield Heading(material.text("script.record"))
        topics = [
            material.say("script.record_topic", topic=material.topic_name(d.topic.topic), n=answered_fact(pad, d))
            for d in few[:MOST_RECORDED]
        ]
        yield Paragraph((material.say("script.record_answers", topics=material.book.listed(topics)),))


def has_script(material: Material) -> bool:
    """Whether the company's script is in the data."""
    return bool(material.inputs.texts(TextKind.SCRIPT))
