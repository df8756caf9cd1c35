"""Segments over runs: one keeps its id by its members, one to one, never by number or label; and what became of each.

Matched is what the machine found with what it found before: people's edits come after, so that a merged segment's part
keeps its own identity underneath and comes back when the merge is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from service.core.ids import stable_id

CONTINUES = 0.25
"""Jaccard overlap of members (among customers known to both runs) from which a segment is the same one."""
TAKES = 0.25
"""Share of a segment's members that must move together before it counts as split."""
MOST = 0.5
"""Share of a lost segment's members that must be in one other before it counts as merged into it."""
REMEMBERED = 5
"""Runs for which a segment that is no longer found is remembered, so that it comes back under its own id."""

Members = Mapping[str, Sequence[str]]
Kind = Literal["continued", "split", "merged", "born", "returned", "died"]

UNASSIGNED, OUTSIDE, NEW, GONE = "unassigned", "not_a_customer", "new", "gone"
"""Places that are no segment: in none, no customer, not in the earlier run, not in the later one."""


@dataclass(frozen=True)
class AsFound:
    """The segments of a run before people's edits: what the next run is matched with."""

    members: dict[str, tuple[str, ...]]
    names: dict[str, str]
    """What the machine calls them, also those that an edit hides."""
    parts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Of each segment that people split: its parts as shown, its own id among them."""
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Last members of segments that are no longer found."""
    missed: dict[str, int] = field(default_factory=dict)
    """For how many runs each of `lost` has been missing."""


@dataclass(frozen=True)
class Passage:
    """How many of a segment's members are, or were, in one place: a segment's id or one of the four other places."""

    place: str
    customers: int
    share: float


@dataclass(frozen=True)
class Side:
    """A segment in one of two runs; `moves`: where its members are in the other run, most first."""

    segment: str
    size: int
    moves: tuple[Passage, ...]


@dataclass(frozen=True)
class Change:
    """One thing that happened between two runs. Continued: one and one; split: one and many; merged: many and one."""

    kind: Kind
    before: tuple[Side, ...]
    now: tuple[Side, ...]
    by_people: bool = False
    """An edit did it, not the data."""


@dataclass(frozen=True)
class Hands:
    """What people's edits did in a run: segments merged into others, and the further parts of those split."""

    merged: dict[str, str] = field(default_factory=dict)
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def since(self, before: Hands) -> Hands:
        """What is new against an earlier run; what was undone since is the opposite."""
        merged = {a: b for a, b in self.merged.items() if before.merged.get(a) != b}
        split = {a: parts for a, parts in self.split.items() if before.split.get(a) != parts}
        for a, b in before.merged.items():
            if a not in self.merged:
                split[b] = (*split.get(b, ()), a)
        for a, parts in before.split.items():
            if a not in self.split:
                merged.update(dict.fromkeys(parts, a))
        return Hands(merged, split)


@dataclass(frozen=True)
class Lineage:
    """What a run keeps for the next one and for the history page."""

    as_found: AsFound
    changes: tuple[Change, ...] = ()
    """Against the run before, as people see the segments; nothing in the first run."""
    names: dict[str, str] = field(default_factory=dict)
    """What the segments were called, in this run and the one before."""
    applied: tuple[str, ...] = ()
    """Edits that shaped this run."""
    sleeping: dict[str, str] = field(default_factory=dict)
    """Edits that could not be applied, with the reason: a segment or customer that is not there."""
    hands: Hands = field(default_factory=Hands)
    """What the applied edits did."""


def segment_ids(members: Sequence[Sequence[str]], before: Members, found: AsFound | None = None) -> list[str]:
    """Ids for new segments given their members and the earlier run's `{id: members}`.

    The best one-to-one matching by overlap (Hungarian method), so of a split segment the larger heir keeps the id; of
    a segment that people had split and the machine now splits too, each part takes its own. What is left may be a lost
    segment come back. A segment without a match gets an id made from its members, so the same data give the same ids.
    """
    known = {customer for people in before.values() for customer in people}
    columns = [set(people) for people in members]
    ids: list[str | None] = [None] * len(columns)
    for column, name in _pairs({n: people & known for n, people in enumerate(columns)}, before).items():
        ids[column] = name
    if found is not None:
        _match_parts(ids, columns, found.parts)
        free = {n: people for n, people in enumerate(columns) if ids[n] is None}
        lost = {name: people for name, people in found.lost.items() if name not in ids}
        long_known = {customer for people in lost.values() for customer in people} | known
        for column, name in _pairs({n: people & long_known for n, people in free.items()}, lost).items():
            ids[column] = name
    taken = {*before, *(found.lost if found else ()), *(name for name in ids if name)}
    return [name or _fresh(people, taken) for name, people in zip(ids, columns, strict=True)]


def _fresh(people: Iterable[str], taken: set[str]) -> str:
    made = stable_id("s_", *sorted(people))
    while made in taken:
        made = stable_id("s_", made)
    taken.add(made)
    return made


def _pairs(columns: Mapping[int, AbstractSet[str]], targets: Members) -> dict[int, str]:
    """Column → target of the best matching; overlaps under `CONTINUES` do not count."""
    if not columns or not targets:
        return {}
    from scipy.optimize import linear_sum_assignment

    rows, names = sorted(columns), sorted(targets)
    overlap = np.array([[_jaccard(columns[row], set(targets[name])) for name in names] for row in rows])
    overlap[overlap < CONTINUES] = 0.0
    matched = linear_sum_assignment(-overlap)
    return {rows[int(i)]: names[int(j)] for i, j in zip(*matched, strict=True) if overlap[i, j] > 0}


def _jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _match_parts(ids: list[str | None], columns: Sequence[set[str]], parts: Mapping[str, Members]) -> None:
    """Where the machine has come to split what people had split, its columns take the parts' ids (in `ids`)."""
    for whole, pieces in sorted(parts.items()):
        open_columns = {n: people for n, people in enumerate(columns) if ids[n] is None or ids[n] == whole}
        known = {customer for people in pieces.values() for customer in people}
        fitting = {n: people & known for n, people in open_columns.items()}
        free = {name: people for name, people in pieces.items() if name == whole or name not in ids}
        matched = _pairs(fitting, free)
        if len(matched) < 2:
            continue
        for column in open_columns:
            ids[column] = matched.get(column)


def remembered(before: AsFound | None, members: Members) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """(last members, runs missed) of segments that are not among `members` any more."""
    lost: dict[str, tuple[str, ...]] = {}
    missed: dict[str, int] = {}
    if before is None:
        return lost, missed
    for name, people in {**before.lost, **before.members}.items():
        count = 1 if name in before.members else before.missed.get(name, 0) + 1
        if name not in members and count <= REMEMBERED:
            lost[name], missed[name] = tuple(people), count
    return lost, missed


@dataclass(frozen=True)
class Standing:
    """Where every customer of a run stands: `places`: customer → segment id, `unassigned` or `not_a_customer`."""

    places: Mapping[str, str]
    names: Mapping[str, str]

    def members(self) -> dict[str, list[str]]:
        """Customers of each segment."""
        found: dict[str, list[str]] = {name: [] for name in sorted(self.names)}
        for customer, place in self.places.items():
            if place in found:
                found[place].append(customer)
        return found


def changes(
    before: Standing, now: Standing, hands: Hands | None = None, revived: AbstractSet[str] = frozenset()
) -> tuple[Change, ...]:
    """What happened to the segments between two runs whose ids already tell who continued.

    `hands`: what people did between the two; `revived`: ids that were lost and are back. A share of a split or merge is
    of members who are in both runs; the moves told with it count everybody. In the order split, merged, died, born,
    returned, continued; larger first.
    """
    return _Telling(before, now, hands or Hands(), revived).told()


class _Telling:
    def __init__(self, before: Standing, now: Standing, hands: Hands, revived: AbstractSet[str]) -> None:
        self.before, self.now, self.hands, self.revived = before, now, hands, revived
        self.old, self.new = before.members(), now.members()
        self.went = {n: Counter(now.places.get(c, GONE) for c in people) for n, people in self.old.items()}
        self.came = {n: Counter(before.places.get(c, NEW) for c in people) for n, people in self.new.items()}

    def told(self) -> tuple[Change, ...]:
        """All changes."""
        heirs = {name: self._heirs(name) for name in self.old}
        taker = {name: self._taker(name) for name in self.old if not heirs[name]}
        found = [self._change("split", [name], into) for name, into in heirs.items() if into]
        merged_into = sorted({into for into in taker.values() if into})
        for into in merged_into:
            sources = [name for name in self.old if taker.get(name) == into]
            if into in self.old:
                found.append(self._change("merged", [into, *sources], [into]))
            elif len(sources) > 1:
                found.append(self._change("merged", sources, [into]))
            else:
                found.append(self._change("died", sources, []))
        lost = [name for name in self.old if name not in self.new and not heirs[name] and not taker[name]]
        found += [self._change("died", [name], []) for name in lost]
        told = {side.segment for change in found for side in change.now}
        for name in self.new:
            if name not in told:
                kind: Kind = "continued" if name in self.old else "returned" if name in self.revived else "born"
                found.append(self._change(kind, [name] if name in self.old else [], [name]))
        return tuple(sorted(found, key=_in_order))

    def _change(self, kind: Kind, earlier: Sequence[str], later: Sequence[str]) -> Change:
        old = tuple(Side(n, len(self.old[n]), _passages(self.went[n])) for n in earlier)
        new = tuple(Side(n, len(self.new[n]), _passages(self.came[n])) for n in later)
        by_people = False
        if kind == "split":
            by_people = any(side.segment in self.hands.split.get(earlier[0], ()) for side in new)
        elif kind == "merged":
            by_people = all(self.hands.merged.get(name, later[0]) == later[0] for name in earlier if name != later[0])
            by_people = by_people and any(name in self.hands.merged for name in earlier)
        return Change(kind, old, new, by_people)

    def _heirs(self, name: str) -> list[str]:
        """The segments a split one became, the one that kept its id first; none where it did not split."""
        moves = self.went[name]
        there = moves.total() - moves[GONE]
        by_people = self.hands.split.get(name, ())
        fresh = [
            place
            for place, count in sorted(moves.items(), key=lambda item: (-item[1], item[0]))
            if place in self.new
            and place not in self.old
            and (place in by_people or (count >= TAKES * there and self._source(place) == name))
        ]
        kept = [name] if name in self.new else []
        return [*kept, *fresh] if fresh and len(kept) + len(fresh) > 1 else []

    def _source(self, name: str) -> str | None:
        """The segment most of a segment's members were in before."""
        found = [(-count, place) for place, count in self.came[name].items() if place in self.old]
        return min(found)[1] if found else None

    def _taker(self, name: str) -> str | None:
        """The segment that took most of a lost one's members."""
        if name in self.new:
            return None
        moves = self.went[name]
        there = moves.total() - moves[GONE]
        taken = [(count, place) for place, count in moves.items() if place in self.new]
        count, place = max(taken, default=(0, ""))
        return place if count and count > MOST * there else None


def _in_order(change: Change) -> tuple[int, int, str]:
    kinds: tuple[Kind, ...] = ("split", "merged", "died", "born", "returned", "continued")
    largest = max(side.size for side in (*change.before, *change.now))
    return kinds.index(change.kind), -largest, (change.before or change.now)[0].segment


def _passages(moves: Counter[str]) -> tuple[Passage, ...]:
    total = max(1, moves.total())
    ordered = sorted(moves.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Passage(place, count, round(count / total, 4)) for place, count in ordered if count)
