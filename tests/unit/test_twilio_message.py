"""What a post of Twilio's says."""

from datetime import UTC, datetime

import pytest

from sms_gateway.errors import FaultyRecordError
from sms_gateway.twilio.form import Form
from sms_gateway.twilio.message import TwilioMessage
from sms_gateway.twilio.receipts import TwilioReceipt
from sms_gateway.twilio.record import Hook, TwilioRecord
from tickets.ticketing import Location
from tickets.vocabulary import Channel, MessageState

SID = "SM" + "0123456789abcdef" * 2
WHATSAPP = {"MessageSid": SID, "From": "whatsapp:+6281234567890", "To": "whatsapp:+15005550007"}
NOON = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


def read(**fields: str) -> TwilioMessage:
    """A WhatsApp message with these fields too."""
    return TwilioMessage.read(Form.of(**WHATSAPP, **fields))


def test_sms() -> None:
    """An SMS has its numbers as they are, its text to the letter, and no notes."""
    form = Form.of(MessageSid=SID, From="+6281234567890", To="+15005550006", Body=" Api\n besar 🔥 ")

    assert TwilioMessage(
        key=f"twilio:{SID}",
        channel=Channel.SMS,
        sender="+6281234567890",
        recipient="+15005550006",
        text=" Api\n besar 🔥 ",
        notes=(),
        location=None,
        place=None,
    ) == TwilioMessage.read(form)


def test_whatsapp_place() -> None:
    """A place is a location, and says so in words when there are no others."""
    message = read(Body="", Latitude="-8.2192", Longitude="114.3691", Label="Pasar Rogojampi", Address="Jl. Raya 1")

    assert (Channel.WHATSAPP, "+6281234567890", "+15005550007") == (message.channel, message.sender, message.recipient)
    assert (Location(-8.2192, 114.3691), "Pasar Rogojampi") == (message.location, message.place)
    assert ("Lokasi: -8.2192, 114.3691 (Pasar Rogojampi)",) == message.notes


@pytest.mark.parametrize(
    ("lat", "lon"), [("", ""), ("x", "1"), ("91", "1"), ("1", "181"), ("nan", "1"), ("inf", "1"), ("1e999", "1")]
)
def test_no_place_on_earth(lat: str, lon: str) -> None:
    """What is no point on the globe is no location, and no reason to refuse the message."""
    message = read(Body="tolong", Latitude=lat, Longitude=lon)

    assert (None, "tolong", ()) == (message.location, message.text, message.notes)


def test_photos() -> None:
    """Each file is a line with its kind and its address."""
    message = read(
        Body="banjir",
        NumMedia="3",
        MediaUrl0="https://api.twilio.com/M/1",
        MediaContentType0="image/jpeg",
        MediaUrl1="https://api.twilio.com/M/2",
        MediaContentType1="audio/ogg",
        MediaUrl2="https://api.twilio.com/M/3",
        MediaContentType2="application/pdf",
    )

    assert (
        "Foto: https://api.twilio.com/M/1",
        "Suara: https://api.twilio.com/M/2",
        "Berkas: https://api.twilio.com/M/3",
    ) == message.notes


@pytest.mark.parametrize("sid", [{}, {"SmsSid": SID}, {"MessageSid": "SM1"}, {"MessageSid": SID + "\n"}], ids=str)
def test_no_sid(sid: dict[str, str]) -> None:
    """Without a MessageSid of Twilio's it could not be told from itself: set aside."""
    with pytest.raises(FaultyRecordError, match="MessageSid"):
        TwilioMessage.read(Form.of(From="+6281234567890", Body="x", **sid))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("accepted", None),
        ("queued", None),
        ("sending", None),
        ("sent", None),
        ("something-new", None),
        ("delivered", MessageState.DELIVERED),
        ("read", MessageState.DELIVERED),
        ("undelivered", MessageState.FAILED),
        ("failed", MessageState.FAILED),
        ("canceled", MessageState.FAILED),
    ],
)
def test_statuses(status: str, state: MessageState | None) -> None:
    """Only last words change a message."""
    receipt = TwilioReceipt.read(Form.of(MessageSid=SID, MessageStatus=status))

    assert state == (receipt.state if receipt else None)


@pytest.mark.parametrize(
    ("code", "expected"), [("30003", (30003, "30003: failed")), ("", (None, "failed")), ("٣", (None, "failed"))]
)
def test_why_it_failed(code: str, expected: tuple[int | None, str]) -> None:
    """The error that a person reads begins with Twilio's code."""
    receipt = TwilioReceipt.read(Form.of(MessageSid=SID, MessageStatus="failed", ErrorCode=code))

    assert receipt is not None
    assert expected == (receipt.code, receipt.error)


def test_record_survives_the_stream() -> None:
    """A record read back is the one that was written."""
    record = TwilioRecord(Hook.MESSAGE, Form.of(MessageSid=SID, Body="Api 🔥\n&=%"), NOON)
    back = TwilioRecord.from_fields(record.to_fields())

    assert (record.hook, record.at, dict(record.form)) == (back.hook, back.at, dict(back.form))


@pytest.mark.parametrize(
    "changed", [{"hook": "call"}, {"at": "noon"}, {"at": "2026-03-01T05:00:00"}, {"hook": None}, {"form": None}]
)
def test_faulty_records(changed: dict[str, str | None]) -> None:
    """What is no record says what is wrong with it."""
    fields = TwilioRecord(Hook.MESSAGE, Form.of(MessageSid=SID), NOON).to_fields() | changed

    with pytest.raises(FaultyRecordError):
        TwilioRecord.from_fields({name: value for name, value in fields.items() if value is not None})
