"""Every sentence of a composed brief through the verifier: what does not hold is taken out and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from service.briefs.model import (
    Block,
    Brief,
    Bullets,
    Chart,
    Diff,
    Fact,
    Heading,
    Paragraph,
    QuoteBlock,
    Row,
    Sentence,
    Span,
    Table,
    block_sentences,
)
from service.briefs.verify import Complaint, Context, as_text, fold, verify

NOTHING: Sentence = (Span("—"),)


@dataclass(frozen=True)
class Refusal:
    """A sentence taken out, and why."""

    sentence: Sentence
    complaints: tuple[Complaint, ...]


@dataclass
class Checker:
    """Walks the blocks of one brief."""

    facts: Mapping[str, Fact]
    names: Mapping[str, str]
    language: str
    currency: str
    known_words: frozenset[str]
    segment: str | None = None
    refusals: list[Refusal] = field(default_factory=list)
    _heading: str | None = None

    def context(self, about: str | None = None) -> Context:
        """What a sentence may lean on here."""
        meant = frozenset(x for x in (self.segment, self._heading, about) if x)
        return Context(
            self.facts, self.names, "ru" if self.language == "ru" else "en", self.currency, meant, self.known_words
        )

    def holds(self, sentence: Sentence, about: str | None = None) -> bool:
        """Whether the verifier has no complaint; complaints are kept."""
        complaints = verify(as_text(sentence), self.context(about))
        if complaints:
            self.refusals.append(Refusal(sentence, tuple(complaints)))
        return not complaints

    def blocks(self, blocks: list[Block]) -> list[Block]:
        """The blocks without what does not hold; headings with nothing under them go too."""
        kept = [found for block in blocks if (found := self._block(block)) is not None]
        return [b for i, b in enumerate(kept) if not (isinstance(b, Heading) and _empty_below(kept, i))]

    def _block(self, block: Block) -> Block | None:
        match block:
            case Heading():
                self._heading = block.about
                return block
            case Paragraph():
                sentences = tuple(s for s in block.sentences if self.holds(s, block.about))
                return replace(block, sentences=sentences) if sentences else None
            case Bullets():
                items = tuple(s for s in block.items if self.holds(s))
                return replace(block, items=items) if items else None
            case Table():
                return replace(block, rows=tuple(self._row(row) for row in block.rows))
            case QuoteBlock():
                return block if self.holds((*block.lead, block.quote)) else None
            case Diff():
                parts = [s for s in (block.old, block.new, *block.why) if s]
                return block if sum(self.holds(s) for s in parts) == len(parts) else None
            case Chart():
                good = sum(self.holds((Span(row.text, row.fact),), self._subject(row.fact)) for row in block.rows)
                return block if good == len(block.rows) else None

    def _row(self, row: Row) -> Row:
        return replace(row, cells=tuple(c if not c or self.holds(c, row.about) else NOTHING for c in row.cells))

    def _subject(self, fact_id: str) -> str | None:
        fact = self.facts.get(fact_id)
        return fact.subject if fact else None


def _empty_below(blocks: list[Block], index: int) -> bool:
    """Whether a heading is followed by nothing of its own (another of its level or higher, or the end)."""
    heading = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None:
        return True
    return isinstance(following, Heading) and isinstance(heading, Heading) and following.level <= heading.level


def statements(brief: Brief, known_words: frozenset[str] = frozenset()) -> Iterator[tuple[str, Context]]:
    """Every sentence of a finished brief as text with marks, with what it may lean on (for evaluation)."""
    checker = Checker(
        {f.id: f for f in brief.facts},
        dict(brief.names),
        brief.language,
        brief.currency,
        known_words or frozenset(fold(w) for w in brief.known_words),
        brief.segment,
    )
    yield as_text(brief.headline), checker.context()
    for block in brief.blocks:
        if isinstance(block, Heading):
            checker._heading = block.about
        elif isinstance(block, Table):
            for row in block.rows:
                yield from ((as_text(c), checker.context(row.about)) for c in row.cells if c)
        elif isinstance(block, Chart):
            yield from (
                (as_text((Span(r.text, r.fact),)), checker.context(checker._subject(r.fact))) for r in block.rows
            )
        else:
            about = block.about if isinstance(block, Paragraph) else None
            yield from ((as_text(s), checker.context(about)) for s in block_sentences(block) if s)
