"""The present ads as one segment meets them: who answered, what it never speaks of, and a variant in its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import TextKind
from service.briefs.facts import differ
from service.briefs.material import Material
from service.briefs.model import Block, Diff, Fact, Heading, Row, Sentence, Span, Table
from service.briefs.people import themes
from service.briefs.promises import HEADLINE_LONGEST, Heard, Variant, Vocabulary, promises, variant
from service.briefs.reach import Reach, reach
from service.briefs.sheet import Sheet
from service.corpus.model import CorpusText
from service.segments.model import Segment

SHOWN_PROMISES, FEWEST_REACHED = 3, 3
MOST_VARIANTS = 2
SPOKEN_BY = 0.2
"""A line of another segment's ad goes into a new one only if so many here use its words."""


@dataclass(frozen=True)
class Drawn:
    """A line of an ad whose words one segment uses more than the others do."""

    ad: str
    line: Span
    here: Fact
    there: Fact


def drawing_lines(material: Material, segment: Segment, vocabulary: Vocabulary) -> list[Drawn]:
    """Lines of the ads that reach a segment, said here more than elsewhere beyond chance, the widest gap first."""
    inputs, found = material.inputs, []
    others = Vocabulary(inputs, [c for c, s in sorted(inputs.segment_of.items()) if s != segment.id])
    for text in inputs.texts(TextKind.CREATIVE):
        if reach(inputs, text).by_segment.get(segment.id, 0) < FEWEST_REACHED:
            continue
        for heard in promises(text, vocabulary):
            k, k2 = vocabulary.using(heard.line), others.using(heard.line)
            gap = k / max(1, vocabulary.people) - k2 / max(1, others.people)
            line = own_line(material, text, heard)
            if k < FEWEST_REACHED or gap <= 0 or line is None or not differ(k, vocabulary.people, k2, others.people):
                continue
            key = f"{segment.id}/{text.text.content_hash[:8]}/{heard.line.start}"
            here = material.ledger.share(f"heard/{key}", k, vocabulary.people, subject=segment.id)
            there = material.ledger.share(f"heard_elsewhere/{key}", k2, others.people, subject=segment.id)
            found.append((gap, Drawn(text.text.name, line, here, there)))
    return [drawn for _, drawn in sorted(found, key=lambda pair: -pair[0])[:SHOWN_PROMISES]]


def own_line(material: Material, text: CorpusText, heard: Heard) -> Span | None:
    fact = material.ledger.own_words(text, heard.line.start, heard.line.end)
    return Span(material.write.quote(fact.text), fact.id, "quote") if fact else None


def unheard_share(material: Material, segment: Segment) -> Fact:
    people = len(material.inputs.members.get(segment.id, ()))
    return material.ledger.share(f"unheard/{segment.id}", 0, people, subject=segment.id)


def existing_ads(sheet: Sheet) -> Iterator[Block]:
    material = sheet.material
    texts = material.inputs.texts(TextKind.CREATIVE)
    if not texts:
        return
    reached = [(text, reach(material.inputs, text), promises(text, sheet.vocabulary)) for text in texts]
    yield Heading(material.text("creative.existing"))
    columns = tuple(material.text(f"creative.col_{c}") for c in ("ad", "came", "ours", "whom", "outsiders", "unheard"))
    yield Table(columns, tuple(_creative_row(sheet, *row) for row in reached), numeric=(1, 2, 4))
    made = [] if material.inputs.not_ours(sheet.segment.id) else _variants(sheet, reached)
    if made:
        yield Heading(material.text("creative.variant"))
        yield from made


def _creative_row(sheet: Sheet, text: CorpusText, who: Reach, heard: list[Heard]) -> Row:
    material = sheet.material
    name: Sentence = (Span(text.text.name, style="name"),)
    unheard = [span for h in heard if h.unheard and (span := own_line(material, text, h))][:SHOWN_PROMISES]
    promised = material.book.listed([(span,) for span in unheard]) if unheard else material.say("creative.all_heard")
    if not who.everybody:
        return Row((name, material.say("creative.nobody_answered"), (), (), (), promised))
    came, ours, outsiders = ((Span(material.book.state(f, "k"), f.id),) for f in _counts(sheet, text, who))
    return Row((name, came, ours, _speaks_to(sheet, who), outsiders, promised), sheet.segment.id)


def _speaks_to(sheet: Sheet, who: Reach) -> Sentence:
    """The segment most of those who answered belong to, with how many of them all."""
    material = sheet.material
    if not who.by_segment:
        return ()
    segment = max(who.by_segment, key=lambda s: (who.by_segment[s], s))
    key = f"answered_ours/{segment}/{'+'.join(who.campaigns)}"
    share = material.ledger.share(key, who.by_segment[segment], who.everybody, subject=segment)
    return material.say("creative.speaks_to", name=material.name(segment), share=share)


def _counts(sheet: Sheet, text: CorpusText, who: Reach) -> tuple[Fact, Fact, Fact]:
    ledger, segment = sheet.material.ledger, sheet.segment
    key = "+".join(who.campaigns)
    return (
        ledger.share(f"answered/{key}", who.everybody, who.everybody),
        ledger.share(
            f"answered_ours/{segment.id}/{key}", who.by_segment.get(segment.id, 0), who.everybody, subject=segment.id
        ),
        ledger.share(f"answered_outsiders/{key}", who.outsiders, who.everybody),
    )


def _variants(sheet: Sheet, reached: list[tuple[CorpusText, Reach, list[Heard]]]) -> list[Diff]:
    """The ads that bring most of the segment's people, rewritten; one of its own where no ad is mainly theirs."""
    segment = sheet.segment
    ordered = sorted(
        reached, key=lambda r: (-r[1].by_segment.get(segment.id, 0), -sum(h.voiced for h in r[2]), r[0].text.ref)
    )
    theme = next(iter(themes(sheet.material, segment)), None)
    spoken = list(sheet.voices.headlines(HEADLINE_LONGEST, theme.topic if theme else None))
    found: list[Diff] = []
    for text, who, heard in ordered:
        made = variant(text, heard)
        if made is None or (found and not _theirs(sheet, who)):
            continue
        headline = sheet.quotes.pick(spoken) or (None if found else sheet.quotes.again(spoken))
        if headline is None or len(found) == MOST_VARIANTS:
            break
        found.append(_as_diff(sheet, text, who, made, headline))
    return found


def _theirs(sheet: Sheet, who: Reach) -> bool:
    """Whether more of this segment answered an ad than of any other."""
    return bool(who.by_segment) and max(who.by_segment, key=lambda s: (who.by_segment[s], s)) == sheet.segment.id


def _new_ad(sheet: Sheet, text: CorpusText, made: Variant, headline: Fact) -> Diff:
    """An ad of its own for a segment that no present ad reaches: their words, and only offer lines they speak of."""
    material = sheet.material
    enough = max(FEWEST_REACHED, SPOKEN_BY * sheet.vocabulary.people)
    voiced = {h.line.start for h in promises(text, sheet.vocabulary) if h.words and _spoken(sheet, h) >= enough}
    kept = [
        fact
        for line in made.kept
        if line.start in voiced or line.kind == "action"
        if (fact := material.ledger.own_words(text, line.start, line.end))
    ]
    return Diff(
        "add",
        material.text("creative.new_ad"),
        (),
        _lines(material, [headline, *kept]),
        (material.say("creative.why_none_came"), material.say("creative.why_quote")),
    )


def _spoken(sheet: Sheet, heard: Heard) -> int:
    """How many here use the line's own words: the topic alone would let another segment's pitch through."""
    return sheet.vocabulary.using(heard.line)


def _as_diff(sheet: Sheet, text: CorpusText, who: Reach, made: Variant, headline: Fact) -> Diff:
    material, ledger = sheet.material, sheet.material.ledger
    if not _theirs(sheet, who):
        return _new_ad(sheet, text, made, headline)
    old = [fact for line in made.old if (fact := ledger.own_words(text, line.start, line.end))]
    kept = [fact for line in made.kept if (fact := ledger.own_words(text, line.start, line.end))]
    why = [material.say("creative.why_quote")]
    if who.everybody:
        came, ours, _ = _counts(sheet, text, who)
        why.insert(
            0, material.say("creative.why_came", came=_plain_count(material, came), ours=_plain_count(material, ours))
        )
    if made.cut:
        why.append(material.say("creative.why_cut", share=unheard_share(material, sheet.segment)))
    return Diff("change", text.text.name, _lines(material, old), _lines(material, [headline, *kept]), tuple(why))


def _plain_count(material: Material, share: Fact) -> Fact:
    return material.ledger.number(share.source + "/count", float(share.k or 0), "count", subject=share.subject)


def _lines(material: Material, facts: list[Fact]) -> Sentence:
    """Texts one after another, each a quotation of its source."""
    spans: list[Span] = []
    for index, fact in enumerate(facts):
        spans.extend([Span(" ")] if index else [])
        spans.append(Span(material.write.quote(fact.text.replace("**", "")), fact.id, "quote"))
    return tuple(spans)
