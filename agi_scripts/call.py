"""`AGI(agi://…/call)`: whom to ring for a caller who dialled 112.

Sets SIAGA112_ROUTE and, as its last command, SIAGA112_DONE. However else it ends, the dialplan goes on to its fallback.
"""

from agi_scripts.channel import Channel
from agi_scripts.incoming import read_call
from agi_scripts.line import AgiLine
from ivr.call_flow import CallFlow
from ivr.desk import Desk


def run(channel: Channel, desk: Desk) -> None:
    """Serve one call."""
    CallFlow(read_call(channel, desk.settings), AgiLine(channel), desk).run()
