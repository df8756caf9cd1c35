"""Questions to a language model, replies, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Outcome = Literal[
    "answered",
    "timeout",
    "rate_limit",
    "server_error",
    "unavailable",
    "refused",
    "cut_off",
    "wrong_schema",
    "budget",
]
"""`unavailable`: nobody answers at the address, or the model was given up for this run; `refused`: the server declined
(key, unknown model, content); `budget`: not asked, the cap would have been passed."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
PASSING: frozenset[Outcome] = frozenset({"timeout", "rate_limit", "server_error", "unavailable"})
"""Failures worth another try: of the same model first, then of the next."""
MENDABLE: frozenset[Outcome] = frozenset({"cut_off", "wrong_schema"})
"""Answers that came and could not be read: worth one repair round."""


@dataclass(frozen=True)
class Question:
    """One question: a task of the prompt catalogue with its variables. `complaints` makes it a repair round."""

    task: str
    language: str
    variables: Mapping[str, str]
    complaints: str = ""


@dataclass(frozen=True)
class Completion:
    """What a model answered, parsed and of the right schema."""

    answer: dict[str, Any]
    tokens_in: int
    tokens_out: int


class Failed(Exception):
    """A call that gave no usable answer. Carries no text of the question, the answer or the server."""

    def __init__(self, outcome: Outcome, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out


@dataclass(frozen=True)
class Reply:
    """What became of a question. Tokens are those the answer cost when it was given, `kept` ones cost nothing now."""

    outcome: Outcome
    answer: Mapping[str, Any] | None = None
    model: str = ""
    kept: bool = False
    tries: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class TaskBill:
    """Calls of one task in a run."""

    task: str
    calls: int
    kept: int
    failed: int
    tokens_in: int
    tokens_out: int
    cost: float


@dataclass(frozen=True)
class Bill:
    """What a run spent. `failed`: outcome → questions."""

    model: str
    calls: int
    kept: int
    tokens_in: int
    tokens_out: int
    cost: float
    currency: str
    failed: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[TaskBill, ...] = ()
