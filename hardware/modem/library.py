"""python-gsmmodem-new, imported quietly.

Its source holds invalid escapes and `is` with literals: where no compiled file is left from its installation, importing
it warns, and would fail where warnings are errors.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from gsmmodem import GsmModem
    from gsmmodem.exceptions import GsmModemException, TimeoutException
    from gsmmodem.serial_comms import SerialComms

__all__ = ["GsmModem", "GsmModemException", "SerialComms", "TimeoutException"]
