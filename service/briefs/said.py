"""What customers said, cut into sentences that could stand alone as quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.model import DocumentKind, Speaker
from service.corpus.model import CorpusDocument
from service.segments.model import Quote
from service.segments.portrayal import Line, spans
from service.segments.topics import topics_in
from service.segments.words import lemmas

SHORTEST, LONGEST = 18, 170
"""Characters of a quotation worth printing."""
IDEAL = (30, 95)
"""Characters of a sentence that reads well as a quotation."""
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_RETOLD = re.compile(r"[:„“\"«»/|]|\b(?:со слов|перезв|недозв|н/д|cb|lvm|vm)\b|х2|\bx2\b|\d{3,}", re.IGNORECASE)
"""Marks of shorthand, of retelling, and of figures without context."""
_STUTTER = re.compile(r"\b(\w+)[ ,]+\1\b|\b(?:uh|um|er|hm|эм|ээ|ммм)\b", re.IGNORECASE)

_FILLER = re.compile(
    r"^(?:(?:ну|вот|так|да|угу|ага|ммм|в общем|смотрите|понимаете|знаете|это самое|собственно|как бы|значит|короче|типа"
    r"|слушайте|алло|здравствуйте|добрый день|день добрый|как сказать|интересно"
    r"|um|uh|er|hm+|mm+|well|so|okay|ok|hi|hello|hey|yeah|you know|i mean|like)[\s,.!?…—-]+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """One sentence of a customer, with what it touches."""

    quote: Quote
    topics: frozenset[str]
    lemmas: frozenset[str]
    worth: float
    """How well it reads by itself."""


def sentences_of(documents: Iterable[CorpusDocument]) -> tuple[Said, ...]:
    """Every sentence of the customers' own words that could stand alone, the best first."""
    found = [said for document in documents for said in _of(document)]
    return tuple(sorted(found, key=lambda s: (-s.worth, s.quote.document, s.quote.position, s.quote.start)))


def _of(document: CorpusDocument) -> Iterator[Said]:
    if not document.customer_text:
        return
    retold = document.document.kind is DocumentKind.NOTE
    language = document.document.language
    for position, start, text in _quoted(document) if retold else _pieces(document):
        quote = Quote(document.id, position, start, start + len(text), text, document.customer)
        yield Said(quote, topics_in(text, language), frozenset(lemmas(text)), _worth(text, retold))


def _quoted(document: CorpusDocument) -> Iterator[tuple[int, int, str]]:
    """(utterance, offset, sentence) of what a note quotes: the rest of it is a colleague's shorthand."""
    for position, whole in document.said_by(Speaker.CUSTOMER):
        for quote in spans(Line(document.id, position, whole, document.customer, own=False)):
            if SHORTEST <= len(quote.text) <= LONGEST and not set("[]") & set(quote.text):
                yield position, quote.start, quote.text


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
    worth -= 1.2 * bool(_RETOLD.search(text)) + 1.0 * retold + 1.5 * bool(_STUTTER.search(text))
    return worth - 0.3 * (not text[:1].isalnum())


def without_filler(start: int, piece: str) -> tuple[int, str]:
    """Leading blanks and fillers off; the offset moves along."""
    text = piece.lstrip()
    start += len(piece) - len(text)
    filler = _FILLER.match(text)
    if filler and len(text) - filler.end() >= SHORTEST:
        start += filler.end()
        text = text[filler.end() :]
    return start, text.rstrip()
