"""Asterisk: there, of a version that we know, with the modules that our calls need."""

import re
from collections.abc import Iterator
from pathlib import Path

from hardware.asterisk.ami import AmiClient, AmiError
from hardware.asterisk.binary import AsteriskBinary, find, usual_modules
from hardware.asterisk.errors import AsteriskError
from hardware.asterisk.layout import Layout
from hardware.asterisk.render import AmiUser, render
from siaga112.checking.surroundings import Surroundings
from siaga112.checking.verdict import Verdict, fault, judged, sound

AMI_LIMIT_S = 5.0


def asterisk(where: Surroundings) -> Iterator[Verdict]:
    """Whether Asterisk can be used as the configuration wants it."""
    if not where.telephony:
        return
    if where.settings.asterisk.managed:
        yield from _managed(where)
    else:
        yield from _foreign(where)


def _managed(where: Surroundings) -> Iterator[Verdict]:
    try:
        binary = find(where.settings.asterisk.binary)
        binary.version()
        wanted = _modules(where, binary)
    except AsteriskError as error:
        yield fault("asterisk", str(error), "make setup, or apt install asterisk, or name it in [asterisk] binary")
        return
    yield sound("asterisk")
    folder = next((folder for folder in _folders(binary) if folder.is_dir()), None)
    if folder is None:
        return  # built from source into a place of its own: Asterisk itself says at start what it lacks
    missing = [name for name in wanted if not (folder / name).is_file()]
    faults = [
        fault("modules", f"{folder} has no {name}: calls would not work", "install Asterisk whole, modules included")
        for name in missing
    ]
    yield from judged("modules", faults)


def _modules(where: Surroundings, binary: AsteriskBinary) -> list[str]:
    """The modules that our configuration loads."""
    layout = Layout.under(where.settings.site.state_dir)
    files = render(where.settings, layout, where.paths.prompts, AmiUser("check", "check"), binary)
    return re.findall(r"(?m)^(?:pre)?load = (\S+)$", files["modules.conf"])


def _folders(binary: AsteriskBinary) -> list[Path]:
    return [binary.modules] if binary.modules is not None else usual_modules()


def _foreign(where: Surroundings) -> Iterator[Verdict]:
    with AmiClient(where.app.ami) as client:
        ready = client.wait_ready(AMI_LIMIT_S)
        try:
            found = ready and any(
                message.get("Context") == "siaga112-incoming"
                for message in client.list_action("ShowDialPlan", (("Context", "siaga112-incoming"),))
            )
        except AmiError:
            found = False
    if not ready:
        problem = f"AMI at {where.app.ami.host}:{where.app.ami.port} does not let us in"
        yield fault("asterisk", problem, "start Asterisk, and look at the ami_… keys of [asterisk]")
    elif not found:
        mend = "siaga112 asterisk render DIR, include its files, and reload the dialplan"
        yield fault("asterisk", "it has no context siaga112-incoming: calls would not be taken", mend)
    else:
        yield sound("asterisk")
