"""One caller's way through the menu. It has an end whatever is pressed, and every end is an operator's."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ivr.menu.menu import KEY_SECONDS, Choice, Information, Level, Menu, Submenu
from ivr.prompts.catalogue import level_pieces


@dataclass(frozen=True, slots=True)
class Walked:
    """Where the way ended: a category, or none and the key that was pressed last, "" for silence."""

    choice: Choice | None
    key: str


class MenuWalk:
    """Plays the menu and follows the keys; `walk` is called once.

    Hearing something again and hearing an information are the menu's `rounds`; when they are used up an operator takes
    the call instead.
    """

    def __init__(self, menu: Menu, play: Callable[[Iterable[str]], str], key: Callable[[float], str]) -> None:
        """`play` plays prompts by name and gives the key that ended them, `key` the next one within so many seconds."""
        self._menu = menu
        self._play = play
        self._key = key
        self._rounds = menu.rounds

    def walk(self, opening: Sequence[str]) -> Walked:
        """`opening` is heard before the first menu; a key counts during it."""
        level = self._menu.first
        key = self._ask(level, opening)
        while True:
            item = level.item(key)
            if isinstance(item, Choice):
                return Walked(item, key)
            if isinstance(item, Submenu):
                level = item.level
                key = self._ask(level)
            elif isinstance(item, Information) and self._may_go_on():
                pressed = self._play((item.message,))
                if item.then_operator and not pressed:
                    return Walked(None, key)
                key = pressed or self._ask(level)
            elif key and key == self._menu.repeat_key and self._may_go_on():
                key = self._ask(level)
            else:
                return Walked(None, key)

    def _ask(self, level: Level, opening: Sequence[str] = ()) -> str:
        key = self._play((*opening, *level_pieces(self._menu, level)))
        return key or (self._key(KEY_SECONDS) if level.items else "")

    def _may_go_on(self) -> bool:
        self._rounds -= 1
        return self._rounds >= 0
