"""Union-find over numbered records, with pairs that must stay apart."""

from __future__ import annotations

from collections import defaultdict


class Groups:
    """Disjoint sets of the numbers 0 … size-1; the smallest number of a set represents it."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self._foes: dict[int, set[int]] = {}

    def find(self, item: int) -> int:
        """The representative of an item's group."""
        root = item
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[item] != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def together(self, first: int, second: int) -> bool:
        """Whether two items are in one group."""
        return self.find(first) == self.find(second)

    def may(self, first: int, second: int) -> bool:
        """Whether nothing keeps the groups of two items apart."""
        return self.find(second) not in self._foes.get(self.find(first), ())

    def keep_apart(self, first: int, second: int) -> None:
        """Refuse every later union of these two groups; nothing for items already together."""
        one, other = self.find(first), self.find(second)
        if one != other:
            self._foes.setdefault(one, set()).add(other)
            self._foes.setdefault(other, set()).add(one)

    def union(self, first: int, second: int) -> bool:
        """Make two groups one; False when they were one already or are kept apart."""
        low, high = sorted((self.find(first), self.find(second)))
        if low == high or high in self._foes.get(low, ()):
            return False
        self._parent[high] = low
        for foe in self._foes.pop(high, set()):
            self._foes[foe].discard(high)
            self._foes[foe].add(low)
            self._foes.setdefault(low, set()).add(foe)
        return True

    @property
    def any_apart(self) -> bool:
        """Whether any two groups are kept apart."""
        return bool(self._foes)

    def members(self) -> dict[int, list[int]]:
        """Representative → its items, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for item in range(len(self._parent)):
            found[self.find(item)].append(item)
        return dict(found)
