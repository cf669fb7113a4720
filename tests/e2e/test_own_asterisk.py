"""A city's own Asterisk that includes our files, as docs/own-asterisk.md has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.asterisk.process import AMI_USER, ManagedAsterisk, ami_secret
from hardware.asterisk.render import AmiUser, render
from hardware.softphone import answering
from siaga112.settings import Settings
from tests.support.asterisk_server import AsteriskServer
from tests.support.scripted_agi import ScriptedAgi

MAINS = {
    "extensions.conf": ("[general]", "static = yes"),
    "pjsip.conf": ('#include "pjsip-transports.conf"', '#include "siaga112/pjsip.d/*.conf"'),
    "queues.conf": ("[general]", "autofill = yes"),
    "manager.conf": ("[general]", "enabled = yes", "bindaddr = 127.0.0.1", "port = {port}"),
    "musiconhold.conf": ("[general]",),
    "cdr_custom.conf": ("[mappings]", "Master.csv => ${{CSV_QUOTE(${{CDR(src)}})}}"),
    "features.conf": ("[general]", "pickupexten = *8", "[featuremap]", "blindxfer = #1"),
}
"""What such a city's files may hold before ours are included."""


class CitysOwn(ManagedAsterisk):
    """An Asterisk whose files are its owner's, with one line in each that includes ours."""

    def __init__(self, settings: Settings, prompts: Path) -> None:
        super().__init__(settings, prompts)
        foreign = settings.asterisk.model_copy(update={"managed": False})
        self._city = settings.model_copy(update={"asterisk": foreign})
        self._prompts = prompts

    def rendered(self) -> dict[str, str]:
        """The owner's files, and ours in a folder beside them."""
        ours = render(self._city, self.layout, self._prompts, AmiUser(AMI_USER, ami_secret(self.layout)))
        owners = super().rendered() | {
            name: "\n".join([*lines, f'#include "siaga112/{name}"', ""]).format(port=self._city.asterisk.ami_port)
            for name, lines in MAINS.items()
        }
        return owners | {f"siaga112/{name}": text for name, text in ours.items()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AsteriskServer]:
    """It runs."""
    server = AsteriskServer(tmp_path)
    server.asterisk = CitysOwn(server.settings, server.prompts)
    (server.asterisk.layout.etc / "siaga112" / "pjsip.d").mkdir(parents=True)
    try:
        yield server.start()
    finally:
        server.close()


def test_our_files_serve_a_call_there(server: AsteriskServer) -> None:
    """A trunk's call comes to an operator and is written down for us; the keys are ours, and so is nothing else."""
    with (
        server.carrier() as carrier,
        server.phone("1001", answering()) as desk,
        ScriptedAgi(server.agi_port, lambda script: script.route("1001")),
    ):
        call = server.dial(carrier)
        desk.incoming().wait_answered()
        call_id = server.events.wait("Siaga112Answered").get("CallID")
        call.hangup()
        record = server.call_record(call_id)
    keys = server.asterisk.command("features show")

    assert ("1001", "carrier", True) == (record.operator, record.trunk, record.done)
    assert ["*42", "*41"] == [line.split()[-1] for line in keys.splitlines() if "Transfer" in line][:2]
    assert [] == [line for line in server.log.splitlines() if " ERROR[" in line]
