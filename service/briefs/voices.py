"""The sentences of a segment's customers, ranked by how well each says what the brief is about.

Calls and ad responses come before notes: a note is what an agent made of a customer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from ingest.model import DocumentKind, Speaker
from service.briefs.inputs import BriefInputs
from service.briefs.quotes import LONGEST, SHORTEST, without_filler
from service.corpus.model import CorpusDocument
from service.segments.model import Keyphrase, Quote, Segment
from service.segments.topics import StemList, catalogue, topics_in, words_of
from service.segments.words import lemmas

MOST_CUSTOMERS = 400
"""Customers listened to per segment: enough to choose from, however large the segment."""
IDEAL = (30, 95)
"""Characters of a sentence that reads well as a quotation."""
TELLING_PHRASES = 10
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_RETOLD = re.compile(r"[:„“\"«»/|]|\b(?:со слов|перезв|недозв|н/д|cb|lvm|vm)\b|х2|\bx2\b|\d{3,}", re.IGNORECASE)
"""Marks of shorthand, of retelling, and of figures without context."""


@dataclass(frozen=True)
class Said:
    """One sentence of a customer, with what it touches."""

    quote: Quote
    topics: frozenset[str]
    lemmas: frozenset[str]
    worth: float
    """How well it reads by itself."""


@cache
def _stems(language: str) -> StemList:
    return StemList({topic.id: topic.stems for topic in catalogue(language)})


class Voices:
    """What the customers of one segment said, sentence by sentence."""

    def __init__(self, inputs: BriefInputs, segment: Segment) -> None:
        self._inputs = inputs
        self._segment = segment

    @cached_property
    def telling(self) -> dict[str, float]:
        """Lemma → weight, of the phrases that tell the segment from others."""
        found: dict[str, float] = {}
        for place, phrase in enumerate(self._segment.keyphrases[:TELLING_PHRASES]):
            for lemma in lemmas(phrase.text):
                found.setdefault(lemma, 1.0 - 0.05 * place)
        return found

    @cached_property
    def sentences(self) -> tuple[Said, ...]:
        """Every sentence that could stand alone, best first."""
        found: list[Said] = []
        for customer in self._inputs.members.get(self._segment.id, ())[:MOST_CUSTOMERS]:
            for document in self._inputs.corpus.documents_of.get(customer, []):
                found.extend(self._of(document))
        return tuple(sorted(found, key=lambda s: (-s.worth, s.quote.document, s.quote.position, s.quote.start)))

    def on(self, topic: str) -> Iterator[Quote]:
        """Sentences on a topic, the densest in its words first: one stray word in a long sentence is no voice."""
        fitting = [(said, self._density(said, topic)) for said in self.sentences if topic in said.topics]
        ranked = sorted(fitting, key=lambda pair: -(pair[0].worth + pair[1] + 0.4 * min(2.0, self._sound(pair[0]))))
        yield from (said.quote for said, _ in ranked)

    def _density(self, said: Said, topic: str) -> float:
        """Words of the topic over all words, and how many there are."""
        words = words_of(said.quote.text)
        language = self._inputs.document_by_id[said.quote.document].document.language
        places = {(start, end) for key, start, end in _stems(language).hits(words) if key == topic}
        covered = {index for start, end in places for index in range(start, end)}
        return 4.0 * len(covered) / max(4, len(words)) + 0.4 * min(3, len(places))

    def typical(self, *, question: bool | None = None) -> Iterator[Quote]:
        """Sentences that sound most like this segment; only questions, or none, where asked."""
        fitting = [s for s in self.sentences if self._sound(s) > 0]
        if question is not None:
            fitting = [s for s in fitting if s.quote.text.endswith("?") is question]
        yield from (s.quote for s in sorted(fitting, key=lambda s: -(s.worth + 1.5 * self._sound(s))))

    def saying(self, phrase: Keyphrase) -> Iterator[Quote]:
        """Sentences with a phrase in them."""
        wanted = frozenset(phrase.lemma.split())
        fitting = [s for s in self.sentences if wanted <= s.lemmas]
        yield from (s.quote for s in sorted(fitting, key=lambda s: -(s.worth + self._sound(s))))

    def headlines(self, longest: int, topic: str | None) -> Iterator[Quote]:
        """Short sentences in the segment's own words, on the topic first."""
        fitting = [s for s in self.sentences if len(s.quote.text) <= longest and self._sound(s) > 0]
        ranked = sorted(fitting, key=lambda s: -(s.worth + 1.5 * self._sound(s) + (topic in s.topics)))
        yield from (s.quote for s in ranked)

    def _sound(self, said: Said) -> float:
        return sum(sorted((self.telling[w] for w in said.lemmas & self.telling.keys()), reverse=True)[:3])

    def _of(self, document: CorpusDocument) -> Iterator[Said]:
        if not document.customer_text:
            return
        retold = document.document.kind is DocumentKind.NOTE
        language = document.document.language
        for position, start, text in _pieces(document):
            quote = Quote(document.id, position, start, start + len(text), text, document.customer)
            yield Said(quote, topics_in(text, language), frozenset(lemmas(text)), _worth(text, retold))


def _pieces(document: CorpusDocument) -> Iterator[tuple[int, int, str]]:
    """(utterance, offset, sentence) of the customer's words; a short utterance stays whole."""
    for position, whole in document.said_by(Speaker.CUSTOMER):
        short = SHORTEST <= len(whole.strip()) <= IDEAL[1]
        pieces: Iterable[tuple[int, str]] = (
            [(0, whole)] if short else ((m.start(), m.group()) for m in _SENTENCE.finditer(whole))
        )
        for offset, piece in pieces:
            start, text = without_filler(offset, piece)
            if SHORTEST <= len(text) <= LONGEST and not set("[]") & set(text):
                yield position, start, text


def _worth(text: str, retold: bool) -> float:
    """Length near the ideal, a beginning and an end, no shorthand, a customer's own telling."""
    low, high = IDEAL
    worth = 1.0 if low <= len(text) <= high else 0.4
    worth += 0.4 * text[:1].isupper() + 0.2 * (text[-1] in ".!?")
    worth -= 1.2 * bool(_RETOLD.search(text)) + 1.0 * retold
    return worth - 0.3 * (not text[:1].isalnum())
