"""What was uploaded: files, rejects, customers, documents, deals, spend, stakeholders' texts, vectors.

What comes from files (paths, campaigns, names) is TEXT without a length: no file decides how long a name may be.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Float, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, Money, Payload, workspace_key


class Upload(Base):
    """One call of ingest, with its receipt."""

    __tablename__ = "uploads"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    receipt: Mapped[Payload] = mapped_column(default=dict)
    who: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who sent it: a visitor, a door for a CRM, or the command line."""
    channel: Mapped[str] = mapped_column(String(16), default="files", server_default="files")
    """files, note, or the system a door stands open for."""
    undone_at: Mapped[datetime | None] = mapped_column(Moment())
    undone_by: Mapped[str | None] = mapped_column(Text)


class SourceFileRow(Base):
    """A file that was read; the same path with the same bytes is not read again."""

    __tablename__ = "source_files"
    workspace_id: Mapped[str] = workspace_key()
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str | None] = mapped_column(String(40))
    rows: Mapped[int] = mapped_column(Integer, default=0)
    upload_id: Mapped[str] = mapped_column(String(40))


class RejectRow(Base):
    """A file or row that could not be used."""

    __tablename__ = "rejects"
    workspace_id: Mapped[str] = workspace_key()
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    reason: Mapped[Payload] = mapped_column()
    upload_id: Mapped[str] = mapped_column(String(40))


class CustomerRow(Base):
    """One person or company. Opaque; what is known of them hangs on their documents and deals."""

    __tablename__ = "customers"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())


class DocumentRow(Base):
    """One call, note or ad response (redacted). `id` is opaque, `ref` is the source reference."""

    __tablename__ = "documents"
    workspace_id: Mapped[str] = workspace_key()
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
    workspace_id: Mapped[str] = workspace_key()
    document_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    speaker: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[float | None] = mapped_column(Float)
    end: Mapped[float | None] = mapped_column(Float)
    confidence: Mapped[float] = mapped_column(Float, default=1.0)
    voice: Mapped[str | None] = mapped_column(Text)


class DealRow(Base):
    """One sale, lost or open. Columns as in `ingest.model.Deal`."""

    __tablename__ = "deals"
    workspace_id: Mapped[str] = workspace_key()
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
    workspace_id: Mapped[str] = workspace_key()
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
    workspace_id: Mapped[str] = workspace_key()
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
    who: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who wrote this version by hand (person or key id, `open`, `command line`); "" for one read from a file."""


class VectorRow(Base):
    """A cached vector: float32 little-endian bytes, keyed by what was embedded and by which model."""

    __tablename__ = "vectors"
    workspace_id: Mapped[str] = workspace_key()
    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(160), primary_key=True)
    dimension: Mapped[int] = mapped_column(Integer)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class ForgottenRow(Base):
    """A salted contact key or hashed reference of a forgotten customer: the next upload must not bring them back."""

    __tablename__ = "forgotten"
    workspace_id: Mapped[str] = workspace_key()
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
