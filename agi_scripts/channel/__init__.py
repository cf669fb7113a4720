"""The AGI channel: pyst2's commands on a protocol core of our own, safe against whatever the other end sends."""

from agi_scripts.channel.channel import Channel
from agi_scripts.channel.environment import Environment
from agi_scripts.channel.errors import (
    AgiProtocolError,
    ChannelHungUp,
    CommandFailedError,
    CommandRefusedError,
    CommandTimeout,
    EnvironmentIncomplete,
    UnsafeCommandError,
)
from agi_scripts.channel.wire import Wire, socket_wire, standard_wire

__all__ = [
    "AgiProtocolError",
    "Channel",
    "ChannelHungUp",
    "CommandFailedError",
    "CommandRefusedError",
    "CommandTimeout",
    "Environment",
    "EnvironmentIncomplete",
    "UnsafeCommandError",
    "Wire",
    "socket_wire",
    "standard_wire",
]
