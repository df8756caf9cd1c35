"""Versions of briefs, people's decisions on them, webhooks and the log of their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite")


def _owned(table: str, *columns: sa.Column[object]) -> None:
    """A table of rows that belong to a workspace and have an id of their own."""
    op.create_table(
        table,
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{table}_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    """Create the four tables."""
    _owned(
        "brief_versions",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("segment_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("said_hash", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
    )
    op.create_index(
        "ix_brief_versions_place",
        "brief_versions",
        ["workspace_id", "kind", "segment_id", "language", "number"],
        unique=True,
    )
    _owned(
        "brief_decisions",
        sa.Column("version_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
    )
    op.create_index(
        "ix_brief_decisions_version", "brief_decisions", ["workspace_id", "version_id", "number"], unique=True
    )
    _owned(
        "webhooks",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("removed_at", _moment(), nullable=True),
    )
    _owned(
        "webhook_deliveries",
        sa.Column("webhook_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("tried_at", _moment(), nullable=True),
    )
    op.create_index("ix_webhook_deliveries_status", "webhook_deliveries", ["workspace_id", "status", "created_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("webhook_deliveries", "webhooks", "brief_decisions", "brief_versions"):
        op.drop_table(table)
