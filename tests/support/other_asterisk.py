"""An Asterisk that is not ours, for the far end: a telecom operator's, or one that plays a phone."""

import signal
from collections.abc import Mapping
from pathlib import Path

from hardware.asterisk.ami import AmiAddress, AmiClient
from hardware.asterisk.binary import find
from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render, write
from hardware.detached import Detached
from siaga112.settings import Settings
from tests.support.ports import free_block, free_range

_USER = AmiUser("other", "of a server in a test")


class OtherAsterisk:
    """One Asterisk, with the files that make it run and those that `start` is given."""

    def __init__(self, directory: Path) -> None:
        self._layout = Layout.under(directory)
        self._binary = find(None)
        self._settings = Settings.model_validate(
            {"site": {"state_dir": directory}, "asterisk": {"ami_port": free_block(1), "rtp_ports": free_range()}}
        )
        self._process = Detached(
            self._binary.daemon(self._layout.config),
            pid_file=self._layout.pid_file,
            output=self._layout.console_log,
        )

    def start(self, own: Mapping[str, str]) -> None:
        """Start it with these files in the place of what would be ours."""
        self._layout.create(self._binary.documentation)
        files = render(self._settings, self._layout, self._layout.var, _USER, self._binary)
        write(files | dict(own), self._layout.etc)
        self._process.start()
        address = AmiAddress("127.0.0.1", self._settings.asterisk.ami_port, _USER.user, _USER.secret)
        with AmiClient(address) as client:
            assert client.wait_ready(20), self._layout.console_log.read_text()

    def stop(self) -> None:
        """End it, as a power cut would."""
        self._process.signal(signal.SIGKILL)
        self._process.end(5)
