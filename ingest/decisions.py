"""What a person said about customers: these records are one, those are not. It outranks every key and every name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ingest.contacts import Keys
from ingest.groups import Groups
from ingest.model import Decision


class Rules(NamedTuple):
    """Decisions without contradictions, as record numbers."""

    together: tuple[frozenset[int], ...] = ()
    apart: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()


def with_refs(decisions: Sequence[Decision], keys: Keys, refs: Iterable[str]) -> tuple[Decision, ...]:
    """Decisions with references in place of marks; a record that is not here is left out."""
    if not decisions:
        return ()
    ref_of = {keys.of_ref(ref): ref for ref in refs}
    return tuple(
        Decision(
            decision.kind,
            tuple(ref_of[mark] for mark in decision.one if mark in ref_of),
            tuple(ref_of[mark] for mark in decision.other if mark in ref_of),
        )
        for decision in decisions
    )


def rules_of(decisions: Sequence[Decision], numbers: Mapping[str, int]) -> Rules:
    """Rules over the records at hand; `numbers` maps a reference to its number. Later decisions outrank earlier."""
    together: list[frozenset[int]] = []
    apart: list[tuple[frozenset[int], frozenset[int]]] = []
    for decision in decisions:
        one, other = _found(decision.one, numbers), _found(decision.other, numbers)
        if decision.kind == "merge":
            apart = [pair for pair in apart if not (pair[0] & (one | other) and pair[1] & (one | other))]
            together.append(one | other)
            continue
        parted = [part for group in together for part in (group - one, group & one)]
        together = [*(group for group in parted if group), one, other]
        if one and other:
            apart.append((one, other - one))
    return Rules(tuple(together), tuple(apart))


def _found(marks: Iterable[str], numbers: Mapping[str, int]) -> frozenset[int]:
    return frozenset(numbers[mark] for mark in marks if mark in numbers)


def apply(rules: Rules, groups: Groups) -> None:
    """Join what belongs together, then keep apart what does not."""
    for group in rules.together:
        ordered = sorted(group)
        for number in ordered[1:]:
            groups.union(ordered[0], number)
    for one, other in rules.apart:
        for first in sorted({groups.find(number) for number in one}):
            for second in sorted({groups.find(number) for number in other}):
                groups.keep_apart(first, second)
