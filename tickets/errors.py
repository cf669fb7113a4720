"""What can go wrong with tickets and their store.

TicketsError
├── StoreUnavailableError      the database is away, locked or full: keep the work, try again
│   └── NoSchemaError          there is no database yet, or not yet what this program needs: make it, try again
├── BadStoreUrlError           the configured URL names no database that is supported: mend the configuration
├── UnknownSchemaError         the database was made by a newer program: upgrade this one
├── MigrationFailedError       a step of the schema's upgrade was refused: nothing was changed, a person has to look
├── IllegalStatusChangeError   the ticket's status table does not allow it: tell who asked
├── UnknownTicketError         no ticket has this number: tell who asked
├── UnknownMessageError        no message has this id, or it is not in the state that was asked for: tell who asked
├── UnknownCallbackError     no entry of the call-back list with this id waits: tell who asked
├── UnknownRecordingError    no recording has this id, or it is deleted: tell who asked
├── BadBackupError           the file is no backup, or did not come out as it went in: nothing was changed
└── BadCallFactError           the fact itself is wrong and stays wrong: set it aside, do not try again
"""


class TicketsError(Exception):
    """Base of this package's errors; each kind is a decision of its own, as above."""


class StoreUnavailableError(TicketsError):
    """The database cannot be used now. Nothing was kept, unless the connection broke during the commit itself."""


class NoSchemaError(StoreUnavailableError):
    """The database was never made, or was made by an older program; the text says what makes it."""


class BadStoreUrlError(TicketsError):
    """The store's URL cannot be read or names a database that is not supported."""


class MigrationFailedError(TicketsError):
    """The database refuses a step of the schema's upgrade; it is as it was before."""


class UnknownSchemaError(TicketsError):
    """The database's schema has a revision that this program does not know."""


class IllegalStatusChangeError(TicketsError):
    """A ticket may not go from its status to the one that was asked for."""


class UnknownTicketError(TicketsError):
    """There is no ticket with that number."""


class UnknownMessageError(TicketsError):
    """There is no message with that id in a state that allows what was asked."""


class UnknownCallbackError(TicketsError):
    """There is no entry with that id that waits to be called back."""


class UnknownRecordingError(TicketsError):
    """There is no recording with that id, or it is deleted already."""


class BadBackupError(TicketsError):
    """A backup that cannot be brought back whole."""


class BadCallFactError(TicketsError):
    """Fields that are no call fact: something is missing, unknown or malformed."""
