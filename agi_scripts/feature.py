"""`AGI(agi://…/feature)`: a feature code that an operator dialled.

Says what came of it; leaves SIAGA112_NEXT for the dialplan and, as its last command, SIAGA112_DONE.
"""

from agi_scripts.channel import Channel
from agi_scripts.operator_phone import OperatorPhone
from ivr.desk import Desk
from ivr.phone_features import serve


def run(channel: Channel, desk: Desk) -> None:
    """Serve one code."""
    phone = OperatorPhone(channel)
    done = serve(phone.dialled(), desk)
    language = desk.menu.language
    phone.say(desk.prompts.find(done.said, language) if done.said else None, good=done.good)
    phone.leave(done, desk.settings.site.country)
