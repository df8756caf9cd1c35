"""The creative brief of a segment: one page for whoever writes the next ad."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model import TextKind
from service.briefs.doubts import among_buyers, bought_in_doubt
from service.briefs.existing_ads import FEWEST_REACHED, drawing_lines, existing_ads, own_line, unheard_share
from service.briefs.facts import differ
from service.briefs.likeness import likeness
from service.briefs.material import Material
from service.briefs.model import Block, Bullets, Fact, Heading, Paragraph, QuoteBlock, Sentence, plain
from service.briefs.offers import offer
from service.briefs.own_texts import creative_lines
from service.briefs.people import DOUBTS, PROMISED, giveaways, paid_share, said, telling_phrases, themes
from service.briefs.promises import promises
from service.briefs.reach import reach, sources
from service.briefs.sentences import Value, joined
from service.briefs.sheet import Sheet, quoted, sheet_for
from service.briefs.trials import test_size
from service.segments.model import Keyphrase, Segment, TopicShare

LITTLE_ADVERTISED = 0.34
"""A segment that buys well and answers ads less than this is called unaddressed."""
REASONS, DOUBTS_SHOWN, WORDS_SHOWN, THEIR_WORDS, SOURCES = 4, 4, 3, 5, 4
FEW_PEOPLE = 30
LONGEST_TERM, MOST_TERMS = 120, 4
"""Characters of an ad line quoted as a term to check, and how many."""
CLEAR_GAP = 0.25
"""A wish voiced this much more often than elsewhere is a promise whatever the words say."""


def compose_creative(material: Material, segment: Segment) -> tuple[Sentence, list[Block]]:
    """(headline, blocks)."""
    sheet = sheet_for(material, segment)
    blocks: list[Block] = []
    if material.inputs.not_ours(segment.id):
        for part in (_for_whom, _drawn_by, likeness, _words, offer, _channel, existing_ads):
            blocks.extend(part(sheet))
        return _headline(material, segment), blocks
    for part in PARTS:
        blocks.extend(part(sheet))
    return _headline(material, segment), blocks


def _headline(material: Material, segment: Segment) -> Sentence:
    name, conversion = material.name(segment.id), material.figure(segment.id, "conversion")
    paid = paid_share(material, segment)
    cac, ltv = material.figure(segment.id, "cac"), material.figure(segment.id, "ltv")
    if conversion and material.inputs.not_ours(segment.id):
        return material.say("creative.head_not_ours", name=name, conversion=conversion)
    if conversion and paid and (paid.value or 0.0) < LITTLE_ADVERTISED and material.stands_out(segment.id) == "highest":
        return material.say("creative.head_unaddressed", name=name, conversion=conversion, paid=paid)
    if cac and ltv and (cac.value or 0.0) > (ltv.value or 0.0):
        return material.say("creative.head_loss", name=name, cac=cac, ltv=ltv)
    theme, phrase = _single_thought(material, segment)
    doubt = next(iter(material.foremost(segment, DOUBTS)), None)
    if phrase:
        words, here = (said(material, segment, phrase),), material.ledger.phrase(segment.id, phrase)
        return material.say("creative.head_word", name=name, phrase=words, here=here)
    if theme:
        return material.say(
            "creative.head_need",
            name=name,
            topic=material.topic_name(theme.topic),
            here=material.ledger.topic(segment.id, theme),
        )
    if doubt:
        return material.say(
            "creative.head_doubt",
            name=name,
            topic=material.topic_name(doubt.topic),
            here=material.ledger.topic(segment.id, doubt),
        )
    return material.say("creative.head_people", name=name, size=material.size(segment))


def _drawn_by(sheet: Sheet) -> Iterator[Block]:
    """What in the present ads brings those who hardly buy."""
    material = sheet.material
    lines = drawing_lines(material, sheet.segment, sheet.vocabulary)
    if lines:
        yield Heading(material.text("creative.drawn_by"))
        yield Bullets(
            tuple(
                material.say("creative.drawn", line=(drawn.line,), share=drawn.here, there=drawn.there)
                for drawn in lines
            )
        )


def _for_whom(sheet: Sheet) -> Iterator[Block]:
    material, segment = sheet.material, sheet.segment
    sentences = [material.say("creative.for_whom", name=material.name(segment.id), size=material.size(segment))]
    placed = material.inputs.placed(segment.id)
    if placed and material.inputs.has_deals:
        sentences.append(material.say("creative.tier", tier=material.tier(placed.tier)))
    conversion, rest = material.figure(segment.id, "conversion"), material.conversion_elsewhere(segment.id)
    if conversion:
        way = {"highest": "creative.buys_better", "lowest": "creative.buys_worse"}.get(
            material.stands_out(segment.id) or "", "creative.buys"
        )
        sentences.append(material.say(way, conversion=conversion, **({"rest": rest} if rest else {})))
    words = giveaways(material, segment, WORDS_SHOWN)
    if words:
        sentences.append(material.say("creative.recognise", words=material.book.listed(words)))
    if segment.size < FEW_PEOPLE:
        sentences.append(material.say("creative.thin", size=material.size(segment)))
    yield Paragraph(tuple(sentences), role="lead")


def _thinks(sheet: Sheet) -> Iterator[Block]:
    """The doubt or pain heard most, in their words."""
    material, segment = sheet.material, sheet.segment
    for topic in material.foremost(segment, DOUBTS)[:3]:
        quote = sheet.quotes.pick(sheet.voices.on(topic.topic))
        if quote is not None:
            yield Heading(material.text("creative.thinks"))
            yield QuoteBlock(quoted(material, quote))
            yield Paragraph(
                (
                    material.say(
                        "creative.thinks_like",
                        topic=material.topic_name(topic.topic),
                        here=material.ledger.topic(segment.id, topic),
                    ),
                )
            )
            return


def _message(sheet: Sheet) -> Iterator[Block]:
    """What they ask for and others do not, if that is what sets them apart; else the word that does."""
    material, segment = sheet.material, sheet.segment
    yield Heading(material.text("creative.message"))
    theme, phrase = _single_thought(material, segment)
    if theme is not None:
        values: dict[str, Value] = {
            "topic": material.topic_name(theme.topic),
            "here": material.ledger.topic(segment.id, theme),
            "there": material.ledger.topic_elsewhere(segment.id, theme),
        }
        quote = sheet.quotes.pick(sheet.voices.on(theme.topic))
        yield Paragraph(
            (
                material.say("creative.message_topic", **values, quote=quote)
                if quote
                else material.say("creative.message_topic_bare", **values),
            )
        )
    elif phrase is not None:
        facts = {
            "here": material.ledger.phrase(segment.id, phrase),
            "there": material.ledger.phrase_elsewhere(segment.id, phrase),
        }
        quote = sheet.quotes.pick(sheet.voices.saying(phrase))
        words = (said(material, segment, phrase),)
        yield Paragraph(
            (
                material.say("creative.message_phrase", phrase=words, **facts, quote=quote)
                if quote
                else material.say("creative.message_phrase_bare", phrase=words, **facts),
            )
        )
    else:
        yield Paragraph((material.say("creative.message_none"),))


def _single_thought(material: Material, segment: Segment) -> tuple[TopicShare | None, Keyphrase | None]:
    """The theme that sets them apart, else the word that does; one of the two at most."""
    theme = next(iter(themes(material, segment)), None)
    phrase = next(iter(telling_phrases(segment, 1)), None)
    if theme is not None and (phrase is None or _gap(theme) >= min(CLEAR_GAP, _gap(phrase))):
        return theme, None
    return None, phrase


def _gap(found: TopicShare | Keyphrase) -> float:
    """How much more often it is voiced here than elsewhere."""
    return (found.members.value or 0.0) - (found.others.value or 0.0)


def _believe(sheet: Sheet) -> Iterator[Block]:
    """What they ask for, by how many ask, with how many of the buyers asked."""
    material, segment = sheet.material, sheet.segment
    items = []
    for topic in material.foremost(segment, PROMISED)[:REASONS]:
        here = material.ledger.topic(segment.id, topic)
        name = material.topic_name(topic.topic)
        won = among_buyers(material, segment, topic.topic)
        line = (
            material.say("creative.reason", topic=name, here=here, won=won)
            if won
            else material.say("creative.reason_plain", topic=name, here=here)
        )
        quote = sheet.quotes.pick(sheet.voices.on(topic.topic))
        items.append(joined(line, material.say("creative.reason_quote", quote=quote)) if quote else line)
    if items:
        yield Heading(material.text("creative.believe"))
        yield Bullets(tuple(items), ordered=True)


def _words(sheet: Sheet) -> Iterator[Block]:
    material = sheet.material
    found = sheet.quotes.some(sheet.voices.typical(), THEIR_WORDS)
    if found:
        yield Heading(material.text("creative.their_words"))
        yield Bullets(tuple((quoted(material, fact),) for fact in found))


def _disarm(sheet: Sheet) -> Iterator[Block]:
    material, segment = sheet.material, sheet.segment
    items = []
    for topic in material.foremost(segment, DOUBTS)[:DOUBTS_SHOWN]:
        name, here = material.topic_name(topic.topic), material.ledger.topic(segment.id, topic)
        bought = bought_in_doubt(material, segment, topic.topic)
        if bought:
            line = material.say(_doubt_key(*bought), topic=name, here=here, bought=bought[0], rest=bought[1])
        else:
            line = material.say("creative.doubt_plain", topic=name, here=here)
        quote = sheet.quotes.pick(sheet.voices.on(topic.topic))
        items.append(joined(line, material.say("creative.reason_quote", quote=quote)) if quote else line)
    if items:
        yield Heading(material.text("creative.disarm"))
        yield Bullets(tuple(items))


def _doubt_key(bought: Fact, rest: Fact) -> str:
    """How a doubt goes with buying: told apart below the others, or not told apart."""
    if not bought.n or not rest.n or bought.k is None or rest.k is None:
        return "creative.doubt"
    stops = differ(bought.k, bought.n, rest.k, rest.n) and (bought.value or 0.0) < (rest.value or 0.0)
    return "creative.doubt_stops" if stops else "creative.doubt"


def _avoid(sheet: Sheet) -> Iterator[Block]:
    """Topics others talk about and these people do not, and promises of the ads that nobody here speaks of."""
    material, segment = sheet.material, sheet.segment
    rare = [t for t in segment.topics if _rare(t)]
    items = [
        material.say(
            "creative.avoid_rare",
            topic=_capital(material.topic_name(topic.topic)),
            here=material.ledger.topic(segment.id, topic),
            there=material.ledger.topic_elsewhere(segment.id, topic),
        )
        for topic in sorted(rare, key=lambda t: (_gap(t), t.topic))[:2]
    ]
    for text in material.inputs.texts(TextKind.CREATIVE):
        for heard in [h for h in promises(text, sheet.vocabulary) if h.unheard][:2]:
            line = own_line(material, text, heard)
            if line is not None and len(items) < 5:
                items.append(
                    material.say("creative.avoid_unheard", line=(line,), share=unheard_share(material, segment))
                )
    if items:
        yield Heading(material.text("creative.avoid"))
        yield Bullets(tuple(items))


def _rare(topic: TopicShare) -> bool:
    """Whether a topic is voiced here less than half as often as elsewhere, beyond chance."""
    here, there = topic.members, topic.others
    return differ(here.k, here.n, there.k, there.n) and (here.value or 0.0) < (there.value or 0.0) / 2


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _channel(sheet: Sheet) -> Iterator[Block]:
    material, segment = sheet.material, sheet.segment
    people = len(material.inputs.members.get(segment.id, ()))
    items = []
    for name, count, bought in sources(material.inputs, segment)[:SOURCES]:
        if count < 2:
            continue
        share = material.ledger.share(f"source/{segment.id}/{name}", count, people, subject=segment.id)
        won = material.ledger.count(f"source_won/{segment.id}/{name}", bought, subject=segment.id)
        items.append(material.say("creative.source", source=(material.source_span(name),), share=share, won=won))
    yield Heading(material.text("creative.channel"))
    if items:
        yield Bullets(tuple(items))
    else:
        yield Paragraph((material.say("creative.no_source"),))


def _must(sheet: Sheet) -> Iterator[Block]:
    """Lines of the ads these people answer that name a price or a term: whoever writes the next ad checks them."""
    material, found = sheet.material, []
    texts = material.inputs.texts(TextKind.CREATIVE)
    theirs = [t for t in texts if reach(material.inputs, t).by_segment.get(sheet.segment.id, 0) >= FEWEST_REACHED]
    for text in theirs or texts:
        for line in creative_lines(text):
            if line.kind == "promise" and any(c.isdigit() for c in line.text) and len(line.text) <= LONGEST_TERM:
                fact = material.ledger.own_words(text, line.start, line.end)
                if fact is not None:
                    found.append((quoted(material, fact),))
    if found:
        yield Heading(material.text("creative.must"))
        listed = material.book.listed(list({plain(s): s for s in found}.values())[:MOST_TERMS])
        yield Paragraph((material.say("creative.must_check", lines=listed),))


def _kpi(sheet: Sheet) -> Iterator[Block]:
    material, segment = sheet.material, sheet.segment
    conversion = material.figure(segment.id, "conversion")
    if conversion is None:
        return
    sentences = [material.say("creative.kpi_share", conversion=conversion)]
    sentences.extend(test_size(material, segment, conversion))
    ltv, cac = material.figure(segment.id, "ltv"), material.figure(segment.id, "cac")
    if ltv and ltv.value and cac and cac.value:
        sentences.append(material.say("creative.kpi_money", ltv=ltv, cac=cac))
    elif ltv and ltv.value:
        sentences.append(material.say("creative.kpi_value", ltv=ltv))
    yield Heading(material.text("creative.kpi"))
    yield Paragraph(tuple(sentences))


PARTS = (
    _for_whom, likeness, _thinks, _message, _believe, _words, _disarm, offer, _avoid, _must, _channel, _kpi,
    existing_ads,
)  # fmt: skip
"""The brief in reading order."""
