"""Who tries names and passwords on our SIP port: counted by address, and said when it is no slip of a finger."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hardware.asterisk.ami import AmiClient, AmiError, Message
from siaga112 import log

REFUSALS = frozenset({"InvalidAccountID", "ChallengeResponseFailed", "InvalidPassword", "FailedACL"})
"""Asterisk's security events of a request that it did not let in: no such name, a wrong password, a wrong network."""

TRIES = 10
TIME = timedelta(minutes=1)
"""A phone with a wrong password tries less often; who guesses does it some times a second."""

SAID_AGAIN = timedelta(minutes=10)

MOST_ADDRESSES = 1000
"""Those that are remembered; the one that was silent for longest goes first."""

_log = log.get(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Strangers:
    """An AMI listener; a line in the log for each address that guesses."""

    wants = REFUSALS

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._said: dict[str, datetime] = {}

    def on_ready(self, client: AmiClient) -> None:
        """There is nothing to catch up with."""

    def on_lost(self, error: AmiError) -> None:
        """What is not told is not counted; the log of Asterisk has it."""

    def on_event(self, event: Message) -> None:
        """Count a request of a stranger's."""
        # The transport's own word on who sent it, `IPV4/UDP/192.0.2.1/5060`: nothing that the stranger wrote.
        parts = event.get("RemoteAddress").split("/")
        if event.event in REFUSALS and event.get("Service") == "PJSIP" and len(parts) == 4:
            self._count(parts[2])

    def _count(self, address: str) -> None:
        now = self._now()
        tries = self._tries.setdefault(address, deque(maxlen=TRIES))
        tries.append(now)
        self._tries.move_to_end(address)
        if len(self._tries) > MOST_ADDRESSES:
            forgotten, _ = self._tries.popitem(last=False)
            self._said.pop(forgotten, None)
        said = self._said.get(address)
        if len(tries) == TRIES and now - tries[0] <= TIME and (said is None or now - said >= SAID_AGAIN):
            self._said[address] = now
            _log.error("sip.guessing", address=address, tries=TRIES, seconds=round((now - tries[0]).total_seconds()))
