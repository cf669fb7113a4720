"""From the AGI environment and the channel's variables to the call that `ivr` knows."""

import re

from agi_scripts.channel import Channel
from agi_scripts.variables import TRIED_SEPARATOR, Variable
from ivr.call import Call, Chosen, FailedOperator, node_of
from ivr.menu.menu import MOST_URGENT
from siaga112 import phone
from siaga112.settings import Settings

_PRIORITIES = ("1", "2", "3")
_ARGUMENTS = (Variable.TRY, Variable.TRUNK, Variable.DID)
"""What the dialplan says with the script's name: each of them would be asked for otherwise."""

_START = re.compile(r"([0-9]{10})\.([0-9]{3})[0-9]{3}")


def read_call(channel: Channel, settings: Settings) -> Call:
    """The call on this channel. Raises `ChannelHungUp`."""
    again = _get(channel, Variable.TRY) not in {"", "0"}
    return Call(
        call_id=channel.environment.uniqueid,
        caller=_caller(channel.environment.callerid, settings.site.country),
        trunk=_get(channel, Variable.TRUNK),
        did=_get(channel, Variable.DID) or channel.environment.extension,
        node=node_of(channel.environment.uniqueid) or settings.node,
        chosen=_chosen(channel, settings) if again else None,
        failed=_failed(channel) if again else None,
        tried=_tried(channel) if again else (),
        arrived_ms=_arrived_ms(channel) if again else None,
        fell_back=again and _get(channel, Variable.FALLBACK) == "1",
    )


def _get(channel: Channel, variable: Variable) -> str:
    said = channel.environment.argument(_ARGUMENTS.index(variable) + 1) if variable in _ARGUMENTS else None
    return str(channel.get_variable(variable)) if said is None else said


def _caller(number: str, country: str) -> str | None:
    caller = phone.caller_from(number)
    return None if caller is None else phone.normalise(caller, country)


def _chosen(channel: Channel, settings: Settings) -> Chosen:
    language = _get(channel, Variable.LANGUAGE)
    priority = _get(channel, Variable.PRIORITY)
    spoken = [known.value for known in settings.site.languages]
    return Chosen(
        language=language if language in spoken else spoken[0],
        category=_get(channel, Variable.CATEGORY),
        priority=int(priority) if priority in _PRIORITIES else MOST_URGENT,
        label=_get(channel, Variable.LABEL),
    )


def _failed(channel: Channel) -> FailedOperator | None:
    extension = _get(channel, Variable.OPERATOR)
    return FailedOperator(extension, _get(channel, Variable.DIALSTATUS)) if extension else None


def _tried(channel: Channel) -> tuple[str, ...]:
    return tuple(filter(None, _get(channel, Variable.TRIED).split(TRIED_SEPARATOR)))


def _arrived_ms(channel: Channel) -> int | None:
    found = _START.fullmatch(_get(channel, Variable.START))
    return int(found[1] + found[2]) if found else None
