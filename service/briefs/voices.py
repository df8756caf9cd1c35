"""The sentences of a segment's customers, ranked by how well each says what the brief is about.

Calls and ad responses come before notes: a note is what an agent made of a customer's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property

from service.briefs.inputs import BriefInputs
from service.briefs.said import Said
from service.segments.model import Keyphrase, Quote, Segment
from service.segments.topics import StemList, catalogue, words_of
from service.segments.words import lemmas

TELLING_PHRASES = 10


@cache
def _stems(language: str) -> StemList:
    return StemList({topic.id: topic.stems for topic in catalogue(language)})


class Voices:
    """What the customers of one segment said, sentence by sentence."""

    def __init__(self, inputs: BriefInputs, segment: Segment) -> None:
        self._inputs = inputs
        self._segment = segment
        self.sentences = inputs.said(segment.id)

    @cached_property
    def telling(self) -> dict[str, float]:
        """Lemma → weight, of the phrases that tell the segment from others."""
        found: dict[str, float] = {}
        for place, phrase in enumerate(self._segment.keyphrases[:TELLING_PHRASES]):
            for lemma in lemmas(phrase.text):
                found.setdefault(lemma, 1.0 - 0.05 * place)
        return found

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
