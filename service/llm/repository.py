"""Kept answers and the log of calls, in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.core.clock import now
from service.core.ids import random_id
from service.core.settings import Settings
from service.llm.model import Bill, Question, Reply, TaskBill
from service.store.tables import ModelAnswerRow, ModelCallRow

SCHEMA = 1
"""Version of the stored payload."""


def model_key(settings: Settings) -> str:
    """What tells answers of one model and its settings from another's."""
    parts = (settings.llm or "", settings.llm_base_url or "", settings.llm_output, str(settings.llm_answer_tokens))
    return "\n".join(parts)


def answer_key(model: str, prompt_hash: str, question: Question) -> tuple[str, str]:
    """(key, input hash): the same model, prompt and input give the same key. Marks of the message do not count."""
    given = [question.task, question.language, dict(question.variables), question.complaints]
    read = hashlib.sha256(json.dumps(given, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return hashlib.sha256("\n".join((model, prompt_hash, read)).encode()).hexdigest(), read


def kept_answers(session: Session, workspace: str, keys: Sequence[str]) -> Mapping[str, Reply]:
    """Key → the answer given to it before."""
    found = select(ModelAnswerRow).where(ModelAnswerRow.workspace_id == workspace, ModelAnswerRow.key.in_(keys))
    return {
        row.key: Reply("answered", row.payload["answer"], row.model, True, 0, row.tokens_in, row.tokens_out)
        for row in session.scalars(found)
        if row.payload.get("schema") == SCHEMA
    }


def keep_answer(session: Session, workspace: str, key: str, prompt: str, hashes: tuple[str, str], reply: Reply) -> None:
    """Keep an answer; `hashes` are of the prompt and of the input."""
    session.merge(
        ModelAnswerRow(
            workspace_id=workspace,
            key=key,
            model=reply.model,
            prompt=prompt,
            prompt_hash=hashes[0],
            input_hash=hashes[1],
            payload={"schema": SCHEMA, "answer": dict(reply.answer or {})},
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
            created_at=now(),
        )
    )


def log_call(session: Session, workspace: str, run_id: str, task: str, prompt: str, reply: Reply, cost: float) -> None:
    """Note a question and what became of it; no text."""
    session.add(
        ModelCallRow(
            workspace_id=workspace,
            id=random_id("q_"),
            run_id=run_id,
            task=task,
            prompt=prompt,
            model=reply.model,
            outcome=reply.outcome,
            kept=reply.kept,
            tries=reply.tries,
            tokens_in=0 if reply.kept else reply.tokens_in,
            tokens_out=0 if reply.kept else reply.tokens_out,
            cost=cost,
            at=now(),
        )
    )


def spent(session: Session, workspace: str, run_id: str) -> tuple[int, float]:
    """(tokens, money) of a run so far."""
    row = ModelCallRow
    found = select(func.sum(row.tokens_in + row.tokens_out), func.sum(row.cost)).where(
        row.workspace_id == workspace, row.run_id == run_id
    )
    tokens, cost = session.execute(found).one()
    return int(tokens or 0), float(cost or 0.0)


def bill_of(session: Session, workspace: str, run_id: str, currency: str = "") -> Bill | None:
    """What a run asked and spent; None when it asked nothing."""
    found = select(ModelCallRow).where(ModelCallRow.workspace_id == workspace, ModelCallRow.run_id == run_id)
    rows = sorted(session.scalars(found).all(), key=lambda row: (row.task, row.at, row.id))
    if not rows:
        return None
    failed: dict[str, int] = {}
    for row in rows:
        if row.outcome != "answered":
            failed[row.outcome] = failed.get(row.outcome, 0) + 1
    models = sorted({row.model for row in rows if row.model})
    return Bill(
        model=", ".join(models),
        calls=sum(row.tries > 0 for row in rows),
        kept=sum(row.kept for row in rows),
        tokens_in=sum(row.tokens_in for row in rows),
        tokens_out=sum(row.tokens_out for row in rows),
        cost=round(sum(row.cost for row in rows), 6),
        currency=currency,
        failed=dict(sorted(failed.items())),
        tasks=tuple(_task_bill(task, rows) for task in sorted({row.task for row in rows})),
    )


def _task_bill(task: str, rows: Sequence[Any]) -> TaskBill:
    mine = [row for row in rows if row.task == task]
    return TaskBill(
        task=task,
        calls=sum(row.tries > 0 for row in mine),
        kept=sum(row.kept for row in mine),
        failed=sum(row.outcome != "answered" for row in mine),
        tokens_in=sum(row.tokens_in for row in mine),
        tokens_out=sum(row.tokens_out for row in mine),
        cost=round(sum(row.cost for row in mine), 6),
    )
