"""What changed between two versions of a brief, and why: sentences, the figures in them, what the data did."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from service.briefs.model import Brief, Fact
from service.briefs.versions.model import Basis
from service.briefs.versions.wording import BY_THE_CLOCK, Line, fact_print, lines

Reason = Literal["moved", "first_heard", "no_longer", "text", "edits", "data", "product", "same_data"]
SIMILAR = 0.6
"""Share of equal characters from which a dropped and an added sentence of one section are one, reworded."""
MOST_REASONS = 2


@dataclass(frozen=True)
class Moved:
    """A figure printed in both versions, differently."""

    source: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shift:
    """Something the version rests on that differs: documents, customers, deals, a text, edits, the product."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Why:
    """A reason for a change; `moved` names the figure it follows from."""

    reason: Reason
    moved: Moved | None = None


@dataclass(frozen=True)
class Change:
    """A sentence that is new, gone, or says the same with other figures or words."""

    kind: Literal["added", "dropped", "figures", "reworded"]
    section: str
    before: str
    after: str
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Changes:
    """Everything that differs. `shifts` is what happened to the data in between."""

    shifts: tuple[Shift, ...]
    moved: tuple[Moved, ...]
    changes: tuple[Change, ...]
    renamed: tuple[Shift, ...] = field(default=())

    @property
    def nothing(self) -> bool:
        """Whether the two say the same."""
        return not (self.moved or self.changes or self.renamed)


def compare(old: Brief, new: Brief, before: Basis, after: Basis) -> Changes:
    """The changes from `old` to `new`, in the reading order of the new version, dropped sentences last."""
    shifts = tuple(_shifts(before, after))
    moved = _moved(old, new)
    judge = _Judge(old, new, {m.source: m for m in moved}, shifts)
    return Changes(shifts, moved, tuple(judge.changes()), tuple(_renamed(old, new)))


def _shifts(before: Basis, after: Basis) -> list[Shift]:
    found = [
        Shift(what, str(getattr(before, what)), str(getattr(after, what)))
        for what in ("documents", "customers", "deals", "edits", "product")
        if getattr(before, what) != getattr(after, what)
    ]
    old, new = dict(before.texts), dict(after.texts)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            found.append(Shift(f"text:{name}", old.get(name, "")[:8], new.get(name, "")[:8]))
    return found


def _moved(old: Brief, new: Brief) -> tuple[Moved, ...]:
    was, now = fact_print(old), fact_print(new)
    return tuple(
        Moved(fact.source, fact.label, was[fact.source], now[fact.source])
        for fact in new.facts
        if fact.source in was and was[fact.source] != now[fact.source] and fact.source not in BY_THE_CLOCK
    )


def _renamed(old: Brief, new: Brief) -> list[Shift]:
    was, now = dict(old.names), dict(new.names)
    segments = [key for key in now if key in was and was[key] != now[key] and key.startswith("s")]
    return [Shift(key, was[key], now[key]) for key in segments]


class _Judge:
    """Pairs the sentences of two versions and gives each difference its reasons."""

    def __init__(self, old: Brief, new: Brief, moved: dict[str, Moved], shifts: tuple[Shift, ...]) -> None:
        self._moved, self._shifts = moved, {shift.what for shift in shifts}
        self._facts = {True: {f.id: f for f in new.facts}, False: {f.id: f for f in old.facts}}
        self._sources = {True: {f.source for f in new.facts}, False: {f.source for f in old.facts}}
        self._old, self._new = list(lines(old)), list(lines(new))

    def changes(self) -> list[Change]:
        """Figures first where the sentence stayed; then reworded, added and dropped ones."""
        pool: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self._old:
            pool[line.section, line.skeleton].append(line)
        found: list[Change] = []
        fresh: list[Line] = []
        for line in self._new:
            same = pool[line.section, line.skeleton]
            if not same:
                fresh.append(line)
                continue
            was = same.pop(0)
            if self._timeless(was, new=False) != self._timeless(line, new=True):
                found.append(Change("figures", line.section, was.text, line.text, self._why(line, new=True)))
        gone = [line for rest in pool.values() for line in rest]
        gone.sort(key=self._old.index)
        return found + self._fresh(fresh, gone)

    def _timeless(self, line: Line, *, new: bool) -> str:
        """The sentence without what follows the calendar and without the spelling of names."""
        facts = self._facts[new]
        return "".join(
            span.text
            for span in line.sentence
            if span.style != "name" and (span.fact not in facts or facts[span.fact].source not in BY_THE_CLOCK)
        )

    def _fresh(self, fresh: list[Line], gone: list[Line]) -> list[Change]:
        found = []
        for line in fresh:
            was = max(
                (old for old in gone if old.section == line.section),
                key=lambda old: SequenceMatcher(None, old.text, line.text).ratio(),
                default=None,
            )
            if was is not None and SequenceMatcher(None, was.text, line.text).ratio() >= SIMILAR:
                gone.remove(was)
                found.append(Change("reworded", line.section, was.text, line.text, self._why(line, new=True)))
            else:
                found.append(Change("added", line.section, "", line.text, self._why(line, new=True)))
        return found + [Change("dropped", line.section, line.text, "", self._why(line, new=False)) for line in gone]

    def _why(self, line: Line, *, new: bool) -> tuple[Why, ...]:
        """Figures of the sentence that moved; else facts that came or went; else what the data did."""
        cited = [self._facts[new][span.fact] for span in line.sentence if span.fact in self._facts[new]]
        found = [Why("moved", self._moved[f.source]) for f in _distinct(cited) if f.source in self._moved]
        if found:
            return tuple(found[:MOST_REASONS])
        if any(self._text_changed(fact) for fact in cited):
            return (Why("text"),)
        other = self._sources[not new]
        if any(fact.source not in other for fact in cited):
            return (Why("first_heard" if new else "no_longer"), *self._data()[:1])
        return self._data() or (Why("same_data"),)

    def _text_changed(self, fact: Fact) -> bool:
        """Whether the sentence rests on a text of the company that was replaced in between."""
        if not fact.source.startswith("text:"):
            return False
        kind, which, *_ = fact.source.removeprefix("text:").split("/")
        name = f"text:{kind}/{which}" if kind == "persona" else f"text:{kind}"
        return any(shift == name or shift.startswith(f"{name}/") for shift in self._shifts)

    def _data(self) -> tuple[Why, ...]:
        if "edits" in self._shifts:
            return (Why("edits"),)
        if self._shifts & {"documents", "customers", "deals"} or any(s.startswith("text:") for s in self._shifts):
            return (Why("data"),)
        return (Why("product"),) if "product" in self._shifts else ()


def _distinct(facts: list[Fact]) -> list[Fact]:
    return list({fact.source: fact for fact in facts}.values())
