"""Why `up` cannot run; the text says what to do.

SupervisorError
├── AlreadyRunningError   another `up` holds this state directory
└── ServerDownError       Asterisk or the private redis-server cannot be started
"""


class SupervisorError(Exception):
    """Base of this package's errors."""


class AlreadyRunningError(SupervisorError):
    """Another `up` holds this state directory."""


class ServerDownError(SupervisorError):
    """Asterisk or the private redis-server cannot be started."""
