"""The Lua scripts that lie beside this module."""

from importlib.resources import files


def lua_source(*names: str) -> str:
    """Return the named files of `lua/`, one after the other: what comes first is ground for what follows."""
    folder = files("redis_queue") / "lua"
    return "\n".join((folder / f"{name}.lua").read_text(encoding="utf-8") for name in names)
