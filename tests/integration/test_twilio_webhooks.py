"""What Twilio posts becomes a ticket once, or nothing at all when it was not Twilio."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from redis import Redis

from redis_queue.names import TWILIO_STREAM
from siaga112 import log
from siaga112.app import App
from sms_gateway.retry import Retry
from tests.support.redis_server import RedisServer
from tests.support.twilio_city import CITIZEN, MESSAGE, PUBLIC_URL, STATUS, TwilioCity, settings_of, sms, whatsapp
from tests.support.twilio_server import SID, full, signed
from tickets.database.store import Store
from tickets.vocabulary import Direction

FIRE = "LAPOR#kebakaran#Warung terbakar di depan Pasar Rogojampi"


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """One kind of database is enough here: what is asked of it is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'siaga112.db'}"


@pytest.fixture
def city(tmp_path: Path, store: Store, redis_client: Redis) -> Iterator[TwilioCity]:
    """A running web part."""
    with TwilioCity(settings_of(tmp_path), store, redis_client) as running:
        yield running


def traces(city: TwilioCity) -> tuple[int, int, int]:
    """Entries in the stream, messages, tickets."""
    return city.stream.length(), len(city.messages(Direction.IN)), len(city.tickets())


def test_sms(city: TwilioCity) -> None:
    """An SMS is a ticket of channel sms, its text to the letter, and a reply waits for the same line."""
    answer = city.post(MESSAGE, sms("SM1", FIRE))
    city.work()
    (ticket,) = city.tickets()
    (reply,) = city.messages(Direction.OUT)
    (incoming,) = city.messages(Direction.IN)

    assert (200, "text/xml; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert answer.text.endswith("<Response></Response>")
    assert ("sms", "kebakaran", CITIZEN, FIRE) == tuple(
        ticket[key] for key in ("channel", "category", "reporter", "text")
    )
    assert ("sms", "twilio", CITIZEN, "queued", ticket["number"]) == tuple(
        reply[key] for key in ("channel", "modem", "to", "state", "ticket")
    )
    assert ("handled", "twilio", "+15005550006") == (incoming["state"], incoming["modem"], incoming["to"])


def test_whatsapp_with_place_and_photo(city: TwilioCity) -> None:
    """Text, photo and place, sent one after the other as people do, are one ticket that has all of them."""
    city.post(MESSAGE, whatsapp("SM1", "Banjir di jalan raya, mobil tidak bisa lewat"))
    photo = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/Media/ME1", "MediaContentType0": "image/jpeg"}
    city.post(MESSAGE, whatsapp("SM2", "", **photo))
    city.post(MESSAGE, whatsapp("SM3", "", Latitude="-8.2192", Longitude="114.3691", Label="Rogojampi"))
    city.work()
    (ticket,) = city.tickets()
    texts = [row["text"] for row in city.messages(Direction.IN)]

    assert ("whatsapp", "bencana", CITIZEN) == (ticket["channel"], ticket["category"], ticket["reporter"])
    assert ({"lat": -8.2192, "lon": 114.3691, "radius": None}, "Rogojampi") == (ticket["location"], ticket["place"])
    assert {
        "Banjir di jalan raya, mobil tidak bisa lewat",
        "Foto: https://api.twilio.com/Media/ME1",
        "Lokasi: -8.2192, 114.3691 (Rogojampi)",
    } == set(texts)
    assert {"whatsapp"} == {row["channel"] for row in city.messages(Direction.OUT)}


def test_address_of_photo_is_no_complaint(city: TwilioCity) -> None:
    """What decides the category is what the citizen wrote: `api` (fire) stands in every address of Twilio's."""
    media = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/Media/ME1", "MediaContentType0": "image/jpeg"}
    city.post(MESSAGE, whatsapp("SM1", "lihat ini", **media))
    city.work()

    assert ["lainnya"] == [ticket["category"] for ticket in city.tickets()]


@pytest.mark.parametrize("path", [MESSAGE, STATUS])
@pytest.mark.parametrize("signature", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_forged(city: TwilioCity, path: str, signature: str) -> None:
    """Without Twilio's signature: 403, and nothing is stored anywhere."""
    answer = city.post(path, sms("SM1", FIRE), **{"X-Twilio-Signature": signature})

    assert (403, (0, 0, 0)) == (answer.status_code, traces(city))


def test_foreign_host(city: TwilioCity) -> None:
    """A signature for another host is refused, even if the request says that this is our host."""
    stranger = "https://evil.example"
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    body, signed_headers = signed(stranger, MESSAGE, sms("SM1", FIRE))
    answer = city.client.post(MESSAGE, content=body, headers=signed_headers | headers)

    assert (403, (0, 0, 0)) == (answer.status_code, traces(city))


def test_own_host_does_not_matter(city: TwilioCity) -> None:
    """Behind a proxy our own host is another one; only the public address counts."""
    assert 200 == city.post(MESSAGE, sms("SM1", FIRE), Host="127.0.0.1:9").status_code


def test_signed_for_the_other_address(city: TwilioCity) -> None:
    """A post to one address cannot be replayed to the other."""
    body, headers = signed(PUBLIC_URL, STATUS, sms("SM1", FIRE))

    assert 403 == city.client.post(MESSAGE, content=body, headers=headers).status_code


@pytest.mark.parametrize(
    "cut",
    [
        {"MessageSid": full("SM1") + "NumMedia0", "NumMedia": None},
        {"MessageS": "id" + full("SM1"), "MessageSid": None},
        {"MessageSid": full("SM1")[:-1], "aN": "umMedia0", "NumMedia": None},
        {"AccountSid": f"{SID}Body{FIRE}", "Body": None},
        {"Body": f"{FIRE}From{CITIZEN}", "From": None},
    ],
    ids=str,
)
def test_cut_otherwise(city: TwilioCity, cut: dict[str, str | None]) -> None:
    """Names and values of a post that Twilio signed, cut at other places, have the same signature: not taken."""
    whole = sms("SM1", FIRE)
    _, headers = signed(PUBLIC_URL, MESSAGE, whole)
    other = {name: value for name, value in (whole | cut).items() if value is not None}
    answer = city.client.post(MESSAGE, content=urlencode(other), headers=headers)

    assert (403, (0, 0, 0)) == (answer.status_code, traces(city))


@pytest.mark.parametrize("sid", ["SM1", full("CA1"), full("SM1").upper(), f" {full('SM1')}", ""])
def test_no_sid_of_twilios(city: TwilioCity, sid: str) -> None:
    """Signed, but named as Twilio names no message: it could be the same message under another name."""
    assert (403, (0, 0, 0)) == (city.post(MESSAGE, sms("SM1", FIRE, MessageSid=sid)).status_code, traces(city))


def test_another_account(city: TwilioCity) -> None:
    """Signed with our token, of an account that is not ours."""
    other = sms("SM1", FIRE, AccountSid="AC" + "0" * 32)
    assert (403, (0, 0, 0)) == (city.post(MESSAGE, other).status_code, traces(city))


def test_replayed(city: TwilioCity) -> None:
    """The same post again is answered well, and changes nothing: Twilio repeats, and so may a listener."""
    answers = [city.post(MESSAGE, sms("SM1", FIRE)).status_code for _ in range(3)]
    city.work()
    again = city.post(MESSAGE, sms("SM1", FIRE)).status_code
    city.work()

    assert ([200, 200, 200], 200, (0, 1, 1)) == (answers, again, traces(city))


def test_redis_away(city: TwilioCity, redis_server: RedisServer) -> None:
    """What cannot be kept is not taken: 503, so that Twilio comes again or calls the fallback address."""
    redis_server.kill()
    away = city.post(MESSAGE, sms("SM1", FIRE))
    redis_server.start()
    back = city.post(MESSAGE, sms("SM1", FIRE))
    city.work()

    assert (503, 200, (0, 1, 1)) == (away.status_code, back.status_code, traces(city))


@pytest.mark.parametrize(("size", "status"), [(60_000, 200), (70_000, 413), (20_000_000, 413)])
def test_size(city: TwilioCity, size: int, status: int) -> None:
    """No more is read of a post than any message can be long."""
    try:
        answer = city.post(MESSAGE, sms("SM1", "x" * size)).status_code
    except httpx.WriteError:
        answer = 413  # the line was closed on us while we went on sending

    assert (status, int(status == 200)) == (answer, city.stream.length())


@pytest.mark.parametrize("path", [MESSAGE, STATUS])
def test_twilio_not_used(tmp_path: Path, store: Store, redis_client: Redis, path: str) -> None:
    """Without an account the addresses are not there."""
    settings = settings_of(tmp_path, twilio={"account_sid": "", "auth_token": ""})
    with TwilioCity(settings, store, redis_client) as city:
        assert 404 == city.post(path, sms("SM1", FIRE)).status_code


def test_no_public_url(tmp_path: Path, store: Store, redis_client: Redis) -> None:
    """Where nobody said what the outside world calls us, nobody can prove to be Twilio."""
    with TwilioCity(settings_of(tmp_path, web={"public_url": ""}), store, redis_client) as city:
        assert (403, (0, 0, 0)) == (city.post(MESSAGE, sms("SM1", FIRE)).status_code, traces(city))


def test_own_number_gets_no_reply(city: TwilioCity) -> None:
    """A message from our own number is kept, and not answered: it would answer back for ever."""
    city.post(MESSAGE, sms("SM1", FIRE, From="+15005550006"))
    city.work()

    assert (1, []) == (len(city.tickets()), city.messages(Direction.OUT))


def test_given_up(city: TwilioCity) -> None:
    """A message that our own code fails on is kept as dead, where a person sees it, with all that Twilio said."""
    city.post(MESSAGE, sms("SM1", FIRE))
    (row,) = city.stream.redis.xrange(TWILIO_STREAM)
    city.intake.give_up(row[1], "failed 5 times: ValueError")
    (dead,) = city.messages(Direction.IN)

    assert ("dead", FIRE, CITIZEN, "failed 5 times: ValueError") == tuple(
        dead[key] for key in ("state", "text", "from", "reason")
    )
    assert f"MessageSid={full('SM1')}" in dead["pdu"]


def test_given_up_and_tried_again(city: TwilioCity) -> None:
    """A dead message that a person has tried again becomes the ticket that it should have been."""
    city.post(MESSAGE, whatsapp("SM1", FIRE, Latitude="-8.2192", Longitude="114.3691"))
    (row,) = city.stream.redis.xrange(TWILIO_STREAM)
    city.intake.give_up(row[1], "failed 5 times: ValueError")
    (dead,) = city.messages(Direction.IN)
    app = App(city.settings)
    with city.store.transaction() as session:
        said = Retry(city.settings, app.site, app.catalogue).again(session, dead["id"])
    (ticket,) = city.tickets()

    assert f"message {dead['id']} is handled, ticket {ticket['number']}" == said
    assert ("whatsapp", "kebakaran", -8.2192) == (ticket["channel"], ticket["category"], ticket["location"]["lat"])


def test_secrets_and_numbers_stay_out_of_the_log(city: TwilioCity, capsys: pytest.CaptureFixture[str]) -> None:
    """A request's line tells path, status and reason: no query, no number, no text, no signature, no token."""
    log.configure("web", json=True)
    city.client.post(MESSAGE + "?token=geheim", content=b"From=%2B6281234567890&Body=rahasia", headers={
        "X-Twilio-Signature": "c2lnbmF0dXI=",
    })  # fmt: skip
    city.post(MESSAGE, sms("SM1", FIRE))
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines()]

    assert [("http.request", 403), ("http.request", 200)] == [(line["event"], line["status"]) for line in lines]
    assert "public_url" in lines[0]["reason"]
    for secret in ("geheim", "rahasia", "6281234567890", "c2lnbmF0dXI", SID, FIRE):
        assert secret not in said
