"""The body of a request, so far as we are willing to read."""

import asyncio

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

LONGEST_BYTES = 64 * 1024
"""A message of 1600 characters, each of them escaped, with ten files, is a third of it."""

PATIENCE_S = 10.0
"""Twilio waits 15 s for our answer; who takes longer to ask wants to keep us waiting."""


async def limited_body(request: Request) -> bytes:
    """The whole body; 413 when it is too long, 408 when it does not come."""
    chunks = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size > LONGEST_BYTES:
                    raise HTTPException(413, f"longer than {LONGEST_BYTES} bytes")
                chunks.append(chunk)
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(408, "the request did not come to its end") from error
    return b"".join(chunks)
