"""The SIM's PIN: sent once, never again when it was refused, whatever is restarted."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.modem.errors import RefusedError
from hardware.modem.health import ModemState
from hardware.modem.pin_memory import Mark, SimPin
from hardware.modem.simulator import SimulatedModem
from tests.support.modem_rig import connected

SIM = "8962510101234567890"


def pin(tmp_path: Path, value: str) -> SimPin:
    """The PIN as it is configured."""
    return SimPin(value, tmp_path / "pins")


def test_right_pin_unlocks_and_is_asked_for_again_after_power_off(tmp_path: Path) -> None:
    """The PIN that is right works at every start."""
    for _ in range(2):
        with (
            SimulatedModem(tmp_path / "modem", pin="1234") as simulated,
            connected(str(tmp_path / "modem"), pin=pin(tmp_path, "1234")) as modem,
        ):
            simulated.receive("+628123456789", "satu")
            assert modem.health().state is ModemState.UP
            assert len(modem.list_stored()) == 1


def test_refused_pin_is_never_sent_again(tmp_path: Path) -> None:
    """However often the program starts, a wrong PIN costs one of the three tries, also when it is configured again."""
    with SimulatedModem(tmp_path / "modem", pin="1234") as simulated:
        for _ in range(4):
            with connected(str(tmp_path / "modem"), pin=pin(tmp_path, "9999")) as modem:
                health = modem.health()
                assert (ModemState.PIN, True) == (health.state, "refused" in health.reason)
        with connected(str(tmp_path / "modem"), pin=pin(tmp_path, "8888")) as modem:
            assert modem.health().state is ModemState.PIN
        with connected(str(tmp_path / "modem"), pin=pin(tmp_path, "9999")) as modem:
            assert modem.health().state is ModemState.PIN
        assert simulated.pin_tries == 1

        with connected(str(tmp_path / "modem"), pin=pin(tmp_path, "1234")) as modem:
            assert modem.health().state is ModemState.UP


def test_pin_whose_outcome_nobody_saw_is_not_sent_again(tmp_path: Path) -> None:
    """A process that died with the PIN on the line: the next one does not try its luck."""
    pin(tmp_path, "1234").remember(SIM, Mark.SENT)
    with (
        SimulatedModem(tmp_path / "modem", pin="1234") as simulated,
        connected(str(tmp_path / "modem"), pin=pin(tmp_path, "1234")) as modem,
    ):
        assert modem.health().state is ModemState.PIN
        assert simulated.pin_tries == 3


def test_sim_that_wants_its_pin_and_has_none_configured(tmp_path: Path) -> None:
    """The state says so, and messages fail with the modem's own error."""
    with (
        SimulatedModem(tmp_path / "modem", pin="1234"),
        connected(str(tmp_path / "modem")) as modem,
    ):
        health = modem.health()
        assert (ModemState.PIN, "the SIM asks for its PIN and none is configured") == (health.state, health.reason)
        with pytest.raises(RefusedError, match="311"):
            modem.list_stored()


def test_puk_is_left_to_a_person(tmp_path: Path) -> None:
    """Three different wrong PINs lock the SIM: the state is puk and no further PIN is sent."""
    with SimulatedModem(tmp_path / "modem", pin="1234"):
        for wrong in ("1111", "2222", "3333", "4444"):
            with connected(str(tmp_path / "modem"), pin=pin(tmp_path, wrong)) as modem:
                last = modem.health().state
    assert last is ModemState.PUK


def test_mark_holds_no_pin_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    """What is written down is for its owner alone, and does not show the PIN."""
    configured = pin(tmp_path, "1234")
    configured.remember(SIM, Mark.REFUSED)
    (written,) = configured.directory.iterdir()

    assert (written.stat().st_mode & 0o777, "1234" in written.read_text(), "1234" in repr(configured)) == (
        0o600,
        False,
        False,
    )
    assert (Mark.REFUSED, None) == (configured.mark_of(SIM), pin(tmp_path, "4321").mark_of(SIM))
