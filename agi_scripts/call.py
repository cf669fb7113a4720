"""`AGI(agi://…/call)`: whom to ring for a caller who dialled 112.

Sets SIAGA112_ROUTE and, as its last command, SIAGA112_DONE. However else it ends, the dialplan goes on to its fallback.
A test call gets the mark alone, where a caller would have got an operator or a place in line.
"""

from agi_scripts.channel import Channel
from agi_scripts.incoming import read_call
from agi_scripts.line import AgiLine
from agi_scripts.variables import Variable
from ivr.call_flow import CallFlow
from ivr.desk import Desk
from ivr.probe import decides, is_probe


def run(channel: Channel, desk: Desk) -> None:
    """Serve one call."""
    call, line = read_call(channel, desk.settings), AgiLine(channel)
    if not is_probe(channel.environment.channel):
        CallFlow(call, line, desk).run()
    elif decides(call, line, desk):
        channel.set_variable(Variable.DONE, "1")
