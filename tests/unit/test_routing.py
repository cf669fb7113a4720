"""By which line a message leaves when its own cannot send it."""

import pytest

from sms_gateway.routing import DETOUR_AT, Detour, Line, attempts_after, detour
from tickets.vocabulary import Channel

UP, DOWN = True, False
SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP

CASES = {
    "modem down, another up, Twilio up: the SIM first": ("a", SMS, "a- b+ twilio+", "b"),
    "modem down, another down, Twilio up": ("a", SMS, "a- b- twilio+", "twilio"),
    "modem down, no Twilio": ("a", SMS, "a- b-", None),
    "the only modem down": ("a", SMS, "a-", None),
    "everything down": ("a", SMS, "a- b- twilio-", None),
    "modem refuses but is up: not itself": ("a", SMS, "a+ b- twilio+", "twilio"),
    "modem refuses, nobody else": ("a", SMS, "a+ twilio-", None),
    "Twilio down, modem up": ("twilio", SMS, "a+ twilio-", "a"),
    "Twilio refuses an SMS, modem down": ("twilio", SMS, "a- twilio+", None),
    "WhatsApp refused, modem up: SMS by the modem": ("twilio", WHATSAPP, "a+ twilio+", "a"),
    "WhatsApp refused, modem down: SMS by Twilio": ("twilio", WHATSAPP, "a- twilio+", "twilio"),
    "WhatsApp refused, no number for SMS": ("twilio", WHATSAPP, "a-", None),
    "a modem that is configured no more": ("old", SMS, "a+ twilio+", "a"),
}


@pytest.mark.parametrize(("line", "channel", "state", "by"), CASES.values(), ids=CASES)
def test_detours(line: str, channel: Channel, state: str, by: str | None) -> None:
    """The first line that works, in the order of the configuration, as an SMS; never the way that it is on."""
    lines = [Line(word[:-1], word.endswith("+")) for word in state.split()]

    assert (None if by is None else Detour(by, SMS)) == detour(line, channel, lines)


@pytest.mark.parametrize("attempts", range(DETOUR_AT, 12))
def test_no_ping_pong(attempts: int) -> None:
    """A message that was moved for its failures and fails once more is past the count at which it is moved."""
    assert DETOUR_AT < attempts_after(attempts) + 1


@pytest.mark.parametrize(("attempts", "counted"), [(0, 0), (2, 2), (3, 3), (9, 3)])
def test_moved_messages_keep_some_attempts(attempts: int, counted: int) -> None:
    """The new line gets a fair number of attempts, however long the old one tried."""
    assert counted == attempts_after(attempts)
