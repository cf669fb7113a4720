"""Whether an Asterisk answers at all."""

import threading
from contextlib import suppress

from hardware.asterisk.ami.connection import AmiAddress, AmiConnection
from hardware.asterisk.ami.errors import AmiDisconnectedError, AmiError, AmiRefusedError


def answers(address: AmiAddress, limit_s: float) -> bool:
    """Whether AMI says anything to a question within `limit_s`; it need not know us, a refusal is an answer, too."""
    try:
        connection = AmiConnection(address, lambda _event: None, frozenset())
    except AmiDisconnectedError:
        return False
    reader = threading.Thread(target=_read, args=(connection,), name="ami-probe", daemon=True)
    reader.start()
    try:
        connection.action("Challenge", (("AuthType", "MD5"),), limit_s)
    except AmiRefusedError:
        return True
    except AmiError:
        return False
    finally:
        connection.close()
        reader.join()
    return True


def _read(connection: AmiConnection) -> None:
    # How it ends is no matter: whoever asks is told by the missing answer.
    with suppress(AmiError):
        connection.run()
