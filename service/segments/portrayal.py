"""What a customer's utterance gives: sentences that could stand as a quote, and how well each reads alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.segments.model import Quote
from service.segments.words import without_placeholders, words

QUOTE_WORDS = (6, 34)
"""Shortest and longest quote: enough to understand alone, short enough to read."""
BEST_WORDS = (8, 24)
"""Length that reads best; outside it a quote loses a little."""

_QUOTED = re.compile(r"[«“\"]([^«»“”\"\n]{8,})[»”\"]")
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_LOOSE = " \t])}>,;:–—-…"
"""What the sentence before may leave at a quote's start."""
_GREETING = re.compile(
    r"^\W*(?:здравствуй\w*|добр\w+ (?:день|вечер|утро)|алл?о|привет\w*|(?:да,? )?слушаю|"
    r"день добр\w*|знаете,? день|спасибо|"
    r"hello|hi|hey|good (?:morning|afternoon|evening)|thanks|thank you|this is)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:э+|эм+|мм+|ну|короче|это самое|как бы|в общем|ладно|так вот|"
    r"um+|uh+|er+|hmm*|hm|you know|i mean|like, |well|so yeah|yeah|okay|ok)\b",
    re.IGNORECASE,
)
_STUTTER = re.compile(r"\b(\w{2,})[,…]?\s+\1\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…»”\")]$")
LOSSES = {
    "placeholder": 0.7, "greeting": 0.7, "mid_sentence": 0.7, "small_letter": 0.2, "cut_off": 0.4, "stutter": 0.6,
    "filler": 0.15, "long_or_short": 0.15,
}  # fmt: skip
"""What a sentence loses of its worth as a quote, each chosen so that any sound sentence beats it at equal coverage."""


@dataclass(frozen=True)
class Line:
    """One utterance surely said by a customer."""

    document: str
    position: int
    text: str
    customer: str
    own: bool = True
    """False for a note: a colleague wrote it; only what it quotes are the customer's words."""


def own_words(line: Line) -> list[str]:
    """The customer's own words in an utterance: all of it; of a note only what it quotes."""
    return [line.text] if line.own else [match.group(1) for match in _QUOTED.finditer(line.text)]


def spans(line: Line) -> list[Quote]:
    """The sentences of an utterance that could stand as a quote; of a note only what it quotes."""
    found = []
    for start, end in _pieces(line):
        raw = line.text[start:end]
        lead = len(raw) - len(raw.lstrip(_LOOSE))
        start, end = start + lead, start + len(raw.rstrip())
        text = line.text[start:end]
        if QUOTE_WORDS[0] <= len(words(text)) <= QUOTE_WORDS[1]:
            found.append(Quote(line.document, line.position, start, end, text, line.customer))
    return found


def _pieces(line: Line) -> list[tuple[int, int]]:
    whole = [(0, len(line.text))] if line.own else [match.span(1) for match in _QUOTED.finditer(line.text)]
    return [match.span() for start, end in whole for match in _SENTENCE.finditer(line.text, start, end)]


def soundness(quote: Quote, line: Line) -> float:
    """How well the sentence reads alone, 0.05..1: no greeting, no stutter, whole, without redaction's marks."""
    text, lost = quote.text, 0.0
    lost += LOSSES["placeholder"] * (without_placeholders(text) != text)
    lost += LOSSES["greeting"] * bool(_GREETING.match(text))
    lost += LOSSES["mid_sentence"] * _in_mid_sentence(quote, line)
    lost += LOSSES["small_letter"] * next((letter.islower() for letter in text if letter.isalpha()), False)
    lost += LOSSES["cut_off"] * (not _ENDS.search(text) and bool(_ENDS.search(line.text.rstrip()) or "." in line.text))
    lost += LOSSES["stutter"] * bool(_STUTTER.search(text))
    lost += LOSSES["filler"] * len(_FILLER.findall(text))
    lost += LOSSES["long_or_short"] * (not BEST_WORDS[0] <= len(words(text)) <= BEST_WORDS[1])
    return max(0.05, 1.0 - lost)


def _in_mid_sentence(quote: Quote, line: Line) -> bool:
    """A small letter after other words of the same utterance, where the utterance knows capitals."""
    first = next((letter for letter in quote.text if letter.isalpha()), "")
    knows_capitals = any(letter.isupper() for letter in line.text)
    return first.islower() and (knows_capitals or bool(line.text[: quote.start].strip(" \"'«“-–—")))
