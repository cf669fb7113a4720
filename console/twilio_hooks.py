"""What Twilio calls. A post is in the stream, on disk, before it is answered; what it says is the worker's business."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from console.access_log import because
from console.body import limited_body
from console.services import Services
from redis_queue.errors import QueueError
from redis_queue.streams import Stream
from sms_gateway.twilio.form import Form
from sms_gateway.twilio.record import Hook, TwilioRecord
from sms_gateway.twilio.signature import HEADER, SignatureCheck

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""Nothing for Twilio to do: the reply goes out by its REST API, when there is a ticket."""

PATHS = {Hook.MESSAGE: "/webhooks/twilio/message", Hook.STATUS: "/webhooks/twilio/status"}

_RESPONSES: dict[int | str, dict[str, object]] = {
    403: {"description": "Not signed by Twilio"},
    404: {"description": "Twilio is not configured here"},
    413: {"description": "Too long"},
    503: {"description": "Cannot be kept now: come again"},
}


def twilio_routes(services: Services) -> APIRouter:
    """The routes of one installation."""
    router = APIRouter(tags=["twilio"])
    door = _Door(services.twilio, services.twilio_stream)

    @router.post(PATHS[Hook.MESSAGE], summary="An SMS or WhatsApp message", responses=_RESPONSES)
    def message(request: Request, body: Annotated[bytes, Depends(limited_body)]) -> Response:
        """Twilio's webhook for incoming messages."""
        return door.take(Hook.MESSAGE, request, body)

    @router.post(PATHS[Hook.STATUS], summary="What became of a message of ours", responses=_RESPONSES)
    def status(request: Request, body: Annotated[bytes, Depends(limited_body)]) -> Response:
        """Twilio's status callback."""
        return door.take(Hook.STATUS, request, body)

    return router


class _Door:
    def __init__(self, check: SignatureCheck | None, stream: Stream) -> None:
        self._check = check
        self._stream = stream

    def take(self, hook: Hook, request: Request, body: bytes) -> Response:
        if self._check is None:
            raise HTTPException(404)
        form = Form.parse(body)
        signature = request.headers.get(HEADER, "")
        refusal = self._check.refuse(PATHS[hook], request.url.query, form, signature, hook=hook)
        if refusal is not None:
            because(request.scope, refusal)
            raise HTTPException(403)
        try:
            self._stream.add(TwilioRecord(hook, form, datetime.now(UTC)).to_fields())
        except QueueError as error:
            because(request.scope, str(error))
            raise HTTPException(503, headers={"Retry-After": "5"}) from error
        return Response(EMPTY_TWIML, media_type="text/xml")
