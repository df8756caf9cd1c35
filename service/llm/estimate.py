"""What would be asked, without asking: questions are counted as they would be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from prompts.catalog import load, prompt_hash, render
from service.core.settings import Settings
from service.llm.budget import REPLY_SHARE, budget_of, tokens_of
from service.llm.model import Question, Reply
from service.llm.quoting import quoter
from service.llm.repository import answer_key, kept_answers, model_key
from service.store.db import Store


@dataclass
class TaskEstimate:
    """Questions of one task; `kept` of them are answered already and cost nothing."""

    calls: int = 0
    kept: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass
class Counter:
    """Stands where an asker stands, counts, and answers nothing that is not kept."""

    settings: Settings
    store: Store | None = None
    workspace: str = ""
    tasks: dict[str, TaskEstimate] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The model of the settings; a word for none where there is none."""
        return self.settings.llm or "none:none"

    @property
    def currency(self) -> str:
        """Of its prices."""
        return self.settings.llm_currency

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Money for so many tokens."""
        return budget_of(self.settings).cost(tokens_in, tokens_out)

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Count the questions; kept answers are given, the rest is not answered."""
        return [self._counted(question) for question in questions]

    def _counted(self, question: Question) -> Reply:
        prompt = load(question.task, question.language)
        task = self.tasks.setdefault(question.task, TaskEstimate())
        task.calls += 1
        kept = self._kept(question, prompt_hash(prompt))
        if kept is not None:
            task.kept += 1
            return kept
        sent = tokens_of(*render(prompt, question.variables, quoter(question.language), question.complaints))
        data = tokens_of(*(question.variables[name] for name in prompt.data))
        task.tokens_in += sent
        task.tokens_out += min(self.settings.llm_answer_tokens, round(REPLY_SHARE * data))
        return Reply("unavailable", model=self.name)

    def _kept(self, question: Question, hashed: str) -> Reply | None:
        if self.store is None or self.settings.llm is None:
            return None
        key, _ = answer_key(model_key(self.settings), hashed, question)
        with self.store.session() as session:
            return kept_answers(session, self.workspace, [key]).get(key)

    @property
    def total(self) -> TaskEstimate:
        """All tasks together."""
        return TaskEstimate(
            *(
                sum(getattr(task, name) for task in self.tasks.values())
                for name in ("calls", "kept", "tokens_in", "tokens_out")
            )
        )
