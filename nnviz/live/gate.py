"""Middleware before all routes, including the page's: limits on sockets and message lengths."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .endpoint import AGAIN, MESSAGE_BYTES, TOO_BIG
from .load import Load, address_of, take_seat

RETRY_SECONDS = 10  # until a page that was refused is requested again

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>nnviz: please wait</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 36em; margin: 20vh auto; padding: 0 1em }}
</style>
<p>{}</p>
"""


class Gate:
    """Refuses sockets beyond the limits, and the page if it could not open a socket.

    ``most_bytes`` maps paths to the size of their largest message, if it is smaller than that of
    the whole server; no part of a larger message is kept. On these paths only, a refused socket is
    accepted and then closed, so that the browser's script can read the reason.
    """

    def __init__(self, app: ASGIApp, load: Load, base: str, most_bytes: Mapping[str, int]):
        self._app, self._load, self._most_bytes = app, load, most_bytes
        self._page, self._live = f"{base}/", f"{base}/live"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        needs_socket = scope["type"] == "websocket" or self._is_page(scope)
        if needs_socket and (limit := self._load.limit_reached(address_of(scope))):
            await self._refuse(limit, scope, receive, send)
            return
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if most := self._most_bytes.get(scope["path"]):
            _bound(receive, most)
            receive = self._noticing(receive, most)
        if self._load.meter and scope["path"] == self._live:
            receive, send = self._load.meter.watch(receive, send)
        seat = take_seat(scope, self._load)
        try:
            await self._app(scope, receive, send)
        finally:
            seat.end()

    def _noticing(self, receive: Receive, most: int) -> Receive:
        """Wrap ``receive``: log that uvicorn has closed the socket because of a long message."""

        async def noticed() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect" and message.get("code") == TOO_BIG:
                self._load.refused(MESSAGE_BYTES, f"a message may have {most} bytes at most")
            return message

        return noticed

    def _is_page(self, scope: Scope) -> bool:
        return scope["type"] == "http" and scope["path"] == self._page

    async def _refuse(self, limit: str, scope: Scope, receive: Receive, send: Send) -> None:
        sentence, headers = self._load.refuse(limit), {"retry-after": str(RETRY_SECONDS)}
        if scope["path"] in self._most_bytes:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": AGAIN, "reason": sentence})
            return
        response: PlainTextResponse | HTMLResponse = PlainTextResponse(
            sentence, HTTPStatus.SERVICE_UNAVAILABLE, headers
        )
        if scope["type"] == "http":
            headers |= {"refresh": str(RETRY_SECONDS), "cache-control": "no-store"}
            page = _PAGE.format(escape(sentence))
            response = HTMLResponse(page, HTTPStatus.SERVICE_UNAVAILABLE, headers)
        await response(scope, receive, send)


def _bound(receive: Receive, most: int) -> None:
    """Bound the messages of one socket; uvicorn itself has one bound for all.

    ``receive`` is a method of uvicorn's protocol, whose connection is one of ``websockets``.
    """
    connection: Any = getattr(getattr(receive, "__self__", None), "conn", None)
    if hasattr(connection, "max_message_size"):
        connection.max_message_size = min(most, connection.max_message_size or most)
