"""Who is one customer: people's decisions, joins that an equal key does not explain, acts of forgetting."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def moment() -> sa.types.TypeEngine[Any]:
    """TIMESTAMP WITH TIME ZONE; plain DATETIME on SQLite."""
    return sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite")


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "customer_decisions",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("one", sa.JSON(), nullable=False),
        sa.Column("other", sa.JSON(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("undone_at", moment(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_customer_decisions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_customer_decisions")),
    )
    op.create_table(
        "merge_log",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("one", sa.String(length=40), nullable=False),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("upload_id", sa.String(length=40), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("ended_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_merge_log_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_merge_log")),
    )
    op.create_index("ix_merge_log_ended", "merge_log", ["workspace_id", "ended_at"], unique=False)
    op.create_table(
        "forgettings",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("act", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_forgettings_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_forgettings")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("forgettings")
    op.drop_index("ix_merge_log_ended", table_name="merge_log")
    op.drop_table("merge_log")
    op.drop_table("customer_decisions")
