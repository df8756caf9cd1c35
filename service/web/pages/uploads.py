"""Below a receipt: whose next calls it helps, what it changed, what changed it since, and whether it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.core.numbers import Formatter
from service.corpus.receipt import Receipt
from service.corpus.undoing import Undoing
from service.web.i18n import Words
from service.web.pages.next_call import NextCall


@dataclass(frozen=True)
class UndoView:
    """The act of taking an upload back, in words."""

    id: str
    undone: str
    """That and when it was taken back; empty while it counts."""
    removed: str
    restored: str
    later: tuple[tuple[str, str], ...]
    """(id, sentence) of later uploads that replaced rows of this one."""
    refusal: str
    may: bool


@dataclass(frozen=True)
class CallView:
    """A customer's next call."""

    call: NextCall
    title: str
    explained: str


def undo_view(receipt: Receipt, plan: Undoing, refusal: str, may: bool, words: Words, formatter: Formatter) -> UndoView:
    """What taking back would do, or did."""
    undone = words("undo.undone", day=formatter.day(receipt.undone_at)) if receipt.undone_at else ""
    return UndoView(
        receipt.id,
        undone,
        _counted(plan.removed, words),
        _counted(plan.restored, words),
        tuple((later, words("undo.later", id=later, n=n)) for later, n in plan.later.items()),
        refusal,
        may,
    )


def calls_view(calls: Sequence[NextCall], words: Words, formatter: Formatter) -> tuple[CallView, ...]:
    """Customers with their hints, those with most to say first."""
    shown = []
    for call in calls:
        sure = formatter.value(call.probability, "share") if call.probability is not None else ""
        title = words(f"next_call.{call.state}", name=call.segment_name)
        explained = words("next_call.sure", share=sure) if call.state == "placed" and sure else ""
        shown.append(CallView(call, title, explained))
    return tuple(sorted(shown, key=lambda one: (one.call.state != "placed", one.call.customer)))


def _counted(counts: dict[str, int], words: Words) -> str:
    return ", ".join(words(f"undo.{kind}", n=n) for kind, n in counts.items() if words.has(f"undo.{kind}"))
