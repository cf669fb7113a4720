"""udev rules from the configuration's modems."""

from tests.support.deployment import script

rules = script("udev/modem_rules.py")["rules"]

STICK = "usb-HUAWEI_Technology_HUAWEI_Mobile"


def matches(*ports: str) -> list[str]:
    """The rules without comments and blank lines."""
    return [line for line in rules(ports).split("\n") if line and not line.startswith("#")]


def test_a_stick_by_its_id() -> None:
    """All ports of the stick, as a USB device and as ports."""
    serial = 'ENV{ID_SERIAL}=="HUAWEI_Technology_HUAWEI_Mobile"'

    assert [
        f'SUBSYSTEM=="usb", ENV{{DEVTYPE}}=="usb_device", {serial}, ENV{{ID_MM_DEVICE_IGNORE}}="1"',
        f'SUBSYSTEM=="tty", {serial}, ENV{{ID_MM_PORT_IGNORE}}="1"',
    ] == matches(f"/dev/serial/by-id/{STICK}-if02-port0")


def test_a_stick_of_one_port() -> None:
    """A name without an interface is a stick too."""
    assert 'ENV{ID_SERIAL}=="HUAWEI_Technology_HUAWEI_Mobile"' in matches(f"/dev/serial/by-id/{STICK}")[0]


def test_a_port_by_its_name() -> None:
    """Only the port is known then."""
    assert ['SUBSYSTEM=="tty", KERNEL=="ttyUSB2", ENV{ID_MM_PORT_IGNORE}="1"'] == matches("/dev/ttyUSB2")


def test_what_is_no_device_here() -> None:
    """Simulated modems and those behind a network need no rule."""
    assert [] == matches("simulator", "socket://10.0.0.9:7001")


def test_a_path_cannot_become_a_rule() -> None:
    """What could end a value in udev's language is no name of a stick."""
    assert [] == matches('/dev/serial/by-id/usb-A", RUN+="/bin/sh', "/dev/serial/by-id/usb-A\nB", "/dev/ttyUSB0\n")
