"""Briefs as structured content: facts, and blocks whose every number and quotation points to a fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.core.numbers import Language

SCHEMA = 1
"""Version of the stored payload."""

FactKind = Literal["number", "quote", "comparison"]
BriefKind = Literal["comparison", "creative", "script", "session"]
Direction = Literal["highest", "lowest"]
SpanStyle = Literal["plain", "strong", "name", "quote"]
Action = Literal["keep", "change", "add", "remove"]
KINDS: tuple[BriefKind, ...] = ("comparison", "session", "creative", "script")


@dataclass(frozen=True)
class Fact:
    """One thing a brief may state. A quote's `text` is verbatim; a comparison carries a rank, 1 = first.

    `source` is `measure:…`, `topic:…`, `phrase:…`, `calc:…` for numbers, `document:<id>/<utterance>/<start>-<end>`
    for customers' and agents' words, `text:<kind>/<version>/<start>-<end>` for the company's own texts. `subject` is
    the segment, channel or campaign it speaks of, None for everybody. `value` of a comparison is the rank.
    """

    id: str
    kind: FactKind
    label: str
    source: str
    unit: str = ""
    value: float | None = None
    k: int | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    subject: str | None = None
    on: date | None = None
    """Day of the document a quote comes from; day of a date fact."""
    until: date | None = None
    direction: Direction | None = None
    terms: tuple[str, ...] = ()
    """Ids of the facts a calculated one is made of."""
    speaker: str = ""
    """Whose words: customer, agent, or the stakeholder or text kind."""


@dataclass(frozen=True)
class Span:
    """A stretch of text; with a `fact`, it states that fact."""

    text: str
    fact: str | None = None
    style: SpanStyle = "plain"


Sentence = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 opens a section."""

    text: str
    level: int = 2
    about: str | None = None
    """The segment everything below speaks of, until the next heading."""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together. `role` note = small print."""

    sentences: tuple[Sentence, ...]
    role: Literal["plain", "lead", "note"] = "plain"
    about: str | None = None
    """The segment these sentences speak of, when the heading above does not say."""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list; each item one or more sentences in one run of spans."""

    items: tuple[Sentence, ...]
    ordered: bool = False
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Row:
    """A table row. `about` is the segment or campaign the row speaks of."""

    cells: tuple[Sentence, ...]
    about: str | None = None


@dataclass(frozen=True)
class Table:
    """A table; `numeric` are the columns set flush right."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    numeric: tuple[int, ...] = ()
    caption: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class QuoteBlock:
    """Somebody's words on their own line, with a lead-in that may state facts."""

    quote: Span
    lead: Sentence = ()
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Diff:
    """A change of an existing text: what stood, what is proposed, why."""

    action: Action
    section: str
    old: Sentence
    new: Sentence
    why: tuple[Sentence, ...]
    kind: Literal["diff"] = "diff"


@dataclass(frozen=True)
class ChartRow:
    """One dot with its interval, values 0..1 or in the chart's unit."""

    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    fact: str
    text: str
    """What is printed at the end of the row."""


@dataclass(frozen=True)
class Chart:
    """Dots with intervals, one row a segment, drawn from the fact values."""

    title: str
    rows: tuple[ChartRow, ...]
    caption: str = ""
    unit: str = "share"
    kind: Literal["chart"] = "chart"


Block = Annotated[Heading | Paragraph | Bullets | Table | QuoteBlock | Diff | Chart, Field(discriminator="kind")]


@dataclass(frozen=True)
class Brief:
    """A finished document, independent of format. `facts` are those it states, in order of appearance."""

    id: str
    kind: BriefKind
    segment: str | None
    language: Language
    title: str
    headline: Sentence
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...]
    currency: str
    names: tuple[tuple[str, str], ...] = ()
    """(id, printed name) of every segment, campaign, channel and company text the brief may mention."""
    known_words: tuple[str, ...] = ()
    """Other names that may stand in quotation marks: topics, sections of the script."""
    segment_name: str = ""
    made_on: date | None = None
    order: int = 0
    """Place among the briefs of its kind: the segment with most money first."""
    refused: int = 0
    """Sentences the verifier took out."""
    schema: int = field(default=SCHEMA)

    def fact(self, fact_id: str) -> Fact | None:
        """The fact with this id, if the brief states it."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)

    def spans(self) -> Iterator[Span]:
        """Every span, in reading order."""
        yield from self.headline
        for block in self.blocks:
            yield from block_spans(block)


def block_sentences(block: Block) -> Iterator[Sentence]:
    """Every sentence of a block, cells and list items counted as sentences."""
    match block:
        case Paragraph():
            yield from block.sentences
        case Bullets():
            yield from block.items
        case Table():
            for row in block.rows:
                yield from row.cells
        case QuoteBlock():
            if block.lead:
                yield block.lead
            yield (block.quote,)
        case Diff():
            yield from (sentence for sentence in (block.old, block.new, *block.why) if sentence)
        case Chart():
            for line in block.rows:
                yield (Span(line.text, line.fact),)
        case Heading():
            return


def block_spans(block: Block) -> Iterator[Span]:
    """Every span of a block, in reading order."""
    for sentence in block_sentences(block):
        yield from sentence


def plain(sentence: Sentence) -> str:
    """The text of a sentence without marks."""
    return "".join(span.text for span in sentence)
