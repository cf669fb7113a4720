"""What every call of a process shares. Built once by the program and handed to each call's flow."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.facts import FactSender
from ivr.menu.menu import Menu
from ivr.menu.source import menu_from
from ivr.prompts.files import PromptFiles, prompt_files
from ivr.remembered import Remembered
from redis_queue.pool import OperatorPool
from redis_queue.wake import WakeListener
from siaga112.settings import Settings


@dataclass(frozen=True)
class Desk:
    """The city's settings, its menu and sounds, and the servers that a call needs."""

    settings: Settings
    menu: Menu
    prompts: PromptFiles
    pool: OperatorPool
    wakes: WakeListener
    facts: FactSender
    remembered: Remembered
    closing: threading.Event = field(default_factory=threading.Event)  # set: who waits goes to the fallback
    clock: Callable[[], float] = time.monotonic


def desk_for(settings: Settings, pool: OperatorPool, wakes: WakeListener, facts: FactSender, kept: Remembered) -> Desk:
    """The desk of a configuration."""
    return Desk(settings, menu_from(settings), prompt_files(settings), pool, wakes, facts, kept)
