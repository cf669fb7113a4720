"""What must hold between keys. Read from the tables themselves, so that one bad value does not hide the next mistake.

Every rule passes over values of a wrong type or form: those are said where they stand.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from siaga112.settings.dial_rules import dialled_numbers_are_apart, feature_codes_are_apart
from siaga112.settings.port_rules import ports_differ, rtp_ports_are_apart
from siaga112.settings.problems import Finding, Path
from siaga112.settings.reading import value_of, values
from siaga112.settings.schema import Tables, is_table, items, sections
from siaga112.settings.spelling import nearest


def check(tables: Tables) -> list[Finding]:
    """Every broken rule."""
    return [finding for rule in RULES for finding in rule(tables)]


def _once(tables: Tables, table: str, key: str, usual: Callable[[Any], bool]) -> Iterator[Finding]:
    """No two items of a list of tables have the same value of `key`; `usual` says which values count."""
    first: dict[Any, Path] = {}
    for path, value in values(tables, table, key):
        if not usual(value):
            continue
        if value in first:
            place = first[value][1]
            other = tables[table][place].get(sections()[table].identity)
            whose = "an earlier one" if key == sections()[table].identity else f"{table}[{other}]"
            yield Finding(path, f'"{value}" is that of {whose} too', f"give each of the {table} its own {key}")
        else:
            first[value] = path


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_real_port(value: Any) -> bool:
    return _is_name(value) and value != "simulator"


def _is_digit(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 9


def _names_once(tables: Tables) -> Iterator[Finding]:
    for section in sections().values():
        if section.identity is not None:
            yield from _once(tables, section.name, section.identity, _is_name)


def _modem_ports_once(tables: Tables) -> Iterator[Finding]:
    yield from _once(tables, "modems", "port", _is_real_port)


def _modem_names_are_free(tables: Tables) -> Iterator[Finding]:
    for path, name in values(tables, "modems", "name"):
        if name == "twilio":
            yield Finding(path, '"twilio" is what the line of [twilio] is called', "give the modem another name")


def _contacts_once(tables: Tables) -> Iterator[Finding]:
    yield from _once(tables, "operators", "contact", _is_name)


def _digits_once(tables: Tables) -> Iterator[Finding]:
    taken = {digit for _, digit in values(tables, "categories", "digit") if _is_digit(digit)}
    free = ", ".join(str(digit) for digit in range(1, 10) if digit not in taken)
    for finding in _once(tables, "categories", "digit", _is_digit):
        right = (
            f"give each category a key of its own; free: {free}" if free else "leave the digit out: all nine are taken"
        )
        yield Finding(finding.path, finding.wrong.replace('"', ""), right)


def _references(tables: Tables, table: str, key: str, target: str) -> Iterator[Finding]:
    """Every code in `table.key` is that of an item of `target`."""
    codes = [code for _, code in values(tables, target, "code")]
    whole = tables.get(target, [])
    if (
        not isinstance(whole, list)
        or len(whole) != len(list(items(tables, sections()[target])))
        or not all(map(_is_name, codes))
    ):
        return  # a code that cannot be read may be the one that is meant
    uses = [
        ((*path, index), code)
        for path, listed in values(tables, table, key)
        for index, code in enumerate(listed if isinstance(listed, list) else [])
        if _is_name(code) and code not in codes
    ]
    used = {
        code
        for _, listed in values(tables, table, key)
        if isinstance(listed, list)
        for code in listed
        if _is_name(code)
    }
    unused = [code for code in codes if code not in used]
    said: Counter[str] = Counter()
    for path, code in uses:
        said[code] += 1
        # A code that nobody uses and that is one slip away: the slip is in the item, not in everything that names it.
        slip = nearest(code, unused)
        if said[code] == 1 or slip is None:
            yield Finding(path, f'"{code}" is the code of no [[{target}]]', _meant(code, slip, codes, target))
        if not codes:
            return


def _meant(code: str, slip: str | None, codes: list[str], target: str) -> str:
    close = slip or nearest(code, codes)
    if close is not None:
        return f'did you mean "{close}"?'
    return f"write one of {', '.join(codes)}" if codes else f"add [[{target}]] with this code; the file has none"


def _agencies_exist(tables: Tables) -> Iterator[Finding]:
    yield from _references(tables, "categories", "agencies", "agencies")


def _categories_there(tables: Tables) -> Iterator[Finding]:
    """Agencies alone classify nothing; with neither, the nine built-in categories bring their own."""
    if tables.get("agencies") and not tables.get("categories"):
        right = "add [[categories]] that name these agencies, or leave out both to get the nine built-in ones"
        yield Finding(("categories",), "there is none, though there are [[agencies]]", right)


def _skills_exist(tables: Tables) -> Iterator[Finding]:
    yield from _references(tables, "operators", "skills", "categories")


def _logins_are_whole(tables: Tables) -> Iterator[Finding]:
    for path, trunk in items(tables, sections()["trunks"]):
        if trunk.get("register") is True and not trunk.get("username", ""):
            yield Finding((*path, "username"), "is empty, but register = true", "write the user that the operator gave")
    if _is_name(value_of(tables, "twilio", "account_sid")) and _twilio_token_is_empty(tables):
        yield Finding(("twilio", "auth_token"), "is empty, but account_sid is set", "write the account's token")


def _encrypted_phones_have_a_certificate(tables: Tables) -> Iterator[Finding]:
    """The keys of SRTP travel in SDP (RFC 4568): without TLS whoever listens has them."""
    if value_of(tables, "asterisk", "certificate") or value_of(tables, "asterisk", "managed") is False:
        return
    for path, srtp in values(tables, "operators", "srtp"):
        if srtp is True:
            yield Finding(
                path, "is true, but there is no asterisk.certificate", "write one: without it there is no TLS"
            )


def _twilio_token_is_empty(tables: Tables) -> bool:
    twilio = tables.get("twilio")
    return is_table(twilio) and twilio.get("auth_token", "") == ""


def _somebody_answers(tables: Tables) -> Iterator[Finding]:
    """A trunk brings calls to 112, and a call that can reach nobody is one that nobody answers."""
    can_be_rung = any(
        operator.get("secret") or operator.get("contact") for _, operator in items(tables, sections()["operators"])
    )
    if tables.get("trunks") and not can_be_rung and not value_of(tables, "routing", "fallback_number"):
        wrong = "no call can reach anybody: none has a secret or contact, and there is no routing.fallback_number"
        yield Finding(("operators",), wrong, "write the secret of a phone that registers, or the contact of another")


RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    _names_once,
    _modem_ports_once,
    _modem_names_are_free,
    _contacts_once,
    _digits_once,
    _agencies_exist,
    _categories_there,
    _skills_exist,
    ports_differ,
    rtp_ports_are_apart,
    feature_codes_are_apart,
    dialled_numbers_are_apart,
    _logins_are_whole,
    _encrypted_phones_have_a_certificate,
    _somebody_answers,
)
