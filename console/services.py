"""What the web is handed by whoever composes the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from redis_queue.fail_opens import FailOpens
from redis_queue.pool import OperatorPool
from redis_queue.probes import ProbeNotes
from redis_queue.recording_room import RecordingRoom
from redis_queue.streams import Stream
from redis_queue.trunk_notes import TrunkNotes
from sms_gateway.health_board import HealthBoard
from sms_gateway.twilio.signature import SignatureCheck
from tickets.database.store import Store


@dataclass(frozen=True)
class Services:
    """One installation, as the web sees it.

    `streams`: what the worker reads, by name. `pool`: None where there is no telephony. `reaches_a_human`: whether a
    call can be led to anybody, by what is configured. `modems`: names of the
    configured modems. `probes`: the tests of the lines that are made by themselves, and how often each. `twilio`: None
    when Twilio is not used; `twilio_stream` takes what it posts.
    """

    store: Store
    streams: Mapping[str, Stream]
    pool: OperatorPool | None
    reaches_a_human: bool
    fail_opens: FailOpens
    recording_room: RecordingRoom
    trunk_notes: TrunkNotes
    board: HealthBoard
    modems: tuple[str, ...]
    probes: Mapping[str, timedelta]
    probe_notes: ProbeNotes
    twilio: SignatureCheck | None
    twilio_stream: Stream
