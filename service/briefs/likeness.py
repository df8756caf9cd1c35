"""A segment as people one could meet: who they are, what brought them, what they want, in their own words."""

from __future__ import annotations

from collections.abc import Iterator

from service.briefs.model import Block, Bullets, Heading, Sentence
from service.briefs.sentences import joined
from service.briefs.sheet import Sheet
from service.segments.model import TopicShare

FACETS = ("who", "situation", "trigger", "goal", "reason")
"""Told in this order; needs, pains, questions and objections have sections of their own."""
MOST_OF_A_FACET, MOST = 2, 5


def likeness(sheet: Sheet) -> Iterator[Block]:
    """One line a trait that is voiced here more than elsewhere; nothing for a segment without any."""
    items = [line for facet in FACETS for topic in _traits(sheet, facet) if (line := _line(sheet, facet, topic))]
    if items:
        yield Heading(sheet.material.text("creative.likeness"))
        yield Bullets(tuple(items[:MOST]))


def _traits(sheet: Sheet, facet: str) -> list[TopicShare]:
    return sheet.material.telling(sheet.segment, frozenset({facet}))[:MOST_OF_A_FACET]


def _line(sheet: Sheet, facet: str, topic: TopicShare) -> Sentence:
    material, segment = sheet.material, sheet.segment
    line = material.say(
        f"creative.trait.{facet}",
        topic=material.topic_name(topic.topic),
        here=material.ledger.topic(segment.id, topic),
        there=material.ledger.topic_elsewhere(segment.id, topic),
    )
    quote = sheet.quotes.pick(topic.quotes) or sheet.quotes.pick(sheet.voices.on(topic.topic))
    return joined(line, material.say("creative.reason_quote", quote=quote)) if quote else line
