"""What goes out by Twilio: once, with its end told, and by another line when Twilio cannot."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from hardware.modem.health import ModemState
from sms_gateway import twilio
from sms_gateway.errors import EarlyReportError
from sms_gateway.failover import Failover
from sms_gateway.lines import Lines
from sms_gateway.routing import DOWN_LIMIT_S
from sms_gateway.twilio.api import TwilioApi
from sms_gateway.twilio.errors import TwilioError, Verdict
from sms_gateway.twilio.sender import TwilioSender
from tests.support.twilio_city import (
    CITIZEN,
    MODEM,
    OUR_SMS,
    OUR_WHATSAPP,
    PUBLIC_URL,
    STATUS,
    TwilioCity,
    settings_of,
)
from tests.support.twilio_server import SID, Refusal, TwilioServer, full
from tickets.database.store import Store
from tickets.messages.lookup import find_message
from tickets.messages.outbox import OutgoingMessage, claim_outgoing, mark_failed, queue_outgoing
from tickets.vocabulary import Channel, MessageState

TEXT = "Laporan UJI-2026-000001 diterima."


@pytest.fixture
def server() -> Iterator[TwilioServer]:
    """A server in the shape of Twilio's."""
    with TwilioServer() as running:
        yield running


@pytest.fixture
def city(tmp_path: Path, store: Store, redis_client: Redis, server: TwilioServer) -> Iterator[TwilioCity]:
    """A city with an account on that server."""
    with TwilioCity(settings_of(tmp_path), store, redis_client, server) as running:
        yield running


def queue(
    city: TwilioCity, *, line: str = twilio.LINE, channel: Channel = Channel.SMS, text: str = TEXT, age_h: float = 0
) -> int:
    """A message that waits for a line."""
    at = datetime.now(UTC) - timedelta(hours=age_h)
    with city.store.transaction() as session:
        out = OutgoingMessage(modem=line, to=CITIZEN, text=text, at=at, channel=channel)
        return queue_outgoing(session, out).id


def row(city: TwilioCity, message_id: int) -> tuple[str, str | None, str, str | None]:
    """A message's state, line, channel and error."""
    with city.store.reading() as session:
        message = find_message(session, message_id)
        return message.state.value, message.modem, message.channel.value, message.error


def due_now(city: TwilioCity, message_id: int) -> None:
    """Let the pause before the next attempt be over."""
    with city.store.transaction() as session:
        find_message(session, message_id).not_before = None


def report(city: TwilioCity, sid: str, status: str, **more: str) -> None:
    """Twilio calls back, and the worker hears it."""
    assert 200 == city.post(STATUS, {"MessageSid": sid, "MessageStatus": status, "ErrorCode": ""} | more).status_code
    city.work()


@pytest.mark.parametrize(
    ("channel", "to", "sender"),
    [
        (Channel.SMS, CITIZEN, OUR_SMS),
        (Channel.WHATSAPP, f"whatsapp:{CITIZEN}", f"whatsapp:{OUR_WHATSAPP}"),
    ],
)
def test_sent(city: TwilioCity, server: TwilioServer, channel: Channel, to: str, sender: str) -> None:
    """A message is created with both addresses on its channel, and the address that Twilio is to call back."""
    message = queue(city, channel=channel)

    assert (True, False) == (city.sender.send_next(), city.sender.send_next())
    assert [{"To": to, "From": sender, "Body": TEXT, "StatusCallback": PUBLIC_URL + STATUS}] == server.created
    assert ("sent", "twilio", channel.value, None) == row(city, message)


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        (["queued", "sent"], "sent"),
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["delivered", "read"], "delivered"),
        (["undelivered"], "failed"),
        (["undelivered", "sent"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["failed", "delivered"], "delivered"),
        (["delivered", "delivered"], "delivered"),
    ],
)
def test_status_callbacks(city: TwilioCity, server: TwilioServer, calls: list[str], state: str) -> None:
    """In whatever order the callbacks come, a delivery is the last word."""
    message = queue(city)
    city.sender.send_next()
    for status in calls:
        report(city, server.kept[0].sid, status, ErrorCode="30003" if status in {"failed", "undelivered"} else "")

    assert state == row(city, message)[0]
    assert ("30003" in (row(city, message)[3] or "")) == (state == "failed")


def test_callback_overtakes_our_note(city: TwilioCity) -> None:
    """A callback about a message that is not written down yet comes again; it is not lost, and not an error."""
    city.post(STATUS, {"MessageSid": full("SM404"), "MessageStatus": "delivered"})
    with pytest.raises(EarlyReportError):
        city.work()

    assert 1 == city.stream.length()


@pytest.mark.parametrize("code", [21610, 21211, 21614])
def test_recipient_at_fault(city: TwilioCity, server: TwilioServer, code: int) -> None:
    """Opted out, no number, no mobile: given up at once, by every line."""
    city.modem_is(ModemState.UP)
    message = queue(city)
    server.refuse(Refusal(400, code))
    city.sender.send_next()

    assert ("failed", "twilio", f"{code}: refused") == tuple(row(city, message)[index] for index in (0, 1, 3))
    assert not city.sender.send_next()


@pytest.mark.parametrize("refusal", [Refusal(429, 20429), Refusal(500), Refusal(503, 20503), Refusal(None)], ids=str)
def test_trouble_passes(city: TwilioCity, server: TwilioServer, refusal: Refusal) -> None:
    """Too many requests, an error of Twilio's, a line that breaks: the message waits, and goes out later."""
    message = queue(city)
    server.refuse(refusal)
    with pytest.raises(TwilioError) as trouble:
        city.sender.send_next()
    waiting = row(city, message)[0], city.sender.send_next()
    due_now(city, message)

    assert (Verdict.RETRY, ("queued", False)) == (trouble.value.verdict, waiting)
    assert (True, "sent", 1) == (city.sender.send_next(), row(city, message)[0], len(server.created))


@pytest.mark.parametrize("refusal", [Refusal(None, after_taking=True), Refusal(500, after_taking=True)], ids=str)
def test_answer_lost(city: TwilioCity, server: TwilioServer, refusal: Refusal) -> None:
    """Twilio took the message and the answer was lost: Twilio is asked what it has, and nobody gets two."""
    message = queue(city)
    server.refuse(refusal)
    with pytest.raises(TwilioError):
        city.sender.send_next()
    due_now(city, message)
    city.sender.send_next()
    report(city, server.kept[0].sid, "delivered")

    assert (1, "delivered") == (len(server.created), row(city, message)[0])


def test_same_words_twice(city: TwilioCity, server: TwilioServer) -> None:
    """Two messages of the same words to the same person are two: the first is not taken for the second."""
    queue(city)
    city.sender.send_next()
    message = queue(city)
    server.refuse(Refusal(None))
    with pytest.raises(TwilioError):
        city.sender.send_next()
    due_now(city, message)
    city.sender.send_next()

    assert 2 == len(server.created)


def test_died_while_sending(city: TwilioCity, server: TwilioServer) -> None:
    """A process that dies after Twilio took the message leaves it to the next one, which does not send it again."""
    message = queue(city)
    city.sender.send_next()
    with city.store.transaction() as session:
        row_ = find_message(session, message)
        row_.state, row_.key, row_.sent_at = MessageState.SENDING, None, None
    next_one = TwilioSender(city.settings, city.api, city.store, city.lines)

    assert (True, False) == (next_one.send_next(), next_one.send_next())
    assert (1, "sent") == (len(server.created), row(city, message)[0])


def test_wrong_token(city: TwilioCity, server: TwilioServer) -> None:
    """An account that does not let us in is an alarm; the messages wait, however long, and none is blamed."""
    api = TwilioApi(SID, "wrong", base=server.url)
    sender = TwilioSender(city.settings, api, city.store, city.lines)
    message = queue(city)
    for _ in range(8):
        with pytest.raises(TwilioError) as trouble:
            sender.send_next()
    api.close()
    with city.store.reading() as session:
        attempts = find_message(session, message).attempts

    assert (Verdict.ACCOUNT, 20003) == (trouble.value.verdict, trouble.value.code)
    assert ("queued", "twilio", 0) == (*row(city, message)[:2], attempts)


def test_nothing_listens(city: TwilioCity) -> None:
    """No connection at all: the message waits."""
    api = TwilioApi(SID, "x", base="http://127.0.0.1:1")
    message = queue(city)
    with pytest.raises(TwilioError):
        TwilioSender(city.settings, api, city.store, city.lines).send_next()
    api.close()

    assert "queued" == row(city, message)[0]


def test_too_old(city: TwilioCity, server: TwilioServer) -> None:
    """What could not go out within its validity is given up: a late answer helps nobody."""
    message = queue(city, age_h=25)
    server.refuse(Refusal(503))
    with pytest.raises(TwilioError):
        city.sender.send_next()

    assert "failed" == row(city, message)[0]


@pytest.mark.parametrize(("modem", "way"), [(ModemState.UP, (MODEM, "sms")), (ModemState.DOWN, ("twilio", "sms"))])
def test_outside_whatsapps_day(city: TwilioCity, server: TwilioServer, modem: ModemState, way: tuple[str, str]) -> None:
    """A WhatsApp message outside the 24 h becomes an SMS: by the modem, or by Twilio when that is down."""
    city.modem_is(modem)
    city.twilio_is(ModemState.UP)
    message = queue(city, channel=Channel.WHATSAPP)
    server.refuse(Refusal(400, 63016))
    city.sender.send_next()

    assert ("queued", *way, "twilio: 63016: refused") == row(city, message)


def test_outside_whatsapps_day_told_later(city: TwilioCity, server: TwilioServer) -> None:
    """Twilio takes such a message, and says only by callback that WhatsApp did not: an SMS all the same, and one."""
    city.modem_is(ModemState.UP)
    message = queue(city, channel=Channel.WHATSAPP)
    city.sender.send_next()
    report(city, server.kept[0].sid, "undelivered", ErrorCode="63016")
    moved = row(city, message)
    with pytest.raises(EarlyReportError):
        report(city, server.kept[0].sid, "undelivered", ErrorCode="63016")

    assert ("queued", MODEM, "sms") == moved[:3]
    assert moved == row(city, message)


def test_no_other_line(city: TwilioCity, server: TwilioServer) -> None:
    """With nowhere to go it has failed, and a person sees why."""
    message = queue(city)
    server.refuse(Refusal(400, 21612))
    city.sender.send_next()

    assert ("failed", "twilio", "sms", "21612: refused") == row(city, message)


class Clock:
    """Monotonic seconds, moved by the test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("dead", "other"), [(MODEM, twilio.LINE), (twilio.LINE, MODEM)])
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_line_down(city: TwilioCity, dead: str, other: str, channel: Channel) -> None:
    """What waits for a line that stays down leaves by the other one, both ways; a short trouble moves nothing."""
    city.modem_is(ModemState.DOWN if dead == MODEM else ModemState.UP)
    city.twilio_is(ModemState.DOWN if dead == twilio.LINE else ModemState.UP)
    clock = Clock()
    failover = Failover(Lines(city.settings, city.board, clock=clock), city.store)
    message = queue(city, line=dead, channel=channel)
    stays = queue(city, line=other)
    failover.look()
    clock.now += DOWN_LIMIT_S - 1
    failover.look()
    early = row(city, message)[:2]
    clock.now += 2
    failover.look()

    assert ("queued", dead) == early
    assert ("queued", other, "sms", f"{dead}: down") == row(city, message)
    assert ("queued", other) == row(city, stays)[:2]


def test_line_up_again(city: TwilioCity) -> None:
    """A line that was up in between begins anew."""
    clock = Clock()
    failover = Failover(Lines(city.settings, city.board, clock=clock), city.store)
    city.twilio_is(ModemState.UP)
    message = queue(city, line=MODEM)
    for state in (ModemState.DOWN, ModemState.UP, ModemState.DOWN):
        city.modem_is(state)
        failover.look()
        clock.now += DOWN_LIMIT_S - 1

    assert ("queued", MODEM) == row(city, message)[:2]


def test_line_refuses_again_and_again(city: TwilioCity) -> None:
    """A modem that is up and refuses one message three times: that message leaves by Twilio, and once only."""
    city.modem_is(ModemState.UP)
    city.twilio_is(ModemState.UP)
    failover = Failover(city.lines, city.store)
    message = queue(city, line=MODEM)
    seen = []
    for _ in range(4):
        with city.store.transaction() as session:
            claimed = claim_outgoing(session, row(city, message)[1] or "", datetime.now(UTC))
            assert claimed is not None
            mark_failed(session, message, "+CMS ERROR: 38", retry_at=datetime.now(UTC))
        failover.look()
        seen.append(row(city, message)[1])

    assert [MODEM, MODEM, twilio.LINE, twilio.LINE] == seen


def test_no_sms_number(tmp_path: Path, store: Store, redis_client: Redis, server: TwilioServer) -> None:
    """Without `sms_from` nothing is moved to Twilio; what waits there all the same goes to the modem."""
    settings = settings_of(tmp_path, twilio={"sms_from": ""})
    with TwilioCity(settings, store, redis_client, server) as city:
        city.modem_is(ModemState.UP)
        message = queue(city)
        city.sender.send_next()

        assert ("queued", MODEM, "sms") == row(city, message)[:3]
        assert [] == server.created
