"""Phones register with a carrier that asks for a password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardware.softphone import (
    EndedBy,
    Moment,
    Phone,
    RegistrationError,
    SoftphoneError,
    WaitError,
    answering,
)

PASSWORD = "s3cret"


@pytest.fixture
def carrier() -> Iterator[Phone]:
    """A carrier with one customer."""
    with Phone("carrier", ("127.0.0.2", 0), accounts={"siaga": PASSWORD}, manners=answering()) as phone:
        yield phone


def _customer(carrier: Phone, password: str = PASSWORD) -> Phone:
    return Phone("siaga", ("127.0.0.5", 0), registrar=carrier.address, password=password, manners=answering())


def test_registered_phone_is_reached_by_its_name(carrier: Phone) -> None:
    """The carrier learns the contact with the registration and calls it."""
    with _customer(carrier) as phone:
        phone.register()

        assert phone.registered
        assert phone.uri == carrier.wait_contact("siaga")
        carrier.call("siaga").wait_answered()


def test_unregistered_phone_is_no_longer_reached(carrier: Phone) -> None:
    """Withdrawing the registration takes the contact away, as closing the phone does."""
    with _customer(carrier) as phone:
        phone.register()
        phone.unregister()

        assert not phone.registered
        with pytest.raises(WaitError, match="the registration of siaga"):
            carrier.wait_contact("siaga", 0.05)
        phone.register()

    with pytest.raises(WaitError):
        carrier.wait_contact("siaga", 0.05)


def test_wrong_password_is_refused(carrier: Phone) -> None:
    """The error carries the status; the phone does not try the same password twice."""
    with _customer(carrier, password="guess") as phone:
        with pytest.raises(RegistrationError, match="401 Unauthorized") as caught:
            phone.register()

        assert caught.value.status == 401
        assert not phone.registered
        assert sum(item.text.startswith("REGISTER") for item in phone.trace) == 2


def test_carrier_that_is_gone_is_noticed(carrier: Phone) -> None:
    """No answer is a WaitError that shows what was sent."""
    with _customer(carrier) as phone:
        carrier.vanish()

        with pytest.raises(WaitError, match=r"to 127[.]0[.]0[.]2:.* REGISTER"):
            phone.register(timeout=0.1)
        phone.vanish()


def test_number_is_dialled_at_the_registrar_with_the_password(carrier: Phone) -> None:
    """A challenged INVITE is acknowledged and repeated with credentials, and the call goes on as any other."""
    with _customer(carrier) as phone:
        call = phone.call("+62811111")
        call.wait_answered()

        assert carrier.incoming().invite.uri.partition("@")[0].removeprefix("sip:") == "+62811111"
        assert call.moment(Moment.CHALLENGED) is not None


def test_stranger_does_not_get_through(carrier: Phone) -> None:
    """Without the password the carrier takes no call."""
    with Phone("stranger", ("127.0.0.6", 0)) as stranger:
        ending = stranger.call(carrier.uri).wait_ended()

        assert (ending.by, ending.status) == (EndedBy.REFUSAL, 401)
        assert carrier.calls == ()


def test_only_a_carrier_has_customers(carrier: Phone) -> None:
    """Asking a phone for what it does not have is told, not waited for."""
    with Phone("alone", ("127.0.0.6", 0)) as alone:
        with pytest.raises(SoftphoneError, match="no registrar"):
            alone.register()
        with pytest.raises(SoftphoneError, match="no accounts"):
            alone.wait_contact("siaga")
