"""The web part of a running city: monitoring, and both ways by Twilio, through real processes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from redis_queue.connection import connect
from redis_queue.names import TWILIO_STREAM
from redis_queue.streams import Stream
from siaga112.app import App
from siaga112.settings import load
from tests.support.eventual import LIMIT_S, eventually
from tests.support.ports import free_port
from tests.support.redis_line import RedisLine
from tests.support.redis_server import RedisServer
from tests.support.sms_city import SmsCity
from tests.support.twilio_city import CITIZEN, MESSAGE, OUR_SMS, OUR_WHATSAPP, PUBLIC_URL, STATUS, sms, whatsapp
from tests.support.twilio_server import SID, TOKEN, TwilioServer, signed

FIRE = "LAPOR#kebakaran#Warung terbakar di depan Pasar Rogojampi"

WEB = """
[web]
port = {port}
public_url = "{public_url}"
"""

ACCOUNT = """
[twilio]
account_sid = "{sid}"
auth_token = "{token}"
sms_from = "{sms_from}"
whatsapp_from = "{whatsapp_from}"
api_base = "{api_base}"
"""


def account(api_base: str) -> str:
    """What a city with an account adds to its configuration."""
    return ACCOUNT.format(sid=SID, token=TOKEN, sms_from=OUR_SMS, whatsapp_from=OUR_WHATSAPP, api_base=api_base)


def without_up(folder: Path, redis_url: str, port: int) -> str:
    """A city whose parts a test starts itself."""
    site = f'[site]\nstate_dir = "{folder}"\n[redis]\nurl = "{redis_url}"\n'
    return site + WEB.format(port=port, public_url=PUBLIC_URL) + account("http://127.0.0.1:1")


def post(port: int, path: str, fields: dict[str, str]) -> int:
    """Post as Twilio does; the status."""
    body, headers = signed(PUBLIC_URL, path, fields)
    return httpx.post(f"http://127.0.0.1:{port}{path}", content=body, headers=headers, timeout=LIMIT_S).status_code


def test_there_and_back(tmp_path: Path) -> None:
    """SMS and WhatsApp by webhook, one that no webhook brought, their replies by REST, and the last word on one."""
    with TwilioServer() as server:
        server.receive("SM0", "Pohon tumbang menutup jalan", sender="+6281298765432", to=OUR_SMS)
        city = SmsCity(tmp_path, {"telkomsel-1": "simulator"}, account(server.url))
        port = city.app.settings.web.port
        text = city.config.read_text().replace("[web]\n", f'[web]\npublic_url = "{PUBLIC_URL}"\n')
        city.config.write_text(text)
        with city:
            taken = [post(port, MESSAGE, sms("SM1", FIRE)), post(port, MESSAGE, whatsapp("SM2", FIRE))]
            server.await_created(3)
            sids = {kept.fields["To"]: kept.sid for kept in server.kept if kept.direction == "outbound-api"}
            sent = eventually("the message is written down as sent", lambda: _row(city, "sent", CITIZEN, "whatsapp"))
            called_back = post(
                port,
                STATUS,
                {"AccountSid": SID, "MessageSid": sids[f"whatsapp:{CITIZEN}"], "MessageStatus": "read"},
            )
            delivered = eventually("the delivery", lambda: _row(city, "delivered", CITIZEN, "whatsapp"))
            client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT_S)
            with client:
                alive = client.get("/healthz").status_code
                eventually("ready", lambda: client.get("/readyz").status_code == 200)
                figures = client.get("/metrics").text
            city.command("messages", "send", "--modem", "twilio", "081298765432", "Terima kasih")
            by_hand = server.await_created(4)[-1]
            tickets = city.up.listing("tickets", "list")

    assert ([200, 200], 200, 200) == (taken, called_back, alive)
    assert {("sms", CITIZEN), ("whatsapp", CITIZEN), ("sms", "+6281298765432")} == {
        (ticket["channel"], ticket["reporter"]) for ticket in tickets
    }
    assert {CITIZEN, f"whatsapp:{CITIZEN}", "+6281298765432"} == set(sids)
    assert ("+6281298765432", "Terima kasih") == (by_hand["To"], by_hand["Body"])
    assert sent["id"] == delivered["id"]
    assert 'siaga112_tickets{channel="whatsapp"} 1.0' in figures
    assert 'siaga112_modem_up{modem="telkomsel-1"} 1.0' in figures


def _row(city: SmsCity, state: str, to: str, channel: str) -> dict[str, object] | None:
    rows = city.up.listing("messages", "list", "--direction", "out")
    return next((row for row in rows if (row["state"], row["to"], row["channel"]) == (state, to, channel)), None)


def test_port_taken(tmp_path: Path) -> None:
    """Another server has the web's port: the city says so in one line and is ready for calls and SMS all the same."""
    city = SmsCity(tmp_path, {"telkomsel-1": "simulator"})
    port = city.app.settings.web.port
    with socket.create_server(("127.0.0.1", port)), city:
        alone = city.command("web")
        said = city.up.log.read_text()

    assert (1, "") == (alone.returncode, alone.stdout)
    (line,) = [line for line in alone.stderr.splitlines() if "Error" in line]
    assert f"[web] 127.0.0.1 port {port}: Address already in use" in line
    assert "Traceback" not in alone.stderr + said
    assert f"port {port}: Address already in use" in said


def test_killed_between_keeping_and_answering(tmp_path: Path) -> None:
    """kill -9 when the post is kept and Twilio has no answer; Twilio posts again to the next process: one ticket."""
    port = free_port()
    config = tmp_path / "siaga112.toml"
    started: list[subprocess.Popen[bytes]] = []

    def freeze() -> None:
        # Frozen in the middle of its request: it neither hears that the post is kept, nor gives up waiting.
        os.kill(started[0].pid, signal.SIGSTOP)

    redis = RedisServer()
    redis.start()
    direct = connect(redis.url)
    stream = Stream(direct, TWILIO_STREAM)
    try:
        with RedisLine(redis.socket_path, b"XADD", freeze) as line:
            config.write_text(without_up(tmp_path, line.url, port))
            App(load(config, {})).store.upgrade()
            started.append(_start(config, "web"))
            eventually("the web server", lambda: _answers(port))
            heard = _post_until_killed(port, started[0], stream)
        config.write_text(without_up(tmp_path, redis.url, port))
        started += [_start(config, "web"), _start(config, "worker")]
        eventually("the web server", lambda: _answers(port))
        again = post(port, MESSAGE, sms("SM1", FIRE))
        eventually("all is handled", lambda: stream.length() == 0)
        listing = [sys.executable, "-m", "siaga112", "--config", str(config), "tickets", "list", "--json"]
        tickets = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    finally:
        for process in started:
            process.terminate()
        ends = [process.wait(LIMIT_S) for process in started]
        direct.close()
        redis.remove()

    assert (b"", 200, [-signal.SIGKILL, 0, 0]) == (heard, again, ends)
    assert 1 == tickets.count('"number"')


def _post_until_killed(port: int, web: "subprocess.Popen[bytes]", stream: Stream) -> bytes:
    """Post, kill the web server once the post is in the stream, and give what was heard of it."""
    body, headers = signed(PUBLIC_URL, MESSAGE, sms("SM1", FIRE))
    lines = [f"POST {MESSAGE} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port)) as twilio:
        twilio.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        eventually("the post is kept", stream.length)
        web.kill()
        web.wait(LIMIT_S)
        return twilio.recv(100)


def _start(config: Path, part: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "siaga112", "--config", str(config), part])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False
