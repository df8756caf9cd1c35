"""What the columns of tables mean, by the signature of their headers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def moment() -> sa.types.TypeEngine[Any]:
    """A point in time with its zone, where the database keeps zones."""
    return sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite")


def upgrade() -> None:
    """Create the table of column mappings."""
    op.create_table(
        "column_mappings",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("seen_at", moment(), nullable=False),
        sa.Column("decided_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_column_mappings_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "signature", name=op.f("pk_column_mappings")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("column_mappings")
