"""Joins that no equal key makes, written down while they happen, and which records each of them holds together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple


class Noted(NamedTuple):
    """The group of record `one` was put with that of `other`, by what."""

    one: int
    other: int
    kind: str
    probability: float | None = None


class Seam(NamedTuple):
    """A join with the records it holds: those of the smaller side, and one of the other."""

    side: tuple[int, ...]
    other: int
    kind: str
    probability: float | None


def seams(noted: Sequence[Noted], base: Sequence[int]) -> list[Seam]:
    """What would come apart without each join; `base` is record → its group before any of them was made.

    Every join made two groups one, so the groups and the joins are trees: cutting one leaves two sides.
    """
    if not noted:
        return []
    held: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(base):
        held[group].append(number)
    ties: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, join in enumerate(noted):
        ties[base[join.one]].append((base[join.other], place))
        ties[base[join.other]].append((base[join.one], place))
    return [_seam(place, join, base, held, ties) for place, join in enumerate(noted)]


def _seam(
    place: int,
    join: Noted,
    base: Sequence[int],
    held: dict[int, list[int]],
    ties: dict[int, list[tuple[int, int]]],
) -> Seam:
    mine, theirs = (
        sorted(number for group in _reached(base[start], place, ties) for number in held[group])
        for start in (join.one, join.other)
    )
    if (len(mine), -mine[0]) <= (len(theirs), -theirs[0]):
        return Seam(tuple(mine), join.other, join.kind, join.probability)
    return Seam(tuple(theirs), join.one, join.kind, join.probability)


def _reached(start: int, cut: int, ties: dict[int, list[tuple[int, int]]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        for group, place in ties[waiting.pop()]:
            if place != cut and group not in found:
                found.add(group)
                waiting.append(group)
    return found
