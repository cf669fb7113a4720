"""The web application: its routes, and one line in the log for each request."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from console.access_log import AccessLog
from console.http_metrics import HttpMetrics
from console.metrics import InstallationMetrics
from console.monitoring import monitoring_routes
from console.services import Services
from console.twilio_hooks import twilio_routes
from siaga112 import __version__


def make_application(services: Services) -> ASGIApp:
    """Build the application of one installation; nothing is looked at before the first request."""
    registry = CollectorRegistry()
    registry.register(InstallationMetrics(services))
    # No page for the OpenAPI document: those that FastAPI brings fetch their scripts from the internet.
    api = FastAPI(title="Siaga 112", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.include_router(monitoring_routes(services, registry))
    api.include_router(twilio_routes(services))
    return AccessLog(api, HttpMetrics(registry))
