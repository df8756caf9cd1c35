"""What is true of a segment: keyphrases, topics, quotes, a checked name, the nearest other segment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.segments.model import Keyphrase, NameCheck, Quote, TopicShare
from service.segments.phrases import Vocabulary, contrast, phrases_of
from service.segments.shares import share
from service.segments.topics import catalogue, topics_in
from service.segments.words import part_of_speech, without_placeholders, words

QUOTE_WORDS = (6, 34)
"""Shortest and longest quote: enough to understand alone, short enough to read."""
QUOTES = 5
NAME_WORDS = 3
NAME_LIFT = 3.0
"""How many times more often members must say a word of the name: "place" or "phone" are on everybody's lips."""
NAME_FROM = 12
"""Strongest contrastive phrases a name may be made of."""

_QUOTED = re.compile(r"[«“\"]([^«»“”\"\n]{8,})[»”\"]")
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")


@dataclass(frozen=True)
class Line:
    """One utterance surely said by a customer."""

    document: str
    position: int
    text: str
    customer: str
    own: bool = True
    """False for a note: a colleague wrote it; only what it quotes are the customer's words."""


def spans(line: Line) -> list[Quote]:
    """The sentences of an utterance that could stand as a quote; of a note only what it quotes."""
    found = []
    for start, end in _pieces(line):
        raw = line.text[start:end]
        lead = len(raw) - len(raw.lstrip())
        start, end = start + lead, start + len(raw.rstrip())
        text = line.text[start:end]
        if QUOTE_WORDS[0] <= len(words(text)) <= QUOTE_WORDS[1]:
            found.append(Quote(line.document, line.position, start, end, text, line.customer))
    return found


def _pieces(line: Line) -> list[tuple[int, int]]:
    whole = [(0, len(line.text))] if line.own else [match.span(1) for match in _QUOTED.finditer(line.text)]
    return [match.span() for start, end in whole for match in _SENTENCE.finditer(line.text, start, end)]


def choose_quotes(lines: Sequence[Line], keyphrases: Sequence[Keyphrase], most: int = QUOTES) -> tuple[Quote, ...]:
    """Quotes that together cover most of what sets the segment apart; one a customer, no phrase told twice.

    Greedy weighted coverage: each step takes the sentence with the largest sum of yet uncovered keyphrase scores, a
    placeholder left by redaction costs a little, ties go to the earlier document.
    """
    weight = {keyphrase.lemma: keyphrase.score for keyphrase in keyphrases}
    candidates = []
    for line in lines:
        for quote in spans(line):
            held = {phrase.lemma for phrase in phrases_of(quote.text)} & weight.keys()
            if held:
                masked = 0.5 if without_placeholders(quote.text) != quote.text else 0.0
                candidates.append((quote, held, masked))
    chosen: list[Quote] = []
    covered: set[str] = set()
    customers: set[str] = set()
    while len(chosen) < most:
        best: tuple[float, str, int, int] | None = None
        pick = None
        for quote, held, masked in candidates:
            if quote.customer in customers:
                continue
            gain = sum(weight[phrase] for phrase in held - covered) - masked
            key = (-gain, quote.document, quote.position, quote.start)
            if gain > 0 and (best is None or key < best):
                best, pick = key, (quote, held)
        if pick is None:
            break
        chosen.append(pick[0])
        covered |= pick[1]
        customers.add(pick[0].customer)
    return tuple(chosen)


def topic_shares(
    members: Sequence[str], others: Sequence[str], lines_of: Mapping[str, Sequence[Line]], language: str
) -> tuple[TopicShare, ...]:
    """How many members and others voice each topic of the catalogue, most voiced by members first."""
    voiced: dict[str, set[str]] = {}
    example: dict[str, list[Quote]] = {}
    inside = set(members)
    for customer in [*members, *others]:
        for line in lines_of.get(customer, ()):
            for touched in topics_in(line.text, language):
                voiced.setdefault(touched, set()).add(customer)
                if customer in inside and len(example.setdefault(touched, [])) < 3:
                    fitting = [quote for quote in spans(line) if touched in topics_in(quote.text, language)]
                    if fitting and all(quote.customer != customer for quote in example[touched]):
                        example[touched].append(fitting[0])
    found = []
    for topic in catalogue(language):
        who = voiced.get(topic.id, set())
        found.append(
            TopicShare(
                topic=topic.id,
                facet=topic.facet,
                members=share(len(who & inside), len(members)),
                others=share(len(who - inside), len(others)),
                quotes=tuple(example.get(topic.id, ())),
            )
        )
    return tuple(sorted(found, key=lambda topic: (-topic.members.k, topic.topic)))


def _nameable(keyphrase: Keyphrase) -> bool:
    return " " not in keyphrase.lemma and part_of_speech(keyphrase.lemma) in ("NOUN", "")


def proposed_name(
    members: Sequence[str], others: Sequence[str], known: Vocabulary, taken: set[str], most: int = NAME_WORDS
) -> str:
    """Up to three nouns that together tell members from others best, none in a sibling's name: a label to replace.

    Greedy on Youden's J (share of members who say one of the words, less the share of others), so a name is as true of
    its segment, and as false of the rest, as single words can make it.
    """
    strongest = contrast(members, others, known, most=NAME_FROM)
    fitting = [phrase for phrase in strongest if _nameable(phrase) and _is_theirs(phrase)][:6] or list(strongest)
    inside, outside = set(members), set(others)
    said_in: set[str] = set()
    said_out: set[str] = set()
    picked: list[Keyphrase] = []
    while len(picked) < most:
        best: tuple[float, int] | None = None
        for rank, phrase in enumerate(fitting):
            if phrase in picked or phrase.lemma in taken:
                continue
            who = known.said_by.get(phrase.lemma, frozenset())
            gain = len((who & inside) - said_in) / len(inside) - len((who & outside) - said_out) / max(1, len(outside))
            if gain > 0 and (best is None or (-gain, rank) < best):
                best = (-gain, rank)
        if best is None:
            break
        chosen = fitting[best[1]]
        who = known.said_by.get(chosen.lemma, frozenset())
        said_in |= who & inside
        said_out |= who & outside
        picked.append(chosen)
        taken.add(chosen.lemma)
    name = " · ".join(_shown(phrase) for phrase in picked)
    return name[:1].upper() + name[1:]


def _is_theirs(phrase: Keyphrase) -> bool:
    return (phrase.members.value or 0.0) >= NAME_LIFT * (phrase.others.value or 0.0)


def _shown(phrase: Keyphrase) -> str:
    """The dictionary form of a Russian noun; otherwise the word as people wrote it."""
    return phrase.lemma if part_of_speech(phrase.lemma) == "NOUN" else phrase.text


def check_name(name: str, members: Sequence[str], others: Sequence[str], known: Vocabulary) -> NameCheck:
    """Whether a word of the name is truer of members than of others: the intervals must not touch."""
    wanted = {phrase.lemma for part in name.split(" · ") for phrase in phrases_of(part)}
    has = [customer for customer in members if wanted & known.of_customer.get(customer, frozenset())]
    has_other = [customer for customer in others if wanted & known.of_customer.get(customer, frozenset())]
    inside, outside = share(len(has), len(members)), share(len(has_other), len(others))
    passed = inside.low is not None and inside.low > (outside.high or 0.0)
    return NameCheck(inside, outside, passed)


def apart(here: Sequence[str], there: Sequence[str], known: Vocabulary) -> tuple[str, ...]:
    """Up to five phrases truer of one segment than of its nearest neighbour."""
    return tuple(phrase.text for phrase in contrast(here, there, known, most=5))
