"""Changes between two versions in words: as lists for pages, as Markdown for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.briefs.render.markdown import escape
from service.briefs.sentences import Phrasebook
from service.briefs.versions.changes import Change, Changes, Moved, Shift, Why
from service.core.numbers import Formatter, Language

KINDS = ("added", "dropped", "reworded", "figures")
"""Order in which changes are told: what is new first."""


@dataclass(frozen=True)
class ToldChange:
    """One change, ready to print."""

    section: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Told:
    """All changes, ready to print; `groups` are (heading, changes) of each kind there is."""

    since: str
    notes: tuple[str, ...]
    groups: tuple[tuple[str, tuple[ToldChange, ...]], ...]
    moved: tuple[Moved, ...]
    nothing: str


def tell(changes: Changes, language: Language) -> Told:
    """The changes in a language."""
    words = _Words(language)
    groups = []
    for kind in KINDS:
        of_kind = tuple(words.change(change) for change in changes.changes if change.kind == kind)
        if of_kind:
            groups.append((words.text(f"kind.{kind}"), of_kind))
    return Told(
        since=words.since(changes.shifts),
        notes=tuple(words.fill("renamed", before=s.before, after=s.after) for s in changes.renamed),
        groups=tuple(groups),
        moved=changes.moved,
        nothing=words.text("nothing") if changes.nothing else "",
    )


def changes_markdown(changes: Changes, language: Language, kind: str, old: int, new: int) -> str:
    """The whole account as Markdown; customers' words in it are inert."""
    words = _Words(language)
    told = tell(changes, language)
    title = words.fill("title", kind=words.book.text(f"page.kind.{kind}"), old=str(old), new=str(new))
    parts = [f"# {escape(title)}", escape(told.since), escape(told.nothing), *map(escape, told.notes)]
    for heading, items in told.groups:
        parts += [f"## {escape(heading)}", "\n".join(line for item in items for line in _item(item))]
    if told.moved:
        parts += [f"## {escape(words.text('moved'))}", "\n".join(_table(words, told.moved))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _item(item: ToldChange) -> Iterator[str]:
    section = f"*{escape(item.section)}:* " if item.section else ""
    if item.before and item.after:
        yield f"- {section}~~{escape(item.before)}~~ → {escape(item.after)}"
    elif item.after:
        yield f"- {section}{escape(item.after)}"
    else:
        yield f"- {section}~~{escape(item.before)}~~"
    if item.why:
        yield f"  - {escape(item.why)}"


def _table(words: _Words, moved: tuple[Moved, ...]) -> Iterator[str]:
    yield "| " + " | ".join(words.text(f"col.{column}") for column in ("what", "before", "after")) + " |"
    yield "|---|---|---|"
    for one in moved:
        yield f"| {escape(one.label)} | {escape(one.before)} | {escape(one.after)} |"


class _Words:
    def __init__(self, language: Language) -> None:
        self.book = Phrasebook(language, Formatter(language, ""))

    def text(self, key: str) -> str:
        return self.book.text(f"changes.{key}")

    def fill(self, key: str, **values: str) -> str:
        return self.text(key).format(**values)

    def since(self, shifts: tuple[Shift, ...]) -> str:
        told = list(dict.fromkeys(self._shift(shift) for shift in shifts))
        return self.fill("since", shifts="; ".join(told)) if told else ""

    def _shift(self, shift: Shift) -> str:
        if not shift.what.startswith("text:"):
            return self.fill(f"shift.{shift.what}", before=shift.before, after=shift.after)
        name = shift.what.removeprefix("text:")
        known = name if self.book.has(f"changes.text_name.{name}") else name.split("/")[0]
        return self.fill("shift.text", name=self.text(f"text_name.{known}"))

    def change(self, change: Change) -> ToldChange:
        section = change.section or self.text("headline")
        reasons = "; ".join(self._reason(why) for why in change.why)
        return ToldChange(section, change.before, change.after, self.fill("why", reasons=reasons) if reasons else "")

    def _reason(self, why: Why) -> str:
        if why.moved is None:
            return self.text(f"reason.{why.reason}")
        label, before, after = why.moved.label, why.moved.before, why.moved.after
        return self.fill("reason.moved", label=label, before=before, after=after)
