"""Whether a name holds: truer of members than of others, and than of every single other segment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.segments.facets import people
from service.segments.hearing import Heard
from service.segments.model import NameCheck, Share
from service.segments.phrases import phrases_of
from service.segments.shares import share

HEAD_BREAK = ": "
"""Between the kind of people and what tells them closer."""
BREAK = ", "


def check_name(
    name: str, members: Sequence[str], others: Sequence[str], siblings: Mapping[str, Sequence[str]], heard: Heard
) -> NameCheck:
    """The check of a name; `siblings`: other segments, id → customers.

    It is true of a customer who says a phrase of it, or shows the kind of people it names. It holds where the intervals
    of members and others do not touch, and no sibling shows it as often as members do.
    """
    who = true_of(name, heard)
    inside, outside = share_of(who, members), share_of(who, others)
    nearest = max(((share_of(who, people), id_) for id_, people in siblings.items()), key=_by_value, default=None)
    passed = inside.low is not None and inside.low > (outside.high or 0.0)
    if nearest is not None:
        passed = passed and value_of(inside) > value_of(nearest[0])
    return NameCheck(inside, outside, passed, nearest[1] if nearest else None, nearest[0] if nearest else None)


def share_of(who: frozenset[str], customers: Sequence[str]) -> Share:
    """The share of `customers` who are among `who`."""
    return share(sum(customer in who for customer in customers), len(customers))


def value_of(found: Share) -> float:
    """The share, 0 where there is none."""
    return found.value or 0.0


def lead(check: NameCheck) -> float:
    """Youden's J of the name: how well it alone would tell members from others."""
    return value_of(check.members) - value_of(check.others)


def true_of(name: str, heard: Heard) -> frozenset[str]:
    """Customers of whom the name is true."""
    kinds, rest = _kinds_in(name)
    found: set[str] = set()
    for kind in kinds:
        found |= heard.voiced_by.get(kind, frozenset())
    for part in rest.replace(" · ", BREAK).split(BREAK):
        found |= _sayers(part, heard)
    return frozenset(found)


def _sayers(part: str, heard: Heard) -> frozenset[str]:
    """Customers who say a phrase: its pairs of words where it has any, else all of its content words."""
    phrases = [phrase.lemma for phrase in phrases_of(part)]
    wanted = [phrase for phrase in phrases if " " in phrase] or phrases
    said = [heard.known.said_by.get(phrase, frozenset()) for phrase in wanted]
    return frozenset.intersection(*said) if said else frozenset()


def _kinds_in(name: str) -> tuple[list[str], str]:
    """Kinds of people the name says, in either language, and what is left of the name."""
    kinds, rest = [], name.casefold()
    who = [topic for topic in people("ru") if topic.facet == "who"]
    labels = [(label.casefold(), topic.id) for topic in who for label in topic.name.values()]
    for label, topic_id in sorted(labels, key=lambda pair: (-len(pair[0]), pair)):
        pattern = re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
        if pattern.search(rest):
            kinds.append(topic_id)
            rest = pattern.sub(BREAK, rest)
    return kinds, rest.replace(HEAD_BREAK, BREAK)


def _by_value(found: tuple[Share, str]) -> tuple[float, str]:
    return (value_of(found[0]), found[1])
