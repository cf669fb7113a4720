"""An admin's own menu of two levels on a real Asterisk: keys choose during prompts, and behind every way is a human."""

import time
from collections.abc import Iterator

import pytest

from hardware.asterisk.process import ManagedAsterisk
from hardware.softphone import OutgoingCall, Phone, answering
from hardware.softphone.history import Moment
from tests.support.asterisk_server import write_tone
from tests.support.city import PROMPT_HZ, City, converse
from tests.support.eventual import eventually

MENU = """
repeat = "*"
rounds = 2

[[menus]]
name = "utama"

[[menus.items]]
key = "1"
category = "kebakaran"

[[menus.items]]
key = "2"
menu = "kota"
say = { id = "Urusan kota" }

[[menus.items]]
key = "8"
information = "banjir"
say = { id = "Info banjir" }
text = { id = "Jalan Raya Rogojampi tergenang." }

[[menus]]
name = "kota"

[[menus.items]]
key = "1"
category = "infrastruktur"
"""

FIRST_HZ, TOWN_HZ, NEWS_HZ = 600, 800, 1300
NEWS_SECONDS = 10.0
PATIENCE_S = 20.0
WITHIN_S = 5.0
"""From a script's last sign of life to the ringing of a human's phone."""


@pytest.fixture(scope="module")
def menu_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A running city with that menu; each part of it sounds differently, and the news are 10 s of the city's own."""
    folder = tmp_path_factory.mktemp("menu")
    (folder / "menu.toml").write_text(MENU, "utf-8")
    city = City(folder, ivr='menu = "menu.toml"')
    sounds = folder / "sounds" / "id"
    write_tone(sounds / "menu-utama-1.wav", FIRST_HZ, 2.0)
    write_tone(sounds / "menu-kota-1.wav", TOWN_HZ, 2.0)
    write_tone(sounds / "information-banjir.wav", NEWS_HZ, NEWS_SECONDS)
    try:
        city.start()
        yield city
        city.stop()
    finally:
        city.close()


@pytest.fixture
def menu_city(menu_session: City) -> Iterator[City]:
    """The running city, without phones and calls."""
    yield menu_session
    menu_session.rest()


@pytest.fixture
def menu_carrier(menu_city: City) -> Iterator[Phone]:
    """The other end of its trunk."""
    with menu_city.carrier() as phone:
        yield phone


def dial(city: City, carrier: Phone, number: str) -> OutgoingCall:
    """A caller who hears the first menu."""
    call = city.dial(carrier, number)
    call.wait_tone(PROMPT_HZ, PATIENCE_S)
    return call


def test_two_keys_choose(menu_city: City, menu_carrier: Phone) -> None:
    """The first key in the greeting, the second in the submenu's own words; the operator sees what was chosen."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000101")
        call.press("2")
        call.wait_tone(TOWN_HZ, PATIENCE_S)
        call.press("1")
        talk = desk.incoming(PATIENCE_S)
        converse(call, talk)
        call.hangup()
        record = menu_city.await_record("+6281200000101")

    assert ("Infrastruktur dan layanan kota", "infrastruktur") == (talk.remote_name, record["category"])


def test_the_first_menu_still_chooses(menu_city: City, menu_carrier: Phone) -> None:
    """A key of its own, while another key's words are heard."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000102")
        call.wait_tone(FIRST_HZ, PATIENCE_S)
        call.press("1")
        talk = desk.incoming(PATIENCE_S)
        converse(call, talk)
        call.hangup()
        record = menu_city.await_record("+6281200000102")

    assert ("Kebakaran", "kebakaran") == (talk.remote_name, record["category"])


@pytest.mark.parametrize(("number", "key"), [("081200000103", "5"), ("081200000104", "0"), ("081200000105", "")])
def test_the_second_menu_has_a_human_behind_it(menu_city: City, menu_carrier: Phone, number: str, key: str) -> None:
    """A wrong key, the operator's, or none at all."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, number)
        call.press("2")
        call.wait_tone(TOWN_HZ, PATIENCE_S)
        if key:
            call.press(key)
        talk = desk.incoming(PATIENCE_S)
        converse(call, talk)
        call.hangup()
        record = menu_city.await_record("+62" + number[1:])

    assert None is record["category"]


def test_an_information_leads_back_to_the_menu(menu_city: City, menu_carrier: Phone) -> None:
    """All 10 s of it, then the menu again, and a key there chooses; the call was never in danger meanwhile."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000106")
        call.press("8")
        call.wait_tone(NEWS_HZ, PATIENCE_S)
        call.wait_tone(FIRST_HZ, 3 * NEWS_SECONDS)
        call.press("1")
        converse(call, desk.incoming(PATIENCE_S))
        call.hangup()
        record = menu_city.await_record("+6281200000106")

    assert ("answered", "kebakaran") == (record["outcome"], record["category"])


def test_a_key_in_an_information_is_a_key_of_the_menu(menu_city: City, menu_carrier: Phone) -> None:
    """Pressed in the third of its pieces."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000107")
        call.press("8")
        call.wait_tone(NEWS_HZ, PATIENCE_S)
        enough = call.heard_seconds + 7
        eventually("seven seconds of news", lambda: call.heard_seconds >= enough)
        assert call.hears_tone(NEWS_HZ)
        call.press("1")
        converse(call, desk.incoming(PATIENCE_S))
        call.hangup()
        record = menu_city.await_record("+6281200000107")

    assert "kebakaran" == record["category"]


def test_whoever_asks_again_and_again_gets_a_human(menu_city: City, menu_carrier: Phone) -> None:
    """Two rounds here; the third wish is answered by an operator."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000108")
        call.press("*")
        call.wait_tone(FIRST_HZ, PATIENCE_S)
        call.press("8")
        call.wait_tone(NEWS_HZ, PATIENCE_S)
        call.press("*")
        converse(call, desk.incoming(PATIENCE_S))
        call.hangup()
        record = menu_city.await_record("+6281200000108")

    assert None is record["category"]


def test_a_server_that_freezes_in_a_long_recording_costs_five_seconds(menu_city: City, menu_carrier: Phone) -> None:
    """A recording of 10 s stretches no timer: a human's phone rings as soon as in any other prompt."""
    with menu_city.on_duty("1001", answering()) as desk:
        call = dial(menu_city, menu_carrier, "081200000109")
        call.press("8")
        call.wait_tone(NEWS_HZ, PATIENCE_S)
        enough = call.heard_seconds + 4
        eventually("four seconds of news", lambda: call.heard_seconds >= enough)
        with menu_city.frozen(menu_city.pid_of("agi")):
            frozen_at = time.monotonic()
            talk = desk.incoming(3 * NEWS_SECONDS)
            converse(call, talk)
        call.hangup()
        record = menu_city.await_record("+6281200000109")
    rung = talk.moment(Moment.INVITE_RECEIVED)

    assert rung is not None
    assert rung - frozen_at < WITHIN_S
    assert ("fail_open", "1001") == (record["outcome"], record["operator"])


def test_prompts_are_in_the_callers_own_law(menu_city: City, menu_carrier: Phone) -> None:
    """Asterisk plays them as they lie there: it converts nothing."""
    asterisk = ManagedAsterisk(menu_city.app.settings, menu_city.app.paths.prompts)
    with menu_city.on_duty("1001", answering()):
        call = dial(menu_city, menu_carrier, "081200000110")
        call.press("8")
        call.wait_tone(NEWS_HZ, PATIENCE_S)
        (channel,) = [
            line.split()[0]
            for line in asterisk.command("core show channels concise").replace("!", " ").splitlines()
            if line.startswith("PJSIP/trunk-carrier")
        ]
        shown = asterisk.command(f"core show channel {channel}")
        call.hangup()
        menu_city.await_record("+6281200000110")

    assert "WriteTranscode: No" in shown
