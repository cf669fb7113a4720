"""Tickets, calls, messages: the first schema.

A migration repeats the columns instead of importing the models: it says what the schema was then, whatever it is now.
There is no way down: the way back from an upgrade is the backup made before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String(200)
TEXT = sa.Text()
CODE = sa.String(20)
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create all tables, those that others refer to first."""
    _calls()
    _message_parts()
    _ticket_counters()
    _call_facts()
    _tickets()
    _messages()
    _ticket_agencies()
    _ticket_events()
    _message_submits()


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", NAME, nullable=False),
        sa.Column("caller", NAME),
        sa.Column("trunk", NAME),
        sa.Column("did", NAME),
        sa.Column("node", NAME),
        sa.Column("language", NAME),
        sa.Column("category", NAME),
        sa.Column("operator", NAME),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("answered_at", WHEN),
        sa.Column("ended_at", WHEN),
        sa.Column("outcome", CODE),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_caller", "calls", ["caller"])
    op.create_index("ix_calls_started_at", "calls", ["started_at"])


def _message_parts() -> None:
    op.create_table(
        "message_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("group_key", sa.String(64), nullable=False),
        sa.Column("sim", NAME, nullable=False),
        sa.Column("originator", NAME, nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("reference_bits", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("pdu", TEXT, nullable=False),
        sa.Column("sent_at", WHEN, nullable=False),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("joined_at", WHEN),
        sa.PrimaryKeyConstraint("id", name="pk_message_parts"),
        sa.UniqueConstraint("key", name="uq_message_parts_key"),
    )
    op.create_index("ix_message_parts_group_key_sent_at", "message_parts", ["group_key", "sent_at"])
    op.create_index("ix_message_parts_joined_at", "message_parts", ["joined_at"])


def _ticket_counters() -> None:
    op.create_table(
        "ticket_counters",
        sa.Column("site", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "year", name="pk_ticket_counters"),
    )


def _call_facts() -> None:
    op.create_table(
        "call_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", NAME, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_facts_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_call_facts"),
        sa.UniqueConstraint("call_id", "digest", name="uq_call_facts_call_id_digest"),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("reporter", NAME),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("place", TEXT),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("radius", sa.Double()),
        sa.Column("language", NAME),
        sa.Column("call_id", NAME),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("updated_at", WHEN, nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="ck_tickets_priority"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_tickets_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("call_id", name="uq_tickets_call_id"),
        sa.UniqueConstraint("number", name="uq_tickets_number"),
    )
    op.create_index("ix_tickets_category", "tickets", ["category"])
    op.create_index("ix_tickets_created_at", "tickets", ["created_at"])
    op.create_index("ix_tickets_status", "tickets", ["status"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120)),
        sa.Column("direction", CODE, nullable=False),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("modem", NAME),
        sa.Column("sender", NAME),
        sa.Column("recipient", NAME),
        sa.Column("text", TEXT),
        sa.Column("state", CODE, nullable=False),
        sa.Column("error", TEXT),
        sa.Column("pdu", TEXT),
        sa.Column("reason", TEXT),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", WHEN),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("sent_at", WHEN),
        sa.Column("delivered_at", WHEN),
        sa.Column("ticket_id", sa.Integer()),
        sa.Column("in_reply_to_id", sa.Integer()),
        sa.ForeignKeyConstraint(["in_reply_to_id"], ["messages.id"], name="fk_messages_in_reply_to_id_messages"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_messages_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
    )
    op.create_index("ix_messages_created_at", "messages", ["created_at"])
    op.create_index("ix_messages_in_reply_to_id", "messages", ["in_reply_to_id"])
    op.create_index(
        "ix_messages_modem_state_priority_created_at", "messages", ["modem", "state", "priority", "created_at"]
    )
    op.create_index("ix_messages_sender_created_at", "messages", ["sender", "created_at"])
    op.create_index("ix_messages_state", "messages", ["state"])
    op.create_index("ix_messages_ticket_id", "messages", ["ticket_id"])


def _ticket_agencies() -> None:
    op.create_table(
        "ticket_agencies",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_agencies_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("ticket_id", "position", name="pk_ticket_agencies"),
    )
    op.create_index("ix_ticket_agencies_code", "ticket_agencies", ["code"])


def _ticket_events() -> None:
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_events_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_events"),
    )
    op.create_index("ix_ticket_events_ticket_id", "ticket_events", ["ticket_id"])


def _message_submits() -> None:
    op.create_table(
        "message_submits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("modem", NAME, nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("sent_at", WHEN, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("reported_at", WHEN),
        sa.CheckConstraint("reference BETWEEN 0 AND 255", name="ck_message_submits_reference"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_message_submits_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_message_submits"),
    )
    op.create_index("ix_message_submits_message_id", "message_submits", ["message_id"])
    op.create_index("ix_message_submits_modem_reference_sent_at", "message_submits", ["modem", "reference", "sent_at"])
