"""What people say of segments: renamed, merged, split, a customer pinned or excluded. The log only grows; undoing is an
edit too, and can be undone."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from service.core.errors import BadInput, Conflict, NotFound

Kind = Literal["rename", "merge", "split", "pin", "exclude", "undo"]
Reason = Literal["segment", "customer", "parts"]
"""Why an edit sleeps: its segment is not found, its customer is not there, fewer than two of its parts have members."""
State = Literal["applied", "waiting", "sleeping", "undone"]

LONGEST_NAME = 80
"""Characters of a segment's name: a heading, not a description."""
MOST_PARTS = 5
"""Parts a machine is asked for at once: more would each be too few customers to act upon."""


@dataclass(frozen=True)
class Part:
    """A part of a split segment: its id, and customers known to belong to it."""

    segment: str
    customers: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What an edit does. `segment` is renamed, merged away, split or pinned to; of `parts` one carries its id."""

    kind: Kind
    segment: str | None = None
    into: str | None = None
    name: str | None = None
    was: str | None = None
    """What a renamed segment was called until then."""
    customer: str | None = None
    document: str | None = None
    """One of the customer's documents: finds them again when joining or parting records has given them another id."""
    parts: tuple[Part, ...] = ()
    undoes: str | None = None


@dataclass(frozen=True)
class Edit:
    """One line of the log."""

    id: str
    number: int
    change: Change
    who: str
    made_at: datetime

    @property
    def reshapes(self) -> bool:
        """Whether it moves customers: figures must be computed anew."""
        return self.change.kind in ("merge", "split", "pin", "exclude")

    @property
    def touches(self) -> frozenset[str]:
        """Segments and customers it is about."""
        change = self.change
        named = (change.segment, change.into, change.customer, *(part.segment for part in change.parts))
        return frozenset(name for name in named if name)


@dataclass(frozen=True)
class Known:
    """What an edit may speak of: segments as they stand once waiting edits are applied, and all customers.

    `names`: id → name shown; `shown`: segments of the latest run; `members`: their customers.
    """

    names: dict[str, str]
    shown: frozenset[str]
    customers: frozenset[str]
    merged: dict[str, str] = field(default_factory=dict)
    """Segments that a waiting edit merges into others."""


def undone(log: Iterable[Edit]) -> set[str]:
    """Ids of edits that are taken back: by an undo that is not taken back itself."""
    back: set[str] = set()
    for edit in sorted(log, key=lambda edit: -edit.number):
        if edit.change.kind == "undo" and edit.id not in back and edit.change.undoes:
            back.add(edit.change.undoes)
    return back


def in_force(log: Sequence[Edit]) -> list[Edit]:
    """Edits that hold, oldest first."""
    back = undone(log)
    return [e for e in sorted(log, key=lambda e: e.number) if e.id not in back and e.change.kind != "undo"]


def found_again(edits: Iterable[Edit], customer_of: Mapping[str, str]) -> list[Edit]:
    """The edits, those about a customer who is no longer there under their id about whoever holds their document now.

    `customer_of`: document id → customer.
    """
    there, found = set(customer_of.values()), []
    for edit in edits:
        change = edit.change
        now = customer_of.get(change.document or "")
        lost = change.customer is not None and change.customer not in there
        found.append(replace(edit, change=replace(change, customer=now)) if lost and now else edit)
    return found


def names_given(log: Sequence[Edit]) -> dict[str, str]:
    """Segment → the name a person gave it last."""
    renames = (edit.change for edit in in_force(log) if edit.change.kind == "rename")
    return {change.segment: change.name for change in renames if change.segment and change.name}


def merges(log: Sequence[Edit]) -> dict[str, str]:
    """Segment → where people's merges in force finally put it."""
    direct = {e.change.segment: e.change.into for e in in_force(log) if e.change.kind == "merge"}
    found = {}
    for start in direct:
        seen, at = {start}, direct[start]
        while at in direct and at not in seen:
            seen.add(at)
            at = direct[at]
        if start and at and at != start:
            found[start] = at
    return found


@dataclass(frozen=True)
class Entry:
    """A line of the log as people read it: `who` by label; `reason` says why it sleeps."""

    edit: Edit
    who: str
    state: State
    reason: Reason | None = None
    undoes: Change | None = None
    """What an undo takes back, seen through undos of undos."""


def entries(
    log: Sequence[Edit],
    applied: Collection[str],
    sleeping: Mapping[str, str],
    shown: Collection[str],
    people: Mapping[str, str],
) -> list[Entry]:
    """The log, newest first. `applied`, `sleeping`: what the latest run did with edits; `shown`: its segments."""
    back, by_id = undone(log), {edit.id: edit for edit in log}
    used = {*applied, *sleeping}
    coming = {part.segment for edit in in_force(log) if edit.id not in used for part in edit.change.parts}
    found = []
    for edit in sorted(log, key=lambda edit: -edit.number):
        target = edit.change.undoes and by_id.get(edit.change.undoes)
        reason: Reason | None = None
        state: State = "applied"
        if edit.id in back:
            state = "undone"
        elif edit.change.kind == "rename" and edit.change.segment not in shown:
            state, reason = ("waiting", None) if edit.change.segment in coming else ("sleeping", "segment")
        elif edit.reshapes and edit.id not in applied:
            reason = _reason(sleeping.get(edit.id))
            state = "sleeping" if reason else "waiting"
        who = people.get(edit.who, edit.who)
        found.append(Entry(edit, who, state, reason, target.change if target else None))
    return found


def _reason(kept: str | None) -> Reason | None:
    reasons: tuple[Reason, ...] = ("segment", "customer", "parts")
    return next((reason for reason in reasons if reason == kept), None)


def waits(log: Sequence[Edit], used: Collection[str]) -> bool:
    """Whether the next analysis would move customers: the edits in force are not those a run looked at (`used`)."""
    return {edit.id for edit in in_force(log) if edit.reshapes} != set(used)


def clean_name(raw: str) -> str:
    """A name as it will be shown: composed, one line, no invisible or direction-turning characters.

    BadInput when nothing is left or it is longer than `LONGEST_NAME`.
    """
    spaced = " ".join(unicodedata.normalize("NFC", raw).split())
    name = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()
    if not any(c.isalnum() for c in name):
        raise BadInput("A name needs a letter or a digit.", ru="В имени нужна хотя бы одна буква или цифра.")
    if len(name) > LONGEST_NAME:
        raise BadInput(
            f"The name has {len(name)} characters; at most {LONGEST_NAME} fit.",
            ru=f"В имени {len(name)} знаков; помещается не больше {LONGEST_NAME}.",
        )
    return name


def folded(name: str) -> str:
    """Two names that fold alike look alike."""
    return unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")


def checked_rename(known: Known, segment: str, raw: str) -> Change:
    """A new name for a segment; BadInput for one that cannot be or that another segment bears."""
    _there(known, segment)
    name = clean_name(raw)
    for other, held in known.names.items():
        if other != segment and folded(held) == folded(name):
            raise BadInput(
                f"Segment {other!r} is called {held!r} already; two of one name cannot be told apart.",
                ru=f"Так уже называется сегмент {other!r} ({held!r}); два одинаковых имени не различить.",
            )
    return Change("rename", segment, name=name, was=known.names[segment])


def checked_merge(known: Known, segment: str, into: str) -> Change:
    """One segment into another, whose id and name stay."""
    _there(known, segment)
    _there(known, into)
    if segment == into:
        raise BadInput("A segment cannot be merged into itself.", ru="Сегмент нельзя слить с самим собой.")
    return Change("merge", segment, into=into)


def checked_pin(known: Known, customer: str, segment: str, document: str | None = None) -> Change:
    """A customer held in a segment, whatever the machine finds; `document`: one of theirs."""
    _there(known, segment)
    _customer(known, customer)
    return Change("pin", segment, customer=customer, document=document)


def checked_exclude(known: Known, customer: str, document: str | None = None) -> Change:
    """A customer left out of every count: no customer at all; `document`: one of theirs."""
    _customer(known, customer)
    return Change("exclude", customer=customer, document=document)


def checked_undo(log: Sequence[Edit], edit_id: str) -> Change:
    """Taking back an edit, or an undo. NotFound for an unknown one, Conflict for one that is taken back already."""
    if all(edit.id != edit_id for edit in log):
        raise NotFound(f"There is no edit {edit_id!r}.", ru=f"Правки {edit_id!r} нет.")
    if edit_id in undone(log):
        raise Conflict(f"Edit {edit_id!r} is undone already.", ru=f"Правка {edit_id!r} уже отменена.")
    return Change("undo", undoes=edit_id)


def _there(known: Known, segment: str) -> None:
    if segment in known.names:
        return
    if segment in known.merged:
        into = known.merged[segment]
        raise Conflict(
            f"Segment {segment!r} is merged into {into!r} already; undo that first, or name {into!r}.",
            ru=f"Сегмент {segment!r} уже слит с {into!r}; сначала отмените это или назовите {into!r}.",
        )
    raise NotFound(f"No segment {segment!r}.", ru=f"Сегмента {segment!r} нет.")


def _customer(known: Known, customer: str) -> None:
    if customer not in known.customers:
        raise NotFound(f"No customer {customer!r}.", ru=f"Клиента {customer!r} нет.")
