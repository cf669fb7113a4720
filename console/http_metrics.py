"""How many requests there were, and how long they took."""

from prometheus_client import CollectorRegistry, Histogram

BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Up to the 15 s after which Twilio gives up."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class HttpMetrics:
    """Counts requests by method, route and status: names of ours only, or a stranger could invent series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "siaga112_http_request_seconds",
            "Seconds from a request's first byte to its answer's last.",
            ("method", "route", "status"),
            registry=registry,
            buckets=BUCKETS_S,
        )

    def note(self, method: str, route: str, status: int, took_s: float) -> None:
        """One request was answered."""
        self._seconds.labels(method if method in METHODS else "other", route, str(status)).observe(took_s)
