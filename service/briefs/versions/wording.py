"""What a brief says, apart from how its facts happen to be numbered and the day it was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from service.briefs.model import Block, Brief, Diff, Fact, Heading, Sentence, Span, Table, block_sentences, plain
from service.briefs.render.evidence import evidence

BY_THE_CLOCK = frozenset({"calc:review"})
"""Facts that follow the day a brief is made: no change of content."""


class Line(NamedTuple):
    """A sentence of a brief in its section."""

    section: str
    sentence: Sentence
    skeleton: str
    """The sentence without its figures, quotations and names' spelling: the same skeleton says the same thing."""
    text: str


def lines(brief: Brief) -> Iterator[Line]:
    """Every sentence with its section, in reading order; the headline first, under no section."""
    names = {printed: key for key, printed in brief.names}
    facts = {fact.id: fact for fact in brief.facts}
    yield _line("", brief.headline, facts, names)
    section = ""
    for block in brief.blocks:
        if isinstance(block, Heading):
            section = block.text
        for sentence in _told(block):
            if plain(sentence).strip():
                yield _line(_section(block, section), sentence, facts, names)


def _told(block: Block) -> Iterator[Sentence]:
    """The sentences of a block; of a table, each row as one."""
    if not isinstance(block, Table):
        yield from block_sentences(block)
        return
    for row in block.rows:
        cells = [cell for cell in row.cells if cell]
        yield tuple(span for i, cell in enumerate(cells) for span in ((Span(" · "),) if i else ()) + cell)


def _section(block: object, heading: str) -> str:
    return block.section if isinstance(block, Diff) else heading


def _line(section: str, sentence: Sentence, facts: dict[str, Fact], names: dict[str, str]) -> Line:
    parts = []
    for span in sentence:
        fact = facts.get(span.fact or "")
        if fact is not None and fact.kind == "quote":
            # A customer's words may be replaced by another's; the company's own are what the sentence is about.
            parts.append(span.text if fact.source.startswith("text:") else "«»")
        elif fact is not None:
            parts.append("{" + fact.source + "}")
        elif span.style == "name":
            parts.append("<" + names.get(span.text.strip("«»“”"), span.text) + ">")
        else:
            parts.append(span.text)
    return Line(section, sentence, "".join(parts), plain(sentence))


def fact_print(brief: Brief) -> dict[str, str]:
    """Source → the fact as the appendix prints it: value, base and spread; quotations as they stand."""
    found = evidence(brief)
    by_id = {fact.id: fact for fact in brief.facts}
    printed = {
        by_id[line.id].source: " · ".join(x for x in (line.value, line.base, line.spread) if x != "—")
        for line in found.numbers
    }
    return printed | {by_id[line.id].source: line.text for line in found.quotes}


def said_hash(brief: Brief) -> str:
    """sha256 of what a reader of the brief learns: its sentences and its facts as printed, not their ids."""
    clock = {fact.id for fact in brief.facts if fact.source in BY_THE_CLOCK}
    facts = sorted((s, v) for s, v in fact_print(brief).items() if s not in BY_THE_CLOCK)
    told: list[Any] = [brief.kind, brief.segment, brief.language, brief.segment_name, facts]
    for block_line in lines(brief):
        timeless = "".join("" if span.fact in clock else span.text for span in block_line.sentence)
        told.append([block_line.section, timeless])
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
