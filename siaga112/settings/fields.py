"""The kinds of value that a configuration holds, each with its check."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from siaga112.settings.checks import (
    PORTS,
    check_host_or_empty,
    check_host_port,
    check_http_url,
    check_ip_address,
    check_ip_network,
    check_known_country,
    check_known_timezone,
    check_modem_port,
    check_one_line_secret,
    check_redis_url,
    check_sender,
    check_sender_or_empty,
    check_sip_contact,
    check_store_url,
    matching,
    one_line,
    secret_matching,
    to_path,
    to_required_path,
)
from siaga112.settings.kinds import Kind, Located, Numbered

Text = Annotated[str, AfterValidator(one_line)]
Label = Annotated[str, Field(min_length=1), AfterValidator(one_line)]
Secret = Annotated[SecretStr, AfterValidator(check_one_line_secret)]
PinSecret = Annotated[SecretStr, secret_matching("[0-9]{4,8}", "write 4 to 8 digits (TS 11.11 clause 9.3), or nothing")]
StoreUrl = Annotated[SecretStr, AfterValidator(check_one_line_secret), AfterValidator(check_store_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(check_one_line_secret), AfterValidator(check_redis_url)]
Port = Annotated[int, Field(ge=PORTS[0], le=PORTS[1])]
Timezone = Annotated[str, AfterValidator(check_known_timezone)]
Country = Annotated[str, AfterValidator(check_known_country)]
IpAddress = Annotated[str, AfterValidator(check_ip_address)]
IpNetwork = Annotated[str, AfterValidator(check_ip_network)]
HostPort = Annotated[str, AfterValidator(check_host_port)]
OptionalHost = Annotated[str, AfterValidator(check_host_or_empty)]
SipContact = Annotated[str, AfterValidator(one_line), AfterValidator(check_sip_contact)]
HttpUrl = Annotated[str, AfterValidator(one_line), AfterValidator(check_http_url)]
ModemPort = Annotated[str, AfterValidator(one_line), AfterValidator(check_modem_port)]
OptionalSender = Annotated[str, AfterValidator(check_sender_or_empty), Numbered(short=True)]
Sender = Annotated[str, AfterValidator(check_sender), Numbered(short=True)]

# Names and codes become section names of Asterisk's files, Redis keys and parts of environment variables.
Name = Annotated[
    str, matching("[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "write letters, digits, dot, dash or underscore, 40 at most")
]
NodeName = Annotated[
    str, matching("[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "write letters, digits, dot, dash or underscore", empty=True)
]
SiteCode = Annotated[str, matching("[A-Z0-9]{1,10}", 'write 1 to 10 capital letters or digits, such as "BWI"')]
Extension = Annotated[str, matching("[0-9]{2,10}", 'write 2 to 10 digits in quotes, such as "1001"')]
ServiceNumber = Annotated[str, matching("[0-9]{2,15}", 'write digits in quotes, such as "112"')]
FeatureCode = Annotated[str, matching("[*#][*#0-9]{1,7}", 'write * or # and digits, such as "*11"')]
Ussd = Annotated[str, matching("[*#][*#0-9]{0,30}", 'write a code such as "*888#", or "" for none', empty=True)]
Did = Annotated[str, matching(r"\+?[0-9]{2,15}", 'write 2 to 15 digits as the trunk sends them, such as "112"')]
CallerId = Annotated[str, matching(r"\+?[0-9]{2,15}", 'write 2 to 15 digits, or "" for the first DID', empty=True)]

_NUMBER = matching(r"\+?[0-9][0-9 ()-]{1,20}", 'write a telephone number such as "+628123450001"')
_OPTIONAL_NUMBER = matching(
    r"\+?[0-9][0-9 ()-]{1,20}", 'write a telephone number such as "+628123450001", or ""', empty=True
)
PhoneNumber = Annotated[str, _NUMBER, Numbered(short=False)]
OptionalPhoneNumber = Annotated[str, _OPTIONAL_NUMBER, Numbered(short=False)]
DialNumber = Annotated[str, _NUMBER, Numbered(short=True)]
OptionalDialNumber = Annotated[str, _OPTIONAL_NUMBER, Numbered(short=True)]

ExistingFile = Annotated[Path | None, BeforeValidator(to_path), Located(Kind.FILE)]
ExistingDirectory = Annotated[Path | None, BeforeValidator(to_path), Located(Kind.DIRECTORY)]
NewDirectory = Annotated[Path | None, BeforeValidator(to_path), Located(Kind.NEW)]
NewFile = Annotated[Path | None, BeforeValidator(to_path), Located(Kind.NEW)]
RequiredDirectory = Annotated[Path, BeforeValidator(to_required_path), Located(Kind.NEW)]
