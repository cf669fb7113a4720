"""The menu as listings show it."""

from typing import Any

from ivr.menu.menu import Choice, Information, Item, Level, Menu, Submenu

Row = dict[str, Any]


def view_menu(menu: Menu) -> Row:
    """As plain values, for JSON."""
    return {
        "language": menu.language,
        "languages": [{"key": choice.key, "language": choice.language} for choice in menu.languages],
        "operator": menu.operator_key,
        "repeat": menu.repeat_key or None,
        "rounds": menu.rounds,
        "items": _items(menu.first),
    }


def _items(level: Level) -> list[Row]:
    return [_item(item) for item in level.items]


def _item(item: Item) -> Row:
    match item:
        case Choice():
            rest: Row = {"category": item.category, "priority": item.priority}
        case Submenu():
            rest = {"menu": item.level.name, "items": _items(item.level)}
        case Information():
            rest = {"information": item.message, "then": "operator" if item.then_operator else "menu"}
    say = dict(item.names) | dict(item.say) if isinstance(item, Choice) else dict(item.say)
    return {"key": item.key, "say": say, "prompt": item.prompt} | rest
