"""What comes with the program: the demo city, and the services of a city that names none of its own."""

import tomllib
from importlib.resources import files

from siaga112.settings.schema import Tables


def services() -> Tables:
    """Nine categories and their agencies; nobody can be told until the city adds contacts."""
    return tomllib.loads(_text("services.toml"))


def demo_city() -> Tables:
    """The tables of the demo city, fresh: the caller may change them."""
    city = tomllib.loads(_text("demo_city.toml"))
    contacts = {agency["code"]: agency for agency in city["agencies"]}
    known = services()
    return {
        **city,
        **known,
        "site": city["site"] | {"places": str(files("siaga112.settings") / "demo_places.txt")},
        "agencies": [agency | contacts[agency["code"]] for agency in known["agencies"]],
    }


def template() -> str:
    """A commented configuration to start from: every key, with its default or an example."""
    return f"{_text('template.toml')}\n{_text('services.toml')}"


def _text(name: str) -> str:
    return files("siaga112.settings").joinpath(name).read_text(encoding="utf-8")
