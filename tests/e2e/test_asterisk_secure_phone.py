"""An operator's phone that comes by TLS and encrypts what is said. Another Asterisk plays it, with a handset behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.softphone import Phone, answering
from tests.support.asterisk_server import AsteriskServer
from tests.support.certificates import certificate
from tests.support.other_asterisk import OtherAsterisk
from tests.support.ports import free_port
from tests.support.scripted_agi import ScriptedAgi

PHONE, SOCKET, HANDSET = "127.0.0.41", "127.0.0.42", "127.0.0.43"
"""Where the phone registers from, where its handset is plugged in, and the handset."""

CALLER_HZ, OPERATOR_HZ = 700, 900

TRANSPORTS = """
[tls]
type = transport
protocol = tls
bind = {phone}
method = tlsv1_2
cert_file = {pem}
priv_key_file = {key}
ca_list_file = {pem}
verify_server = yes
[udp]
type = transport
protocol = udp
bind = {socket}
"""

ENDPOINTS = """
#include "pjsip-transports.conf"
[city]
type = endpoint
context = city
aors = city
transport = tls
media_encryption = sdes
allow = !all,alaw
direct_media = no
[city]
type = aor
contact = {city}
[city]
type = identify
endpoint = city
match = 127.0.0.1
[city]
type = auth
auth_type = userpass
username = 1001
password = secret-1001
[city]
type = registration
transport = tls
outbound_auth = city
server_uri = {city}
client_uri = {client}
contact_user = 1001
max_random_initial_delay = 0
[handset]
type = endpoint
context = city
aors = handset
transport = udp
allow = !all,alaw
direct_media = no
[handset]
type = aor
contact = sip:handset@{handset}
"""

DIALPLAN = "[city]\nexten => 1001,1,Dial(PJSIP/handset,30)\n"


@pytest.fixture
def asterisk_and_handset(tmp_path: Path) -> Iterator[tuple[AsteriskServer, Phone]]:
    """Our Asterisk, with 1001 registered by TLS, and what rings there."""
    pem, key = certificate(tmp_path, "127.0.0.1", PHONE)
    server = AsteriskServer(tmp_path / "ours")
    first, *others = server.tables["operators"]
    secure = {"certificate": pem, "private_key": key}
    tables = {"operators": [first | {"srtp": True}, *others], "asterisk": server.tables["asterisk"] | secure}
    server.configure(server.tables | tables)
    phone = OtherAsterisk(tmp_path / "phone")
    try:
        with Phone("handset", (HANDSET, 0), manners=answering()) as handset:
            server.start()
            place = f"127.0.0.1:{server.settings.asterisk.sip_port + 1}\\;transport=tls"
            transports = TRANSPORTS.format(
                phone=f"{PHONE}:{free_port(PHONE)}", socket=f"{SOCKET}:{free_port(SOCKET)}", pem=pem, key=key
            )
            behind = f"{HANDSET}:{handset.address[1]}"
            endpoints = ENDPOINTS.format(city=f"sip:{place}", client=f"sip:1001@{place}", handset=behind)
            phone.start({"pjsip-transports.conf": transports, "pjsip.conf": endpoints, "extensions.conf": DIALPLAN})
            server.wait_state("PJSIP/1001", "NOT_INUSE", 30)
            yield server, handset
    finally:
        phone.stop()
        server.close()


def test_phone_by_tls(asterisk_and_handset: tuple[AsteriskServer, Phone]) -> None:
    """It registers, is rung, and both sides hear each other; speech that is not encrypted would be refused."""
    asterisk, handset = asterisk_and_handset
    with asterisk.carrier() as carrier, ScriptedAgi(asterisk.agi_port, lambda script: script.route("1001")):
        call = asterisk.dial(carrier)
        talk = handset.incoming(15)
        call.wait_answered(10)
        call.play_tone(CALLER_HZ)
        talk.play_tone(OPERATOR_HZ)
        talk.wait_tone(CALLER_HZ, 10)
        call.wait_tone(OPERATOR_HZ, 10)
        call.hangup()
