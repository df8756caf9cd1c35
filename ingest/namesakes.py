"""Joining records that share no key but a name: only with a second signal, weighed against the chance of namesakes.

Two groups of records with fitting names are one customer with the usual record-linkage odds (Fellegi and Sunter, 1969):
the rarer their common words are in this corpus and the closer in time the records are (how close those of one customer
usually are is learnt from the ones joined by keys), the likelier; a name that is spoken in the other's talk adds to it.
The group that knows less of its name asks who it is: a pair is joined when, with all other candidates and "somebody
else" counted, it is at least `SURE` of the answer.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ingest.identity import Groups, Item, Name, compatible, kind_of

SURE = 0.8
"""Least probability of a join by name; a wrong one mixes two people, a missing one counts a person twice."""
ROUNDS = 4
"""A join can settle who another record belongs to; demo corpora settle in two rounds."""
GAPS = (1 / 24, 1.0, 3.0, 10.0, 30.0, 90.0)
"""Borders, in days, of the classes of time between two records."""
USUAL = (0.15, 0.2, 0.15, 0.2, 0.15, 0.1, 0.05)
"""Share of each class between records of one customer where the corpus is too small to learn it: judgement."""
PRIOR_RECORDS = 20.0
SPOKEN = 0.5
"""Chance that a talk has a given word of the customer's name in it: judgement."""
UNSPOKEN = 0.75
"""What it costs that the rest of a name is not heard in a talk."""
TIME_BOUNDS = (0.3, 30.0)
"""Time alone neither proves nor excludes: a customer may come back after a year."""
RETURNING = (0.3, 0.9)
"""Bounds of the share of records whose customer has other records."""
IGNORED = 0.001
"""Rivals with odds under this share of a candidate's change nothing."""
SAMPLES = 4000


@dataclass
class Cluster:
    """Records joined so far."""

    number: int
    names: set[Name] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    moments: list[datetime] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    items: list[int] = field(default_factory=list)

    def take(self, number: int, item: Item) -> None:
        """Add what a record knows."""
        self.items.append(number)
        self.names |= item.names | item.mail_names
        self.words |= item.words
        self.moments += item.moments
        for key in item.keys:
            self.keys.setdefault(kind_of(key), set()).add(key)
        if item.customer is not None:
            self.customers.add(item.customer)

    def absorb(self, other: Cluster) -> None:
        """Add all another group knows."""
        self.names |= other.names
        self.words |= other.words
        self.moments += other.moments
        self.items += other.items
        self.customers |= other.customers
        for kind, keys in other.keys.items():
            self.keys.setdefault(kind, set()).update(keys)

    @property
    def is_known_well(self) -> bool:
        """Both a phone and an e-mail: such a group waits for others to find it."""
        return "phone" in self.keys and "email" in self.keys

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(word for name in self.names for word in name.words)


class Match(NamedTuple):
    """Two groups that may be one customer. `odds` are against a stranger, before other candidates are counted.

    `asking` are those of the two whose name is no longer than the other's.
    """

    odds: float
    one: int
    other: int
    asking: tuple[int, ...]
    kind: str


def join_names(items: Sequence[Item], groups: Groups, how: dict[int, str]) -> None:
    """Union groups by names where the evidence suffices, surest first; `how` tells which records came that way."""
    for _ in range(ROUNDS):
        clusters = _clusters(items, groups)
        matches = list(Evidence(items, groups, clusters).matches())
        if not _join(matches, clusters, groups, how):
            return


def _clusters(items: Sequence[Item], groups: Groups) -> dict[int, Cluster]:
    clusters: dict[int, Cluster] = {}
    for number, item in enumerate(items):
        root = groups.find(number)
        clusters.setdefault(root, Cluster(root)).take(number, item)
    return clusters


def _join(matches: list[Match], clusters: dict[int, Cluster], groups: Groups, how: dict[int, str]) -> int:
    """Join the sure matches; returns how many."""
    asked: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        for asking in match.asking:
            asked[asking].append(match)
    sure = []
    for match in matches:
        probability = min(_probability(match, asking, asked[asking], clusters) for asking in match.asking)
        if probability >= SURE:
            sure.append((probability, match))
    joined = 0
    for _, match in sorted(sure, key=lambda pair: (-pair[0], pair[1].one, pair[1].other)):
        one, other = groups.find(match.one), groups.find(match.other)
        if one == other or conflict(clusters[one], clusters[other]):
            continue
        fewer = min((clusters[one], clusters[other]), key=lambda cluster: (len(cluster.items), -cluster.number))
        for number in fewer.items:
            how.setdefault(number, match.kind)
        low, high = sorted((one, other))
        groups.union(low, high)
        clusters[low].absorb(clusters.pop(high))
        joined += 1
    return joined


def _probability(match: Match, asking: int, candidates: list[Match], clusters: dict[int, Cluster]) -> float:
    """Of `match` for the group that asks: against a stranger and the candidates that cannot be the same person."""
    chosen = clusters[match.other if match.one == asking else match.one]
    others = 0.0
    for rival in candidates:
        if rival is not match and rival.odds > IGNORED * match.odds:
            other = clusters[rival.other if rival.one == asking else rival.one]
            others += rival.odds if conflict(chosen, other) else 0.0
    return match.odds / (1 + match.odds + others)


def conflict(one: Cluster, other: Cluster) -> bool:
    """Two groups that cannot be one customer: both have contacts of a kind and none in common, or names that differ."""
    if one.customers and other.customers and not one.customers & other.customers:
        return True
    if one.names and other.names and not compatible(one.names, other.names):
        return True
    kinds = ("phone", "email", "contact")
    return any(k in one.keys and k in other.keys and not one.keys[k] & other.keys[k] for k in kinds)


class Evidence:
    """What this corpus teaches about names and times."""

    def __init__(self, items: Sequence[Item], groups: Groups, clusters: dict[int, Cluster]) -> None:
        self._clusters = clusters
        named = [cluster for cluster in clusters.values() if cluster.names]
        self._count = max(1, len(named))
        borne = Counter(token for cluster in named for token in cluster.tokens)
        initials = Counter(letter for cluster in named for letter in {i for n in cluster.names for i in n.initials})
        heard = Counter(word for cluster in clusters.values() for word in cluster.words)
        talks = max(1, sum(bool(cluster.words) for cluster in clusters.values()))
        self._borne = {token: (count + 0.5) / (self._count + 1) for token, count in borne.items()}
        self._initial = {letter: (count + 0.5) / (self._count + 1) for letter, count in initials.items()}
        self._heard = {word: (count + 0.5) / (talks + 1) for word, count in heard.items()}
        self._bearers: dict[str, list[int]] = defaultdict(list)
        for cluster in named:
            for token in sorted(cluster.tokens):
                self._bearers[token].append(cluster.number)
        self._times = Times(items, groups, clusters)
        returning = _returning(clusters)
        self._prior_odds = returning / (1 - returning) / self._count

    def matches(self) -> Iterator[Match]:
        """Every pair of groups with fitting names, each once; one of the two lacks a phone or an e-mail."""
        seen: set[tuple[int, int]] = set()
        for number in sorted(self._clusters):
            lone = self._clusters[number]
            if lone.is_known_well:
                continue
            tokens = lone.tokens if lone.names else lone.words
            candidates = {other for token in tokens for other in self._bearers.get(token, ())} - {number}
            for other in sorted(candidates):
                pair = (min(number, other), max(number, other))
                if pair not in seen and not conflict(lone, self._clusters[other]):
                    seen.add(pair)
                    yield self._match(lone, self._clusters[other])

    def _match(self, one: Cluster, other: Cluster) -> Match:
        common = max(
            (self._rarity(a, b) for a in one.names for b in other.names if compatible((a,), (b,))), default=1.0
        )
        ratio = self._times.ratio(one, other)
        spoken = self._spoken(one, other) * self._spoken(other, one)
        whole = any(len(a.words & b.words) > 1 for a in one.names for b in other.names)
        kind = "name+spoken" if spoken > 1 else "name+time" if ratio > 1.5 else "name+surname" if whole else "name+only"
        known = {
            cluster.number: max((len(name.words) for name in cluster.names), default=0) for cluster in (one, other)
        }
        asking = tuple(number for number, words in known.items() if words == min(known.values()))
        return Match(self._prior_odds * common * ratio * spoken, one.number, other.number, asking, kind)

    def _rarity(self, one: Name, other: Name) -> float:
        """How much likelier the common words and initials are for one person than for two."""
        words = math.prod(1 / self._borne[word] for word in one.words & other.words)
        lone = (one.alone & other.initials) | (other.alone & one.initials)
        return words * math.prod(1 / self._initial[letter] for letter in lone if letter in self._initial)

    def _spoken(self, talker: Cluster, named: Cluster) -> float:
        """What the talk of one says about the words of the other's name that its own name lacks."""
        rest = named.tokens - talker.tokens
        if not talker.words or not rest:
            return 1.0
        return math.prod(SPOKEN / self._heard[word] if word in talker.words else UNSPOKEN for word in rest)


def _returning(clusters: dict[int, Cluster]) -> float:
    """Share of records with a contact whose customer has other records, within bounds."""
    sizes = [len(cluster.items) for cluster in clusters.values() if "phone" in cluster.keys or "email" in cluster.keys]
    share = sum(size for size in sizes if size > 1) / sum(sizes) if sizes else RETURNING[0]
    return min(max(share, RETURNING[0]), RETURNING[1])


class Times:
    """How much likelier a gap in time is between records of one customer than between strangers."""

    def __init__(self, items: Sequence[Item], groups: Groups, clusters: dict[int, Cluster]) -> None:
        same, apart = self._same(items, clusters), self._apart(items, groups, clusters)
        records, strangers = sum(same.values()) + PRIOR_RECORDS, sum(apart.values()) + 0.5 * len(USUAL)
        self._known = sum(apart.values()) > 0
        self._ratios = [
            min(
                max((same[i] + PRIOR_RECORDS * usual) / records / ((apart[i] + 0.5) / strangers), TIME_BOUNDS[0]),
                TIME_BOUNDS[1],
            )
            for i, usual in enumerate(USUAL)
        ]

    def ratio(self, one: Cluster, other: Cluster) -> float:
        """Above 1 where the time speaks for one customer; 1 where a side has no time."""
        found = _gap(one.moments, other.moments)
        return 1.0 if found is None or not self._known else self._ratios[found]

    @staticmethod
    def _same(items: Sequence[Item], clusters: dict[int, Cluster]) -> Counter[int]:
        found: Counter[int] = Counter()
        for cluster in clusters.values():
            for number in cluster.items[:20]:
                rest = [moment for other in cluster.items[:20] if other != number for moment in items[other].moments]
                if (gap := _gap(items[number].moments, rest)) is not None:
                    found[gap] += 1
        return found

    @staticmethod
    def _apart(items: Sequence[Item], groups: Groups, clusters: dict[int, Cluster]) -> Counter[int]:
        found: Counter[int] = Counter()
        roots = sorted(clusters)
        pairs = len(items) * len(roots)
        for pair in range(0, pairs, max(1, pairs // SAMPLES)):
            number, root = pair % len(items), roots[pair // len(items)]
            gap = _gap(items[number].moments, clusters[root].moments) if groups.find(number) != root else None
            if gap is not None:
                found[gap] += 1
        return found


def _gap(one: Sequence[datetime], other: Sequence[datetime]) -> int | None:
    """The class of the smallest gap; None when a side has no time."""
    if not one or not other:
        return None
    days = min(abs((first - second).total_seconds()) for first in one for second in other) / 86400
    return bisect_right(GAPS, days)
