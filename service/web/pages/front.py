"""The first screen of the comparison brief, taken apart for the page: finding, what each sees, cost, decisions."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model import Stakeholder
from service.briefs.inputs import STAKEHOLDERS
from service.briefs.model import Block, Brief, Paragraph, Sentence, Table
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter
from service.web.pages.briefs import sections


@dataclass(frozen=True)
class Sees:
    """What a stakeholder says, is right about, and what the data add."""

    says: Sentence
    right: Sentence
    data: Sentence


@dataclass(frozen=True)
class Front:
    """The parts; each empty where the brief has none."""

    headline: Sentence
    lead: tuple[Sentence, ...]
    sees: dict[Stakeholder, Sees]
    unseen: tuple[Block, ...]
    cost: tuple[Block, ...]
    decide: tuple[Block, ...]
    labels: tuple[str, str, str]
    """Column titles: says, right, what the data add."""


def front_of(brief: Brief) -> Front:
    """The brief's own first screen."""
    book = Phrasebook(brief.language, Formatter(brief.language, brief.currency))
    parts = sections(brief)
    lead = next((b.sentences for b in parts[0][1] if isinstance(b, Paragraph)), ())

    def part(name: str) -> tuple[Block, ...]:
        title = book.text(f"front.{name}")
        return next((blocks for heading, blocks in parts if heading == title), ())

    table = next((b for b in part("sees") if isinstance(b, Table)), None)
    rows = table.rows if table is not None else ()
    return Front(
        headline=brief.headline,
        lead=lead,
        sees={who: Sees(*row.cells[1:4]) for who, row in zip(STAKEHOLDERS, rows, strict=False)},
        unseen=part("unseen"),
        cost=part("cost"),
        decide=part("decide"),
        labels=(book.text("front.col_says"), book.text("front.col_right"), book.text("front.col_data")),
    )
