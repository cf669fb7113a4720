"""What comes with the program: the demo city, and the services of a city that names none of its own."""

import tomllib
from importlib.resources import files

from siaga112.settings.schema import Tables


def demo_city() -> Tables:
    """The tables of the demo city, fresh: the caller may change them."""
    return tomllib.loads(_text("demo_city.toml"))


def services() -> Tables:
    """Nine categories and their agencies; nobody can be told until the city adds contacts."""
    city = demo_city()
    contacts = ("sms", "whatsapp", "webhook")
    agencies = [{key: value for key, value in agency.items() if key not in contacts} for agency in city["agencies"]]
    return {"agencies": agencies, "categories": city["categories"]}


def template() -> str:
    """A commented configuration to start from: every key, with its default or an example."""
    return _text("template.toml")


def _text(name: str) -> str:
    return files("siaga112.settings").joinpath(name).read_text(encoding="utf-8")
