"""Every channel variable that scripts and dialplan share. `docs/architecture.md` has the table with who sets which."""

from enum import StrEnum


class Variable(StrEnum):
    """Names in the dialplan."""

    # set by the dialplan
    TRUNK = "SIAGA112_TRUNK"  # name of the trunk, without `trunk-`
    DID = "SIAGA112_DID"  # the number that was dialled
    TRY = "SIAGA112_TRY"  # 0 at the first run of the script, then 1, 2
    START = "SIAGA112_START"  # when the call came, Unix time with microseconds
    FALLBACK = "SIAGA112_FALLBACK"  # 1 once the fallback has begun
    DIALSTATUS = "SIAGA112_DIALSTATUS"  # how the last Dial ended, empty at the first run

    # set by the script, known to the dialplan whatever happens next
    CATEGORY = "SIAGA112_CATEGORY"
    LANGUAGE = "SIAGA112_LANGUAGE"
    PRIORITY = "SIAGA112_PRIORITY"
    LABEL = "SIAGA112_LABEL"  # caller name on the operator's phone

    # set by the script at its end
    OPERATOR = "SIAGA112_OPERATOR"  # extension that was claimed
    ROUTE = "SIAGA112_ROUTE"  # what Dial gets
    RING = "SIAGA112_RING"  # seconds to ring
    TRIED = "SIAGA112_TRIED"  # extensions that were claimed for this call, this one included, with dashes between
    OUTSIDE = "SIAGA112_OUTSIDE"  # 1: the fallback begins with the outside number
    DONE = "SIAGA112_DONE"  # always last; 1: the route is meant

    # a feature code: set by the dialplan
    FEATURE = "SIAGA112_FEATURE"  # which one, by its key in [features]
    PHONE = "SIAGA112_PHONE"  # the endpoint that dialled it
    TARGET = "SIAGA112_TARGET"  # extension of the operator that it is about, empty for most

    # a feature code: set by the script
    NEXT = "SIAGA112_NEXT"  # call: ring SIAGA112_CALLBACK; listen: to SIAGA112_TARGET; empty: it is done
    CALLBACK = "SIAGA112_CALLBACK"  # number as the call-back list has it
    TO_E164 = "SIAGA112_TO_E164"  # the same as trunks of each number_format want it
    TO_PLUS62 = "SIAGA112_TO_PLUS62"
    TO_LOCAL = "SIAGA112_TO_LOCAL"

    # Asterisk's own: the dead-man timer, seconds from now until the channel leaves for extension T
    DEAD_MAN = "TIMEOUT(absolute)"


TRIED_SEPARATOR = "-"
