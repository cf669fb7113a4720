"""Places that callers' phones sent by themselves.

There is no way down: the way back from an upgrade is the backup made before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.String(200)
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "caller_locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", NAME, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("radius", sa.Double()),
        sa.Column("method", NAME, nullable=False),
        sa.Column("confidence", sa.Integer()),
        sa.Column("positioned_at", WHEN, nullable=False),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("kept_at", WHEN, nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_caller_locations"),
    )
    op.create_index("ix_caller_locations_kept_at", "caller_locations", ["kept_at"])
    op.create_index("ix_caller_locations_number_received_at", "caller_locations", ["number", "received_at"])
