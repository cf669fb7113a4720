"""Whom operators called, and which call in vain that answers.

There is no way down: the way back from an upgrade is the backup made before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = sa.String(200)


def upgrade() -> None:
    """Add what calls lack."""
    op.add_column("calls", sa.Column("called", NAME))
    op.add_column("calls", sa.Column("returns", NAME))
    op.create_index("ix_calls_called", "calls", ["called"])
