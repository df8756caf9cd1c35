"""The next call with a customer: whose segment, how to know it, what to ask, how others answered its doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.briefs.model import Block, Brief, Bullets, Heading, Sentence, Table, plain
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter
from service.segments.model import Assignment

PlaceState = Literal["placed", "placing", "later", "unassigned", "not_a_customer", "unanalysed"]
SHOWN = 4
"""Lines of each kind: a hint is read during a call."""


@dataclass(frozen=True)
class Objection:
    """A doubt of the segment; how it is said and what was answered by those who sold, empty where nobody knows."""

    doubt: str
    said: str
    answer: str


@dataclass(frozen=True)
class NextCall:
    """A customer's place, and the hints of their segment's script.

    `state`: placed in a segment; placing, which takes seconds; later, with the next analysis; unassigned, fits none;
    not_a_customer; unanalysed, nothing was analysed yet. `probability` of the place, None where there is none.
    """

    customer: str
    state: PlaceState
    segment: str | None = None
    segment_name: str = ""
    probability: float | None = None
    recognise: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()


def next_call(
    customer: str, place: Assignment | None, analysed: bool, segment_name: str, script: Brief | None
) -> NextCall:
    """The hints for one customer; `place` None while nobody has placed them."""
    if place is None:
        return NextCall(customer, "placing" if analysed else "unanalysed")
    if place.status == "not_a_customer":
        return NextCall(customer, "not_a_customer", probability=place.probability)
    if place.segment is None or place.status == "unassigned":
        return NextCall(customer, "unassigned", probability=place.probability)
    hints = hints_of(script) if script is not None else _Hints()
    return NextCall(
        customer, "placed", place.segment, segment_name, place.probability, hints.recognise, hints.ask, hints.objections
    )


@dataclass(frozen=True)
class _Hints:
    recognise: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    objections: tuple[Objection, ...] = ()


def hints_of(script: Brief) -> _Hints:
    """The lines of a script brief that help while the telephone rings."""
    book = Phrasebook(script.language, Formatter(script.language, script.currency))
    return _Hints(
        _lines(script, book.text("script.recognise")),
        _lines(script, book.text("script.ask")),
        tuple(
            _objection(row.cells)
            for block in _under(script, book.text("script.doubts"))
            if isinstance(block, Table)
            for row in block.rows[:SHOWN]
        ),
    )


def _under(brief: Brief, title: str) -> list[Block]:
    """Blocks below a heading, up to the next."""
    found: list[Block] = []
    inside = False
    for block in brief.blocks:
        if isinstance(block, Heading):
            inside = block.text == title
        elif inside:
            found.append(block)
    return found


def _lines(brief: Brief, title: str) -> tuple[str, ...]:
    items = [item for block in _under(brief, title) if isinstance(block, Bullets) for item in block.items]
    return tuple(map(plain, items[:SHOWN]))


def _objection(cells: tuple[Sentence, ...]) -> Objection:
    """A row of the table of doubts: doubt, how many, in their words, how many bought, the answer.

    An answer counts only in somebody's own words: what else stands there says why there is none.
    """
    words = [plain(cell) for cell in cells]
    proven = len(cells) > 1 and any(span.style == "quote" for span in cells[-1])
    return Objection(words[0], words[2] if len(words) > 2 else "", words[-1] if proven else "")
