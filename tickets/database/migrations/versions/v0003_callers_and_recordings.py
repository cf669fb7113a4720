"""Whom to call back, whose calls pass a challenge first, recordings, and who listened.

There is no way down: the way back from an upgrade is the backup made before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.String(200)
CODE = sa.String(20)
TEXT = sa.Text()
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what calls lack, then create the tables."""
    op.add_column("calls", sa.Column("cut_at", WHEN))
    op.add_column("calls", sa.Column("mark", CODE))
    op.add_column("calls", sa.Column("marked_at", WHEN))
    _callbacks()
    _diversions()
    _recordings()
    _sound_events()


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", NAME, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("place", WHEN, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", WHEN),
        sa.Column("first_at", WHEN, nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("call_id", NAME, nullable=False),
        sa.Column("cleared_at", WHEN),
        sa.Column("cleared_by", NAME),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_callbacks_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_number", "callbacks", ["number"])
    op.create_index("ix_callbacks_state_place", "callbacks", ["state", "place"])


def _diversions() -> None:
    op.create_table(
        "diversions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", NAME, nullable=False),
        sa.Column("since", WHEN, nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.Column("lifted_at", WHEN),
        sa.Column("lifted_by", NAME),
        sa.PrimaryKeyConstraint("id", name="pk_diversions"),
    )
    op.create_index("ix_diversions_number_since", "diversions", ["number", "since"])
    op.create_index("ix_diversions_until", "diversions", ["until"])


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", NAME, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("ended_at", WHEN, nullable=False),
        sa.Column("held_at", WHEN),
        sa.Column("held_by", NAME),
        sa.Column("hold_reason", TEXT),
        sa.Column("deleted_at", WHEN),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_recordings_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
        sa.UniqueConstraint("call_id", name="uq_recordings_call_id"),
    )
    op.create_index("ix_recordings_ended_at", "recordings", ["ended_at"])


def _sound_events() -> None:
    op.create_table(
        "sound_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", NAME, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_sound_events_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_sound_events"),
    )
    op.create_index("ix_sound_events_call_id", "sound_events", ["call_id"])
