"""Every table. Each row belongs to a workspace; results belong to a run.

Results of a step keep the columns people filter by, and the rest as JSON in `payload` (schema version inside).
What comes from files (paths, campaigns, names) is TEXT without a length: no file decides how long a name may be.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Payload = dict[str, Any]


class Money(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC where the database has it, digits as text in SQLite (which would round)."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, NUMERIC elsewhere."""
        return dialect.type_descriptor(String(48) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Digits as text for SQLite."""
        return format(value, "f") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """A Decimal again."""
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC and aware; SQLite keeps it without the zone."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TIMESTAMP WITH TIME ZONE where there is one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, without the zone for SQLite."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base with constraint names that Alembic can alter on every database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {Payload: JSON, list[str]: JSON, list[Any]: JSON}


def _workspace() -> Mapped[str]:
    return mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)


def _run() -> Mapped[str]:
    return mapped_column(String(40), primary_key=True)


class Workspace(Base):
    """One company."""

    __tablename__ = "workspaces"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    settings: Mapped[Payload] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment())


class ApiKey(Base):
    """A machine's key: only its hash is kept."""

    __tablename__ = "api_keys"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(128), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())


class Upload(Base):
    """One call of ingest, with its receipt."""

    __tablename__ = "uploads"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    receipt: Mapped[Payload] = mapped_column(default=dict)


class SourceFileRow(Base):
    """A file that was read; the same path with the same bytes is not read again."""

    __tablename__ = "source_files"
    workspace_id: Mapped[str] = _workspace()
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str | None] = mapped_column(String(40))
    rows: Mapped[int] = mapped_column(Integer, default=0)
    upload_id: Mapped[str] = mapped_column(String(40))


class RejectRow(Base):
    """A file or row that could not be used."""

    __tablename__ = "rejects"
    workspace_id: Mapped[str] = _workspace()
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    reason: Mapped[Payload] = mapped_column()
    upload_id: Mapped[str] = mapped_column(String(40))


class CustomerRow(Base):
    """One person or company. Opaque; what is known of them hangs on their documents and deals."""

    __tablename__ = "customers"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())


class DocumentRow(Base):
    """One call, note or ad response (redacted). `id` is opaque, `ref` is the source reference."""

    __tablename__ = "documents"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    ref: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    reader: Mapped[str] = mapped_column(String(40))
    customer_id: Mapped[str] = mapped_column(String(40))
    occurred_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    language: Mapped[str] = mapped_column(String(8))
    platform: Mapped[str | None] = mapped_column(Text)
    campaign: Mapped[str | None] = mapped_column(Text)
    ad: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[str] = mapped_column(String(16))
    roles_confidence: Mapped[float] = mapped_column(Float)
    flags: Mapped[list[str]] = mapped_column(default=list)
    keys: Mapped[list[str]] = mapped_column(default=list)
    content_hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        Index("ix_documents_customer", "workspace_id", "customer_id"),
        Index("ix_documents_ref", "workspace_id", "ref", unique=True),
    )


class UtteranceRow(Base):
    """A stretch of a document by one speaker; `text` is redacted."""

    __tablename__ = "utterances"
    workspace_id: Mapped[str] = _workspace()
    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    speaker: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[float | None] = mapped_column(Float)
    end: Mapped[float | None] = mapped_column(Float)
    confidence: Mapped[float] = mapped_column(Float, default=1.0)


class DealRow(Base):
    """One sale, lost or open. Columns as in `ingest.model.Deal`."""

    __tablename__ = "deals"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    ref: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[str] = mapped_column(String(40))
    keys: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(8))
    stage: Mapped[str] = mapped_column(Text, default="")
    created_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(Money())
    currency: Mapped[str | None] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    accessories: Mapped[Decimal | None] = mapped_column(Money())
    discount_percent: Mapped[Decimal | None] = mapped_column(Money())
    months_paid: Mapped[int | None] = mapped_column(BigInteger)
    refund: Mapped[Decimal | None] = mapped_column(Money())
    refunded: Mapped[bool | None] = mapped_column(Boolean)
    referred: Mapped[bool | None] = mapped_column(Boolean)
    satisfaction: Mapped[float | None] = mapped_column(Float)
    satisfaction_scale: Mapped[str | None] = mapped_column(String(8))
    source: Mapped[str | None] = mapped_column(Text)
    campaign: Mapped[str | None] = mapped_column(Text)
    ad: Mapped[str | None] = mapped_column(Text)
    loss_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_deals_customer", "workspace_id", "customer_id"),)


class AdSpendRow(Base):
    """One row of an advertising report."""

    __tablename__ = "ad_spend"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    ref: Mapped[str] = mapped_column(Text)
    day: Mapped[date | None] = mapped_column(Date)
    platform: Mapped[str] = mapped_column(Text)
    campaign: Mapped[str] = mapped_column(Text)
    ad: Mapped[str | None] = mapped_column(Text)
    spend: Mapped[Decimal] = mapped_column(Money())
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    leads: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(Text)


class StakeholderTextRow(Base):
    """A persona, creative or script; a changed text under the same ref is a new version."""

    __tablename__ = "stakeholder_texts"
    workspace_id: Mapped[str] = _workspace()
    ref: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    stakeholder: Mapped[str | None] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    attributes: Mapped[list[Any]] = mapped_column(default=list)
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment())


class VectorRow(Base):
    """A cached vector: float32 little-endian bytes, keyed by what was embedded and by which model."""

    __tablename__ = "vectors"
    workspace_id: Mapped[str] = _workspace()
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(160), primary_key=True)
    dimension: Mapped[int] = mapped_column(Integer)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class RunRow(Base):
    """One cycle over the corpus. `input_hash` names the corpus and settings it saw."""

    __tablename__ = "runs"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    """pending · running · done · failed · cancelled"""
    stage: Mapped[str] = mapped_column(String(32), default="")
    done_stages: Mapped[list[str]] = mapped_column(default=list)
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    """Counts the times a failed run was taken up again; part of its job's name."""
    input_hash: Mapped[str] = mapped_column(String(64))
    result_hash: Mapped[str | None] = mapped_column(String(64))
    manifest: Mapped[Payload] = mapped_column(default=dict)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())
    __table_args__ = (Index("ix_runs_number", "workspace_id", "number", unique=True),)


class SegmentRow(Base):
    """A segment of a run; `id` is stable over runs. `payload`: `service.segments.model.Segment` as JSON."""

    __tablename__ = "segments"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    payload: Mapped[Payload] = mapped_column()


class AssignmentRow(Base):
    """Customer → segment with a probability and a status."""

    __tablename__ = "assignments"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    customer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    segment_id: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    probability: Mapped[float] = mapped_column(Float)
    second_segment_id: Mapped[str | None] = mapped_column(String(40))
    second_probability: Mapped[float] = mapped_column(Float, default=0.0)


class MeasureRow(Base):
    """One measure of one group of customers."""

    __tablename__ = "measures"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    level: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    measure: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    n: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(16))


class ClaimRow(Base):
    """A claim with its reading and verdict. `payload`: `service.comparison.model.JudgedClaim` as JSON."""

    __tablename__ = "claims"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    stakeholder: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str | None] = mapped_column(String(40))
    payload: Mapped[Payload] = mapped_column()


class ConfirmationRow(Base):
    """A person's correction of a claim card, or an alias; survives runs."""

    __tablename__ = "confirmations"
    workspace_id: Mapped[str] = _workspace()
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """claim | alias"""
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    payload: Mapped[Payload] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment())


class ResultRow(Base):
    """The result of a step that is read whole: divergences, agreement, portrait, facts."""

    __tablename__ = "results"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    payload: Mapped[Payload] = mapped_column()


class BriefRow(Base):
    """A generated document as structured content; formats are rendered from it."""

    __tablename__ = "briefs"
    workspace_id: Mapped[str] = _workspace()
    run_id: Mapped[str] = _run()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    segment_id: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    content_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Payload] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(Moment())


class AuditRow(Base):
    """Who changed what, when. Never holds customer text."""

    __tablename__ = "audit_log"
    workspace_id: Mapped[str] = _workspace()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment())
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    details: Mapped[Payload] = mapped_column(default=dict)


class ForgottenRow(Base):
    """A salted contact key or hashed reference of a forgotten customer: the next upload must not bring them back."""

    __tablename__ = "forgotten"
    workspace_id: Mapped[str] = _workspace()
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
