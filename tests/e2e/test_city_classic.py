"""Calls by a classic AGI, a process for each, on a real Asterisk: the same call without our server."""

import os
import shlex
import sys
from pathlib import Path

from hardware.asterisk.process import ManagedAsterisk
from hardware.softphone import answering
from redis_queue.states import OperatorState
from tests.support.city import City, converse

SCRIPT = """#!/bin/sh
echo "$1" >> {used}
export SIAGA112_CONFIG={config} PYTHONPATH={path}
exec {python} -c 'from agi_scripts.classic import main; main()' "$@"
"""


def use_classic(city: City, used: Path) -> None:
    """Have the city's dialplan start a process for each call, as somebody does who runs no server."""
    script = city.folder / "siaga112-agi"
    values = {"used": used, "config": city.config, "path": os.pathsep.join(filter(None, sys.path))}
    script.write_text(SCRIPT.format(python=sys.executable, **{name: shlex.quote(str(v)) for name, v in values.items()}))
    script.chmod(0o755)
    asterisk = ManagedAsterisk(city.app.settings, city.app.paths.prompts)
    dialplan = asterisk.layout.etc / "extensions.conf"
    server = f"AGI(agi://127.0.0.1:{city.app.settings.asterisk.agi_port}/call,"
    text = dialplan.read_text()
    assert server in text
    dialplan.write_text(text.replace(server, f"AGI({script},call,"))
    asterisk.command("dialplan reload")


def test_call_by_a_process_of_its_own(own_city: City) -> None:
    """Menu, key, operator, record, ticket; and who waits is connected when somebody is free."""
    used = own_city.folder / "used"
    use_classic(own_city, used)
    with own_city.on_duty("1001", answering()) as desk, own_city.carrier() as carrier:
        first = own_city.dial_and_press(carrier, "081200000801", "1")
        talk = desk.incoming(20)
        converse(first, talk)
        second = own_city.dial_and_press(carrier, "081200000802", "7")
        own_city.await_waiting(1)
        first.hangup()
        converse(second, desk.incoming(20))
        talking = own_city.await_state("1001", OperatorState.TALKING)
        second.hangup()
        records = [own_city.await_record(f"+62812000008{number}") for number in ("01", "02")]

    assert ["call", "call"] == used.read_text().split()
    assert "Kebakaran" == talk.remote_name
    assert [("answered", "1001", "kebakaran"), ("answered", "1001", "medis")] == [
        (record["outcome"], record["operator"], record["category"]) for record in records
    ]
    assert records[1]["id"] == talking.call_id
