"""A sentence into the readings of its thoughts: measure, operator, value, topics. Whom it speaks of comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.personas.clauses import STRONG, Group, thoughts, weigh
from service.personas.cues import CueBook, Hit, cue_book
from service.personas.model import Operator, Reading, Subject
from service.personas.numbers import Quantity, quantities
from service.personas.operators import Scene, Wording, wording
from service.personas.people import Mention, mentions
from service.personas.prototypes import NO_LEANING, NOTHING, Encode, Leaning, leanings
from service.personas.tokens import Tokens, tokens_of
from service.personas.topicwords import TopicHit, cue_tokens, read_topics, topic_hits

SPECIFIC_OVER_TOPIC = 0.8
"""Factor on the topic class's weight: "they ask for a discount" is about discounts, not about asking."""
UNTESTABLE_FIRST = 1.5
"""Added to a sure sign of what no file holds: age, margin, plans."""
COMPOSITION = {"majority", "only"}
QUANTIFYING = frozenset({"most", "only", "majority", "rare", "number", "none", "all", "than", "equal", "low"})
NEAR, VERY_NEAR, CLEAR, FAR = 0.30, 0.42, 0.04, 0.15
"""Cosines to example sentences: near, near enough to stand without a cue, a clear lead, no likeness at all. Read off
the spread of cosines of some two hundred sentences with the packaged encoder; unrelated ones lie around .15."""
PULL = 4.0
"""Weight of a full cosine: .5 of nearness is worth one strong cue (measured: .2 a cue, flat over .1 to .3)."""
KIND_SPEAKS_OF = (
    ("days", "cycle", 1.5),
    ("months", "cycle", 0.5),
    ("months", "retention", 0.5),
    ("years", "retention", 0.5),
)
"""What a number's unit says of the measure."""
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


@dataclass(frozen=True)
class Outline:
    """A sentence cut into thoughts, before anything is settled. `leaning_texts` is what its examples are sought by."""

    text: str
    language: str
    tokens: Tokens
    hits: list[Hit]
    topics: list[TopicHit]
    people: tuple[Mention, ...]
    groups: list[Group]
    foretells: bool

    @property
    def leaning_texts(self) -> list[str]:
        """The words of each thought."""
        return [" ".join(word for a, b in group.spans for word in self.tokens.words(a, b)) for group in self.groups]


def outline(text: str, language: str) -> Outline:
    """Cut one sentence. Cues and topics are looked for in `language`."""
    book = cue_book(language)
    tokens = tokens_of(text)
    hits = _settled_by_shares(book.measure_hits(tokens), quantities(tokens, book.language))
    people = tuple(mentions(tokens, language))
    named = {index for m in people for index in range(m.first, m.last)}
    topics = [hit for hit in topic_hits(tokens, language) if hit.first not in named]
    groups, foretells = thoughts(tokens, hits, book)
    return Outline(text, language, tokens, hits, topics, people, groups, foretells)


def _settled_by_shares(hits: list[Hit], numbers: list[Quantity]) -> list[Hit]:
    """ "One in ten pays": a weak word of buying right beside a share of people is a sure one."""
    shares = [q for q in numbers if q.kind == "share"]
    return [
        replace(hit, strength="strong", weight=STRONG)
        if hit.name == "conversion"
        and hit.strength == "plain"
        and any(0 <= q.first - hit.last <= 1 or 0 <= hit.first - q.last <= 1 for q in shares)
        else hit
        for hit in hits
    ]


def read(text: str, language: str) -> ReadSentence:
    """Read one sentence by its cues alone."""
    cut = outline(text, language)
    return finish(cut, [NO_LEANING] * len(cut.groups))


def read_all(texts: Sequence[str], language: str, encode: Encode | None) -> list[ReadSentence]:
    """Read sentences by cues and, where an encoder is at hand, by the examples they are near to."""
    cuts = [outline(text, language) for text in texts]
    leaned = iter(leanings([text for cut in cuts for text in cut.leaning_texts], language, encode))
    return [finish(cut, [next(leaned) for _ in cut.groups]) for cut in cuts]


def finish(cut: Outline, leaned: Sequence[Leaning]) -> ReadSentence:
    """The sentence's thoughts."""
    book = cue_book(cut.language)
    if _is_relation(cut, book):
        return ReadSentence(cut.tokens, _relation(cut, book), cut.people)
    numbers = quantities(cut.tokens, book.language)
    found = [
        thought
        for group, leaning in zip(cut.groups, leaned, strict=True)
        if (thought := _thought(cut, group, numbers, leaning, book))
    ]
    if found and cut.foretells:
        found.append(Thought(_no_data(), (), ()))
    return ReadSentence(cut.tokens, tuple(_telling(found)), cut.people)


def _is_relation(cut: Outline, book: CueBook) -> bool:
    """ "The cheaper …, the cheaper …", or a cheap lead and a cheap customer in one breath."""
    if book.patterns("follows").any(cut.tokens):
        return True
    costs = {hit.name for hit in cut.hits} >= {"cost_per_lead", "cost_per_customer"}
    return (
        costs
        and len(book.patterns("prices").spans(cut.tokens)) >= 2
        and not (cut.people or book.patterns("contrast").any(cut.tokens))
    )


def _telling(found: list[Thought]) -> list[Thought]:
    """Thoughts worth judging: what nothing can test stands alone, and bare mentions give way to firm statements."""
    if found and found[0].reading.measure in ("demographic", "no_data"):
        return found[:1]
    firm = [t for t in found if t.reading.measure_cue and t.reading.operator_cue]
    if not firm:
        return found
    return [t for t in found if t in firm or t.reading.operator != "is" or t.reading.measure not in ("topic", "leads")]


def _relation(cut: Outline, book: CueBook) -> tuple[Thought, ...]:
    """ "The cheaper the lead, the cheaper the customer": checkable over campaigns, other relations are not."""
    named = {hit.name for hit in cut.hits}
    priced = len(book.patterns("prices").spans(cut.tokens)) >= 2
    costs = "cost_per_lead" in named or ("leads" in named and priced)
    measure = "cost_per_customer" if costs else "no_data"
    operator: Operator = "follows" if costs else "not_stated"
    return (Thought(Reading(Subject("all"), measure, operator, measure_cue=True, operator_cue=True), (), ()),)


def _no_data() -> Reading:
    return Reading(UNRESOLVED, "no_data", "not_stated", measure_cue=True)


def _thought(cut: Outline, group: Group, numbers: list[Quantity], leaning: Leaning, book: CueBook) -> Thought | None:
    tokens, hits = cut.tokens, cut.hits
    cued = _weights(group, hits, cut.topics)
    weights = _leaned(cued, leaning, [q for q in numbers if group.has(q.first)])
    ranked = sorted(weights, key=lambda name: (-weights[name], name))
    if not ranked:
        return None
    operators = book.operator_hits(tokens)
    measure = _settle(ranked, weights, _clues(cut, group, operators, book))
    inside = [q for q in numbers if group.has(q.first)]
    if measure == "identity" and any(q.kind == "count" and 16 <= q.value <= 90 for q in inside):
        measure = "demographic"
    if measure == "identity" and any(q.kind == "share" for q in inside):  # "a third of our buyers"
        measure = "wins"
    negations = book.negation_places(tokens)
    sign = leaning.polarity.get(measure, 0) if leaning.nearness.get(measure, 0.0) >= NEAR else 0
    named = {index for m in cut.people for index in range(m.first, m.last)}
    telling = [hit for hit in operators if not _belongs(hit, named, numbers)]
    said = wording(Scene(tokens, group, measure, hits, telling, negations, numbers, book, sign))
    taken = cue_tokens(hits) | cue_tokens(operators) | _number_tokens(numbers) | named
    taken |= {index for hit in cut.topics for index in range(hit.first, hit.last)} | set(negations)
    about = read_topics(tokens, group, cut.topics, taken, negations, book)
    weight = cued.get(measure, 0.0 if measure == ranked[0] else cued.get(ranked[0], 0.0))
    if not _checkable(measure, weight, said, leaning, cut, book):
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
        measure_cue=_is_sure(measure, weight, said, leaning),
        operator_cue=said.cue or said.everyone,
        alternatives=tuple(name for name in ranked if name != measure)[:2],
    )
    return Thought(_compared(reading, said), group.spans, group.premises)


def _belongs(hit: Hit, named: set[int], numbers: list[Quantity]) -> bool:
    """Whether an operator is part of a name ("small teams") or of a number ("every third")."""
    places = set(range(hit.first, hit.last))
    of_number = any(places <= set(range(q.first, q.last)) for q in numbers)
    return of_number or (hit.name in ("high", "low") and places <= named)


def _is_sure(measure: str, weight: float, said: Wording, leaning: Leaning) -> bool:
    """Whether the class is certain: a strong cue, a weak one that is quantified, or examples that are very near."""
    if weight >= STRONG * SPECIFIC_OVER_TOPIC or (weight >= 1.0 and said.cue and measure != "topic"):
        return True
    return leaning.best == measure and leaning.nearness[measure] >= VERY_NEAR and leaning.lead >= CLEAR


def _checkable(measure: str, weight: float, said: Wording, leaning: Leaning, cut: Outline, book: CueBook) -> bool:
    """A bare weak cue is no claim; with a word that quantifies it, or examples near by, it is."""
    if weight >= STRONG * SPECIFIC_OVER_TOPIC:
        return True
    if measure != "topic" and weight >= 1 and said.operator in QUANTIFYING:
        return True
    of_somebody = bool(cut.people) or any(
        book.patterns(name).any(cut.tokens) for name in ("pronouns", "universal", "ours")
    )
    nearness, nothing = leaning.nearness.get(measure, 0.0), leaning.nearness.get(NOTHING, 0.0)
    needed = NEAR if of_somebody else VERY_NEAR
    return nearness >= needed and nearness > nothing and bool(weight or said.cue or nearness >= VERY_NEAR)


def _leaned(cued: dict[str, float], leaning: Leaning, numbers: list[Quantity]) -> dict[str, float]:
    """Cue weights with what near examples and the kinds of numbers add."""
    weights = dict(cued)
    for name, nearness in leaning.nearness.items():
        if name != NOTHING and (name in weights or nearness >= NEAR):
            weights[name] = weights.get(name, 0.0) + PULL * max(0.0, nearness - FAR)
    for kind, name, bonus in KIND_SPEAKS_OF:
        if any(q.kind == kind for q in numbers) and name in weights:
            weights[name] += bonus
    return weights


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
    for name in ("demographic", "no_data"):
        if weights.get(name, 0.0) >= STRONG:
            weights[name] += UNTESTABLE_FIRST
    return weights


@dataclass(frozen=True)
class _Clues:
    """What grammar tells of a thought's class."""

    operators: frozenset[str]
    priced: bool
    """A word of price stands in it."""
    ours: bool
    """It speaks of "our customer"."""
    by_channel: bool
    """A source is named, and nobody else."""
    from_people: bool
    """ "Comes from enthusiasts": people, not a source."""


def _clues(cut: Outline, group: Group, operators: list[Hit], book: CueBook) -> _Clues:
    def has(name: str) -> bool:
        return any(group.has(first) for first, _ in book.patterns(name).spans(cut.tokens))

    people = [m for m in cut.people if group.has(m.first)]
    channels = [hit for hit in cut.hits if hit.name == "channel" and group.covers(hit)]
    return _Clues(
        frozenset(h.name for h in operators if group.covers(h)),
        has("prices"),
        has("ours"),
        not people and _channel(cut.tokens, group, book) is not None,
        any(0 <= m.first - hit.last <= 2 for m in people for hit in channels),
    )


def _settle(ranked: list[str], weights: dict[str, float], clues: _Clues) -> str:
    """The class of the thought: the heaviest, with the ties that grammar decides."""
    best = ranked[0]
    if best == "leads" and weights.get("conversion", 0.0) >= STRONG:  # "their calls close best": what becomes of leads
        return "conversion"
    if best in ("leads", "wins", "revenue") and clues.by_channel and not clues.priced:
        return "channel"
    if best == "channel" and clues.priced and weights.get("cost_per_customer", 0.0) >= STRONG:
        return "cost_per_customer"
    if best == "channel" and clues.from_people:
        return next((name for name in ranked if name in ("revenue", "wins", "leads")), "leads")
    of_leads = weights.get("leads", 0.0) >= STRONG and "cost_per_customer" not in weights
    if best in ("leads", "topic", "channel", "value", "discount") and of_leads and clues.priced:
        return "cost_per_lead"
    if best == "identity" and weights.get("topic", 0) >= STRONG * SPECIFIC_OVER_TOPIC and clues.ours:
        return "topic"
    if {"wins", "conversion"} <= set(ranked[:3]) and best in ("wins", "conversion"):
        close = abs(weights["wins"] - weights["conversion"]) <= 1.0
        if close:
            return "wins" if clues.operators & COMPOSITION else "conversion"
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
