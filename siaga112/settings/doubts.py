"""What a configuration that can be used says and probably does not mean: told once, when the city starts.

A mistake stops the program (`rules`); a doubt must not, since an emergency number that runs with a poor password is
better than one that does not run.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from siaga112.settings.checks import split_host_port
from siaga112.settings.models import Settings
from siaga112.settings.no_effect import without_effect
from siaga112.settings.schema import sections

SHORTEST_SECRET = 8
"""What guesses a minute can find out by the network is shorter."""

_WIDEST = {4: 16, 6: 32}
"""By the version of IP: a shorter prefix is more than one telecom operator's."""

_FIRST_GUESSES = frozenset({"change-me", "changeme", "password", "rahasia", "12345678", "123456789", "1234567890"})
_OWN_SECRET = "write a long one that nothing else has: openssl rand -base64 18"  # noqa: S105 - words, not a secret


@dataclass(frozen=True, slots=True)
class Doubt:
    """One of them; `right` says what would leave no doubt."""

    key: str
    """`operators[1001].secret`, as people write it."""
    wrong: str
    right: str
    harms: bool = True
    """Whether somebody may come to harm by it; else it only misleads who reads the file."""


def doubts(settings: Settings) -> list[Doubt]:
    """Every doubt, in the file's order of tables as far as it goes."""
    return [doubt for look in _LOOKS for doubt in look(settings)]


def weakness(secret: str) -> str:
    """Why a password keeps nobody out; "" when it may."""
    if len(secret) < SHORTEST_SECRET:
        return f"has {len(secret)} characters"
    if len(set(secret)) == 1:
        return "is one character over and over"
    return "is one that is tried first" if secret.casefold() in _FIRST_GUESSES else ""


def _phones(settings: Settings) -> Iterator[Doubt]:
    for operator in settings.operators:
        if not operator.has_phone:
            right = "write the secret of a phone that registers, or the contact of one that does not"
            yield Doubt(f"operators[{operator.extension}]", "has neither secret nor contact: nobody can ring it", right)


def _secrets(settings: Settings) -> Iterator[Doubt]:
    held = Counter(operator.secret.get_secret_value() for operator in settings.operators)
    for operator in settings.operators:
        secret = operator.secret.get_secret_value()
        found = weakness(secret)
        if not found and secret == operator.extension:
            found = "is its extension"
        if not found and held[secret] > 1:
            found = "is another operator's too"
        if secret and found:
            yield Doubt(f"operators[{operator.extension}].secret", f"can be guessed: it {found}", _OWN_SECRET)


def _outside_number(settings: Settings) -> Iterator[Doubt]:
    if settings.routing.fallback_number and not settings.trunks:
        yield Doubt("routing.fallback_number", "cannot be called: there are no trunks", "add [[trunks]]")


def _bind(settings: Settings) -> Iterator[Doubt]:
    bind = settings.asterisk.bind
    outside = [trunk for trunk in settings.trunks if not _is_here(trunk.host)]
    if ip_address(bind).is_loopback and outside:
        names = ", ".join(f"{trunk.name} at {trunk.host}" for trunk in outside)
        right = 'write "0.0.0.0", or this machine\'s address on that network'
        yield Doubt("asterisk.bind", f"{bind} is reached from this machine alone, not from {names}", right)


def _open_trunks(settings: Settings) -> Iterator[Doubt]:
    for trunk in settings.trunks:
        for network in map(ip_network, trunk.match):
            if network.prefixlen < _WIDEST[network.version] and not network.is_private:
                wrong = f"{network} takes calls from {network.num_addresses:,} addresses for the telecom operator's"
                yield Doubt(f"trunks[{trunk.name}].match", wrong, "write the addresses that the telecom operator names")


def _is_here(where: str) -> bool:
    """Whether a host or host:port is this machine, as far as can be told without asking anybody."""
    host, _ = split_host_port(where) or (where, None)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _idle_keys(settings: Settings) -> Iterator[Doubt]:
    for section, key in without_effect(settings):
        name = f"[[{section}]] {key}" if sections()[section].is_list else f"{section}.{key}"
        yield Doubt(name, "has no effect yet", "leave it out, or keep it for a later version", harms=False)


_LOOKS: tuple[Callable[[Settings], Iterator[Doubt]], ...] = (
    _bind,
    _open_trunks,
    _phones,
    _secrets,
    _outside_number,
    _idle_keys,
)
