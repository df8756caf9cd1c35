"""What to change in the offer for a segment: what they ask for and no text of the company mentions, why they left."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model import TextKind
from service.briefs.doubts import bought_in_doubt, lost_reasons
from service.briefs.facts import differ
from service.briefs.model import Block, Bullets, Heading, Sentence, Span
from service.briefs.people import DOUBTS, PROMISED
from service.briefs.sentences import joined
from service.briefs.sheet import Sheet
from service.segments.model import TopicShare
from service.segments.topics import topics_in

MOST_UNMET, MOST_LOST = 2, 3
ASKED_BY = 0.2
"""A theme raised by a smaller share of the segment is nothing to change an offer for."""


def offer(sheet: Sheet) -> Iterator[Block]:
    """The section; nothing where the data name nothing to change."""
    items = [*_unmet(sheet), *_stops(sheet), *_lost(sheet)]
    if items:
        yield Heading(sheet.material.text("offer.title"))
        yield Bullets(tuple(items))


def _unmet(sheet: Sheet) -> Iterator[Sentence]:
    """Themes of the segment that neither an ad nor the script touches."""
    material, segment = sheet.material, sheet.segment
    texts = [t.text for kind in (TextKind.CREATIVE, TextKind.SCRIPT) for t in material.inputs.texts(kind)]
    if not texts:
        return
    told = frozenset(topic for text in texts for topic in topics_in(text.text, text.language))
    unmet = [t for t in material.telling(segment, PROMISED) if t.topic not in told and _often(t)]
    for topic in unmet[:MOST_UNMET]:
        here = material.ledger.topic(segment.id, topic)
        line = material.say("offer.unmet", topic=material.topic_name(topic.topic), here=here)
        quote = sheet.quotes.pick(sheet.voices.on(topic.topic))
        yield joined(line, material.say("creative.reason_quote", quote=quote)) if quote else line


def _often(topic: TopicShare) -> bool:
    return (topic.members.value or 0.0) >= ASKED_BY


def _stops(sheet: Sheet) -> Iterator[Sentence]:
    """The doubt after which clearly fewer buy."""
    material, segment = sheet.material, sheet.segment
    for topic in material.foremost(segment, DOUBTS):
        found = bought_in_doubt(material, segment, topic.topic)
        if found is None:
            continue
        bought, rest = found
        apart = differ(bought.k or 0, bought.n or 0, rest.k or 0, rest.n or 0)
        if apart and (bought.value or 0.0) < (rest.value or 0.0):
            yield material.say("offer.stops", topic=material.topic_name(topic.topic), bought=bought, rest=rest)
            return


def _lost(sheet: Sheet) -> Iterator[Sentence]:
    material = sheet.material
    for fact in lost_reasons(material, sheet.segment)[:MOST_LOST]:
        reason = (Span(material.write.quote(fact.text), fact.id, "quote"),)
        yield material.say("offer.lost", reason=reason, share=fact)
