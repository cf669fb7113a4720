"""`/healthz`, `/readyz`, `/metrics`."""

from dataclasses import asdict

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from console.readiness import is_ready, look
from console.services import Services


def monitoring_routes(services: Services, registry: CollectorRegistry) -> APIRouter:
    """The routes of one installation."""
    router = APIRouter(tags=["monitoring"])

    @router.get("/healthz", response_class=PlainTextResponse, summary="Alive")
    async def healthz() -> str:
        """The web server answers; nothing else is looked at."""
        return "ok\n"

    @router.get("/readyz", summary="Ready, with each part's state", responses={503: {"description": "Not ready"}})
    def readyz() -> JSONResponse:
        """200 when calls and messages are accepted, else 503; the body names each part and its problem."""
        states = look(services)
        ready = is_ready(states)
        body = {"ready": ready, "parts": [asdict(state) for state in states]}
        return JSONResponse(body, status_code=200 if ready else 503)

    @router.get("/metrics", response_class=PlainTextResponse, summary="Figures for Prometheus")
    def metrics() -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
