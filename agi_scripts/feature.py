"""`AGI(agi://…/feature)`: a feature code that an operator dialled.

Says what came of it; leaves SIAGA112_NEXT for the dialplan and, as its last command, SIAGA112_DONE. With Redis away it
does neither, and the phone hears the dialplan's tone for what was not done.
"""

from agi_scripts.channel import Channel
from agi_scripts.operator_phone import OperatorPhone
from ivr.desk import Desk
from ivr.phone_features import serve
from redis_queue.errors import QueueError
from siaga112 import log

_log = log.get(__name__)


def run(channel: Channel, desk: Desk) -> None:
    """Serve one code."""
    phone = OperatorPhone(channel)
    dialled = phone.dialled()
    try:
        done = serve(dialled, desk)
    except QueueError as error:
        _log.error("feature.not_done", feature=dialled.feature, operator=dialled.operator, reason=str(error))
        return
    language = desk.menu.language
    phone.say(desk.prompts.find(done.said, language) if done.said else None, good=done.good)
    phone.leave(done, desk.settings.site.country)
