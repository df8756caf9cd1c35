"""What an ad promises and whether anybody of a segment ever speaks of it; a variant made of customers' own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.briefs.inputs import BriefInputs
from service.briefs.own_texts import Line, content_lemmas, creative_lines, sentences
from service.corpus.model import CorpusText
from service.segments.topics import topics_in
from service.segments.words import lemmas

ENOUGH_PEOPLE = 10
"""Fewer customers than this cannot show that nobody speaks of something."""
LEAST_WORDS = 2
"""A line with fewer words of its own promises nothing that could be looked for."""
HEADLINE_LONGEST = 70
"""Characters of a headline that ad formats still show whole."""


@dataclass(frozen=True)
class Heard:
    """A sentence of a creative with how many of the segment's customers use one of its words."""

    line: Line
    voiced: int
    people: int
    words: int

    @property
    def unheard(self) -> bool:
        """Whether nobody uses any of its words."""
        return self.voiced == 0 and self.people >= ENOUGH_PEOPLE and self.words >= LEAST_WORDS


class Vocabulary:
    """The words and topics each of some customers uses."""

    def __init__(self, inputs: BriefInputs, customers: Iterable[str]) -> None:
        self._words: list[frozenset[str]] = []
        self._topics: list[frozenset[str]] = []
        for customer in customers:
            texts = [(d.customer_text, d.document.language) for d in inputs.corpus.documents_of.get(customer, [])]
            self._words.append(frozenset(word for text, _ in texts for word in lemmas(text)))
            self._topics.append(frozenset(t for text, language in texts for t in topics_in(text, language)))

    def using(self, line: Line) -> int:
        """How many use one of the line's own words."""
        own = content_lemmas(line.text)
        return sum(bool(own & words) for words in self._words)

    @property
    def people(self) -> int:
        """How many customers there are."""
        return len(self._words)

    def heard(self, line: Line, language: str) -> Heard | None:
        """How many use the line's words or touch its topics; None for a line without any."""
        own = content_lemmas(line.text)
        if not own:
            return None
        topics = topics_in(line.text, language)
        voiced = sum(
            bool(own & words) or bool(topics & said) for words, said in zip(self._words, self._topics, strict=True)
        )
        return Heard(line, voiced, len(self._words), len(own))


def promises(text: CorpusText, vocabulary: Vocabulary) -> list[Heard]:
    """Every sentence a reader of the ad sees, with how many of the segment speak of it."""
    found: dict[str, Heard] = {}
    for line in creative_lines(text):
        if line.kind in ("scenery", "action"):
            continue
        for sentence in sentences(line):
            heard = vocabulary.heard(sentence, text.text.language)
            if heard is not None:
                found.setdefault(sentence.text.casefold(), heard)
    return list(found.values())


@dataclass(frozen=True)
class Variant:
    """A creative's lines as they stand, those that stay, and those nobody speaks of."""

    old: tuple[Line, ...]
    kept: tuple[Line, ...]
    cut: tuple[Heard, ...]


def variant(text: CorpusText, heard: list[Heard]) -> Variant | None:
    """What stays of a creative when the lines nobody speaks of go; None for a creative without lines."""
    lines: list[Line] = []
    for line in creative_lines(text):
        if line.kind != "scenery" and all(line.text.casefold() != other.text.casefold() for other in lines):
            lines.append(line)
    if not lines:
        return None
    unheard = {h.line.start for h in heard if h.unheard}
    kept = [s for line in lines if line.kind == "promise" for s in sentences(line) if s.start not in unheard]
    actions = [line for line in lines if line.kind == "action"]
    return Variant(tuple(lines), (*kept, *actions), tuple(h for h in heard if h.unheard))
