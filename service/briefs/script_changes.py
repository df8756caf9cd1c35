"""The existing script, section by section: keep, change, add or remove for one segment, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model import TextKind
from service.briefs.answers import LEAST_CASES
from service.briefs.doubts import bought_in_doubt
from service.briefs.facts import differ
from service.briefs.material import Material
from service.briefs.model import Block, Diff, Fact, Heading, Paragraph, Sentence, Span
from service.briefs.own_texts import Line, Section, script_sections, sentences
from service.briefs.people import said
from service.briefs.scripts import ASKED, Doubt, Pad, closing, contrast_facts, has_script, opening, pad_for, sign_facts
from service.corpus.model import CorpusText
from service.segments.model import Segment
from service.segments.topics import topics_in

ASIDE = ("consult", "not_now")
"""Doubts that put the decision off to a later day: they ask for another call, not for an argument."""
MOSTLY, ENOUGH = 0.5, 10
"""A share of buyers, and people behind it, from which a doubt is called no refusal."""
FEW_CASES = 30
MOST_OPEN = 2
"""Answers still to be worded: more than two at once nobody words."""
LONGEST_OLD = 400
"""Characters of a section shown as it stood."""


def compose_script(material: Material, segment: Segment) -> tuple[Sentence, list[Block]]:
    """(headline, blocks)."""
    pad = pad_for(material, segment)
    changes = Changes(pad)
    blocks = [*opening(pad), *changes.blocks(), *closing(pad)]
    return changes.headline(), blocks


class Changes:
    """The proposed changes of one script for one segment."""

    def __init__(self, pad: Pad) -> None:
        self.pad = pad
        self.material = pad.material
        self.segment = pad.segment
        scripts = self.material.inputs.texts(TextKind.SCRIPT)
        self.script: CorpusText | None = scripts[0] if scripts else None
        self.sections = script_sections(self.script) if self.script else []
        self.language = self.script.text.language if self.script else self.material.language
        self.touched: set[int] = set()
        self.missing: list[Doubt] = []
        self.diffs = list(self._all())

    def _all(self) -> Iterator[Diff]:
        yield from self._questions()
        if self.material.inputs.not_ours(self.segment.id):
            return
        yield from self._price_order()
        yield from self._themes()
        yield from self._doubts()
        yield from self._needless()

    def headline(self) -> Sentence:
        """The change that matters most."""
        material, name = self.material, self.material.name(self.segment.id)
        conversion = material.figure(self.segment.id, "conversion")
        if conversion and material.inputs.not_ours(self.segment.id):
            return material.say("script.head_not_ours", name=name, conversion=conversion)
        proven = self.pad.headline_topic
        facts = contrast_facts(self.pad, proven) if proven else None
        if proven and facts:
            return material.say(
                "script.head_answer", name=name, topic=material.topic_name(proven.topic.topic), with_it=facts[1]
            )
        later = self._put_off()
        if later is not None:
            return material.say(
                "script.head_callback",
                name=name,
                topic=material.topic_name(later[0].topic.topic),
                bought=later[1],
            )
        if self.script and self.missing:
            doubt = self.missing[0]
            return material.say(
                "script.head_missing",
                name=name,
                topic=material.topic_name(doubt.topic.topic),
                here=material.ledger.topic(self.segment.id, doubt.topic),
            )
        if self.pad.signs:
            phrase = (said(material, self.segment, self.pad.signs[0]),)
            return material.say("script.head_ask", name=name, phrase=phrase)
        return material.say("script.head_plain", name=name)

    def _put_off(self) -> tuple[Doubt, Fact] | None:
        """A doubt that puts the decision off, although most of those who voice it buy."""
        for doubt in self.pad.doubts:
            bought = bought_in_doubt(self.material, self.segment, doubt.topic.topic)
            if (
                doubt.topic.topic in ASIDE
                and bought
                and (bought[0].n or 0) >= ENOUGH
                and (bought[0].value or 0.0) >= MOSTLY
            ):
                return doubt, bought[0]
        return None

    def blocks(self) -> Iterator[Block]:
        """The section of the brief with the diffs, kept sections in one line."""
        material = self.material
        kept = [s for i, s in enumerate(self.sections) if i not in self.touched and s.title and not _is_title(i, s)]
        if not self.diffs and not kept:
            return
        yield Heading(material.text("script.change"))
        if not has_script(material):
            yield Paragraph((material.say("script.no_script"),))
        yield from self.diffs
        titles = [fact for section in kept if (fact := self._title(section))]
        if titles:
            listed = material.book.listed([(Span(material.write.quote(f.text), f.id, "quote"),) for f in titles])
            yield Paragraph((material.say("script.keep", sections=listed),))

    # --- single changes --------------------------------------------------------------------------------------

    def _questions(self) -> Iterator[Diff]:
        """A question that tells the segment apart, where the script asks what it needs."""
        if not self.pad.signs:
            return
        material, phrase = self.material, self.pad.signs[0]
        _, _, right = sign_facts(material, self.segment, phrase)
        words = (said(material, self.segment, phrase),)
        index = self._section("discovery")
        yield Diff(
            "change" if index is not None else "add",
            self._section_title(index, "script.ask_section"),
            self._old(index),
            material.say("script.new_question", phrase=words)
            if index is not None
            else material.say("script.question_word", phrase=words),
            (material.say("script.why_sign", phrase=words, right=right),),
        )

    def _price_order(self) -> Iterator[Diff]:
        """Need before price, where price is spoken of less here than elsewhere."""
        material = self.material
        price = next((t for t in self.segment.topics if t.topic == "price"), None)
        theme = next(iter(material.telling(self.segment, ASKED)), None)
        index = next(
            (i for i, s in enumerate(self.sections) if s.stage in ("offer", "greeting") and _names_price(s.text)), None
        )
        if price is None or theme is None or index is None:
            return
        here, there = price.members, price.others
        if not differ(here.k, here.n, there.k, there.n) or (here.value or 0) >= (there.value or 0):
            return
        yield Diff(
            "change",
            self._section_title(index, "script.section_text"),
            self._old(index),
            material.say("script.price_first", topic=material.topic_name(theme.topic)),
            (
                material.say(
                    "script.why_price",
                    here=material.ledger.topic(self.segment.id, price),
                    there=material.ledger.topic_elsewhere(self.segment.id, price),
                ),
            ),
        )

    def _themes(self) -> Iterator[Diff]:
        """What only these people ask for and the script never mentions."""
        material = self.material
        whole = self._topics("\n".join(s.text for s in self.sections))
        for topic in material.telling(self.segment, ASKED)[:3]:
            if topic.topic in whole:
                continue
            quote = self.pad.quotes.pick(self.pad.voices.on(topic.topic))
            if quote is None:
                continue
            name = material.topic_name(topic.topic)
            yield Diff(
                "add",
                _plain(material.say("script.theme_section", topic=name)),
                (),
                material.say("script.new_theme", topic=name, quote=quote),
                (
                    material.say(
                        "script.why_theme" if self.script else "script.theme",
                        topic=name,
                        here=material.ledger.topic(self.segment.id, topic),
                        there=material.ledger.topic_elsewhere(self.segment.id, topic),
                    ),
                ),
            )

    def _doubts(self) -> Iterator[Diff]:
        """The proven answer where there is one; of the doubts without any, only the foremost."""
        open_ones = 0
        for doubt in self.pad.doubts:
            place = self._line_on(doubt.topic.topic)
            if place is None:
                self.missing.append(doubt)
            new = self._new_answer(doubt, there_is_one=place is not None or open_ones == MOST_OPEN)
            if new is None:
                continue
            open_ones += place is None and doubt.contrast is None
            old: Sentence = ()
            if place is not None and self.script is not None:
                fact = self.material.ledger.own_words(self.script, place[1].start, place[1].end)
                old = (self._quoted(fact),) if fact else ()
                self.touched.add(place[0])
            title = _plain(self.material.say("script.doubt_section", topic=self.material.topic_name(doubt.topic.topic)))
            yield Diff("change" if place else "add", title, old, new, tuple(self._why(doubt, place is None)))

    def _new_answer(self, doubt: Doubt, *, there_is_one: bool) -> Sentence | None:
        """The proven answer; a call-back for a decision put off; the customer's words where there is no answer yet."""
        material = self.material
        facts = contrast_facts(self.pad, doubt)
        if facts is not None:
            return (self._quoted(facts[0]),)
        bought = bought_in_doubt(material, self.segment, doubt.topic.topic)
        quote = doubt.quote
        if doubt.topic.topic in ASIDE and bought and (bought[0].k or 0) >= 3 and quote:
            return material.say("script.new_callback", quote=quote)
        if not there_is_one and quote:
            return material.say("script.new_answer_open", quote=quote)
        return None

    def _why(self, doubt: Doubt, missing: bool) -> Iterator[Sentence]:
        material = self.material
        if missing and self.script:
            yield material.say("script.why_missing", here=material.ledger.topic(self.segment.id, doubt.topic))
        facts = contrast_facts(self.pad, doubt)
        if facts is not None:
            yield material.say("script.why_answer", with_it=facts[1], without=facts[2])
            if (facts[1].n or 0) + (facts[2].n or 0) < max(FEW_CASES, LEAST_CASES):
                yield material.say("script.why_small")
            return
        bought = bought_in_doubt(material, self.segment, doubt.topic.topic)
        if doubt.topic.topic in ASIDE and bought:
            yield material.say("script.why_bought", bought=bought[0])

    def _needless(self) -> Iterator[Diff]:
        """Lines of the objection part about what these people hardly ever say."""
        if self.script is None:
            return
        material = self.material
        shown = {d.topic.topic for d in self.pad.doubts}
        for topic in self.segment.topics:
            here, there = topic.members, topic.others
            rare = (here.value or 0) < 0.05 and differ(here.k, here.n, there.k, there.n) and here.n >= 20
            place = self._line_on(topic.topic) if rare and topic.topic not in shown else None
            if place is None:
                continue
            fact = material.ledger.own_words(self.script, place[1].start, place[1].end)
            if fact is None:
                continue
            yield Diff(
                "remove",
                self._section_title(place[0], "script.section_text"),
                (self._quoted(fact),),
                (),
                (
                    material.say(
                        "script.why_rare",
                        here=material.ledger.topic(self.segment.id, topic),
                        there=material.ledger.topic_elsewhere(self.segment.id, topic),
                    ),
                ),
            )

    # --- places in the script --------------------------------------------------------------------------------

    def _section(self, stage: str) -> int | None:
        return next((i for i, s in enumerate(self.sections) if s.stage == stage), None)

    def _section_title(self, index: int | None, fallback: str) -> str:
        if index is None:
            return self.material.text(fallback)
        self.touched.add(index)
        return self.sections[index].title or self.material.text(fallback)

    def _old(self, index: int | None) -> Sentence:
        if index is None or self.script is None:
            return ()
        section = self.sections[index]
        end = section.end if section.end - section.start <= LONGEST_OLD else _sentence_end(section)
        fact = self.material.ledger.own_words(self.script, section.start, end)
        return (self._quoted(fact),) if fact else ()

    def _title(self, section: Section) -> Fact | None:
        if self.script is None:
            return None
        start = self.script.text.text.find(section.title)
        return self.material.ledger.own_words(self.script, start, start + len(section.title)) if start >= 0 else None

    def _line_on(self, topic: str) -> tuple[int, Line] | None:
        """(section, line) of the objection part, or any part but the opening ones, that touches the topic."""
        for stage in ("objections", "other", "close", "after"):
            for index, section in enumerate(self.sections):
                if section.stage != stage:
                    continue
                for line in _rows(section):
                    if topic in self._topics(line.text):
                        return index, line
        return None

    def _topics(self, text: str) -> frozenset[str]:
        return topics_in(text, self.language)

    def _quoted(self, fact: Fact) -> Span:
        return Span(self.material.book.state(fact), fact.id, "quote")


def _is_title(index: int, section: Section) -> bool:
    """Whether a first section of no known stage is the script's own title and not a part of the talk."""
    return index == 0 and section.stage == "other"


def _rows(section: Section) -> Iterator[Line]:
    """Rows of a section; long rows as sentences."""
    position = section.start
    for raw in section.text.splitlines(keepends=True):
        text = raw.strip()
        if text:
            start = position + raw.index(text)
            body = text.lstrip("-*• ")
            line = Line("promise", "", start + len(text) - len(body), start + len(text), body)
            yield from ([line] if len(body) <= 160 else sentences(line))
        position += len(raw)


def _sentence_end(section: Section) -> int:
    cut = max(section.text.rfind(mark, 0, LONGEST_OLD) for mark in ".?!")
    return section.start + (cut + 1 if cut > 0 else LONGEST_OLD)


def _names_price(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 3


def _plain(sentence: Sentence) -> str:
    return "".join(span.text for span in sentence)
