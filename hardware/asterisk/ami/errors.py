"""What can go wrong on the way to AMI.

    AmiError
    ├── AmiValueError       ours: a value that would begin a line, or an action, of its own
    ├── AmiProtocolError    the peer's: not AMI, or a message without end
    ├── AmiRefused          Asterisk answered `Response: Error`
    ├── AmiTimeout          no answer in time
    └── AmiDisconnected     no connection, or lost before the answer
"""

from hardware.asterisk.errors import AsteriskError


class AmiError(AsteriskError):
    """Base of what AMI can do wrong."""


class AmiValueError(AmiError):
    """A value that AMI cannot carry."""


class AmiProtocolError(AmiError):
    """The other side does not speak AMI."""


class AmiRefused(AmiError):
    """Asterisk refused the action; the text is its own."""


class AmiTimeout(AmiError):
    """No answer in time; the action may have been done."""

    retryable = True


class AmiDisconnected(AmiError):
    """There is no connection; the client is making a new one."""

    retryable = True
