"""Asking: kept answers first, then the budget, then the model with its tries and fallbacks; everything on the bill."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from prompts.catalog import Prompt, load, prompt_hash, render
from service.core.settings import Settings
from service.llm.budget import Budget, budget_of, tokens_of
from service.llm.client import Client, clients_of
from service.llm.model import PASSING, Failed, Outcome, Question, Reply
from service.llm.quoting import quoter
from service.llm.repository import answer_key, keep_answer, kept_answers, log_call, model_key, spent
from service.store.db import Store

GIVEN_UP_AFTER = 2
"""Questions in a row that nobody answered, after which a run asks no more: an analysis must not wait for the dead."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds between tries, doubled each time."""


class Asking(Protocol):
    """Whoever takes questions: the real asker, or one that only counts (`service.llm.estimate`)."""

    @property
    def name(self) -> str:
        """The model, as `provider:model`."""
        ...

    @property
    def currency(self) -> str:
        """Of its prices."""
        ...

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Money for so many tokens."""
        ...

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """A reply to each question, in their order. Never raises for a model's failure."""
        ...


class _Open(NamedTuple):
    """A question no kept answer answers."""

    place: int
    question: Question
    prompt: Prompt
    key: str
    hashes: tuple[str, str]


@dataclass
class Asker:
    """Asks for one run. Answers are stored one by one in transactions of their own: a broken stage pays nothing twice.

    Do not ask inside a transaction that has written: SQLite has one writer.
    """

    store: Store
    settings: Settings
    workspace: str
    run_id: str
    clients: Sequence[Client]
    budget: Budget
    pause: Callable[[float], object] = time.sleep
    _unanswered: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def name(self) -> str:
        """The model first asked."""
        return self.clients[0].name

    @property
    def currency(self) -> str:
        """Of its prices."""
        return self.settings.llm_currency

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Money for so many tokens."""
        return self.budget.cost(tokens_in, tokens_out)

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """A reply to each question, in their order. Never raises for a model's failure."""
        replies: list[Reply | None] = [None] * len(questions)
        waiting = self._kept(questions, replies)
        with ThreadPoolExecutor(max_workers=self.settings.llm_concurrency) as pool:
            for item, future in [(item, pool.submit(self._asked, item)) for item in waiting]:
                reply = replies[item.place] = future.result()
                self._note(item, reply)
        return [reply for reply in replies if reply is not None]

    def _kept(self, questions: Sequence[Question], replies: list[Reply | None]) -> list[_Open]:
        """Fill in the kept answers; what is left."""
        opened = []
        for place, question in enumerate(questions):
            prompt = load(question.task, question.language)
            hashed = prompt_hash(prompt)
            key, read = answer_key(model_key(self.settings), hashed, question)
            opened.append(_Open(place, question, prompt, key, (hashed, read)))
        with self.store.session() as session:
            kept = kept_answers(session, self.workspace, [item.key for item in opened])
        for item in opened:
            if item.key in kept:
                replies[item.place] = kept[item.key]
                self._note(item, kept[item.key])
        return [item for item in opened if item.key not in kept]

    def _asked(self, item: _Open) -> Reply:
        if self._given_up:
            return Reply("unavailable", model=self.name)
        messages = render(
            item.prompt, item.question.variables, quoter(item.question.language), item.question.complaints
        )
        most = (tokens_of(*messages), self.settings.llm_answer_tokens)
        if not self.budget.promise(*most):
            return Reply("budget", model=self.name)
        reply = self._tried(messages.system, messages.user, item)
        self.budget.settle(most, (reply.tokens_in, reply.tokens_out))
        with self._lock:
            self._unanswered = self._unanswered + 1 if reply.outcome in PASSING else 0
        return reply

    @property
    def _given_up(self) -> bool:
        with self._lock:
            return self._unanswered >= GIVEN_UP_AFTER

    def _tried(self, system: str, user: str, item: _Open) -> Reply:
        """The first answer of any model; tokens of failed tries are counted too."""
        last: Outcome = "unavailable"
        tries = used_in = used_out = 0
        for client in self.clients:
            for attempt in range(1 + self.settings.llm_retries):
                tries += 1
                try:
                    got = client.complete(system, user, item.prompt.answer)
                except Failed as failure:
                    last, used_in, used_out = (
                        failure.outcome, used_in + failure.tokens_in, used_out + failure.tokens_out
                    )  # fmt: skip
                    if last not in PASSING:
                        return Reply(last, None, client.name, False, tries, used_in, used_out)
                    if attempt < self.settings.llm_retries:
                        self.pause(min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt))
                    continue
                spent_in = used_in + (got.tokens_in or tokens_of(system, user))
                spent_out = used_out + (got.tokens_out or tokens_of(str(got.answer)))
                return Reply("answered", got.answer, client.name, False, tries, spent_in, spent_out)
        return Reply(last, None, self.name, False, tries, used_in, used_out)

    def _note(self, item: _Open, reply: Reply) -> None:
        cost = 0.0 if reply.kept else self.budget.cost(reply.tokens_in, reply.tokens_out)
        with self.store.session(write=True) as session:
            if reply.outcome == "answered" and not reply.kept:
                keep_answer(session, self.workspace, item.key, item.prompt.label, item.hashes, reply)
            log_call(session, self.workspace, self.run_id, item.question.task, item.prompt.label, reply, cost)


@contextmanager
def asking(store: Store, settings: Settings, workspace: str, run_id: str) -> Iterator[Asker | None]:
    """Somebody to ask for this run; None where the settings name no model."""
    clients = clients_of(settings)
    if not clients:
        yield None
        return
    with store.session() as session:
        before = spent(session, workspace, run_id)
    yield Asker(store, settings, workspace, run_id, clients, budget_of(settings, *before))
