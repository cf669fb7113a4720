"""What can go wrong on an AGI channel. Each error is one of pyst2's classes too: scripts written for it still catch it.

    AGIException
    +-- AGIError
        +-- AGIAppError
        |   +-- CommandFailedError      result=-1 or -2 and the caller is still there: no such prompt or application
        |   +-- AGIHangup
        |       +-- ChannelHungUp       the caller is gone: HANGUP, 511, end of file, a broken pipe
        |           +-- CommandTimeout  no answer in time: nothing more can be said on this channel
        |           +-- AgiProtocolError       what came is no AGI: the same
        |           +-- EnvironmentIncomplete  the connection ended before it described a call: a probe, no call
        +-- CommandRefusedError         510, 520, 503: a fault of ours
        +-- UnsafeCommandError          a word that cannot be sent in one line; nothing was sent

Whatever ends the channel is a `LineLost`, which the call's flow knows: it stops and the dialplan goes on alone.
"""

from asterisk.agi import AGIAppError, AGIError, AGIHangup

from ivr.line import LineLost


class ChannelHungUp(AGIHangup, LineLost):  # type: ignore[misc]  # pyst2 ships no types
    """The caller hung up, or Asterisk ended the script."""


class CommandTimeout(ChannelHungUp):
    """No reply within the command's deadline. A late one would answer the next command, so the channel is given up."""


class AgiProtocolError(ChannelHungUp):
    """The other end does not speak AGI."""


class EnvironmentIncomplete(ChannelHungUp):
    """The connection ended, or was too slow, before the blank line that ends the AGI environment."""


class CommandFailedError(AGIAppError):  # type: ignore[misc]
    """The command failed and the caller is still there: a missing prompt, an unknown application."""


class CommandRefusedError(AGIError):  # type: ignore[misc]
    """Asterisk does not know the command or its arguments (510, 520), or could not run it (503)."""


class UnsafeCommandError(AGIError, ValueError):  # type: ignore[misc]
    """A word holds CR, LF or NUL, or the line is too long: Asterisk would have read two commands."""
