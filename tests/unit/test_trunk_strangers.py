"""Who guesses names and passwords by SIP is said once, by the address that it comes from."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from hardware.asterisk.ami import Message
from siaga112.trunks.strangers import MOST_ADDRESSES, TRIES, Strangers

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time."""
        return self.now


def refused(address: str = "192.0.2.66", event: str = "ChallengeResponseFailed", service: str = "PJSIP") -> Message:
    """A request that Asterisk did not let in."""
    return Message((("Event", event), ("Service", service), ("RemoteAddress", f"IPV4/UDP/{address}/5060")))


def said(events: list[Message], every: timedelta = timedelta(seconds=1)) -> list[tuple[str, int]]:
    """The addresses that are said, and within how many seconds they guessed."""
    clock = Clock()
    strangers = Strangers(clock)
    with capture_logs() as lines:
        for event in events:
            strangers.on_event(event)
            clock.now += every
    return [(line["address"], line["seconds"]) for line in lines if line["event"] == "sip.guessing"]


@pytest.mark.parametrize("event", ["InvalidAccountID", "ChallengeResponseFailed", "InvalidPassword", "FailedACL"])
def test_guessing_is_said(event: str) -> None:
    """Ten refusals within a minute, whichever they are."""
    assert [("192.0.2.66", 9)] == said([refused(event=event)] * TRIES)


def test_it_is_said_once_for_a_while() -> None:
    """An attack of a quarter of an hour is two lines, not nine hundred."""
    assert 2 == len(said([refused()] * 900))


def test_slips_are_not_said() -> None:
    """Nine tries, or one in ten seconds: a phone that has a wrong password."""
    assert [] == said([refused()] * (TRIES - 1))
    assert [] == said([refused()] * 100, timedelta(seconds=10))


@pytest.mark.parametrize("event", [refused(event="SuccessfulAuth"), refused(service="AMI"), Message((("Event", "x"),))])
def test_what_is_no_refusal_by_sip(event: Message) -> None:
    """Who is let in, another service, another event."""
    assert [] == said([event] * 50)


def test_each_address_for_itself() -> None:
    """Two that guess are two lines; many that try once are none, and are not remembered for ever."""
    many = [refused(f"198.51.{n // 250}.{n % 250}") for n in range(MOST_ADDRESSES + 5)]

    assert [("192.0.2.66", 9), ("192.0.2.67", 9)] == said(
        [*many, *[refused()] * TRIES, *[refused("192.0.2.67")] * TRIES]
    )
