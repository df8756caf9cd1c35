"""Which voice said an utterance, and what people said about who speaks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the voice to utterances (unknown for those stored before) and the table of roles set by hand."""
    op.add_column("utterances", sa.Column("voice", sa.Text(), nullable=True))
    op.create_table(
        "speaker_roles",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("voices", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True).with_variant(sa.DateTime(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_speaker_roles_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "document_id", name=op.f("pk_speaker_roles")),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("speaker_roles")
    op.drop_column("utterances", "voice")
