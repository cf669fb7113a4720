"""Where the phone menu comes from: the file that `[ivr] menu` names, else the categories by their digits."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.menu.file import ItemTable, MenuDocument, MenuTable
from ivr.menu.menu import Choice, Information, Item, LanguageChoice, Level, Menu, Names, Submenu
from ivr.menu.problems import explain, written
from ivr.menu.rules import check
from siaga112.settings import Category, ConfigurationError, Language, Problem, Settings
from siaga112.settings.document import read_document
from siaga112.settings.problems import Finding

# What keys are called in the name of a prompt, which is a file's name.
_KEY_NAMES = {"*": "star", "#": "hash"}


def menu_from(settings: Settings) -> Menu:
    """The menu. Raises `ConfigurationError` with every problem of its file."""
    if settings.ivr.menu is None:
        return _of_digits(settings)
    return _of_document(_read(settings.ivr.menu, settings), settings)


def _of_digits(settings: Settings) -> Menu:
    choices = (
        _choice(str(category.digit), category, {}, f"category-{category.code}")
        for category in sorted(settings.categories, key=lambda category: category.digit or 0)
        if category.digit is not None
    )
    return Menu(_default(settings), _asked(settings), Level("categories", tuple(choices)))


def _read(path: Path, settings: Settings) -> MenuDocument:
    tables = read_document(path)
    document, findings = _validate(tables)
    findings += [broken for broken in check(tables, settings) if not any(map(broken.concerns, findings))]
    if document is None or findings:
        raise ConfigurationError(tuple(_problem(finding, tables, path) for finding in findings))
    return document


def _validate(tables: Mapping[str, Any]) -> tuple[MenuDocument | None, list[Finding]]:
    try:
        return MenuDocument.model_validate(tables), []
    except ValidationError as error:
        return None, explain(error)


def _problem(finding: Finding, tables: Mapping[str, Any], path: Path) -> Problem:
    return Problem(str(path), written(finding.path, tables), finding.wrong, finding.right)


def _of_document(document: MenuDocument, settings: Settings) -> Menu:
    tables = {menu.name: menu for menu in document.menus}
    first = _level(document.menus[0], tables, settings)
    languages = tuple(LanguageChoice(key, language.value) for key, language in document.languages.items())
    menu = Menu(
        _default(settings),
        languages or _asked(settings),
        first,
        operator_key=document.operator,
        repeat_key=document.repeat,
        rounds=document.rounds,
    )
    reached = {level.name for level in menu.levels()}
    return replace(menu, unreached=tuple(name for name in tables if name not in reached))


def _level(table: MenuTable, tables: Mapping[str, MenuTable], settings: Settings) -> Level:
    return Level(table.name, tuple(_item(item, table.name, tables, settings) for item in table.items))


def _item(item: ItemTable, menu: str, tables: Mapping[str, MenuTable], settings: Settings) -> Item:
    prompt = f"menu-{menu}-{_KEY_NAMES.get(item.key, item.key)}"
    if item.menu is not None:
        return Submenu(item.key, _names(item.say), _level(tables[item.menu], tables, settings), prompt)
    if item.information is not None:
        return Information(
            item.key,
            _names(item.say),
            f"information-{item.information}",
            _names(item.text),
            then_operator=item.then == "operator",
            prompt=prompt,
        )
    category = next(known for known in settings.categories if known.code == item.category)
    return _choice(item.key, category, item.say, prompt)


def _choice(key: str, category: Category, say: Mapping[Language, str], prompt: str) -> Choice:
    return Choice(key, category.code, category.priority, _names(category.name), _names(say), prompt)


def _default(settings: Settings) -> str:
    return settings.site.languages[0].value


def _asked(settings: Settings) -> tuple[LanguageChoice, ...]:
    languages = [language.value for language in settings.site.languages]
    wanted = languages if settings.ivr.language_menu and len(languages) > 1 else []
    return tuple(LanguageChoice(str(number), language) for number, language in enumerate(wanted, start=1))


def _names(by_language: Mapping[Language, str]) -> Names:
    return tuple((language.value, text) for language, text in by_language.items())
