"""People, their places in companies, their sessions, one-time links, links to read, and failed sign-ins.

A person may belong to several companies, so `people`, `sessions` and `tickets` stand outside the workspaces; what a
person may do in one stands in `memberships`. Every secret (session, link) is kept as its sha256 only.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Moment, workspace_key


class InstallationRow(Base):
    """The one row about this installation: what cookies are signed with, and since when the door is closed."""

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    closed_at: Mapped[datetime | None] = mapped_column(Moment())
    """When the first key or person was made; never empties again, whoever is deleted later."""


class PersonRow(Base):
    """Somebody who signs in by e-mail and password."""

    __tablename__ = "people"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    password_at: Mapped[datetime] = mapped_column(Moment())


class MembershipRow(Base):
    """A person's role in a company."""

    __tablename__ = "memberships"
    workspace_id: Mapped[str] = workspace_key()
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment())
    __table_args__ = (Index("ix_memberships_person", "person_id"),)


class SessionRow(Base):
    """A browser that is signed in: by a person, or with a key (then only as long as the key holds)."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the token in the cookie."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key_id: Mapped[str | None] = mapped_column(String(40))
    workspace_id: Mapped[str | None] = mapped_column(String(64))
    """The key's workspace, or the company the person looks at."""
    created_at: Mapped[datetime] = mapped_column(Moment())
    seen_at: Mapped[datetime] = mapped_column(Moment())
    ends_at: Mapped[datetime] = mapped_column(Moment())
    __table_args__ = (Index("ix_sessions_person", "person_id"),)


class TicketRow(Base):
    """A link that works once: to set whobuys up, to join a company, to choose a new password."""

    __tablename__ = "tickets"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the token in the link."""
    kind: Mapped[str] = mapped_column(String(16))
    workspace_id: Mapped[str | None] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[str] = mapped_column(String(16), default="")
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    ends_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime | None] = mapped_column(Moment())


class ShareRow(Base):
    """A link by which somebody without an account reads one comparison brief."""

    __tablename__ = "shares"
    workspace_id: Mapped[str] = workspace_key()
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    run_id: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment())
    ends_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    opened_at: Mapped[datetime | None] = mapped_column(Moment())


class AttemptRow(Base):
    """Failed sign-ins of one account, address or pair of both, since a moment. `id` is a sha256: no names are kept."""

    __tablename__ = "sign_in_attempts"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[datetime] = mapped_column(Moment())
