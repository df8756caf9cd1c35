"""People, their places in companies, sessions, one-time links, links to read, failed sign-ins; who wrote a text;
until when a key holds and when it was last used."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def moment(name: str, nullable: bool = False) -> sa.Column[datetime]:
    """A point in time."""
    return sa.Column(name, sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite"), nullable=nullable)


def upgrade() -> None:
    """Add the tables and columns. A database that ever had a key stays closed."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        moment("created_at"),
        moment("password_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        moment("since"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_table(
        "memberships",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        moment("created_at"),
        _to("memberships", "workspace_id", "workspaces"),
        _to("memberships", "person_id", "people"),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_person", "memberships", ["person_id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=True),
        sa.Column("key_id", sa.String(length=40), nullable=True),
        sa.Column("workspace_id", sa.String(length=64), nullable=True),
        moment("created_at"),
        moment("seen_at"),
        moment("ends_at"),
        _to("sessions", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_person", "sessions", ["person_id"])
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        moment("created_at"),
        moment("ends_at"),
        moment("used_at", nullable=True),
        _to("tickets", "workspace_id", "workspaces"),
        _to("tickets", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_table(
        "shares",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        moment("created_at"),
        moment("ends_at"),
        moment("revoked_at", nullable=True),
        moment("opened_at", nullable=True),
        _to("shares", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shares_token_hash")),
    )
    op.add_column("api_keys", moment("ends_at", nullable=True))
    op.add_column("api_keys", moment("used_at", nullable=True))
    op.add_column("api_keys", sa.Column("made_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("stakeholder_texts", sa.Column("who", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_audit_log_at", "audit_log", ["workspace_id", "at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_audit_log_at", "audit_log")
    op.drop_column("stakeholder_texts", "who")
    for column in ("made_by", "used_at", "ends_at"):
        op.drop_column("api_keys", column)
    for table in ("shares", "tickets", "sessions", "memberships", "sign_in_attempts", "people", "installation"):
        op.drop_table(table)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
