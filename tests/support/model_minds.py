"""Stand-ins for a language model in tests: scripted answers, with every question kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from prompts.catalog import LANGUAGES, TASKS, load, render
from service.llm.model import Completion, Failed, Outcome, Question, Reply

NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)

Answer = Callable[[str, str], dict[str, Any]]
"""(task, user message) → the answer."""


class Scripted:
    """A client that answers by a function, or fails first as it is told to."""

    name = "scripted:model"

    def __init__(self, answer: Answer, fails: Sequence[Outcome] = ()) -> None:
        self._answer, self._fails = answer, list(fails)
        self.asked: list[str] = []
        self._tasks = {load(t, lang).system.strip(): t for t in TASKS for lang in LANGUAGES}

    def complete(self, system: str, user: str, schema: type[BaseModel]) -> Completion:
        self.asked.append(user)
        if self._fails:
            raise Failed(self._fails.pop(0))
        answer = schema.model_validate(self._answer(self._tasks[system], user)).model_dump()
        return Completion(answer, 100, 10)


class Plainly:
    """An asker without a store: every question goes to a function."""

    name, currency = "scripted:model", "USD"

    def __init__(self, answer: Callable[[Question], dict[str, Any] | Outcome]) -> None:
        self._answer = answer
        self.asked: list[Question] = []

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        return 0.0

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        self.asked.extend(questions)
        return [self._reply(question) for question in questions]

    def _reply(self, question: Question) -> Reply:
        render(load(question.task, question.language), question.variables, lambda _, text: text, question.complaints)
        given = self._answer(question)
        if isinstance(given, str):
            return Reply(given, None, self.name, False, 1)
        answer = load(question.task, question.language).answer.model_validate(given).model_dump()
        return Reply("answered", answer, self.name, False, 1, 100, 10)


def nothing(task: str) -> dict[str, Any]:
    """The answer that proposes nothing."""
    return {
        "name_segments": {"names": []},
        "extract_claims": {"readings": []},
        "phrase_sections": {"sentences": []},
        "rewrite_creative": {"headline": "", "lines": []},
        "rewrite_script": {"lines": []},
    }[task]
