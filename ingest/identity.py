"""Which records belong to one customer: union of records that share a contact key, then names with a second signal.

Customers are settled from all records each time, never from the last answer: a key that turns out to be an office's
parts whom it joined before, and the order of uploads changes nothing. Only the ids are carried on, and what a person
decided stands above all. A key is never trusted alone when too many different people stand behind it (`crowds`).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest import decisions as decided
from ingest.clues import PROVING, Item, Name, kept_name, kind_of, proves, reading
from ingest.crowds import MOST_PEOPLE, Crowd, compatible, crowds, holders, kinship
from ingest.evidence import Noted, seams
from ingest.groups import Groups
from ingest.model import Decision, Join, Link

MENTIONED = "mentioned"
"""A phone or e-mail said in the text, not in a contact field."""
SHARED = "shared"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Resolution(NamedTuple):
    """`customer_of` covers every item, `joins` those of this batch, `links` all that an equal key does not tell."""

    customer_of: dict[str, str]
    joins: tuple[Join, ...]
    links: tuple[Link, ...]


def resolve(
    items: Sequence[Item],
    *,
    by_names: bool = True,
    decisions: Sequence[Decision] = (),
    own: frozenset[str] = frozenset(),
) -> Resolution:
    """Customers of all items; the order of `items` changes nothing.

    `decisions` name records by their refs here. `own` are keys of the company itself.
    """
    known = reading(items)
    rules = decided.rules_of(decisions, {item.ref: number for number, item in enumerate(known)})
    found = crowds(known, own)
    joining = Joining(known, found, own, rules, frozenset())
    swollen = joining.swollen()
    if swollen:
        joining = Joining(known, found, own, rules, swollen)
    if by_names:
        from ingest.namesakes import join_names

        join_names(known, joining.groups, joining.noted, joining.shared)
    return _settled(known, joining)


class Joining:
    """Joins by keys and by numbers said in the talk; `noted` is what an equal key alone does not tell.

    Records numbered in `careful` join only where the names of both groups allow it: they were part of a chain that
    swallowed several people.
    """

    def __init__(
        self,
        items: Sequence[Item],
        found: Sequence[Crowd],
        own: frozenset[str],
        rules: decided.Rules,
        careful: frozenset[int],
    ) -> None:
        self.items = items
        self.groups = Groups(len(items))
        self.noted: list[Noted] = []
        self.shared = frozenset(crowd.key for crowd in found if crowd.shared) | own
        self._decided = frozenset(number for pair in rules.apart for side in pair for number in side)
        self._names = {number: set(items[number].names) for number in careful}
        decided.apply(rules, self.groups)
        for crowd in found:
            if not crowd.shared:
                self._chain(crowd.numbers)
        self.base = [self.groups.find(number) for number in range(len(items))]
        """Record → its group as decisions and equal keys make it."""
        for crowd in found:
            for person in crowd.people:
                self._behind(crowd.key, person)
        self._mentions()

    def swollen(self) -> frozenset[int]:
        """Records of groups in which more people have clashing names than share a phone anywhere."""
        most = max(MOST_PEOPLE.values())
        found: set[int] = set()
        for members in self.groups.members().values():
            people: list[frozenset[Name]] = []
            named = {self.items[number].names for number in members if self.items[number].names}
            for names in sorted(named, key=lambda names: sorted(kept_name("name", name) for name in names)):
                if all(kinship(names, other) == "clash" for other in people):
                    people.append(names)
            if len(people) > most:
                found.update(members)
        return frozenset(found)

    def _chain(self, numbers: Sequence[int]) -> None:
        """All records of one key, as one group or as the few that may not be one."""
        anchors: list[int] = []
        for number in self._most_decided_first(numbers):
            open_to = [anchor for anchor in anchors if self._may(anchor, number)]
            if not open_to:
                anchors.append(number)
                continue
            if len(anchors) > 1:
                open_to.sort(key=lambda anchor: -self._nearness(anchor, number))
            self._join(open_to[0], number)

    def _most_decided_first(self, numbers: Sequence[int]) -> Sequence[int]:
        """The sides a person or the names set apart come first; records that fit either go to the nearer."""
        if not self.groups.any_apart and not self._names:
            return numbers
        return sorted(numbers, key=lambda number: (number not in self._decided, not self.items[number].names, number))

    def _nearness(self, one: int, other: int) -> int:
        first, second = self.items[one], self.items[other]
        return 2 * len(first.keys & second.keys) + (kinship(first.names, second.names) == "fit")

    def _may(self, one: int, other: int) -> bool:
        if not self.groups.may(one, other):
            return False
        mine, theirs = self._names.get(self.groups.find(one)), self._names.get(self.groups.find(other))
        return not mine or not theirs or kinship(frozenset(mine), frozenset(theirs)) != "clash"

    def _join(self, one: int, other: int) -> bool:
        first, second = self.groups.find(one), self.groups.find(other)
        if not self.groups.union(one, other):
            return False
        if first in self._names or second in self._names:
            low, high = sorted((first, second))
            self._names.setdefault(low, set()).update(self._names.pop(high, set()))
        return True

    def _behind(self, key: str, person: Sequence[int]) -> None:
        """Records of one person behind a shared key."""
        for number in person[1:]:
            if self._may(person[0], number) and self._join(person[0], number):
                self.noted.append(Noted(number, person[0], f"{kind_of(key)}+name"))

    def _mentions(self) -> None:
        """A phone or e-mail given in the talk joins when it is nobody else's: no other name, not said by several."""
        owners = holders(self.items)
        said: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self.items):
            for key in item.mentioned - item.keys - self.shared:
                said[key].append(number)
        for key, numbers in sorted(said.items()):
            if key not in owners:
                continue
            for number in numbers:
                self._mention(number, owners[key])

    def _mention(self, number: int, owners: Sequence[int]) -> None:
        for owner in owners:
            one, other = self.items[number], self.items[owner]
            clash = one.names and other.names and not compatible(one.names, other.names)
            if not clash and self._may(number, owner) and self._join(number, owner):
                self.noted.append(Noted(number, owner, MENTIONED))


def _settled(items: Sequence[Item], joining: Joining) -> Resolution:
    customer_of: dict[str, str] = {}
    joins: list[Join] = []
    members = joining.groups.members()
    ids = _customer_ids(items, members, joining.shared)
    held = seams(joining.noted, joining.base)
    how: dict[int, str] = {}
    for seam in held:
        for number in seam.side:
            how.setdefault(number, seam.kind)
    for root, numbers in members.items():
        counts = Counter(key for number in numbers for key in items[number].keys)
        for number in numbers:
            item = items[number]
            customer_of[item.ref] = ids[root]
            if item.fresh:
                joins += _explained(item, ids[root], counts, joining.shared, how.get(number), len(numbers))
    links = [
        Link(tuple(items[number].ref for number in seam.side), items[seam.other].ref, seam.kind, seam.probability)
        for seam in sorted(held, key=lambda seam: (seam.side, seam.other))
    ]
    return Resolution(customer_of, tuple(sorted(joins, key=lambda join: (join.item, join.key_kind))), tuple(links))


def _explained(
    item: Item, customer: str, counts: Counter[str], shared: frozenset[str], how: str | None, size: int
) -> list[Join]:
    kinds = {kind_of(key) for key in item.keys & shared} - {"title"}
    joins = [Join(customer, item.ref, f"{SHARED} {kind}") for kind in sorted(kinds)]
    linking = {kind_of(key) for key in item.keys - shared if counts[key] > 1}
    if kind := next((kind for kind in PROVING if kind in linking), how if size > 1 else None):
        joins.append(Join(customer, item.ref, kind))
    return joins


def _customer_ids(items: Sequence[Item], members: dict[int, list[int]], shared: frozenset[str]) -> dict[int, str]:
    """Group → id, each id once: an earlier one goes to the group that holds most of its records."""
    claims = []
    for root, numbers in members.items():
        known = Counter(item.customer for number in numbers if (item := items[number]).customer is not None)
        claims += [(-count, str(customer), root) for customer, count in known.items()]
    ids: dict[int, str] = {}
    taken: set[str] = set()
    for _, customer, root in sorted(claims):
        if root not in ids and customer not in taken:
            ids[root] = customer
            taken.add(customer)
    for root in sorted(set(members) - set(ids)):
        made = next(made for made in _new_ids([items[number] for number in members[root]], shared) if made not in taken)
        ids[root] = made
        taken.add(made)
    return ids


def _new_ids(members: Sequence[Item], shared: frozenset[str]) -> Iterable[str]:
    """Ids made of the smallest key, of the next …, at last of the smallest ref."""
    for key in sorted({key for item in members for key in item.keys - shared if proves(key)}):
        yield opaque_id("c_", key)
    ref = min(item.ref for item in members)
    yield opaque_id("c_", f"ref:{ref}")
    number = 2
    while True:
        yield opaque_id("c_", f"ref:{ref}~{number}")
        number += 1


def opaque_id(prefix: str, part: str, length: int = 10) -> str:
    """`prefix` and base-32 characters of sha256; the same part gives the same id."""
    digest = int.from_bytes(hashlib.sha256(part.encode()).digest(), "big")
    characters = []
    for _ in range(length):
        digest, index = divmod(digest, 32)
        characters.append(_ALPHABET[index])
    return prefix + "".join(characters)
