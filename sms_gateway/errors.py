"""What can go wrong in the gateway.

GatewayError
└── FaultyRecordError   a stream entry that is no stored SMS: set it aside, trying again will not help
"""


class GatewayError(Exception):
    """Base of this package's errors."""


class FaultyRecordError(GatewayError):
    """The entry lacks what every stored SMS has, or holds what cannot be read; the text says what."""
