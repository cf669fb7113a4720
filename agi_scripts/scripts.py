"""Which script answers which path: `agi://HOST:PORT/NAME`, and `siaga112-agi NAME`."""

from collections.abc import Callable, Mapping

from agi_scripts import call, feature, record
from agi_scripts.channel import Channel
from ivr.desk import Desk

Script = Callable[[Channel, Desk], None]

SCRIPTS: Mapping[str, Script] = {"call": call.run, "feature": feature.run, "record": record.run}
