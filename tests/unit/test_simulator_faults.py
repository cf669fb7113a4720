"""Faults as people write them."""

import pytest

from hardware.modem.simulator import Fault, FaultKind, SimulatorError, personality_of
from hardware.modem.simulator.faults import Faults, fault_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("noise", Fault(FaultKind.NOISE)),
        ("delay", Fault(FaultKind.DELAY, 1.0)),
        ("unplug=0.5", Fault(FaultKind.UNPLUG, 0.5)),
        ("cms-error-500", Fault(FaultKind.CMS_ERROR, 500)),
        ("truncated-listing", Fault(FaultKind.TRUNCATED_LISTING, 1.0)),
    ],
)
def test_written_and_read(text: str, expected: Fault) -> None:
    """A name, where it makes sense with a value."""
    assert expected == Fault.parse(text)


@pytest.mark.parametrize("text", ["", "noisy", "noise=1", "delay=x", "delay=-1", "delay=inf", "delay=nan", "cms-error"])
def test_what_is_no_fault_is_answered_with_the_list(text: str) -> None:
    """One line that has them all."""
    with pytest.raises(SimulatorError) as caught:
        Fault.parse(text)
    assert str(caught.value).endswith(", ".join(fault_names()))


def test_unknown_personality_is_answered_with_the_list() -> None:
    """One line that has them all."""
    with pytest.raises(SimulatorError, match="generic, huawei, zte, quectel, simcom, telit, wavecom"):
        personality_of("nokia")


def test_counted_fault_ends_by_itself() -> None:
    """One that was ordered twice happens twice; a lasting one until it is cleared."""
    faults = Faults()
    faults.order(Fault(FaultKind.GARBAGE, 2))
    faults.order(Fault(FaultKind.NOISE))

    assert [True, True, False] == [faults.strikes(FaultKind.GARBAGE) for _ in range(3)]
    assert faults.strikes(FaultKind.NOISE)
    faults.clear()
    assert not faults.strikes(FaultKind.NOISE)
