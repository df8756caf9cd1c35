"""Sentences smoothed by a language model that never sees a customer's word and cannot change what is said.

Numbers, names and quotations leave the sentence before it is sent: the model sees places `{1}`, `{2}` with a legend of
the plain figures, and writes around them. What comes back must hold every place once and in order, no word of meaning
that the sentence did not have and none fewer, and its denials and comparisons in the same order among the places; then
the verifier of `service.briefs.verify` reads it as it reads every sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from service.briefs.model import Sentence, Span
from service.briefs.sentences import tidy, typographic
from service.segments.words import lemma, part_of_speech, words

SHORTEST_WORDS = 5
"""A sentence with fewer words of its own has nothing to smooth."""
LONGER = 1.4
"""A smoothed sentence may be this much longer."""
_PLACE = re.compile(r"\{(\d{1,2})\}")
_PROPER = re.compile(r"[^\W\d_]|[\s.,;:()\-–—…'’\u00a0]")
"""What a model may write besides places: letters and plain punctuation, and what the sentence itself has. No digits,
quotation marks, links, markup; a statement stays no question."""
_TOKEN = re.compile(r"\{\d{1,2}\}|[^\W\d_]+(?:[-’'][^\W\d_]+)*")


class Masked(NamedTuple):
    """A sentence without what is not the model's: `text` with places, `legend` for the prompt, the spans put aside."""

    text: str
    legend: str
    aside: tuple[Span, ...]


@dataclass(frozen=True)
class WordLists:
    """Words that may come and go, and words that must stay where they are."""

    neutral: frozenset[str]
    anchors: frozenset[str]
    anchor_parts: frozenset[str]


@cache
def word_lists(language: str) -> WordLists:
    """The lists of a language, as written and as dictionary forms."""
    raw = yaml.safe_load((files("service.briefs") / "locale" / "leash.yaml").read_text(encoding="utf-8"))[language]
    spoken = {name: {word.replace("ё", "е") for word in raw[name].split()} for name in ("neutral", "anchors")}
    forms = {name: frozenset(found | {lemma(word) for word in found}) for name, found in spoken.items()}
    return WordLists(forms["neutral"] - forms["anchors"], forms["anchors"], frozenset(raw["anchor_parts"]))


def masked(sentence: Sentence, language: str) -> Masked | None:
    """The sentence as a model may see it; None where there is nothing to smooth."""
    text, told, aside = "", [], []
    for span in sentence:
        if span.fact is None and span.style == "plain":
            if "{" in span.text or "}" in span.text:
                return None
            text += span.text
        else:
            aside.append(span)
            text += f"{{{len(aside)}}}"
            told.append(f"{{{len(aside)}}} — {_told(span, language)}")
    if len(words(_PLACE.sub(" ", text))) < SHORTEST_WORDS:
        return None
    return Masked(text, "; ".join(told), tuple(aside))


def _told(span: Span, language: str) -> str:
    """What a place stands for. A quotation's or a name's words are other people's and are not told."""
    kinds = {"ru": {"name": "имя", "quote": "цитата"}, "en": {"name": "a name", "quote": "a quotation"}}[
        "ru" if language == "ru" else "en"
    ]
    return kinds.get(span.style, span.text)


def unmasked(text: str, original: Masked, language: str) -> Sentence:
    """The sentence with its own spans back in their places; `complaint` must have found nothing."""
    spans: list[Span] = []
    end = 0
    for match in _PLACE.finditer(text):
        spans.append(Span(text[end : match.start()]))
        spans.append(original.aside[int(match.group(1)) - 1])
        end = match.end()
    spans.append(Span(text[end:]))
    known = "ru" if language == "ru" else "en"
    return tidy(s if s.fact or s.style != "plain" else Span(typographic(s.text, known)) for s in spans)  # type: ignore[arg-type]


def complaint(text: str, original: Masked, language: str) -> str | None:
    """Why a smoothed sentence cannot stand in the place of its original; None where it can."""
    said = COMPLAINTS["ru" if language == "ru" else "en"]
    places = _PLACE.findall(text)
    if places != [str(number) for number in range(1, len(original.aside) + 1)]:
        return said["places"]
    bare = _PLACE.sub("", text)
    if not bare.strip() or any(not _PROPER.match(c) and c not in original.text for c in bare):
        return said["signs"]
    if len(text) > LONGER * len(original.text) + 20:
        return said["long"]
    lists = word_lists(language)
    before, after = list(_read(original.text, lists)), list(_read(text, lists))
    if [word for kind, word in before if kind == "anchor"] != [word for kind, word in after if kind == "anchor"]:
        return said["order"]
    had, has = ({word for kind, word in found if kind == "content"} for found in (before, after))
    if extra := sorted(has - had):
        return said["added"].format(", ".join(extra[:4]))
    if lost := sorted(had - has):
        return said["lost"].format(", ".join(lost[:4]))
    return None


def _read(text: str, lists: WordLists) -> Iterator[tuple[str, str]]:
    """(anchor | content, dictionary form) of what counts, in order; neutral words are left out."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token.startswith("{"):
            yield "anchor", token
            continue
        for word in words(token):
            base = lemma(word)
            if {word, base} & lists.anchors or part_of_speech(word) in lists.anchor_parts:
                yield "anchor", base
            elif not {word, base} & lists.neutral:
                yield "content", base


COMPLAINTS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "places": "места {1}, {2}… должны стоять все, по одному разу и в том же порядке",
        "signs": "только буквы и обычные знаки препинания: без цифр, кавычек, ссылок и разметки",
        "long": "предложение слишком длинное",
        "order": "отрицания и сравнения должны стоять в том же порядке относительно мест",
        "added": "этих слов в предложении не было: {}",
        "lost": "эти слова пропали: {}",
        "verify": "не сходится с фактами: {}",
    },
    "en": {
        "places": "places {1}, {2}… must all stand once and in the same order",
        "signs": "letters and plain punctuation only: no digits, quotation marks, links or markup",
        "long": "the sentence is too long",
        "order": "denials and comparisons must stand in the same order among the places",
        "added": "the sentence did not have these words: {}",
        "lost": "these words are missing: {}",
        "verify": "the facts do not bear this out: {}",
    },
}
"""What the model is told of a refused sentence."""
