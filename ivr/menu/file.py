"""The menu's TOML file: which keys it has and what each value may be. `docs/menu.md` tells it to whoever writes one."""

from typing import Annotated, Literal

from pydantic import Field

from ivr.menu.menu import OPERATOR_KEY, ROUNDS
from siaga112.settings import Language
from siaga112.settings.base import Table
from siaga112.settings.checks import matching
from siaga112.settings.fields import Label, Name

MOST_ROUNDS = 5

Key = Annotated[str, matching("[0-9*#]", 'write one key of a telephone in quotes, such as "1", "*" or "#"')]
OptionalKey = Annotated[str, matching("[0-9*#]", 'write one key in quotes, such as "*", or "" for none', empty=True)]
Texts = dict[Annotated[Language, Field(strict=False)], Label]


class ItemTable(Table):
    """`[[menus.items]]`: a key, and one of `category`, `menu` and `information`."""

    key: Key = Field(description='the key, such as "1"')
    category: Name | None = Field(default=None, description="code of the category that it chooses")
    menu: Name | None = Field(default=None, description="name of the menu that it leads to")
    information: Name | None = Field(default=None, description="name of what is said when it is pressed")
    say: Texts = Field(
        default_factory=dict, description="what is said for the key in each language; default: the category's name"
    )
    text: Texts = Field(default_factory=dict, description="the information itself in each language")
    then: Literal["menu", "operator"] | None = Field(
        default=None, description='where the caller is led after the information: "menu" (default) or "operator"'
    )


class MenuTable(Table):
    """`[[menus]]`: keys that are offered together."""

    name: Name = Field(description="what other menus call it")
    items: Annotated[tuple[ItemTable, ...], Field(strict=False)] = Field(default=(), description="its keys")


class MenuDocument(Table):
    """The file. The first menu is where callers begin."""

    languages: dict[Key, Annotated[Language, Field(strict=False)]] = Field(
        default_factory=dict, description="languages that are asked for first, by their keys"
    )
    operator: Key = Field(default=OPERATOR_KEY, description="the key that is said to lead to an operator")
    repeat: OptionalKey = Field(default="", description="the key that has the menu said again; empty: none")
    rounds: int = Field(
        default=ROUNDS, ge=1, le=MOST_ROUNDS, description="how often something may be heard again before an operator"
    )
    menus: Annotated[tuple[MenuTable, ...], Field(strict=False, min_length=1)] = Field(
        description="the menus, the first one first"
    )
