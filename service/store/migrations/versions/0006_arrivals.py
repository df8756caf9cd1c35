"""Customers placed between two runs, and how many documents a place rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the table of arrivals; places of earlier runs rest on an unknown number of documents, left unknown."""
    op.add_column("assignments", sa.Column("documents", sa.Integer(), nullable=True))
    op.create_table(
        "arrivals",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("segment_id", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("second_segment_id", sa.String(length=40), nullable=True),
        sa.Column("second_probability", sa.Float(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_arrivals_workspace_id_workspaces"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "run_id", "customer_id", name=op.f("pk_arrivals")),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("arrivals")
    op.drop_column("assignments", "documents")
