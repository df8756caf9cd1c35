"""Which records belong to one customer: union of records that share a contact key, then names with a second signal.

A key is never trusted alone when too many different people stand behind it (an office phone, a shared mailbox, a
number of the company itself); such keys join nothing and are named in the joins.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ingest.model import Join

MOST_PEOPLE = {"phone": 3, "email": 3, "deal": 3, "contact": 2, "lead": 2, "title": 1}
"""Different people one key of a kind may stand for before it is taken for a shared one: a family shares a phone."""
MOST_RECORDS, MOST_SHARE = 15, 0.06
"""A phone or e-mail on more records than both of these (a number, a share of all) is the company's own."""
ORDER = ("phone", "email", "contact", "deal", "lead", "title")
"""Which shared key explains a join when several do."""
MENTIONED = "mentioned"
"""A phone or e-mail said in the text, not in a contact field."""
SHARED = "shared"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Name(NamedTuple):
    """A name as hashes: `words` written out, `alone` initials written as such, `initials` of all of it."""

    words: frozenset[str]
    alone: frozenset[str] = frozenset()
    initials: frozenset[str] = frozenset()

    def may_be(self, longer: Name) -> bool:
        """Whether this name may be a shorter spelling of the other."""
        if not self.words <= longer.words:
            return False
        return not self.alone or not longer.initials or self.alone <= longer.initials


@dataclass(frozen=True, slots=True)
class Item:
    """A record as identity sees it: hashes only.

    `mail_names` are those read from e-mail addresses; `words` are hashed words of its text that are somebody's name;
    `customer` is set for records of earlier batches.
    """

    ref: str
    keys: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()
    mail_names: frozenset[Name] = frozenset()
    words: frozenset[str] = frozenset()
    moments: tuple[datetime, ...] = ()
    customer: str | None = None


class Resolution(NamedTuple):
    """`customer_of` covers every item; `joins` only those without an earlier customer."""

    customer_of: dict[str, str]
    joins: tuple[Join, ...]


class Groups:
    """Union-find over item numbers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """The representative of an item's group."""
        root = item
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[item] != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def union(self, first: int, second: int) -> None:
        """Make two groups one; the smaller number represents it."""
        low, high = sorted((self.find(first), self.find(second)))
        self._parent[high] = low

    def members(self) -> dict[int, list[int]]:
        """Representative → its items, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for item in range(len(self._parent)):
            found[self.find(item)].append(item)
        return dict(found)


def resolve(items: Sequence[Item], *, by_names: bool = True) -> Resolution:
    """Customers of all items. Items are taken in the order of their refs, so the input's order changes nothing."""
    ordered = sorted(items, key=lambda item: (item.customer is None, item.ref))
    groups = Groups(len(ordered))
    shared = shared_keys(ordered)
    how: dict[int, str] = {}
    _join_known(ordered, groups)
    _join_keys(ordered, groups, shared)
    _join_mentions(ordered, groups, shared, how)
    if by_names:
        from ingest.namesakes import join_names

        join_names(ordered, groups, how)
    return _settled(ordered, groups, shared, how)


def kind_of(key: str) -> str:
    """`phone:9f2c…` → `phone`."""
    return key.split(":", 1)[0]


def holders(items: Sequence[Item]) -> dict[str, list[int]]:
    """Key → numbers of the items that have it."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for key in item.keys:
            found[key].append(number)
    return found


def shared_keys(items: Sequence[Item]) -> frozenset[str]:
    """Keys behind which too many different people stand."""
    shared = set()
    for key, numbers in holders(items).items():
        kind = kind_of(key)
        if len(numbers) < 2:
            continue
        everywhere = kind in ("phone", "email") and len(numbers) > max(MOST_RECORDS, MOST_SHARE * len(items))
        if everywhere or _people_behind(key, [items[number] for number in numbers]) > MOST_PEOPLE.get(kind, 1):
            shared.add(key)
    return frozenset(shared)


def _people_behind(key: str, items: Sequence[Item]) -> int:
    """How many people the records of one key are about: those with neither a common name nor another common key."""
    telling = [item for item in items if item.names or item.keys - {key}]
    groups = Groups(len(telling))
    for first, one in enumerate(telling):
        for second in range(first):
            other = telling[second]
            if (one.keys & other.keys) - {key} or _same_person(key, one, other):
                groups.union(first, second)
    named = {groups.find(number) for number, item in enumerate(telling) if item.names}
    return len(named) if named and kind_of(key) != "title" else len(groups.members())


def _same_person(key: str, one: Item, other: Item) -> bool:
    """A title may hold the surname of many people, so names prove nothing behind it."""
    if one.customer is not None and one.customer == other.customer:
        return True
    return kind_of(key) != "title" and compatible(one.names, other.names)


def compatible(one: Iterable[Name], other: Iterable[Name]) -> bool:
    """Whether some name of one may be a name of the other."""
    others = list(other)
    return any(first.may_be(second) or second.may_be(first) for first in one for second in others)


def _join_known(items: Sequence[Item], groups: Groups) -> None:
    first: dict[str, int] = {}
    refs: dict[str, int] = {}
    for number, item in enumerate(items):
        if item.customer is not None:
            groups.union(first.setdefault(item.customer, number), number)
        groups.union(refs.setdefault(item.ref, number), number)


def _join_keys(items: Sequence[Item], groups: Groups, shared: frozenset[str]) -> None:
    """Earlier customers become one only by a record that is new: what was settled without it stays."""
    for key, numbers in sorted(holders(items).items()):
        if key not in shared and any(items[number].customer is None for number in numbers):
            for number in numbers[1:]:
                groups.union(numbers[0], number)


def _join_mentions(items: Sequence[Item], groups: Groups, shared: frozenset[str], how: dict[int, str]) -> None:
    """A phone or e-mail given in the talk joins when it is nobody else's: no other name, not said by several people."""
    owners = holders(items)
    said: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for key in item.mentioned - item.keys - shared:
            said[key].append(number)
    for key, numbers in sorted(said.items()):
        if len({groups.find(number) for number in numbers}) > 1 and key not in owners:
            continue
        for number in numbers:
            for owner in owners.get(key, ()):
                one, other = items[number], items[owner]
                clash = one.names and other.names and not compatible(one.names, other.names)
                if not clash and groups.find(number) != groups.find(owner):
                    groups.union(number, owner)
                    how[number] = MENTIONED


def _settled(items: Sequence[Item], groups: Groups, shared: frozenset[str], how: dict[int, str]) -> Resolution:
    customer_of: dict[str, str] = {}
    joins: list[Join] = []
    for members in groups.members().values():
        customer = _customer_id([items[number] for number in members], shared)
        counts = Counter(key for number in members for key in items[number].keys)
        for number in members:
            item = items[number]
            customer_of[item.ref] = customer
            if item.customer is None:
                joins += _explained(item, customer, counts, shared, how.get(number), len(members))
    return Resolution(customer_of, tuple(sorted(joins, key=lambda join: (join.item, join.key_kind))))


def _explained(
    item: Item, customer: str, counts: Counter[str], shared: frozenset[str], how: str | None, size: int
) -> list[Join]:
    kinds = {kind_of(key) for key in item.keys & shared} - {"title"}
    joins = [Join(customer, item.ref, f"{SHARED} {kind}") for kind in sorted(kinds)]
    linking = {kind_of(key) for key in item.keys - shared if counts[key] > 1}
    if kind := next((kind for kind in ORDER if kind in linking), how if size > 1 else None):
        joins.append(Join(customer, item.ref, kind))
    return joins


def _customer_id(members: Sequence[Item], shared: frozenset[str]) -> str:
    """An earlier id if there is one (of most records), else made of the smallest key, else of the smallest ref."""
    known = Counter(item.customer for item in members if item.customer is not None)
    if known:
        return min(known, key=lambda customer: (-known[customer], customer))
    keys = sorted(key for item in members for key in item.keys - shared if kind_of(key) != "title")
    return opaque_id("c_", keys[0] if keys else f"ref:{min(item.ref for item in members)}")


def opaque_id(prefix: str, part: str, length: int = 10) -> str:
    """`prefix` and base-32 characters of sha256; the same part gives the same id."""
    digest = int.from_bytes(hashlib.sha256(part.encode()).digest(), "big")
    characters = []
    for _ in range(length):
        digest, index = divmod(digest, 32)
        characters.append(_ALPHABET[index])
    return prefix + "".join(characters)
