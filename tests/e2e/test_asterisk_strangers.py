"""Who tries our SIP port learns nothing, and is noticed."""

from collections.abc import Iterator

import pytest

from hardware.asterisk.ami import Message
from hardware.softphone import Phone, RegistrationError
from siaga112.trunks.strangers import REFUSALS
from tests.support.asterisk_server import PHONES, AsteriskServer

STRANGE = "127.0.0.77"


@pytest.fixture(scope="module")
def asterisk_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskServer]:
    """An Asterisk whose operator 1002 may be in one place only."""
    server = AsteriskServer(tmp_path_factory.mktemp("asterisk"))
    first, second, fixed = server.tables["operators"]
    server.configure(server.tables | {"operators": [first, second | {"networks": [PHONES["1002"]]}, fixed]})
    try:
        yield server.start()
    finally:
        server.close()


def answers(server: AsteriskServer, user: str, password: str) -> list[list[str]]:
    """What a stranger is answered who registers and calls: first lines, and the names of the fields."""
    with Phone(user, (STRANGE, 0), password=password, registrar=server.sip) as stranger:
        with pytest.raises(RegistrationError):
            stranger.register()
        server.dial(stranger, number=user).wait_ended()
        heard = [traced.text.splitlines() for traced in stranger.trace if not traced.sent]
    return [[first, *(line.partition(":")[0] for line in rest)] for first, *rest in heard]


def refusals(server: AsteriskServer) -> list[Message]:
    """What Asterisk said of strangers."""
    return [event for event in server.events.seen if event.event in REFUSALS]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("1001", "wrong"),
        ("1002", "secret-1002"),
        ("1003", "wrong"),
        ("trunk-carrier", "wrong"),
        ("siaga112-probe", "wrong"),
    ],
    ids=["wrong password", "wrong network", "needs no password", "trunk", "test call"],
)
def test_names_that_are_there_are_not_told_from_others(asterisk: AsteriskServer, user: str, password: str) -> None:
    """Each gets the answers of a name that nobody has, and Asterisk tells us from where it came."""
    expected = answers(asterisk, "9999", "wrong")
    asterisk.events.seen.clear()

    assert expected == answers(asterisk, user, password)
    assert asterisk.events.wait_until(lambda: bool(refusals(asterisk)))
    assert {f"IPV4/UDP/{STRANGE}"} == {event.get("RemoteAddress").rpartition("/")[0] for event in refusals(asterisk)}
