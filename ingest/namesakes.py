"""Joining records that share no key but a name: only with a second signal, weighed against the chance of namesakes.

Two groups of records with fitting names are one customer with the usual record-linkage odds (Fellegi and Sunter, 1969):
the rarer their common words are in this corpus and the closer in time the records are (how close those of one customer
usually are is learnt from the ones joined by keys), the likelier; a name that is spoken in the other's talk adds to it.
The group that knows less of its name asks who it is: a pair is joined when, with all other candidates and "somebody
else" counted, it is at least `SURE` of the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest.clues import Item
from ingest.evidence import Noted
from ingest.groups import Groups
from ingest.name_odds import Cluster, Match, Odds, conflict

SURE = 0.8
"""Least probability of a join by name; a wrong one mixes two people, a missing one counts a person twice."""
SURE_BARE = 0.9
"""The same where neither time nor the talk adds to the name, or both have a phone or an e-mail of their own: a full
name alone has namesakes, and two people with contacts are two customers more often than one."""
BARE = ("name+surname", "name+only")
ROUNDS = 4
"""A join can settle who another record belongs to; demo corpora settle in two rounds."""
IGNORED = 0.001
"""Rivals with odds under this share of a candidate's change nothing."""


def join_names(items: Sequence[Item], groups: Groups, noted: list[Noted], shared: frozenset[str]) -> None:
    """Union groups by names where the odds suffice, surest first; `noted` takes which records came that way."""
    for _ in range(ROUNDS):
        clusters = _clusters(items, groups, shared)
        odds = Odds(items, groups, clusters)
        if not _join(list(odds.matches()), odds, clusters, groups, noted):
            return


def _clusters(items: Sequence[Item], groups: Groups, shared: frozenset[str]) -> dict[int, Cluster]:
    clusters: dict[int, Cluster] = {}
    for number, item in enumerate(items):
        root = groups.find(number)
        clusters.setdefault(root, Cluster(root)).take(number, item, shared)
    return clusters


def _join(matches: list[Match], odds: Odds, clusters: dict[int, Cluster], groups: Groups, noted: list[Noted]) -> int:
    """Join the sure matches; returns how many."""
    asked: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        for asking in match.asking:
            asked[asking].append(match)
    sure = []
    for match in matches:
        needed = _needed(match, clusters)
        if match.odds / (1 + match.odds) < needed:
            continue
        probability = min(
            _probability(match, asking, asked[asking], clusters, odds.unlisted(asking)) for asking in match.asking
        )
        if probability >= needed:
            sure.append((probability, match))
    joined = 0
    for probability, match in sorted(sure, key=lambda pair: (-pair[0], pair[1].one, pair[1].other)):
        one, other = groups.find(match.one), groups.find(match.other)
        if one == other or conflict(clusters[one], clusters[other]) or not groups.union(one, other):
            continue
        low, high = sorted((one, other))
        noted.append(Noted(match.one, match.other, match.kind, round(probability, 3)))
        clusters[low].absorb(clusters.pop(high))
        joined += 1
    return joined


def _needed(match: Match, clusters: dict[int, Cluster]) -> float:
    """Least probability for this match."""
    reachable = clusters[match.one].is_reachable and clusters[match.other].is_reachable
    return SURE_BARE if reachable or match.kind in BARE else SURE


def _probability(
    match: Match, asking: int, candidates: list[Match], clusters: dict[int, Cluster], unlisted: float
) -> float:
    """Of `match` for the group that asks: against a stranger and the candidates that cannot be the same person.

    `unlisted` are the odds of bearers of a common name who were not looked at one by one.
    """
    chosen = clusters[match.other if match.one == asking else match.one]
    others = unlisted
    for rival in candidates:
        if rival is not match and rival.odds > IGNORED * match.odds:
            other = clusters[rival.other if rival.one == asking else rival.one]
            others += rival.odds if conflict(chosen, other) else 0.0
    return match.odds / (1 + match.odds + others)
