"""What became of segments and what people did to them, as sentences in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from service.core.numbers import Formatter
from service.segments.edits import Change as Said
from service.segments.lineage import GONE, NEW, OUTSIDE, UNASSIGNED, Change, Passage, Side

TOLD_FROM: Final = 0.05
"""Share of members from which a move is told: one in twenty."""

_WORDS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "continued": "{a} — тот же сегмент: было {was}, стало {now}.",
        "split": "{a} ({was}) разделился: {moves}.",
        "merged": "{b} вобрал {others}. Было {was}, стало {now}.",
        "merged_new": "Слились {others}: теперь это {b}, {now}.",
        "born": "Новый сегмент {b}, клиентов {now}: {moves}.",
        "returned": "Снова найден {b}, клиентов {now}: {moves}.",
        "died": "{a} ({was}) больше не найден: {moves}.",
        "stayed": " Из прежних: {moves}.",
        "by_people": " Это правка.",
        "stay": "{share} остались",
        "moved": "{share} теперь в {place}",
        "from": "{share} раньше были в {place}",
        "of": "{place} ({share} клиентов)",
        UNASSIGNED: "{share} ни в одном сегменте",
        OUTSIDE: "{share} среди не клиентов",
        NEW: "{share} обратились впервые",
        GONE: "{share} больше нет в данных",
        "rename": "{a} теперь называется «{name}»",
        "merge": "{a} слит с {b}",
        "split_edit": "{a} разделён на части: {n}",
        "pin": "Клиент {customer} закреплён в {a}",
        "exclude": "Клиент {customer} исключён",
        "undo": "Отменено: {what}",
        "and": " и ",
    },
    "en": {
        "continued": "{a} is the same segment: {was} before, {now} now.",
        "split": "{a} ({was}) split: {moves}.",
        "merged": "{b} took in {others}. It had {was} customers and has {now}.",
        "merged_new": "{others} became one: {b}, {now} customers.",
        "born": "New segment {b}, {now} customers: {moves}.",
        "returned": "Found again: {b}, {now} customers: {moves}.",
        "died": "{a} ({was}) is no longer found: {moves}.",
        "stayed": " Of the earlier members {moves}.",
        "by_people": " An edit did this.",
        "stay": "{share} stayed",
        "moved": "{share} are now in {place}",
        "from": "{share} were in {place} before",
        "of": "{place} ({share} of its customers)",
        UNASSIGNED: "{share} are in no segment",
        OUTSIDE: "{share} are no customers",
        NEW: "{share} got in touch for the first time",
        GONE: "{share} are no longer in the data",
        "rename": "{a} is now called “{name}”",
        "merge": "{a} merged into {b}",
        "split_edit": "{a} split into {n} parts",
        "pin": "Customer {customer} pinned to {a}",
        "exclude": "Customer {customer} excluded",
        "undo": "Undone: {what}",
        "and": " and ",
    },
}
_PAST: Final = {
    "ru": {UNASSIGNED: "{share} не были ни в одном сегменте", OUTSIDE: "{share} считались не клиентами"},
    "en": {UNASSIGNED: "{share} were in no segment", OUTSIDE: "{share} counted as no customers"},
}


def told(change: Change, names: Mapping[str, str], language: str) -> str:
    """A change between two runs in a sentence or two; `names`: segment id → name."""
    return _Teller(names, language).change(change)


def said(change: Said, names: Mapping[str, str], language: str, undone: Said | None = None) -> str:
    """An edit in a phrase; `undone`: what an undo takes back."""
    return _Teller(names, language).edit(change, undone)


class _Teller:
    def __init__(self, names: Mapping[str, str], language: str) -> None:
        self.language = "ru" if language == "ru" else "en"
        self.words = _WORDS[self.language]
        self.names = names

    def change(self, change: Change) -> str:
        """The sentence of its kind, with the moves that matter."""
        first, last = (change.before or change.now)[0], (change.now or change.before)[0]  # the one that keeps its id
        fields = {"a": self.name(first.segment), "b": self.name(last.segment), "was": first.size, "now": last.size}
        match change.kind:
            case "split" | "died":
                fields["moves"] = self.moves(first.moves, stays=last.segment if change.kind == "split" else "")
            case "merged":
                others = [side for side in change.before if side.segment != last.segment]
                fields["others"] = self.gained(others, last)
            case "born" | "returned":
                fields["moves"] = self.origins(last.moves)
        kind = "merged_new" if change.kind == "merged" and last.segment not in _ids(change.before) else change.kind
        told = self.words[kind].format(**fields)
        if change.kind == "continued" and first.moves[:1] and first.moves[0].share < 1.0 - TOLD_FROM:
            told += self.words["stayed"].format(moves=self.moves(first.moves, stays=first.segment))
        return told + (self.words["by_people"] if change.by_people else "")

    def moves(self, moves: Iterable[Passage], stays: str) -> str:
        """Where members are now, each place in a few words."""
        return ", ".join(self._move(move, stays) for move in _telling(moves))

    def gained(self, others: Iterable[Side], into: Side) -> str:
        """How much of each source went into the segment that took it in."""
        shares = {side.segment: sum(m.share for m in side.moves if m.place == into.segment) for side in others}
        return self.words["and"].join(
            self.words["of"].format(share=self.percent(share), place=self.name(name)) for name, share in shares.items()
        )

    def origins(self, moves: Iterable[Passage]) -> str:
        """Where members were before."""
        said = []
        for move in _telling(moves):
            form = _PAST[self.language].get(move.place) or self.words.get(move.place) or self.words["from"]
            said.append(form.format(share=self.percent(move.share), place=self.name(move.place)))
        return ", ".join(said)

    def _move(self, move: Passage, stays: str) -> str:
        form = self.words["stay"] if move.place == stays else self.words.get(move.place) or self.words["moved"]
        return form.format(share=self.percent(move.share), place=self.name(move.place))

    def edit(self, change: Said, undone: Said | None) -> str:
        """The phrase of an edit."""
        if change.kind == "undo":
            what = self.edit(undone, None) if undone else change.undoes or ""
            return self.words["undo"].format(what=what[:1].lower() + what[1:] if self.language == "ru" else what)
        return self.words["split_edit" if change.kind == "split" else change.kind].format(
            a=self.quoted(change.was) if change.was else self.name(change.segment or ""),
            b=self.name(change.into or ""),
            n=len(change.parts),
            name=change.name,
            customer=change.customer,
        )

    def name(self, segment: str) -> str:
        """A segment's name in the language's quotes; its id where no name is known."""
        return self.quoted(self.names.get(segment, segment))

    def quoted(self, name: str) -> str:
        """A name in the language's quotes."""
        return f"«{name}»" if self.language == "ru" else f"“{name}”"

    def percent(self, share: float) -> str:
        """A share as on every page."""
        return Formatter(self.language).percent(share)


def _telling(moves: Iterable[Passage]) -> list[Passage]:
    """The moves worth telling, at least the largest."""
    every = list(moves)
    return [move for move in every if move.share >= TOLD_FROM] or every[:1]


def _ids(sides: Iterable[Side]) -> set[str]:
    return {side.segment for side in sides}
