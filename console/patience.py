"""Who connects and then does not ask keeps a place that others need: there are `MOST_CONNECTIONS` of them.

uvicorn ends a connection that is silent after an answer (`timeout_keep_alive`), but waits for ever for a first request,
and for the end of a header that comes a byte at a time.
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_LIMIT_S = 10.0
"""From the connection, or the first byte of a further request, to the end of its header."""

KEEP_ALIVE_S = 5
"""A connection may be silent for so long after an answer."""


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that hangs up when no request comes."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Part of a request, or more than one."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._end()
        elif self._deadline is None:
            self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._deadline = self.loop.call_later(HEADER_LIMIT_S, self.transport.close)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
