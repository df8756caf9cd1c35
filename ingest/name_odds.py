"""How likely two groups of records with fitting names are one customer: what a corpus teaches about names and times."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from ingest.clues import Item, Name, kind_of
from ingest.crowds import compatible
from ingest.groups import Groups

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
LEAST_ODDS = 4.0
"""Odds under which no probability can reach `namesakes.SURE`."""
SAMPLES = 4000
MOST_BEARERS = 70
"""Bearers of a name from which the name and the nearest time alone cannot reach `LEAST_ODDS`: 9 · 30 / 70 is under 4.
They are then looked at only where another word agrees, or the work would grow with the square of the records."""
NEAREST = 12
"""Bearers of a common name looked at before and after a moment, as rivals."""


@dataclass
class Cluster:
    """Records joined so far."""

    number: int
    names: set[Name] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    moments: list[datetime] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)

    def take(self, number: int, item: Item, shared: frozenset[str]) -> None:
        """Add what a record knows; a number that many share is none of its own."""
        self.items.append(number)
        self.names |= item.names | item.mail_names
        self.words |= item.words
        self.moments += item.moments
        for key in item.keys - shared:
            self.keys.setdefault(kind_of(key), set()).add(key)

    def absorb(self, other: Cluster) -> None:
        """Add all another group knows."""
        self.names |= other.names
        self.words |= other.words
        self.moments += other.moments
        self.items += other.items
        for kind, keys in other.keys.items():
            self.keys.setdefault(kind, set()).update(keys)

    @property
    def is_known_well(self) -> bool:
        """Both a phone and an e-mail: such a group waits for others to find it."""
        return "phone" in self.keys and "email" in self.keys

    @property
    def is_reachable(self) -> bool:
        """It has a phone or an e-mail of its own."""
        return "phone" in self.keys or "email" in self.keys

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Hashed words of all its names, as they stood when first asked for."""
        return frozenset(word for name in self.names for word in name.words)


class Match(NamedTuple):
    """Two groups that may be one customer. `odds` are against a stranger, before other candidates are counted.

    `asking` are those of the two whose name is no longer than the other's, or who have no contact.
    """

    odds: float
    one: int
    other: int
    asking: tuple[int, ...]
    kind: str


def conflict(one: Cluster, other: Cluster) -> bool:
    """Two groups that cannot be one customer: both have contacts of a kind and none in common, or names that differ."""
    if one.names and other.names and not compatible(one.names, other.names):
        return True
    kinds = ("phone", "email", "contact")
    return any(k in one.keys and k in other.keys and not one.keys[k] & other.keys[k] for k in kinds)


class Odds:
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
        self._speakers: dict[str, list[int]] = defaultdict(list)
        for cluster in clusters.values():
            if not cluster.names:
                for word in sorted(cluster.words):
                    self._speakers[word].append(cluster.number)
        common = {token for token, bearers in self._bearers.items() if len(bearers) > MOST_BEARERS}
        self._near = Nearest(clusters, common)
        self._unlisted: dict[int, float] = {}
        self._times = Times(items, groups, clusters)
        returning = _returning(clusters)
        self._prior_odds = returning / (1 - returning) / self._count

    def unlisted(self, number: int) -> float:
        """Odds that the group is one of those who share a common name with it and were not looked at."""
        return self._unlisted.get(number, 0.0)

    def matches(self) -> Iterator[Match]:
        """Pairs of groups with fitting names that matter: the promising ones, and the rivals of those who ask in them.

        A pair is promising when its odds could reach a join. One of the two lacks a phone or an e-mail.
        """
        askers = {asking for match in self._promising() for asking in match.asking}
        seen: set[tuple[int, int]] = set()
        for number in sorted(askers):
            asker = self._clusters[number]
            for other in sorted(self._rivals(asker)):
                pair = (min(number, other), max(number, other))
                if pair not in seen and self._may_match(asker, self._clusters[other]):
                    seen.add(pair)
                    yield self._match(self._clusters[pair[0]], self._clusters[pair[1]])

    def _promising(self) -> Iterator[Match]:
        for number in sorted(self._clusters):
            lone = self._clusters[number]
            if lone.is_known_well:
                continue
            for other in sorted(self._likely(lone)):
                if self._may_match(lone, self._clusters[other]):
                    match = self._match(lone, self._clusters[other])
                    if match.odds >= LEAST_ODDS:
                        yield match

    def _may_match(self, one: Cluster, other: Cluster) -> bool:
        return not (one.is_known_well and other.is_known_well) and not conflict(one, other)

    def _likely(self, lone: Cluster) -> set[int]:
        """Bearers of its rarer words, and those of a common one who share another word with it."""
        tokens = lone.tokens if lone.names else frozenset(lone.words)
        found: set[int] = set()
        for token in tokens:
            bearers = self._bearers.get(token, ())
            if len(bearers) <= MOST_BEARERS:
                found.update(bearers)
            else:
                found |= self._near.pairs(token, (tokens | lone.words) - {token})
        return found - {lone.number}

    def _rivals(self, asker: Cluster) -> set[int]:
        """Everybody it may be, those of a common name near in time only; the rest of them are counted together."""
        found = self._likely(asker)
        for token in asker.tokens if asker.names else asker.words:
            found.update(self._speakers.get(token, ()))
            bearers = self._bearers.get(token, ())
            if len(bearers) > MOST_BEARERS:
                found |= self._near.bearers(token, asker)
                if len(asker.tokens) == 1:
                    rest = max(0, len(bearers) - len(found))
                    self._unlisted[asker.number] = rest * self._prior_odds / self._borne[token] * TIME_BOUNDS[0]
        return found - {asker.number}

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
        asking = tuple(
            number
            for number, words in known.items()
            if words == min(known.values()) or not self._clusters[number].is_reachable
        )
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


class Nearest:
    """Bearers of common names, found by time and by a second word instead of one by one."""

    def __init__(self, clusters: dict[int, Cluster], common: set[str]) -> None:
        self._times: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        self._pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number in sorted(clusters) if common else ():
            cluster = clusters[number]
            for token in cluster.tokens & common:
                self._times[token] += [(moment, number) for moment in cluster.moments]
                for word in (cluster.tokens | cluster.words) - {token}:
                    self._pairs[token, word].append(number)
        for moments in self._times.values():
            moments.sort()

    def bearers(self, token: str, lone: Cluster) -> set[int]:
        """Those nearest in time, at most `NEAREST` on each side of every moment."""
        found: set[int] = set()
        moments = self._times[token]
        for moment in lone.moments[:NEAREST]:
            place = bisect_right(moments, (moment, -1))
            found.update(number for _, number in moments[max(0, place - NEAREST) : place + NEAREST])
        return found

    def pairs(self, token: str, words: Set[str]) -> set[int]:
        """Those with another of these words, of name or talk; a second word that is common too tells nothing."""
        listed = (self._pairs.get((token, word), ()) for word in words)
        return {number for numbers in listed if len(numbers) <= MOST_BEARERS for number in numbers}


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
