"""One line a request: what was asked, what was answered, why not. Never a query string, a header or a body."""

from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.http_metrics import HttpMetrics
from siaga112 import log

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds: said only when something is wrong."""

REASON = "siaga112.reason"

_log = log.get(__name__)


class AccessLog:
    """Wraps an application; an endpoint says by `because` why it refuses."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        began = monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._tell(scope, status, monotonic() - began)

    def _tell(self, scope: Scope, status: int, took_s: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.note(scope["method"], route, status, took_s)
        if status < 400 and scope["path"] in QUIET:
            return
        _log.log(
            log.LEVELS["warning" if status >= 400 else "info"],
            "http.request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round(took_s * 1000, 1),
            client=(scope.get("client") or ("unknown",))[0],
            **({"reason": scope[REASON]} if REASON in scope else {}),
        )


def because(scope: Scope, reason: str) -> None:
    """Have the request's line say why it was refused."""
    scope[REASON] = reason
