"""Topics and facets of some customers against others: shares with intervals, and how surely they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from service.segments.facets import facets
from service.segments.hearing import Heard
from service.segments.model import Quote, TopicShare
from service.segments.phrases import TELLS_APART, log_odds_z
from service.segments.shares import share
from service.segments.topics import Topic, catalogue

DIFFERENCES = 6
"""Topics and facets told of two neighbouring segments."""
RARE = 3
"""Customers who must voice a facet on one side at least."""


def topic_shares(
    members: Sequence[str], others: Sequence[str], heard: Heard, quotes: Mapping[str, tuple[Quote, ...]]
) -> tuple[TopicShare, ...]:
    """How many members and others voice each topic of the catalogue, most voiced by members first."""
    rows = _rows(catalogue(heard.language), members, others, heard, quotes)
    return tuple(sorted(rows, key=lambda row: (-row.members.k, row.topic)))


def facet_shares(
    members: Sequence[str], others: Sequence[str], heard: Heard, quotes: Mapping[str, tuple[Quote, ...]]
) -> tuple[TopicShare, ...]:
    """Kinds of people, situations, goals and reasons that members show more than others, surest first.

    Only what at least `RARE` members show and what is truer of them at one-sided 5 %.
    """
    rows = _rows(facets(heard.language), members, others, heard, quotes)
    telling = [row for row in rows if row.members.k >= RARE and row.score >= TELLS_APART]
    return tuple(sorted(telling, key=lambda row: (-row.score, row.topic)))


def differences(here: Sequence[str], there: Sequence[str], heard: Heard) -> tuple[TopicShare, ...]:
    """What tells two segments apart: topics and facets by how surely their shares differ, `there` as the others.

    A negative score is truer of the other segment.
    """
    rows = _rows((*catalogue(heard.language), *facets(heard.language)), here, there, heard, {})
    telling = [r for r in rows if max(r.members.k, r.others.k) >= RARE and abs(r.score) >= TELLS_APART]
    return tuple(sorted(telling, key=lambda row: (-abs(row.score), row.topic))[:DIFFERENCES])


def _rows(
    topics: Iterable[Topic],
    members: Sequence[str],
    others: Sequence[str],
    heard: Heard,
    quotes: Mapping[str, tuple[Quote, ...]],
) -> list[TopicShare]:
    inside, outside = set(members), set(others)
    rows = []
    for topic in topics:
        who = heard.voiced_by.get(topic.id, frozenset())
        k, other_k = len(who & inside), len(who & outside)
        rows.append(
            TopicShare(
                topic=topic.id,
                facet=topic.facet,
                members=share(k, len(members)),
                others=share(other_k, len(others)),
                quotes=quotes.get(topic.id, ()),
                score=round(log_odds_z(k, len(members), other_k, len(others)), 4),
            )
        )
    return rows
