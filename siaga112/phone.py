"""Telephone numbers: E.164 inside, each operator's own way outside, masked in logs.

Networks hand over what they like: 0812…, 62812…, 0062812…, +62 812-…, short codes such as 1708 and sender names such as
TELKOMSEL (3GPP TS 23.040 clause 9.1.2.5). What is no subscriber's number is kept as it came.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

# What carriers put in the place of a number that is withheld or unknown (RFC 3323 clause 4.1.1.3 and Asterisk's words).
_WITHHELD = frozenset({"", "anonymous", "private", "restricted", "unavailable", "unknown", "withheld", "asterisk"})
_DIALLED = re.compile(r"\+?[0-9(][0-9 ().-]*")
_LONG_RUN = re.compile(r"\+?[0-9]{7,}")
_SHORT_CODE = re.compile(r"[0-9]{2,6}")
# A number that can be dialled inside its own area only still names one line once the country is written: +62331112.
_POSSIBLE = {ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}
_EMERGENCY = ("112", "911")
# An emergency number and the last seven digits of the IMEI (J-STD-036; in Finland +358 112…).
_DUMMY_DIGITS = 10
_SUBSCRIBERS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_CHARGED = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
# Digits of a national number, by which one that is too long or too short to be known is tried: E.164 clause 6.1.
_NATIONAL_DIGITS = range(5, 14)


class NumberFormat(StrEnum):
    """How a telecom operator wants a number: 62812…, +62812… or 0812…"""

    E164 = "e164"
    PLUS62 = "plus62"
    LOCAL = "local"


class CallBar(StrEnum):
    """Why a number that anybody can show as theirs is not called back."""

    CHARGED = "charged"
    """Whoever calls there pays somebody for it, premium rate or shared cost; or no plan tells what is reached there."""

    COUNTRY = "country"
    """It is of no country that is called back; satellites and other networks of the whole world are of none."""


def normalise(number: str, country: str = "ID") -> str:
    """`number` in E.164 with its plus; a short code, a name and what is no number come back as they came.

    `country` (ISO 3166-1) is where a number without a country code is dialled.
    """
    parsed = _parse(number, country)
    return number if parsed is None else phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def is_subscriber(number: str, country: str = "ID") -> bool:
    """True if `number` can be written in E.164: a line that can be called or texted from anywhere."""
    return _parse(number, country) is not None


def tells_caller(number: str | None, country: str = "ID") -> bool:
    """True if `number` is one caller's own and can be called back.

    A phone without a SIM shows none, or what its network puts in the place of one: an emergency number with digits of
    its IMEI (as +358 112…, or 911… by J-STD-036), zeros. Many callers share it, so nothing is concluded from it.
    Ambon's landlines begin with 911, too: (0911) 352100.
    """
    parsed = _parse(number, country) if number else None
    if parsed is None:
        return False
    national = str(parsed.national_number)
    if national.startswith(_EMERGENCY):
        return len(national) != _DUMMY_DIGITS and phonenumbers.number_type(parsed) in _SUBSCRIBERS
    return len(set(national)) > 1


def call_bar(number: str, country: str = "ID", others: Collection[str] = ()) -> CallBar | None:
    """What forbids to call `number` back; None when nothing does.

    A caller's number may be forged, so that the call back pays the forger. `country` is the site's own, `others` are
    the ISO 3166-1 codes of foreign countries that are called back.
    """
    parsed = _parse(number, country)
    if parsed is None or phonenumbers.region_code_for_number(parsed) not in {country, *others}:
        return CallBar.COUNTRY
    return CallBar.CHARGED if _is_charged(parsed) else None


def same(first: str, second: str, country: str = "ID") -> bool:
    """True if both are the same line, however each is written."""
    return normalise(first, country).casefold() == normalise(second, country).casefold()


def is_short_code(number: str) -> bool:
    """True for a service number of 2 to 6 digits: 112, 1708, 98999."""
    return _SHORT_CODE.fullmatch(number) is not None


def is_alphanumeric(sender: str) -> bool:
    """True for a sender that is a name: nobody can be called or answered there."""
    return any(character.isalpha() for character in sender)


def mask(number: str) -> str:
    """`number` fit for a log: +62812*****001.

    A short code and a name stay, they are nobody's; a number inside a text, such as a SIP address, is masked there.
    """
    if is_alphanumeric(number):
        return _LONG_RUN.sub(lambda run: _mask_digits(run[0]), number)
    return number if is_short_code(number) else _mask_digits(number)


def _mask_digits(digits: str) -> str:
    head = 6 if digits.startswith("+") else 4
    shown = digits[:head] if len(digits) >= head + 5 else ""
    hidden = max(len(digits) - len(shown) - 3, 0)
    return shown + "*" * hidden + digits[len(shown) + hidden :]


def for_trunk(number: str, number_format: NumberFormat | str, country: str = "ID") -> str:
    """`number` as a telecom operator wants it: `e164` 62812…, `plus62` +62812…, `local` 0812… (abroad: 00…).

    What is no subscriber's number, such as 110, is dialled as it is.
    """
    parsed = _parse(number, country)
    if parsed is None:
        return number
    international = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    match NumberFormat(number_format):
        case NumberFormat.PLUS62:
            return international
        case NumberFormat.E164:
            return international.removeprefix("+")
        case NumberFormat.LOCAL:
            return _local(international, country)


def caller_from(raw: str) -> str | None:
    """The caller's number as a trunk or AGI gives it; None if it was withheld or is not known."""
    caller = raw.strip().strip('"<>').strip()
    return None if caller.casefold() in _WITHHELD else caller


def _is_charged(parsed: PhoneNumber) -> bool:
    digits = phonenumbers.national_significant_number(parsed)
    known = phonenumbers.number_type(parsed)
    if known in _SUBSCRIBERS or digits.startswith("0"):
        # No subscriber's that begins with 0 leads elsewhere once the 0 of a long-distance call is before it.
        return known not in _SUBSCRIBERS
    if known != PhoneNumberType.UNKNOWN:
        return known in _CHARGED
    # A network takes the digits that make a number and ignores the rest, and of a short one it knows the area.
    kinds = {_kind(parsed.country_code, digits[:length].ljust(length, "0")) for length in _NATIONAL_DIGITS}
    return not kinds.isdisjoint(_CHARGED) or kinds.isdisjoint(_SUBSCRIBERS)


def _kind(calling_code: int | None, digits: str) -> int:
    return phonenumbers.number_type(PhoneNumber(country_code=calling_code, national_number=int(digits)))


def _local(international: str, country: str) -> str:
    calling_code = f"+{phonenumbers.country_code_for_region(country)}"
    if international.startswith(calling_code):
        trunk_prefix = phonenumbers.ndd_prefix_for_region(country, True) or ""
        return trunk_prefix + international.removeprefix(calling_code)
    return "00" + international.removeprefix("+")


# A call asks for its caller's number several times, and each answer costs more than a command to Asterisk.
@lru_cache(maxsize=256)
def _parse(number: str, country: str) -> PhoneNumber | None:
    if not _DIALLED.fullmatch(number.strip()) or is_short_code(number):
        return None
    digits = "+" * number.strip().startswith("+") + "".join(re.findall("[0-9]+", number))
    calling_code = str(phonenumbers.country_code_for_region(country))
    trunk_prefix = phonenumbers.ndd_prefix_for_region(country, True) or ""
    if digits.startswith("+"):
        return _possible(digits)
    if digits.startswith("00"):
        return _possible("+" + digits[2:])
    if trunk_prefix and digits.startswith(trunk_prefix):
        return _possible(f"+{calling_code}{digits.removeprefix(trunk_prefix)}")
    return _subscriber("+" + digits) or _subscriber(f"+{calling_code}{digits}")


def _possible(international: str) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number_with_reason(parsed) in _POSSIBLE else None


def _subscriber(international: str) -> PhoneNumber | None:
    """Digits alone may mean anything: 1500505 is dialled just so. They count only as somebody's own line."""
    parsed = _possible(international)
    return parsed if parsed is not None and phonenumbers.number_type(parsed) in _SUBSCRIBERS else None
