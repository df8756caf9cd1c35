"""Readings a person would give beside the machine's: stage by stage, and what verdicts become once they are confirmed.

`cases/readings/{company}.yaml` says how somebody who knows the company reads each planted claim; `cases/readings/
trades*.yaml` how sentences of other trades are read, without any data. Readings go in by the door a person uses:
`service.personas.cards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from service.personas.cards import Known, Said, corrected
from service.personas.model import Claim, Reading, Subject

FOLDER = Path(__file__).resolve().parent / "cases" / "readings"
ALIKE = (
    frozenset({"is", "high"}),
    frozenset({"rare", "low"}),
    frozenset({"most", "first"}),
)
"""Operators that the rules treat alike."""
STAGES = ("split", "measure", "measure in 3", "subject", "operator", "value", "topics")


@dataclass(frozen=True)
class Card:
    """One sentence: where it is, the planted claim's thoughts, what it says besides, sentences that go on."""

    at: str
    atoms: tuple[Said, ...]
    rest: tuple[Said, ...] = ()
    more: tuple[Card, ...] = ()


class Readings(NamedTuple):
    """Cards by claim id, and names by set of texts: dictionary form → segment, `all` or `none`."""

    cards: dict[str, Card]
    aliases: dict[str, dict[str, str]]


@dataclass
class Tally:
    """Right and counted, a stage at a time; cards in which everything was right, and all cards."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    counted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    untouched: int = 0
    cards: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, stage: str, right: bool) -> bool:
        """Count one."""
        self.counted[stage] += 1
        self.right[stage] += right
        return right


def load_readings(case: str) -> Readings:
    """The readings of a demo company."""
    raw = yaml.safe_load((FOLDER / f"{case}.yaml").read_text(encoding="utf-8"))
    return Readings({key: _card(item) for key, item in raw["claims"].items()}, raw["aliases"])


def _card(item: dict[str, Any]) -> Card:
    return Card(
        item.get("at", ""),
        tuple(Said.model_validate(one) for one in item["atoms"]),
        tuple(Said.model_validate(one) for one in item.get("rest", ())),
        tuple(_card(one) for one in item.get("more", ())),
    )


def confirmed_aliases(named: dict[str, str]) -> dict[str, str | None]:
    """Names as `read_personas` takes them."""
    return {key: None if whom == "all" else whom for key, whom in named.items()}


def confirmed(claim: Claim, card: Card, known: Known) -> Claim:
    """The claim as the person says it reads."""
    return corrected(claim, card.atoms, known)


def tell(tally: Tally, claim: Claim | None, card: Card, known: Known, quote: str) -> None:
    """Count one card: the machine's thoughts beside the person's."""
    tally.cards += 1
    if claim is None:
        tally.missed += 1
        return
    machine = claim.read or claim.atoms
    wanted = corrected(claim, (*card.atoms, *card.rest), known).atoms
    pairs = _aligned(wanted[: len(card.atoms)], machine)
    whole = tally.add("split", len(pairs) <= len(machine) <= len(wanted))
    notes = [] if whole else [f"{len(machine)} thoughts"]
    for right, read in pairs:
        if read is None:
            continue
        wrong = _faults(tally, right, read)
        whole = whole and not wrong
        notes += wrong
    tally.untouched += whole
    if notes:
        tally.wrong.append(f"    {quote!r}: {'; '.join(notes)}")


def _faults(tally: Tally, right: Reading, read: Reading) -> list[str]:
    """Stages that went wrong in one thought."""
    found = []
    if not tally.add("measure", read.measure == right.measure):
        found.append(f"measure {read.measure} for {right.measure}")
    tally.add("measure in 3", right.measure in (read.measure, *read.alternatives))
    if right.measure in ("demographic", "no_data"):
        return found
    if not tally.add("subject", _whom(read.subject) == _whom(right.subject)):
        found.append(f"subject {_whom(read.subject)} for {_whom(right.subject)}")
    if not tally.add("operator", same_operator(read, right)):
        found.append(f"operator {read.operator} for {right.operator}")
    if right.value is not None and not tally.add("value", _near(read.value, right.value) and read.unit == right.unit):
        found.append(f"value {read.value} {read.unit} for {right.value} {right.unit}")
    if right.measure == "topic" and not tally.add("topics", same_topics(read, right)):
        found.append(f"topics {read.topics or read.words} for {right.topics or right.words}")
    if right.measure == "channel" and read.channel != right.channel:
        found.append(f"channel {read.channel} for {right.channel}")
    return found


def same_operator(read: Reading, right: Reading) -> bool:
    """Whether the rules would treat the two alike; of `identity` only the sign counts."""
    if right.measure == "identity":
        return _denies(read) == _denies(right)
    alike = read.operator == right.operator or any({read.operator, right.operator} <= group for group in ALIKE)
    if right.operator in ("most", "than") and read.direction != right.direction:
        return False
    return alike and read.negated == right.negated and read.everyone == right.everyone


def _denies(reading: Reading) -> bool:
    return reading.negated or reading.operator in ("none", "low", "rare")


def same_topics(read: Reading, right: Reading) -> bool:
    """The same topics in the same places; for words outside the catalogue, half of them."""
    if right.topics or right.versus:
        return set(read.topics) == set(right.topics) and set(read.versus) == set(right.versus)
    mine, theirs = set(read.words), set(right.words)
    return not read.topics and len(mine & theirs) * 2 >= len(theirs)


def _near(value: float | None, wanted: float) -> bool:
    return value is not None and abs(value - wanted) <= 0.02 * max(1.0, abs(wanted))


def _whom(subject: Subject) -> str:
    if subject.kind == "segment":
        return subject.segment or "?"
    if subject.kind == "campaign":
        return "+".join(sorted(subject.campaigns))
    return "none" if subject.kind == "unresolved" else subject.kind


def _aligned(wanted: Sequence[Reading], machine: Sequence[Reading]) -> list[tuple[Reading, Reading | None]]:
    """Each wanted thought with the machine's of the same measure, else the one in its place."""
    free = list(range(len(machine)))
    pairs: list[tuple[Reading, Reading | None]] = []
    for place, right in enumerate(wanted):
        same = [i for i in free if machine[i].measure == right.measure]
        chosen = same[0] if same else place if place in free else free[0] if free else None
        if chosen is not None:
            free.remove(chosen)
        pairs.append((right, machine[chosen] if chosen is not None else None))
    return pairs


def stage_lines(name: str, tally: Tally) -> str:
    """A row of the table of stages."""
    cells = [f"{tally.right[s]}/{tally.counted[s]}" if tally.counted[s] else "–" for s in STAGES]
    share = tally.untouched / tally.cards if tally.cards else 0.0
    return (
        f"| {name} | {tally.cards} | {' | '.join(cells)} | {tally.untouched}/{tally.cards} ({share:.0%}) "
        f"| {tally.missed} |"
    )


def header() -> Iterable[str]:
    """The head of that table."""
    yield f"| claims | cards | {' | '.join(STAGES)} | no edit | missed |"
    yield "|---" * (len(STAGES) + 4) + "|"
