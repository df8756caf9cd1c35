"""Doors for a CRM; who sent an upload and by what way; what an upload replaced, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite")


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id_workspaces")
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Add the tables; of earlier uploads nobody knows the sender, and nothing they replaced was kept."""
    op.add_column("uploads", sa.Column("who", sa.Text(), nullable=False, server_default=""))
    op.add_column("uploads", sa.Column("channel", sa.String(length=16), nullable=False, server_default="files"))
    op.add_column("uploads", sa.Column("undone_at", _moment(), nullable=True))
    op.add_column("uploads", sa.Column("undone_by", sa.Text(), nullable=True))
    op.create_table(
        "hooks",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("system", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("revoked_at", _moment(), nullable=True),
        _of_workspace("hooks"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_hooks")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hooks_token_hash")),
    )
    op.create_table(
        "hook_deliveries",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("hook_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("received_at", _moment(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("upload_id", sa.String(length=40), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=False),
        _of_workspace("hook_deliveries"),
        sa.PrimaryKeyConstraint("workspace_id", "hook_id", "id", name=op.f("pk_hook_deliveries")),
    )
    op.create_index("ix_hook_deliveries_received", "hook_deliveries", ["workspace_id", "received_at"])
    op.create_table(
        "kept_rows",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("upload_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        _of_workspace("kept_rows"),
        sa.PrimaryKeyConstraint("workspace_id", "upload_id", "kind", "key", name=op.f("pk_kept_rows")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("kept_rows")
    op.drop_index("ix_hook_deliveries_received", "hook_deliveries")
    op.drop_table("hook_deliveries")
    op.drop_table("hooks")
    for column in ("undone_by", "undone_at", "channel", "who"):
        op.drop_column("uploads", column)
