"""Answers from a file instead of a model: the same every time, and no network. `WHOBUYS_LLM=replay:answers.json`.

The file is a list of `{"task": …, "language": …, "when": …, "answer": {…}}`; the first entry of the task and language
whose `when` (left out: always) stands in the message answers. `"fail": "timeout"` and the like, instead of an answer,
is a call that failed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from prompts.catalog import LANGUAGES, TASKS, load
from service.core.errors import BadInput
from service.llm.budget import tokens_of
from service.llm.model import Completion, Failed, Outcome


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    task: str
    language: str
    when: Annotated[str, Field(description="Stands in the message")] = ""
    answer: dict[str, Any] | None = None
    fail: Outcome | None = None


@dataclass
class Replay:
    """The answers of a file; `asked` is every message, in order, for whoever wants to look."""

    name: str
    entries: Sequence[_Entry]
    asked: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, path: str) -> Replay:
        """The file's answers. BadInput when it is none."""
        try:
            raw = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls(f"replay:{Path(path).name}", TypeAdapter(list[_Entry]).validate_python(raw))
        except (OSError, ValueError, ValidationError) as error:
            raise BadInput(
                f"{path!r} is no file of answers: {type(error).__name__}.",
                ru=f"{path!r} — не файл ответов: {type(error).__name__}.",
            ) from error

    @classmethod
    def of(cls, answers: Sequence[Mapping[str, Any]]) -> Replay:
        """Answers given as they would stand in the file."""
        return cls("replay:given", TypeAdapter(list[_Entry]).validate_python(list(answers)))

    def complete(self, system: str, user: str, schema: type[BaseModel]) -> Completion:
        """The first fitting answer. Raises Failed: as the entry says, or `unavailable` where none fits."""
        self.asked.append((system, user))
        spent = tokens_of(system, user)
        for entry in self.entries:
            if _system_of(entry.task, entry.language) != system or entry.when not in user:
                continue
            if entry.answer is None:
                raise Failed(entry.fail or "unavailable", spent)
            try:
                answer = schema.model_validate(entry.answer).model_dump()
            except ValidationError:
                raise Failed("wrong_schema", spent) from None
            return Completion(answer, spent, tokens_of(json.dumps(entry.answer, ensure_ascii=False)))
        raise Failed("unavailable")


def _system_of(task: str, language: str) -> str:
    return load(task, language).system.strip() if task in TASKS and language in LANGUAGES else ""
