"""Who is on duty: by registration, by a fixed address, by login; and not any more."""

from hardware.softphone import answering
from redis_queue.states import OperatorState
from tests.support.city import City
from tests.support.city_file import FIXED
from tests.support.eventual import eventually


def test_phone_at_a_fixed_address(city: City) -> None:
    """A phone that never registers is on duty once it answers OPTIONS, and off duty when it vanishes."""
    with city.on_duty(FIXED) as phone:
        phone.vanish()
        gone = city.await_state(FIXED, OperatorState.OFFLINE)

    assert "unreachable" == gone.reason


def test_login_and_logout(city: City) -> None:
    """Without auto_login a phone that can be reached is not enough: its operator logs in, and out."""
    with city.phone("1003", answering()):
        eventually("1003 reachable", lambda: city.operator("1003").reason == "off_duty")
        before = city.operator("1003")
        logged_in = city.command("operators", "login", "1003")
        during = city.operator("1003")
        logged_out = city.command("operators", "logout", "1003")
        after = city.operator("1003")

    assert [0, 0] == [logged_in.returncode, logged_out.returncode]
    assert ["1003 is on duty: available"] == logged_in.stdout.splitlines()
    assert [OperatorState.OFFLINE, OperatorState.AVAILABLE, OperatorState.OFFLINE] == [
        before.state,
        during.state,
        after.state,
    ]


def test_pause_and_resume(city: City) -> None:
    """A paused operator has no calls until resumed."""
    with city.on_duty("1001"):
        city.command("operators", "pause", "1001")
        paused = city.operator("1001")
        city.command("operators", "resume", "1001")
        resumed = city.operator("1001")

    assert [OperatorState.PAUSED, OperatorState.AVAILABLE] == [paused.state, resumed.state]


def test_unknown_operator(city: City) -> None:
    """An extension that nobody has is said in one line."""
    done = city.command("operators", "login", "4711")

    assert 1 == done.returncode
    assert ["Error: no operator has the extension '4711'"] == done.stderr.splitlines()
