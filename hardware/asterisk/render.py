"""Asterisk's configuration from ours.

Every value passes `finalize`, which escapes it for the file it goes into or refuses it; there is no other way in.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from hardware.asterisk.announcements import announcement_classes
from hardware.asterisk.atomic import write_private
from hardware.asterisk.binary import AsteriskBinary
from hardware.asterisk.cdr import FIELDS
from hardware.asterisk.context import operator_entries, transports, trunk_entry
from hardware.asterisk.dead_man import SCRIPT_SECONDS
from hardware.asterisk.dialled import WHATEVER, destinations, feature_entries
from hardware.asterisk.elsewhere import FAMILY
from hardware.asterisk.errors import RenderError
from hardware.asterisk.layout import MOMENT, Layout
from hardware.asterisk.probe_way import probe_way
from hardware.asterisk.syntax import DialplanPattern, config_value, dialplan_value
from hardware.asterisk.trunks.trial import RING_S, trial_context
from hardware.asterisk.ways import outside_ways, trial_ways, ways_to
from siaga112.settings import Settings

HEADER = "; Written by siaga112"
"""How every file of ours begins."""

SPOKEN_SECONDS = 1
"""A call that was answered and over sooner was no conversation: the caller is led on to the next phone."""

SPEECHLESS_SECONDS = 30
"""An operator's phone that talks and sends no speech packet for so long has vanished: its caller is led on."""

OPERATORS_TRIED = 3
"""Phones that ring one after the other before the fallback."""

RECORDING_STOP = "stopped"
"""A file of this name in the folder of recordings stops recording: there is too little room."""

SHORTEST_ROUND_S = 4
"""A round of the fallback in which nothing could be rung is made to last as long."""

OUTSIDE_SECONDS = 60
"""A number outside may ring for so long."""

LONGEST_QUEUE_RING_S = 15
"""Of the 30 s that the fallback gives `app_queue`, so that it asks more than one operator."""

AMI_EVENTS = (
    "FullyBooted",
    "Reload",
    "Newchannel",
    "DialBegin",
    "Hangup",
    "UserEvent",
    "DeviceStateChange",
    "AttendedTransfer",
    "ChannelTalkingStart",
    "DTMFEnd",
    "InvalidAccountID",
    "ChallengeResponseFailed",
    "InvalidPassword",
    "FailedACL",
)
"""What our AMI user is sent: what presence, calls, trunks and strangers need of all that Asterisk has to say."""

DISABLED_EVENTS = (
    "BridgeCreate",
    "BridgeDestroy",
    "BridgeLeave",
    "DTMFBegin",
    "DialState",
    "HangupHandlerPop",
    "HangupHandlerPush",
    "HangupHandlerRun",
    "HangupRequest",
    "MixMonitorStart",
    "MixMonitorStop",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
    "NewAccountCode",
    "NewCallerid",
    "NewConnectedLine",
    "Newexten",
    "Newstate",
    "SoftHangupRequest",
)
"""What a managed Asterisk does not even write down (manager.conf): it would for each step of the dialplan."""

DECLINED_MESSAGES = (
    "agi_exec_start_type",
    "agi_exec_end_type",
    "ast_channel_varset_type",
    "ast_channel_talking_stop",
    "ast_rtp_rtcp_sent_type",
    "ast_rtp_rtcp_received_type",
)
"""Stasis messages that ours does not make (stasis.conf). Without most of the others AMI does not start."""

IN_USE = DialplanPattern("^(INUSE|BUSY|RINGING|RINGINUSE|ONHOLD)$")
"""Device states (func_devstate) of a phone that has a call."""

# Modules of the minimal list that warn when their file is missing.
_EMPTY = ("acl", "ccss", "cel", "pjproject", "queuerules", "udptl")

_SHARED = ("pjsip.conf", "queues.conf", "manager.conf", "musiconhold.conf", "cdr_custom.conf", "features.conf")
_OWN = tuple(
    f"{name}.conf"
    for name in ("asterisk", "modules", "logger", "pjsip-transports", "cdr", "rtp", "indications", "stasis")
)


@dataclass(frozen=True, slots=True)
class AmiUser:
    """Who we are for AMI."""

    user: str
    secret: str


def render(
    settings: Settings, layout: Layout, prompts_dir: Path, ami: AmiUser, binary: AsteriskBinary | None = None
) -> dict[str, str]:
    """The files by their paths below the configuration folder.

    For an Asterisk that is not ours (`[asterisk] managed = false`) only what is to be included: no `[general]`
    sections of our own, no transports, none of the files that belong to its owner (`docs/own-asterisk.md`).

    Args:
        prompts_dir: folder of the built prompts, whose `moh` is the music on hold.
        binary: the program, where its modules and documentation are not at their usual place.

    Raises:
        RenderError: a value that Asterisk's files cannot carry.
    """
    managed = settings.asterisk.managed
    common = _common(settings, layout, prompts_dir, ami, binary or AsteriskBinary(("asterisk",)))
    config = _environment(config_value)
    dialplan = _render(_environment(dialplan_value), "extensions.conf", common)
    common = {**common, "call_steps": _call_steps(dialplan)}
    files = {name: _render(config, name, common) for name in (_OWN + _SHARED if managed else _SHARED)}
    files["extensions.conf"] = dialplan
    for trunk in settings.trunks:
        entry = trunk_entry(trunk, settings.trunks, managed=managed)
        files[trunk_file(trunk.name)] = _render(config, "pjsip-trunk.conf", {"trunk": entry})
    if managed:
        files |= {f"{name}.conf": "; Written by siaga112: its module wants the file.\n" for name in _EMPTY}
    return files


def _call_steps(dialplan: str) -> str:
    """A word that is another one when the steps of `siaga112-call` are others."""
    steps = dialplan.partition("\n[siaga112-call]\n")[2].partition("\n[")[0]
    applications = re.findall(r"^(?:exten => \w+,1| same => n(?:\(\w+\))?),(\w+)\(", steps, re.MULTILINE)
    return hashlib.sha256(" ".join(applications).encode()).hexdigest()[:12]


def trunk_file(name: str) -> str:
    """Path of a trunk's own file."""
    return f"pjsip.d/trunk-{name}.conf"


def is_trunk_file(name: str) -> bool:
    """Whether a path is that of a trunk's own file."""
    return name.startswith("pjsip.d/trunk-")


def write(files: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Write what is new, each file as a whole or not at all, and remove those of trunks that are gone.

    The files hold passwords, so they are readable by us alone.

    Returns:
        the names of those that were written or removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    changed = [name for name, text in files.items() if not _holds(folder / name, text)]
    for name in changed:
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(target, files[name])
    gone = [old for old in sorted((folder / "pjsip.d").glob("trunk-*.conf")) if f"pjsip.d/{old.name}" not in files]
    for old in gone:
        old.unlink()
    return (*changed, *(f"pjsip.d/{old.name}" for old in gone))


def strangers(files: Mapping[str, str], folder: Path) -> list[Path]:
    """What `write` would replace or remove, and none of us wrote: it lacks the first words of all that we write."""
    named = {folder / name for name in files} | set((folder / "pjsip.d").glob("trunk-*.conf"))
    return sorted(path for path in named if path.exists() and not _is_ours(path))


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER.encode()


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def agi_url(settings: Settings) -> str:
    """Where Asterisk finds the FastAGI server, without the script's name."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.asterisk.agi_bind, settings.asterisk.agi_bind)  # noqa: S104
    host = f"[{host}]" if ":" in host.strip("[]") and not host.startswith("[") else host
    return f"agi://{host}:{settings.asterisk.agi_port}"


def _common(
    settings: Settings, layout: Layout, prompts_dir: Path, ami: AmiUser, binary: AsteriskBinary
) -> Mapping[str, object]:
    trunks = settings.trunks
    return {
        "settings": settings,
        "managed": settings.asterisk.managed,
        "layout": layout,
        "binary": binary,
        "prompts_dir": prompts_dir.absolute(),
        "announcements": tuple(
            announcement_classes(
                tuple(dict.fromkeys(folder.absolute() for folder in (settings.prompts_dir, prompts_dir))),
                settings.site.languages,
            )
        ),
        "ami": ami,
        "events": AMI_EVENTS,
        "disabled": DISABLED_EVENTS,
        "declined": DECLINED_MESSAGES,
        "cdr_fields": FIELDS,
        "codecs": {"alaw", "ulaw"} | {codec.value for trunk in trunks for codec in trunk.codecs},
        "transports": transports(settings.asterisk, trunks),
        "operators": operator_entries(settings.operators),
        "probe": probe_way(settings, ami.secret),
        "trunks": trunks,
        "trunk_file": trunk_file,
        "outside": outside_ways(settings),
        "whatever_is_dialled": WHATEVER,
        "features": feature_entries(settings.features, operator_entries(settings.operators)),
        "destinations": destinations(settings),
        "ways_back": ways_to(settings, ""),
        "ways_tried": trial_ways(settings),
        "trial_context": trial_context,
        "trial_seconds": RING_S,
        "outside_seconds": OUTSIDE_SECONDS,
        "transfer_ring_seconds": settings.routing.ring_seconds,
        "longest_asking": max(OUTSIDE_SECONDS, settings.routing.ring_seconds) * (len(trunks) + 1),
        "recording_stop": RECORDING_STOP,
        "moment": MOMENT,
        "elsewhere": FAMILY,
        "in_use": IN_USE,
        "agi_url": agi_url(settings),
        "ring_seconds": settings.routing.ring_seconds,
        "queue_ring_seconds": min(settings.routing.ring_seconds, LONGEST_QUEUE_RING_S),
        "script_seconds": SCRIPT_SECONDS,
        "operators_tried": OPERATORS_TRIED,
        "spoken_seconds": SPOKEN_SECONDS,
        "speechless_seconds": SPEECHLESS_SECONDS,
        "shortest_round": SHORTEST_ROUND_S,
    }


def _environment(finalize: Callable[[object], str]) -> Environment:
    # Not HTML: every value is checked by `finalize` instead.
    return Environment(
        loader=PackageLoader("hardware.asterisk"),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )


def _render(environment: Environment, name: str, values: Mapping[str, object]) -> str:
    try:
        return environment.get_template(f"{name}.j2").render(values)
    except RenderError as error:
        raise RenderError(f"{name}: {error}") from None
