"""What a language model answered, and what each call cost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Payload, workspace_key


class ModelAnswerRow(Base):
    """An answer that fits its schema, kept so that the same question is paid for once.

    The question is kept as hashes only. `payload` is what the model wrote: it may hold customers' words.
    """

    __tablename__ = "model_answers"
    workspace_id: Mapped[str] = workspace_key()
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 over model, prompt hash and input hash."""
    model: Mapped[str] = mapped_column(Text)
    prompt: Mapped[str] = mapped_column(Text)
    """`<task>/<language>/v<version>`."""
    prompt_hash: Mapped[str] = mapped_column(String(64))
    input_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Payload] = mapped_column()
    tokens_in: Mapped[int] = mapped_column(Integer)
    tokens_out: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment())


class ModelCallRow(Base):
    """One question of a run: answered, taken from the kept answers, or not answered and why. Holds no text."""

    __tablename__ = "model_calls"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    run_id: Mapped[str] = mapped_column(String(40))
    task: Mapped[str] = mapped_column(String(32))
    prompt: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(24))
    """answered, or why not: timeout, rate_limit, server_error, refused, cut_off, wrong_schema, budget, unavailable."""
    kept: Mapped[bool] = mapped_column(Boolean)
    """The answer was there already and cost nothing."""
    tries: Mapped[int] = mapped_column(Integer)
    tokens_in: Mapped[int] = mapped_column(Integer)
    tokens_out: Mapped[int] = mapped_column(Integer)
    cost: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(Moment())
    __table_args__ = (Index("ix_model_calls_run", "workspace_id", "run_id"),)
