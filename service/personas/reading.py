"""A sentence into the readings of its thoughts: measure, operator, value, topics. Whom it speaks of comes after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.personas.clauses import STRONG, Group, thoughts, weigh
from service.personas.cues import CueBook, Hit, cue_book
from service.personas.model import Operator, Reading, Subject
from service.personas.numbers import Quantity, quantities
from service.personas.operators import Scene, Wording, wording
from service.personas.people import Mention, mentions
from service.personas.tokens import Tokens, tokens_of
from service.personas.topicwords import TopicHit, cue_tokens, read_topics, topic_hits

SPECIFIC_OVER_TOPIC = 0.75
"""Factor on the topic class's weight: "they ask for a discount" is about discounts, not about asking."""
COMPOSITION = {"majority", "only"}
UNRESOLVED = Subject("unresolved")


@dataclass(frozen=True)
class Thought:
    """One thought of a sentence before its subject is known; `spans` are token stretches."""

    reading: Reading
    spans: tuple[tuple[int, int], ...]
    premises: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ReadSentence:
    """A sentence's tokens and thoughts. No thoughts: nothing in it can be checked."""

    tokens: Tokens
    thoughts: tuple[Thought, ...]
    people: tuple[Mention, ...] = ()


def read(text: str, language: str) -> ReadSentence:
    """Read one sentence. Cues and topics are looked for in `language`."""
    book = cue_book(language)
    tokens = tokens_of(text)
    hits = book.measure_hits(tokens)
    people = tuple(mentions(tokens, language))
    named = {index for m in people for index in range(m.first, m.last)}
    topics = [hit for hit in topic_hits(tokens, language) if hit.first not in named]
    if not hits and not topics:
        return ReadSentence(tokens, (), people)
    if book.patterns("follows").any(tokens):
        return ReadSentence(tokens, _relation(hits), people)
    groups, foretells = thoughts(tokens, hits, book)
    numbers = quantities(tokens, book.language)
    found = [thought for g in groups if (thought := _thought(tokens, g, hits, topics, numbers, named, book))]
    if found and foretells:
        found.append(Thought(_no_data(), (), ()))
    return ReadSentence(tokens, tuple(_telling(found)), people)


def _telling(found: list[Thought]) -> list[Thought]:
    """Thoughts worth judging: what nothing can test stands alone, and bare mentions give way to firm statements."""
    if found and found[0].reading.measure in ("demographic", "no_data"):
        return found[:1]
    firm = [t for t in found if t.reading.measure_cue and t.reading.operator_cue]
    if not firm:
        return found
    return [t for t in found if t in firm or t.reading.operator != "is" or t.reading.measure not in ("topic", "leads")]


def _relation(hits: list[Hit]) -> tuple[Thought, ...]:
    """ "The cheaper the lead, the cheaper the customer": checkable over campaigns, other relations are not."""
    costs = any(hit.name == "cost_per_lead" for hit in hits)
    measure = "cost_per_customer" if costs else "no_data"
    operator: Operator = "follows" if costs else "not_stated"
    return (Thought(Reading(Subject("all"), measure, operator, measure_cue=True, operator_cue=True), (), ()),)


def _no_data() -> Reading:
    return Reading(UNRESOLVED, "no_data", "not_stated", measure_cue=True)


def _thought(
    tokens: Tokens,
    group: Group,
    hits: list[Hit],
    topics: list[TopicHit],
    numbers: list[Quantity],
    named: set[int],
    book: CueBook,
) -> Thought | None:
    weights = _weights(group, hits, topics)
    operators = book.operator_hits(tokens)
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    if not ranked:
        return None
    priced = any(group.has(first) for first, _ in book.patterns("prices").spans(tokens))
    ours = any(group.has(first) for first, _ in book.patterns("ours").spans(tokens))
    measure = _settle(ranked, weights, {h.name for h in operators if group.covers(h)}, priced, ours)
    negations = book.negation_places(tokens)
    said = wording(Scene(tokens, group, measure, hits, operators, negations, numbers, book))
    taken = cue_tokens(hits) | cue_tokens(operators) | _number_tokens(numbers) | named
    taken |= {index for hit in topics for index in range(hit.first, hit.last)} | set(negations)
    about = read_topics(tokens, group, topics, taken, negations, book)
    weight = weights.get(measure, weights[ranked[0]])
    if not _checkable(measure, weight, said):
        return None
    reading = Reading(
        subject=UNRESOLVED,
        measure=measure,
        operator=said.operator,
        value=said.quantity.value if said.quantity else None,
        high=said.quantity.high if said.quantity else None,
        unit=said.quantity.kind if said.quantity else None,
        bound=said.quantity.bound if said.quantity else "about",
        topics=about.topics,
        versus=about.versus,
        condition=about.condition,
        words=about.words,
        channel=_channel(tokens, group, book),
        negated=said.negated,
        direction=said.direction,
        everyone=said.everyone,
        measure_cue=weight >= (1.0 if said.negated else STRONG * SPECIFIC_OVER_TOPIC),
        operator_cue=said.cue or said.everyone,
        alternatives=tuple(name for name in ranked if name != measure)[:2],
    )
    return Thought(_compared(reading, said), group.spans, group.premises)


def _checkable(measure: str, weight: float, said: Wording) -> bool:
    """A bare weak cue is no claim; with a word that quantifies it, it is."""
    if weight >= STRONG * SPECIFIC_OVER_TOPIC:
        return True
    return (
        measure != "topic" and weight >= 1 and said.operator in ("most", "only", "majority", "rare", "number", "none")
    )


def _compared(reading: Reading, said: Wording) -> Reading:
    """A topic set against another is a comparison of the two, whatever word says so."""
    if reading.measure == "topic" and reading.versus and reading.operator not in ("number", "only"):
        return replace(reading, operator="than", negated=False, operator_cue=True, direction="high")
    return reading


def _weights(group: Group, hits: list[Hit], topics: list[TopicHit]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for first, last in group.spans:
        for name, weight in weigh(hits, first, last).items():
            weights[name] = weights.get(name, 0.0) + weight
    if any(group.has(t.first) for t in topics):
        weights["topic"] = weights.get("topic", 0.0) + 0.5
    if "topic" in weights:
        weights["topic"] *= SPECIFIC_OVER_TOPIC
    return weights


def _settle(ranked: list[str], weights: dict[str, float], operators: set[str], priced: bool, ours_only: bool) -> str:
    """The class of the thought: the heaviest, with the ties that grammar decides."""
    best = ranked[0]
    if best in ("leads", "topic", "channel") and "leads" in weights and priced and "cost_per_customer" not in weights:
        return "cost_per_lead"
    if best == "identity" and weights.get("topic", 0) >= STRONG * SPECIFIC_OVER_TOPIC and ours_only:
        return "topic"
    if {"wins", "conversion"} <= set(ranked[:3]) and best in ("wins", "conversion"):
        close = abs(weights["wins"] - weights["conversion"]) <= 1.0
        if close:
            return "wins" if operators & COMPOSITION else "conversion"
    return best


def _number_tokens(numbers: list[Quantity]) -> set[int]:
    return {index for q in numbers for index in range(q.first, q.last)}


def _channel(tokens: Tokens, group: Group, book: CueBook) -> str | None:
    """Channels named in the thought, joined by `+`; "advertising on search" is search."""
    named = sorted(
        (first, name) for name, patterns in book.channels for first, _ in patterns.spans(tokens) if group.has(first)
    )
    names = list(dict.fromkeys(name for _, name in named))
    if len(names) > 1 and "ads" in names:
        names.remove("ads")
    return "+".join(names) or None
