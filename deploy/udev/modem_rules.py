"""Prints udev rules that keep ModemManager away from the modems of a configuration.

Usage: modem_rules.py SIAGA112.TOML, with the program's own Python.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from siaga112.settings import ConfigurationError, load

HEAD = """\
# Written by Siaga 112 from the [[modems]] of its configuration; changes are lost. ModemManager would open the ports of
# these modems in the middle of our commands. What it ignores: ModemManager(8), "ID_MM_DEVICE_IGNORE".
"""

# /dev/serial/by-id/usb-MAKER_MODEL_SERIAL-if02-port0, as 60-serial.rules of udev makes it: bus, ID_SERIAL, interface.
_BY_ID = re.compile(r"/dev/serial/by-id/usb-(?P<serial>.+?)(?:-if[0-9a-f]{2}(?:-port[0-9]+)?)?")
_DEVICE = re.compile(r"/dev/(?P<name>tty[A-Za-z]+[0-9]+)")
_PLAIN = re.compile(r"[A-Za-z0-9._:+#@=,-]+")


def rules(ports: Iterable[str]) -> str:
    """A file for /etc/udev/rules.d; ports that are no device of this machine need none."""
    return HEAD + "".join(dict.fromkeys(filter(None, map(_rule, ports))))


def _rule(port: str) -> str:
    by_id = _BY_ID.fullmatch(port)
    if by_id and _PLAIN.fullmatch(by_id["serial"]):
        # All ports of the stick: a command of ModemManager's on another port moves our messages as well.
        return (
            f'\n# {port}\nSUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", ENV{{ID_SERIAL}}=="{by_id["serial"]}",'
            ' ENV{ID_MM_DEVICE_IGNORE}="1"\n'
            f'SUBSYSTEM=="tty", ENV{{ID_SERIAL}}=="{by_id["serial"]}", ENV{{ID_MM_PORT_IGNORE}}="1"\n'
        )
    device = _DEVICE.fullmatch(port)
    return f'\nSUBSYSTEM=="tty", KERNEL=="{device["name"]}", ENV{{ID_MM_PORT_IGNORE}}="1"\n' if device else ""


def main(config: Path) -> int:
    """Print the rules of one configuration."""
    try:
        settings = load(config, os.environ)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(rules(modem.port for modem in settings.modems))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
