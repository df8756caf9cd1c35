"""The leash: a proposal is judged item by item; what fails goes back once with the complaints; then it is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from service.llm.asker import Asking
from service.llm.model import MENDABLE, Outcome, Question, Reply

T = TypeVar("T")

Reason = Outcome | Literal["check", "left_out"]
"""Why an item stays plain: the check refused it twice, the model left it out, or the call gave nothing."""

Judge = Callable[[Mapping[str, Any]], "Verdict[T]"]


class Verdict(NamedTuple, Generic[T]):
    """What of an answer holds, and what is said against the rest, by item."""

    held: dict[str, T]
    complaints: dict[str, str]


@dataclass(frozen=True)
class Request(Generic[T]):
    """A question about some items, and the code that judges the answer. Items may be left out by the model."""

    question: Question
    items: Sequence[str]
    judge: Judge[T]


@dataclass
class Taken(Generic[T]):
    """What came of a request. An item is either `held` or in `plain` with the reason."""

    held: dict[str, T] = field(default_factory=dict)
    plain: dict[str, Reason] = field(default_factory=dict)
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def refused(self) -> int:
        """Items proposed and refused, or lost to a call that gave nothing."""
        return sum(reason != "left_out" for reason in self.plain.values())


def on_leash(asker: Asking, requests: Sequence[Request[T]]) -> list[Taken[T]]:
    """One round for all requests, one repair round for those with complaints."""
    taken: list[Taken[T]] = [Taken() for _ in requests]
    again: list[tuple[int, Request[T]]] = []
    for place, (request, reply) in enumerate(
        zip(requests, asker.ask([request.question for request in requests]), strict=True)
    ):
        complaints = _judged(request, reply, taken[place])
        if complaints:
            asked = replace(request.question, complaints=_written(complaints))
            again.append((place, replace(request, question=asked, items=tuple(complaints))))
    for (place, request), reply in zip(again, asker.ask([request.question for _, request in again]), strict=True):
        for item in _judged(request, reply, taken[place]):
            taken[place].plain[item] = "check" if reply.outcome == "answered" else reply.outcome
    return taken


def _judged(request: Request[T], reply: Reply, taken: Taken[T]) -> dict[str, str]:
    """Enter what holds and what nothing can be done about; complaints about the rest."""
    taken.calls += reply.tries > 0 or reply.kept
    taken.tokens_in += reply.tokens_in
    taken.tokens_out += reply.tokens_out
    if reply.answer is None:
        if reply.outcome in MENDABLE and not request.question.complaints:
            return dict.fromkeys(request.items, _UNREADABLE[_known(request)])
        taken.plain.update(dict.fromkeys(request.items, reply.outcome))
        return {}
    verdict = request.judge(reply.answer)
    complaints = {}
    for item in request.items:
        if item in verdict.held:
            taken.held[item] = verdict.held[item]
        elif item in verdict.complaints:
            complaints[item] = verdict.complaints[item]
        else:
            taken.plain[item] = "check" if request.question.complaints else "left_out"
    return complaints


def _known(request: Request[T]) -> str:
    return "ru" if request.question.language == "ru" else "en"


_UNREADABLE = {"ru": "ответ не по схеме или оборван", "en": "the answer was cut off or not by the schema"}


def _written(complaints: Mapping[str, str]) -> str:
    return "\n".join(f"{item}. {said}" for item, said in complaints.items())
