"""Delivery reports, on each database: matched to the right message, also when the reference has wrapped."""

import pytest
from sqlalchemy.orm import Session

from tests.support.tickets import NOON, after
from tickets.database.store import Store
from tickets.messages.lookup import find_message
from tickets.messages.outbox import OutgoingMessage, claim_outgoing, mark_sent, queue_outgoing, requeue_failed
from tickets.messages.reports import REPORT_WINDOW, StatusReport, record_report
from tickets.vocabulary import MessageState

MODEM = "telkomsel-1"


def sent(session: Session, *references: int, at: float = 0, to: str = "+6281") -> int:
    """A message that the modem took with these TP-MRs; its id."""
    message = queue_outgoing(session, OutgoingMessage(modem=MODEM, to=to, text="ok", at=NOON))
    claim_outgoing(session, MODEM, NOON)
    return mark_sent(session, message.id, references, at=after(at)).id


def status_report(
    reference: int, status: int = 0, at: float = 60, to: str = "+6281", modem: str = MODEM
) -> StatusReport:
    """What the network tells of a submit."""
    return StatusReport(modem=modem, reference=reference, recipient=to, status=status, at=after(at))


@pytest.mark.parametrize(
    ("statuses", "state", "error"),
    [
        pytest.param([0x00, 0x00], MessageState.DELIVERED, None, id="both parts arrived"),
        pytest.param([0x00], MessageState.SENT, None, id="one part arrived"),
        pytest.param([0x00, 0x20], MessageState.SENT, None, id="one part is still tried"),
        pytest.param([0x20, 0x00, 0x00], MessageState.DELIVERED, None, id="tried, then arrived"),
        pytest.param([0x00, 0x46], MessageState.FAILED, "TP-ST 0x46", id="one part expired"),
        pytest.param([0x60, 0x00], MessageState.FAILED, "TP-ST 0x60", id="the centre gave up"),
    ],
)
def test_the_reports_of_all_parts_decide(
    store: Store, statuses: list[int], state: MessageState, error: str | None
) -> None:
    """A message of two parts is delivered when both are, and failed as soon as one is."""
    with store.transaction() as session:
        message_id = sent(session, 7, 8)
        references = [7, 8] if len(statuses) < 3 else [7, 7, 8]
        for reference, status in zip(references, statuses, strict=False):
            record_report(session, status_report(reference, status))

    with store.reading() as session:
        message = find_message(session, message_id)
        assert state == message.state
        assert (error or "") in (message.error or "")
        assert (after(60) if state is MessageState.DELIVERED else None) == message.delivered_at


def test_a_final_word_is_not_taken_back(store: Store) -> None:
    """Reports overtake each other: "still trying" after "arrived" changes nothing."""
    with store.transaction() as session:
        message_id = sent(session, 7)
        record_report(session, status_report(7, 0x00))
        record_report(session, status_report(7, 0x20, at=61))

    with store.reading() as session:
        assert find_message(session, message_id).state is MessageState.DELIVERED


@pytest.mark.parametrize(
    "stranger",
    [
        status_report(8),
        status_report(7, to="+6289"),
        status_report(7, modem="indosat-1"),
        status_report(7, at=REPORT_WINDOW.total_seconds() + 1),
    ],
)
def test_a_report_about_something_else_fits_nothing(store: Store, stranger: StatusReport) -> None:
    """Another reference, recipient or modem, or a report from long after."""
    with store.transaction() as session:
        sent(session, 7)

        assert record_report(session, stranger) is None


def test_a_wrapped_reference_means_the_latest(store: Store) -> None:
    """The same recipient got reference 7 twice: the report is about the later message."""
    with store.transaction() as session:
        sent(session, 7)
        later = sent(session, 7, at=10)
        reported = record_report(session, status_report(7))

    assert reported is not None
    assert later == reported.id


def test_an_old_report_leaves_a_message_that_is_queued_again(store: Store) -> None:
    """The new attempt goes out, whatever the network says of the old one."""
    with store.transaction() as session:
        message_id = sent(session, 7)
        record_report(session, status_report(7, 0x41))
        requeue_failed(session, message_id, at=NOON)

        assert record_report(session, status_report(7, 0x00)) is None
        assert claim_outgoing(session, MODEM, NOON) is not None
