"""What can go wrong on the way to AMI.

AmiError
├── AmiValueError           ours: a value that would begin a line, or an action, of its own
├── AmiProtocolError        the peer's: not AMI, or a message without end
├── AmiRefusedError         Asterisk answered `Response: Error`
├── AmiTimeoutError         no answer in time
└── AmiDisconnectedError    no connection, or lost before the answer
"""

from hardware.asterisk.errors import AsteriskError


class AmiError(AsteriskError):
    """Base of what AMI can do wrong."""


class AmiValueError(AmiError):
    """A value that AMI cannot carry."""


class AmiProtocolError(AmiError):
    """The other side does not speak AMI."""


class AmiRefusedError(AmiError):
    """Asterisk refused the action; the text is its own."""


class AmiTimeoutError(AmiError):
    """No answer in time; the action may have been done."""


class AmiDisconnectedError(AmiError):
    """There is no connection; the client is making a new one."""
