"""The helper library's HTTP, on the server that is configured."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"
TIMEOUT_S = 10.0


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library ships no types
    """Sends each request to `base`, and waits for no answer without end.

    Next pages are asked for the same way, so that the account's token goes to no other server that an answer names.
    """

    def __init__(self, base: str = TWILIO, *, timeout_s: float = TIMEOUT_S) -> None:
        super().__init__(timeout=timeout_s)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send a request; raises what `requests` raises."""
        return super().request(method, rebased(url, self._base), *args, **kwargs)

    def close(self) -> None:
        """Close the idle connections."""
        self.session.close()


def rebased(url: str, base: str) -> str:
    """`url` on the server `base`, which may have a path of its own."""
    wanted, to = urlsplit(url), urlsplit(base)
    path = to.path.rstrip("/") + wanted.path
    return urlunsplit((to.scheme, to.netloc, path, wanted.query, ""))
