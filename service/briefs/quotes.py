"""Which of a customer's words to print: verbatim, short enough to read, never the same twice in one brief."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.briefs.material import Material
from service.briefs.model import Fact
from service.briefs.said import LONGEST, SHORTEST, without_filler
from service.segments.model import Quote
from service.segments.words import lemmas

ALIKE = 0.75
"""Share of the shorter text's words from which two quotations say the same."""
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_MASKED = re.compile(r"\[[^\]]*\]|\b(?:https?|www)\b", re.IGNORECASE)


def cut(quote: Quote, words: frozenset[str] = frozenset()) -> Quote | None:
    """The quote itself, or its best sentence when it is long, without a filler at the start; offsets follow."""
    pieces = [quote.text] if len(quote.text) <= LONGEST else _SENTENCE.findall(quote.text)
    best: tuple[float, int, str] | None = None
    position = 0
    for piece in pieces:
        found = quote.text.index(piece, position)
        position = found + len(piece)
        start, text = without_filler(found, piece)
        if SHORTEST <= len(text) <= LONGEST and not _MASKED.search(text):
            folded = text.casefold()
            score = sum(word in folded for word in words) + min(len(text), 90) / 90
            if best is None or score > best[0]:
                best = (score, start, text)
    if best is None:
        return None
    _, start, text = best
    return Quote(
        quote.document, quote.position, quote.start + start, quote.start + start + len(text), text, quote.customer
    )


class Quotes:
    """Hands out quotations of one brief, each once."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._used: set[tuple[str, int]] = set()
        self._said: list[frozenset[str]] = []

    def pick(self, candidates: Iterable[Quote], words: frozenset[str] = frozenset()) -> Fact | None:
        """The first readable quotation not printed yet, as a fact."""
        return next(iter(self.some(candidates, 1, words)), None)

    def some(self, candidates: Iterable[Quote], most: int, words: frozenset[str] = frozenset()) -> list[Fact]:
        """Up to `most` quotations, from different customers where there are several."""
        found: list[Fact] = []
        customers: set[str] = set()
        for quote in candidates:
            short = cut(quote, words)
            if short is None or len(found) >= most or short.customer in customers:
                continue
            key = (short.document, short.position)
            if key in self._used or self._heard(short.text):
                continue
            fact = self._material.ledger.quote(short)
            if fact is not None:
                self._used.add(key)
                self._said.append(frozenset(lemmas(short.text)))
                customers.add(short.customer)
                found.append(fact)
        return found

    def again(self, candidates: Iterable[Quote]) -> Fact | None:
        """The first readable quotation, printed before or not."""
        short = (cut(quote) for quote in candidates)
        return next((fact for quote in short if quote and (fact := self._material.ledger.quote(quote))), None)

    def _heard(self, text: str) -> bool:
        """Whether nearly the same words were printed already."""
        words = frozenset(lemmas(text))
        return any(len(words & other) >= ALIKE * min(len(words), len(other)) for other in self._said if words and other)
