"""Rules over what customers say: how many of a group voice a topic, unasked, in their own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.comparison.figures import CONTRADICTED, PARTLY, SUPPORTED, Judged, banded
from service.comparison.rules import threshold
from service.personas.model import Reading
from service.personas.voices import Said, Voices, stem_of
from service.segments.topics import catalogue, topics_in
from service.segments.words import lemma, words

WORRIES = frozenset({"objection", "pain", "question", "need"})
"""Facets that can be a first objection or wish; who people are and what happened to them cannot."""
TOO_COMMON = 0.5
"""A word that half of all customers use says nothing of its own."""


@dataclass(frozen=True)
class Count:
    """k of n customers, with the name of what was counted."""

    k: int
    n: int
    measure: str

    @property
    def share(self) -> float:
        """0 for an empty group."""
        return self.k / self.n if self.n else 0.0


class Support:
    """Who voices what a reading speaks of: topics of the catalogue, or else its own words."""

    def __init__(self, reading: Reading, voices: Voices, own_words: Callable[[str], bool] | None = None) -> None:
        self._voices = voices
        self.topics = reading.topics
        self.versus = reading.versus
        self.stems = () if reading.topics else self._usable(reading.words)
        self.known = bool(self.topics or self.stems)

    def _usable(self, words: Sequence[str]) -> tuple[str, ...]:
        """Stems of content words that some but not most customers use."""
        limit = TOO_COMMON * max(1, len(self._voices.everybody))
        return tuple(w for w in words if 1 <= len(self._voices.who_use(w)) <= limit)

    @property
    def measure(self) -> str:
        """`topic:<id>` or `words:<stems>`."""
        return f"topic:{'+'.join(self.topics)}" if self.topics else f"words:{'+'.join(self.stems)}"[:60]

    def fits(self, said: Said) -> bool:
        """Whether one utterance voices it."""
        if self.topics:
            return bool(said.topics.intersection(self.topics))
        return any(form.startswith(stem_of(word)) for word in self.stems for form in said.lemmas)

    def heard(self, sentence: str) -> bool:
        """Whether one sentence of an utterance voices it."""
        if self.topics:
            return bool(topics_in(sentence, self._voices.language).intersection(self.topics))
        forms = [lemma(word) for word in words(sentence)]
        return any(form.startswith(stem_of(word)) for word in self.stems for form in forms)

    def holders(self) -> set[str]:
        """Customers who voice it."""
        if self.topics:
            return {c for c, found in self._voices.topics_of.items() if found.intersection(self.topics)}
        found: set[str] = set()
        for word in self.stems:
            found |= self._voices.who_use(word)
        return found

    def count(self, customers: Sequence[str]) -> Count:
        """How many of the customers voice it."""
        holders = self.holders()
        return Count(sum(c in holders for c in customers), len(customers), self.measure)


def topic_counts(voices: Voices, customers: Sequence[str], topics: Sequence[str]) -> dict[str, int]:
    """How many of the customers voice each topic."""
    return {t: sum(t in voices.topics_of.get(c, ()) for c in customers) for t in topics}


def worries(language: str) -> list[str]:
    """Topics that compete for the first place."""
    return [topic.id for topic in catalogue(language) if topic.facet in WORRIES]


def objections(language: str) -> list[str]:
    """Topics that stop people."""
    return [topic.id for topic in catalogue(language) if topic.facet in ("objection", "pain")]


def rivals_of(topics: Sequence[str], language: str) -> list[str]:
    """Topics that could come first in the place of these: objections for an objection, else any worry."""
    facets = {t.id: t.facet for t in catalogue(language)}
    stops = facets.get(topics[0]) in ("objection", "pain")
    return [t for t in (objections(language) if stops else worries(language)) if t not in topics]


def judge_topic(reading: Reading, support: Support, voices: Voices, segment: str | None) -> Judged:
    """The verdict on a topic, for one segment or for everybody (None)."""
    members = voices.customers(segment)
    share = support.count(members).share
    if reading.operator == "than" and reading.versus:
        return _before(reading, voices, members)
    if reading.everyone or (segment is None and reading.operator == "all"):
        return _everyone(reading, support, voices)
    if reading.operator == "first":
        return _first(reading, support, voices, segment)
    return _level(reading, support, voices, segment, share)


def _level(reading: Reading, support: Support, voices: Voices, segment: str | None, share: float) -> Judged:
    operator = reading.operator
    others = [c for c in voices.everybody if segment and c not in set(voices.customers(segment))]
    elsewhere = support.count(others).share if others else share
    if operator == "none":
        return Judged(
            banded(share, share < threshold("topic.none"), share >= threshold("topic.none_broken")),
            "topic.none",
            threshold("topic.none_broken"),
        )
    if operator in ("rare", "low"):
        buyers = [c for c in voices.customers(segment) if c in voices.buyers]
        heard = max(share, support.count(buyers).share if len(buyers) >= 5 else 0.0)
        return Judged(
            banded(heard, heard < threshold("topic.rare"), heard >= threshold("topic.rare_broken")),
            "topic.rare",
            threshold("topic.rare_broken"),
        )
    if operator == "all":
        return Judged(
            banded(share, share >= threshold("topic.all"), share < threshold("topic.all_broken")),
            "topic.all",
            threshold("topic.all"),
        )
    if operator == "only":
        return Judged(
            banded(elsewhere, elsewhere < threshold("topic.only") * share, elsewhere >= share), "topic.only", elsewhere
        )
    if operator == "majority":
        return Judged(banded(share, share >= 0.5, share < threshold("majority.near") / 2), "topic.majority", 0.5)
    if operator == "number" and reading.value is not None:
        gap = reading.value - share
        enough = gap <= 0.1 if reading.bound == "at_least" else abs(gap) <= 0.15
        return Judged(banded(share, enough, abs(gap) > 0.25), "topic.number", reading.value)
    distinct = share >= threshold("topic.is") or (
        elsewhere and share / elsewhere >= threshold("topic.lift") and share >= threshold("topic.is_broken")
    )
    return Judged(banded(share, bool(distinct), share < threshold("topic.is_broken")), "topic.is", elsewhere)


def _before(reading: Reading, voices: Voices, members: Sequence[str]) -> Judged:
    """More of them voice the first than the second."""
    second = set(reading.versus)
    behind = sum(bool(voices.topics_of.get(c, frozenset()) & second) for c in members)
    ahead = Support(reading, voices).count(members).k
    if abs(ahead - behind) <= max(1, 0.03 * len(members)):
        return Judged(PARTLY, "topic.than", behind / len(members) if members else None)
    return Judged(
        SUPPORTED if ahead > behind else CONTRADICTED, "topic.than", behind / len(members) if members else None
    )


def _everyone(reading: Reading, support: Support, voices: Voices) -> Judged:
    """Said of every group: each segment must voice it (or name it first)."""
    groups = [s for s, members in voices.members.items() if len(members) >= 5]
    if reading.operator == "first":
        firsts = [_first(reading, support, voices, s).verdict is SUPPORTED for s in groups]
        return Judged(banded(0, all(firsts), not any(firsts)), "topic.first_everywhere")
    if reading.operator == "none":
        share = support.count(voices.everybody).share
        return Judged(
            banded(share, share < threshold("topic.none"), share >= threshold("topic.none_broken") * 0.8),
            "topic.none",
            threshold("topic.none_broken"),
        )
    shares = [support.count(voices.customers(s)).share for s in groups]
    least = min(shares, default=0.0)
    few = sum(share >= threshold("topic.everyone") for share in shares) * 2 < len(shares)
    return Judged(banded(least, least >= threshold("topic.everyone"), few), "topic.everyone", least)


def _first(reading: Reading, support: Support, voices: Voices, segment: str | None) -> Judged:
    """First among the topics that can be: by count in the group, or far ahead of the others' share."""
    members = voices.customers(segment)
    mine = support.count(members)
    if not support.topics:
        others = [c for c in voices.everybody if c not in set(members)]
        elsewhere = support.count(others).share
        strong = mine.share >= threshold("topic.first_share") and mine.share > threshold("topic.lift") * elsewhere
        return Judged(
            banded(mine.share, strong, mine.share < threshold("topic.is_broken")), "topic.first_words", elsewhere
        )
    counts = topic_counts(voices, members, rivals_of(support.topics, voices.language))
    best = max(counts.values(), default=0)
    close = best - mine.k <= max(1, round(0.03 * mine.n))
    verdict = SUPPORTED if mine.k > best else PARTLY if close and mine.k else CONTRADICTED
    return Judged(verdict, "topic.first", best / mine.n if mine.n else None)
