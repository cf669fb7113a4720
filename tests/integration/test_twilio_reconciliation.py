"""What no webhook brought is asked for, and taken once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from sms_gateway.twilio.api import TwilioApi
from sms_gateway.twilio.errors import TwilioError
from sms_gateway.twilio.reconciliation import Reconciliation
from tests.support.twilio_city import CITIZEN, MESSAGE, OUR_SMS, OUR_WHATSAPP, TwilioCity, settings_of, sms
from tests.support.twilio_server import SID, TwilioServer, full
from tickets.database.store import Store
from tickets.vocabulary import Direction


@pytest.fixture
def server() -> Iterator[TwilioServer]:
    """A server in the shape of Twilio's."""
    with TwilioServer() as running:
        yield running


@pytest.fixture
def city(tmp_path: Path, store: Store, redis_client: Redis, server: TwilioServer) -> Iterator[TwilioCity]:
    """A city with an account on that server."""
    with TwilioCity(settings_of(tmp_path), store, redis_client, server) as running:
        yield running


def test_missed_messages(city: TwilioCity, server: TwilioServer) -> None:
    """Messages of both channels that no webhook brought, over several pages: each a ticket's message, once."""
    for number in range(5):
        server.receive(f"SM{number}", f"Jalan rusak di dusun {number}", sender=CITIZEN, to=OUR_SMS)
    server.receive(
        "SM9",
        "",
        sender=f"whatsapp:{CITIZEN}",
        to=f"whatsapp:{OUR_WHATSAPP}",
        media=(("ME1", "image/jpeg"), ("ME2", "video/mp4")),
    )
    first = city.reconciliation.look()
    handled = city.work()
    second = city.reconciliation.look()
    texts = {row["text"] for row in city.messages(Direction.IN)}
    media = f"{server.url}/2010-04-01/Accounts/{SID}/Messages/{full('SM9')}/Media"

    assert (6, 6, 0) == (first, handled, second)
    assert {
        *(f"Jalan rusak di dusun {number}" for number in range(5)),
        f"Foto: {media}/ME1\nVideo: {media}/ME2",
    } == texts
    assert {"sms", "whatsapp"} == {ticket["channel"] for ticket in city.tickets()}


@pytest.mark.parametrize("webhook_first", [True, False])
def test_both_ways(city: TwilioCity, server: TwilioServer, webhook_first: bool) -> None:
    """A message that comes by webhook and by the list is one ticket, whichever is first."""
    server.receive("SM1", "Pohon tumbang", sender=CITIZEN, to=OUR_SMS)
    ways = [lambda: city.post(MESSAGE, sms("SM1", "Pohon tumbang")), city.reconciliation.look]
    for way in ways if webhook_first else reversed(ways):
        way()
    city.work()

    assert (1, 1) == (len(city.tickets()), len(city.messages(Direction.IN)))


def test_ours_are_not_taken(city: TwilioCity, server: TwilioServer) -> None:
    """Messages that we sent, and those to other numbers of the account, are none of citizens'."""
    server.receive("SM1", "halo", sender=CITIZEN, to="+15005550099")
    city.post(MESSAGE, sms("SM2", "Pohon tumbang"))
    city.work()
    city.sender.send_next()

    assert (1, 0) == (len(server.created), city.reconciliation.look())


def test_failed_look_is_made_good(city: TwilioCity, server: TwilioServer, redis_client: Redis) -> None:
    """A look that failed does not count: the next one covers its time too."""
    refused = TwilioApi(SID, "wrong", base=server.url)
    server.receive("SM1", "Pohon tumbang", sender=CITIZEN, to=OUR_SMS)
    with pytest.raises(TwilioError):
        Reconciliation(city.settings, refused, city.store, city.stream, redis_client).look()
    refused.close()

    assert (1, 1) == (city.reconciliation.look(), city.work())
