"""Keys behind which more than one person stands: an office phone, a shared mailbox, a number of the company itself.

A key is never trusted alone. Two records that share one are one customer unless something speaks against it: other
names, other contacts of their own. What speaks against it depends on how much the names agree (`kinship`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from ingest.clues import Item, Name, kind_of
from ingest.groups import Groups

MOST_PEOPLE = {"phone": 3, "email": 3, "deal": 3, "contact": 2, "lead": 2, "title": 1}
"""Different people one key of a kind may stand for before it is taken for a shared one: a family shares a phone."""
MOST_RECORDS, MOST_SHARE = 15, 0.06
"""A phone or e-mail on more records than both of these (a number, a share of all) is the company's own."""
MOST_FACES = 60
"""Different sets of names and contacts behind one key from which nobody needs to be told apart: it is a crowd."""
CONTACTS = ("phone", "email", "contact")
"""Kinds of key that are a person's own, not of one of their deals."""
NUMBERED = ("deal", "contact", "lead")
"""Kinds that count from one in every system: two systems give the same number to different people."""
STRANGE_PAIRS = 2
"""Contradictions between two tables from which their numbers are taken for those of two systems; two names that clash
count as that many."""

Kinship = Literal["fit", "family", "given", "none", "clash"]
"""How two records' names agree: one may be the other; one surname; one given name; a side has no name; not at all."""
Face = tuple[frozenset[Name], frozenset[str]]
"""What a record shows beside a key: its names and its other keys."""
Relation = Literal["fit", "same", "unsure", "strangers"]
"""Of two faces behind one key: names fit; another key in common; nothing speaks for or against; two people."""


@dataclass
class Crowd:
    """One key and how the records that carry it fall into people."""

    key: str
    numbers: list[int]
    shared: bool = False
    """Whether it must not join by itself."""
    people: list[list[int]] = field(default_factory=list)
    """Of a shared key: records that names join behind it, each with the others of one person."""


def compatible(one: Iterable[Name], other: Iterable[Name]) -> bool:
    """Whether some name of one may be a name of the other."""
    others = list(other)
    return any(first.may_be(second) or second.may_be(first) for first in one for second in others)


def kinship(one: frozenset[Name], other: frozenset[Name]) -> Kinship:
    """How the names of two records agree, the best of all pairs."""
    if not one or not other:
        return "none"
    if compatible(one, other):
        return "fit"
    if any(first.families & second.families for first in one for second in other):
        return "family"
    return "given" if any(first.words & second.words for first in one for second in other) else "clash"


def holders(items: Sequence[Item]) -> dict[str, list[int]]:
    """Key → numbers of the items that have it."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for key in item.keys:
            found[key].append(number)
    return found


def crowds(items: Sequence[Item], own: frozenset[str] = frozenset()) -> list[Crowd]:
    """Every key that two records or more carry, the most telling kinds first. `own` keys are the company's."""
    order = {kind: place for place, kind in enumerate(("contact", "email", "phone", "deal", "lead", "title"))}
    held = [(key, numbers) for key, numbers in holders(items).items() if len(numbers) > 1]
    systems = Systems(items, held)
    found = []
    for key, numbers in sorted(held, key=lambda pair: (order.get(kind_of(pair[0]), 9), pair[0])):
        for part in systems.parts(key, numbers):
            if len(part) > 1:
                found.append(_crowd(items, key, part, own))
    return found


def _crowd(items: Sequence[Item], key: str, numbers: list[int], own: frozenset[str]) -> Crowd:
    if key in own or _everywhere(items, key, numbers):
        return Crowd(key, numbers, shared=True)
    faces: dict[Face, list[int]] = defaultdict(list)
    for number in numbers:
        faces[items[number].names, items[number].keys - {key}].append(number)
    telling = [face for face in faces if face[0] or face[1]]
    if len(telling) > MOST_FACES:
        return Crowd(key, numbers, shared=True)
    relations = {pair: _relation(key, *pair) for pair in combinations(telling, 2)}
    fits = Groups(len(telling))
    same = Groups(len(telling))
    bridges = _bridges(telling, relations)
    for (first, one), (second, other) in combinations(enumerate(telling), 2):
        relation = relations[one, other]
        if relation == "fit" and one not in bridges and other not in bridges:
            fits.union(first, second)
        if relation == "same" or (relation == "fit" and one not in bridges and other not in bridges):
            same.union(first, second)
    if "strangers" not in relations.values() and _people(key, telling, same) <= MOST_PEOPLE.get(kind_of(key), 1):
        return Crowd(key, numbers)
    groups = [sorted(n for face in group for n in faces[telling[face]]) for group in fits.members().values()]
    people = [group for group in groups if len(group) > 1 and items[group[0]].names]
    return Crowd(key, numbers, shared=True, people=people)


def _bridges(telling: Sequence[Face], relations: Mapping[tuple[Face, Face], Relation]) -> set[Face]:
    """Faces whose short name fits two people whose full names do not fit each other: whose they are nobody knows."""
    fitting: dict[Face, list[Face]] = defaultdict(list)
    for (one, other), relation in relations.items():
        if relation == "fit":
            fitting[one].append(other)
            fitting[other].append(one)
    return {
        face
        for face in telling
        if any(kinship(one[0], other[0]) in ("given", "clash") for one, other in combinations(fitting[face], 2))
    }


def _people(key: str, telling: Sequence[Face], groups: Groups) -> int:
    """How many people the faces are; those without a name count only where nobody has one."""
    named = {groups.find(number) for number, (names, _) in enumerate(telling) if names}
    return len(named) if named and kind_of(key) != "title" else len(groups.members())


def _everywhere(items: Sequence[Item], key: str, numbers: list[int]) -> bool:
    """A contact on very many records is the company's own, unless all of them name one and the same person."""
    if kind_of(key) not in ("phone", "email") or len(numbers) <= max(MOST_RECORDS, MOST_SHARE * len(items)):
        return False
    named = [items[number].names for number in numbers if items[number].names]
    return 2 * len(named) < len(numbers) or any(kinship(named[0], names) != "fit" for names in named[1:])


def _relation(key: str, one: Face, other: Face) -> Relation:
    """Of two faces behind one key. A title may hold the surname of many people, so names prove nothing behind it."""
    rest, others = one[1] - {key}, other[1] - {key}
    kin = "none" if kind_of(key) == "title" else kinship(one[0], other[0])
    if kin == "fit":
        return "fit"
    if kin != "clash" and rest & others:
        return "same"
    if kin == "family" or kind_of(key) == "title":
        return "unsure"
    rivals = _rivals(rest, others)
    if kin == "none":
        lines = kind_of(key) == "phone" and "phone" in rivals
        return "strangers" if lines or len(rivals) > 1 else "unsure"
    if kin == "given":
        return "strangers" if rivals & {"phone", "email"} else "unsure"
    return "strangers" if rivals and kind_of(key) not in NUMBERED else "unsure"


def _rivals(one: frozenset[str], other: frozenset[str]) -> set[str]:
    """Kinds of contact both have and share none of."""
    mine, theirs = _by_kind(one), _by_kind(other)
    return {kind for kind in CONTACTS if kind in mine and kind in theirs and not mine[kind] & theirs[kind]}


def _by_kind(keys: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in keys:
        found.setdefault(kind_of(key), set()).add(key)
    return found


def may_be_one(one: Item, other: Item) -> bool:
    """Whether nothing in two records of one id says that they are about two people."""
    return _agree(one, other) is not False


class Systems:
    """Which tables count deals, contacts and leads together: learnt from whether the people behind equal ids agree."""

    def __init__(self, items: Sequence[Item], held: Sequence[tuple[str, list[int]]]) -> None:
        self._items = items
        votes: dict[tuple[str, str, str], Counter[bool]] = defaultdict(Counter)
        for key, numbers in held:
            if kind_of(key) in NUMBERED:
                self._vote(kind_of(key), numbers, votes)
        self._strange = {
            pair for pair, said in votes.items() if said[False] >= STRANGE_PAIRS and said[False] > said[True]
        }
        self._agree = Counter({pair: said[True] for pair, said in votes.items()})

    def _vote(self, kind: str, numbers: list[int], votes: Mapping[tuple[str, str, str], Counter[bool]]) -> None:
        firsts: dict[str, Item] = {}
        for number in numbers:
            item = self._items[number]
            known = firsts.get(item.source)
            if known is None or (not known.names and item.names):
                firsts[item.source] = item
        for one, other in combinations(sorted(firsts), 2):
            agree = _agree(firsts[one], firsts[other])
            if agree is not None:
                clash = not agree and kinship(firsts[one].names, firsts[other].names) == "clash"
                votes[kind, one, other][agree] += STRANGE_PAIRS if clash else 1

    def parts(self, key: str, numbers: list[int]) -> list[list[int]]:
        """The records of one key, apart where they come from tables of two systems."""
        kind = kind_of(key)
        sources = sorted({self._items[number].source for number in numbers})
        strange = {pair for pair in combinations(sources, 2) if (kind, *pair) in self._strange}
        if kind not in NUMBERED or not strange:
            return [numbers]
        groups = Groups(len(sources))
        for one, other in strange:
            groups.keep_apart(sources.index(one), sources.index(other))
        for one, other in sorted(combinations(sources, 2), key=lambda pair: (-self._agree[(kind, *pair)], pair)):
            groups.union(sources.index(one), sources.index(other))
        found: dict[int, list[int]] = defaultdict(list)
        for number in numbers:
            found[groups.find(sources.index(self._items[number].source))].append(number)
        return list(found.values())


def _agree(one: Item, other: Item) -> bool | None:
    """Whether two records of one id are about one person; None when they do not tell."""
    mine, theirs = _by_kind(one.keys), _by_kind(other.keys)
    contacts = [kind for kind in ("phone", "email") if kind in mine and kind in theirs]
    if any(mine[kind] & theirs[kind] for kind in contacts):
        return True
    kin = kinship(one.names, other.names)
    if kin in ("none", "given"):
        return False if contacts else None
    return kin != "clash"
