"""`ivr`: the phone menu."""

import dataclasses
import json
import sys
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from ivr.menu.check import faults
from ivr.menu.source import menu_from
from ivr.menu.view import view_menu
from ivr.prompts.build import unbuilt
from siaga112.cli.common import Program, pass_program

WIDE = 250
"""Columns where there is no terminal: whoever reads it by a program gets whole lines."""


@click.group()
def ivr() -> None:
    """The phone menu."""


@ivr.command()
@click.option("--json", "as_json", is_flag=True, help="one object")
@pass_program
def show(program: Program, as_json: bool) -> None:
    """Print the menu as a tree: what callers may press and where it leads."""
    settings = program.settings_or_demo
    menu = view_menu(menu_from(settings))
    if as_json:
        click.echo(json.dumps(menu, ensure_ascii=False, indent=2))
        return
    tree = Tree(escape(f"{settings.site.number} {settings.site.name}"))
    if menu["languages"]:
        asked = tree.add("language")
        for choice in menu["languages"]:
            asked.add(f"[bold]{choice['key']}[/] {choice['language']}")
    _grow(tree, menu["items"])
    if menu["repeat"]:
        tree.add(f"[bold]{menu['repeat']}[/] say it again, {menu['rounds']} times at most")
    tree.add(f"[bold]{menu['operator']}[/] any other key, or none: an operator")
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False).print(tree)


def _grow(tree: Tree, items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        said = " / ".join(item["say"].values())
        branch = tree.add(f"[bold]{item['key']}[/] {escape(said)}  [dim]{escape(_where(item))}[/]")
        _grow(branch, item.get("items", ()))


def _where(item: dict[str, Any]) -> str:
    if "category" in item:
        return f"category {item['category']}, priority {item['priority']}"
    if "menu" in item:
        return f"menu {item['menu']}"
    return f"{item['information']}, then {'an operator' if item['then'] == 'operator' else 'the menu again'}"


@ivr.command()
@click.option("--json", "as_json", is_flag=True, help="an array of objects")
@pass_program
def check(program: Program, as_json: bool) -> None:
    """Say what is wrong with the menu and its prompts; exit status 1 if anything is."""
    found = faults(program.settings_or_demo)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(fault) for fault in found], ensure_ascii=False, indent=2))
    for fault in () if as_json else found:
        click.echo(f"{fault.where}: {fault.problem}; {fault.mend}")
    if found:
        sys.exit(1)
    if not as_json:
        click.echo("the menu is in order: every key leads to an operator, and everything that is said has its words")
        old = len(unbuilt(program.settings_or_demo))
        if old:
            left = f"{old} of its prompts have no sound yet, or an older one"
            click.echo(f"{left}: siaga112 prompts build, or up, makes it", err=True)
