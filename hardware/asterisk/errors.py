"""What can go wrong with Asterisk, as a tree; each error says in one line what is wrong and what would be right.

AsteriskError
├── AsteriskNotFoundError      no Asterisk on this machine
├── AsteriskUnsupportedError   one that was not tried with this program
├── RenderError                a configured value that Asterisk's files cannot carry
├── AsteriskStartError         it did not come up
│   └── PortTakenError         another program has the port
├── CommandFailedError         a command for the console that had no answer
├── ChangeRefusedError         a new configuration that is not in force; the one before is
└── AmiError                   see `hardware.asterisk.ami.errors`
"""


class AsteriskError(Exception):
    """Base of this package."""


class AsteriskNotFoundError(AsteriskError):
    """No Asterisk where the settings, PATH and `make setup` would have it."""


class AsteriskUnsupportedError(AsteriskError):
    """An Asterisk whose version this program was not built for."""


class RenderError(AsteriskError):
    """A value that cannot be written into Asterisk's configuration without changing its meaning."""


class AsteriskStartError(AsteriskError):
    """Asterisk ended, or stayed silent, instead of coming up."""


class PortTakenError(AsteriskStartError):
    """Another program has the port that Asterisk is to listen on."""


class CommandFailedError(AsteriskError):
    """Asterisk's console did not do what it was told, or not in time."""


class ChangeRefusedError(AsteriskError):
    """A change of the lines that did not come into force; what was in force before still is."""
