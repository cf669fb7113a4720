"""The key by which a message delivered twice is known."""

from datetime import UTC, datetime, timedelta

import pytest

from hardware.modem.pdu import decode, encode_deliver, encode_status_report, fingerprint

_SIM = "510101234567890"
_TIME = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _deliver(text: str = "halo", *, sender: str = "+62811", time: datetime = _TIME, smsc: str | None = None) -> str:
    return encode_deliver(sender, text, time, smsc=smsc)[0].hex


def _key(hexadecimal: str, sim: str = _SIM) -> str:
    return fingerprint(decode(hexadecimal), sim)


def test_redelivery_through_another_centre_has_the_same_key() -> None:
    """SMSC and first octet (TP-MMS may change) stay out."""
    again = "00" + "00" + _deliver()[4:]

    assert _key(_deliver()) == _key(_deliver(smsc="+62811000000")) == _key(again)


def test_report_through_another_centre_has_the_same_key() -> None:
    """So that a report counts once."""
    reports = [encode_status_report("+62811", 1, _TIME, _TIME, 0, smsc=smsc).hex for smsc in (None, "+62811000000")]

    assert _key(reports[0]) == _key(reports[1])


def test_another_report_has_another_key() -> None:
    """Two reports of one second differ in reference, recipient or status."""
    reports = [
        encode_status_report("+62811", 1, _TIME, _TIME, 0),
        encode_status_report("+62811", 2, _TIME, _TIME, 0),
        encode_status_report("+62812", 1, _TIME, _TIME, 0),
        encode_status_report("+62811", 1, _TIME, _TIME, 32),
    ]

    assert len({_key(report.hex) for report in reports}) == len(reports)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_deliver("halo!"), id="text"),
        pytest.param(_deliver(sender="+62812"), id="sender"),
        pytest.param(_deliver(sender="62811"), id="type of number"),
        pytest.param(_deliver(time=_TIME + timedelta(seconds=1)), id="time"),
        pytest.param("zz", id="not readable"),
        pytest.param("", id="empty"),
        pytest.param(_deliver()[:-2], id="cut"),
    ],
)
def test_another_message_has_another_key(other: str) -> None:
    """Whatever differs in it."""
    assert _key(other) != _key(_deliver())


def test_another_sim_has_another_key() -> None:
    """A message to two of our numbers is two messages."""
    assert _key(_deliver(), "510109999999999") != _key(_deliver())


def test_parts_of_one_message_have_different_keys() -> None:
    """Equal text in two parts of the same second must not be taken for a redelivery."""
    first, second = encode_deliver("+62811", "a" * 306, _TIME, reference=1)

    assert _key(first.hex) != _key(second.hex)


@pytest.mark.parametrize("garbage", ["", "zz", "0", "00", "FF", "0004"])
def test_garbage_has_a_stable_key(garbage: str) -> None:
    """The same unreadable line again is the same line."""
    assert _key(garbage) == _key(garbage)
    assert 64 == len(_key(garbage))
