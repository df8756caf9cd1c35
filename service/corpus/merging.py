"""Why records are one customer: the card of a customer, and the log of joins that an equal key alone does not explain.

Records are documents and deals, named by their references. A person's word stands above the machine's and holds for
every later upload; each entry of the log can be undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ingest.clues import PROVING, kind_of
from ingest.model import Document, Link

EntryKind = Literal["join", "merge", "split"]
EntryState = Literal["in_force", "undone", "ended"]


@dataclass(frozen=True)
class Entry:
    """One line of the log. `join` is the machine's, `merge` and `split` are a person's."""

    id: str
    kind: EntryKind
    evidence: str
    """Of a join: `mentioned`, `name+time`, `phone+name` …; `person` else."""
    one: tuple[str, ...]
    """References of the records on one side."""
    other: tuple[str, ...]
    customers: tuple[str, ...]
    """Who they belong to now, sorted: one customer after a merge, two after a split."""
    at: datetime
    who: str
    """`machine`, or whoever asked for it."""
    upload: str | None
    """The upload that brought the evidence."""
    probability: float | None
    state: EntryState
    """`ended`: later records took the evidence away, or settled the matter by a key."""


@dataclass(frozen=True)
class Held:
    """What several records of a customer have in common: a contact or an id, never shown itself."""

    kind: str
    refs: tuple[str, ...]


@dataclass(frozen=True)
class SoldTo:
    """A deal on the card."""

    ref: str
    status: str
    product: str | None
    amount: str | None
    day: date | None


@dataclass(frozen=True)
class Card:
    """A customer with everything that is theirs, and why it is."""

    customer: str
    documents: tuple[Document, ...]
    deals: tuple[SoldTo, ...]
    held: tuple[Held, ...]
    entries: tuple[Entry, ...]

    @property
    def refs(self) -> tuple[str, ...]:
        """References of all records, sorted, each once."""
        return tuple(sorted({*(document.ref for document in self.documents), *(deal.ref for deal in self.deals)}))


@dataclass(frozen=True)
class Line:
    """A customer in a list."""

    customer: str
    documents: int
    deals: int
    last: date | None
    """The day of the latest document."""


@dataclass(frozen=True)
class LoggedJoin:
    """A join in force as the log has it, by references."""

    id: str
    one: str
    other: str


def held_by(records: Mapping[str, Iterable[str]], others: Iterable[str]) -> tuple[Held, ...]:
    """Keys that several of a customer's records have and nobody else's: reference → its keys; keys of all others."""
    foreign = set(others)
    found: dict[str, list[str]] = defaultdict(list)
    for ref in sorted(records):
        for key in set(records[ref]):
            if kind_of(key) in PROVING and key not in foreign:
                found[key].append(ref)
    several = {(kind_of(key), tuple(refs)) for key, refs in found.items() if len(refs) > 1}
    return tuple(Held(kind, refs) for kind, refs in sorted(several, key=lambda one: (PROVING.index(one[0]), one[1])))


def changes_to_log(
    links: Sequence[Link], logged: Sequence[LoggedJoin], customer_of: Mapping[str, str]
) -> tuple[list[Link], list[str]]:
    """(links the log lacks, ids of logged joins that hold no longer).

    A logged join is the same as a link that has one of its records on the one side and not the other.
    """
    by_record: dict[str, list[LoggedJoin]] = defaultdict(list)
    for join in logged:
        by_record[join.one].append(join)
        by_record[join.other].append(join)
    held: set[str] = set()
    new: list[Link] = []
    for link in links:
        side = set(link.one)
        crossing = [join for ref in link.one for join in by_record[ref] if (join.one in side) != (join.other in side)]
        alive = [join for join in crossing if _one_customer(join, customer_of)]
        held.update(join.id for join in alive)
        if not alive and link.other in customer_of and all(ref in customer_of for ref in link.one):
            new.append(link)
    return new, sorted({join.id for join in logged} - held)


def _one_customer(join: LoggedJoin, customer_of: Mapping[str, str]) -> bool:
    customer = customer_of.get(join.one)
    return customer is not None and customer == customer_of.get(join.other)


def side_of(links: Sequence[Link], join: LoggedJoin) -> tuple[str, ...]:
    """Records that a logged join put with the others; only its first one where the evidence is gone."""
    for link in links:
        side = set(link.one)
        if (join.one in side) != (join.other in side):
            return link.one
    return (join.one,)


def counted_kinds(entries: Iterable[Entry]) -> dict[str, int]:
    """Joins in force by evidence, most frequent first."""
    counted = Counter(entry.evidence for entry in entries if entry.state == "in_force")
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
