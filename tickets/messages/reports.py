"""SMS-STATUS-REPORTs (3GPP TS 23.040 9.2.2.3): matched to the SMS-SUBMIT that they are about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.model.message import Message, MessageSubmit
from tickets.vocabulary import MessageState

# A TP-MR is 8 bits and comes again; a service centre rarely keeps trying for longer than this.
REPORT_WINDOW = timedelta(days=3)

# TP-ST, 3GPP TS 23.040 9.2.3.15: up to 0x1F the transaction is completed, up to 0x3F the centre still tries, above it
# does not.
LAST_COMPLETED = 0x1F
LAST_TRYING = 0x3F

# A message that was queued again has no use for reports about its earlier attempt.
REPORTABLE = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """What a modem was told of a message it sent: TP-MR, TP-RA (in the form that was sent to), TP-ST, arrival time."""

    modem: str
    reference: int
    recipient: str
    status: int
    at: datetime


def record_report(session: Session, report: StatusReport) -> Message | None:
    """Note what became of a part; the message is `delivered` once all are, `failed` as soon as one is.

    None when no submit fits, which also happens when the report overtakes `mark_sent`: offer it again a little later.
    """
    submit = _matching(session, report)
    if submit is None:
        return None
    # A late "still trying" must not take back a final word.
    if submit.status is None or submit.status > LAST_COMPLETED:
        submit.status = report.status
        submit.reported_at = report.at
    message = submit.message
    _conclude(message, report.at)
    session.flush()
    return message


def _matching(session: Session, report: StatusReport) -> MessageSubmit | None:
    query = (
        select(MessageSubmit)
        .join(MessageSubmit.message)
        .where(
            MessageSubmit.modem == report.modem,
            MessageSubmit.reference == report.reference,
            MessageSubmit.sent_at > report.at - REPORT_WINDOW,
            Message.recipient == report.recipient,
            Message.state.in_(REPORTABLE),
        )
        .order_by(MessageSubmit.sent_at.desc(), MessageSubmit.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalars(query).one_or_none()


def _conclude(message: Message, at: datetime) -> None:
    statuses = [submit.status for submit in message.submits]
    failed = [status for status in statuses if status is not None and status > LAST_TRYING]
    if failed:
        message.state = MessageState.FAILED
        message.error = f"the network could not deliver it (TP-ST 0x{failed[0]:02X})"
    elif all(status is not None and status <= LAST_COMPLETED for status in statuses):
        message.state = MessageState.DELIVERED
        message.delivered_at = at
        message.error = None
