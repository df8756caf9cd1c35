"""The evidence appendix: every fact of a brief with its base, range and source. No file names, no contacts."""

from __future__ import annotations

from dataclasses import dataclass

from service.briefs.model import Brief, Fact
from service.briefs.sentences import Phrasebook
from service.core.numbers import Formatter

NOTHING = "—"


@dataclass(frozen=True)
class NumberLine:
    """A number with what it was counted from, ready to print."""

    id: str
    what: str
    value: str
    base: str
    spread: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class QuoteLine:
    """Words with who said them, when, and where they are kept."""

    id: str
    text: str
    whose: str
    day: str
    place: str

    def origin(self, between: str) -> str:
        """Whose words, the day and the place: what is known of them."""
        return between.join(part for part in (self.whose, self.day, self.place) if part not in ("", NOTHING))


@dataclass(frozen=True)
class Evidence:
    """Both parts of the appendix."""

    numbers: tuple[NumberLine, ...]
    quotes: tuple[QuoteLine, ...]


def evidence(brief: Brief) -> Evidence:
    """The appendix of a brief, facts in order of appearance."""
    write = Formatter(brief.language, brief.currency)
    book = Phrasebook(brief.language, write)
    numbers = tuple(_number(fact, write, book) for fact in brief.facts if fact.kind != "quote")
    quotes = tuple(_quote(fact, write, book) for fact in brief.facts if fact.kind == "quote")
    return Evidence(numbers, quotes)


def _number(fact: Fact, write: Formatter, book: Phrasebook) -> NumberLine:
    value = _place(fact, book) if fact.kind == "comparison" else book.state(fact)
    base = NOTHING
    if fact.k is not None and fact.n is not None:
        base = write.of(fact.k, fact.n)
    elif fact.n is not None:
        base = write.count(fact.n)
    spread = NOTHING
    if fact.low is not None and fact.high is not None and fact.low != fact.high:
        spread = write.spread(fact.low, fact.high, fact.unit)
    return NumberLine(fact.id, fact.label, value, base, spread, fact.terms)


def _place(fact: Fact, book: Phrasebook) -> str:
    """A tier by its name, a rank by its number."""
    kind, _, name = fact.source.partition(":")
    return book.text(f"tier.{name}") if kind == "tier" else book.formatter.count(fact.value or 1)


def _quote(fact: Fact, write: Formatter, book: Phrasebook) -> QuoteLine:
    kind, _, rest = fact.source.partition(":")
    place = NOTHING
    if kind == "document":
        document, position, _ = rest.split("/")
        place = f"{book.text('evidence.document')} {document}:{int(position) + 1}"
    elif kind == "text":
        place = book.text("evidence.from_text")
    day = write.short_day(fact.on) if fact.on else NOTHING
    return QuoteLine(fact.id, fact.text, fact.label, day, place)
