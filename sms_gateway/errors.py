"""What can go wrong in the gateway.

GatewayError
├── FaultyRecordError     a stream entry that is no stored SMS: set it aside, trying again will not help
├── EarlyReportError      a status report on a message that is not known as sent yet: offer it again a little later
├── NotRetryableError     a message that a person wants tried again, and that cannot be: tell who asked
├── UnsendableError       what a person wrote, or the number to send it to, is none: tell who asked
└── NoWayOutError         nothing can send what a person wrote, or nobody can get it: tell who asked
"""


class GatewayError(Exception):
    """Base of this package's errors."""


class FaultyRecordError(GatewayError):
    """The entry lacks what every stored SMS has, or holds what cannot be read; the text says what."""


class EarlyReportError(GatewayError):
    """The report is fresh and fits no message: the one that it is about may not have been written down yet."""


class NotRetryableError(GatewayError):
    """Neither a dead message that can be read now nor one that failed to go out; the text says what it is."""


class UnsendableError(GatewayError):
    """No text, too long a one, or a number that takes no messages; the text says which and what would be right."""


class NoWayOutError(GatewayError):
    """There is no line that sends, or no number to send to; the text says which."""
