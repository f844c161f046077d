"""The ``/studio`` WebSocket: animations made on the server, one per socket.

A browser that waits costs nothing: it sends its request when the server sends ``{"ready": true}``,
and then the static layer, as drawn by its Plotly, in pieces. The server sends its progress after
each frame, then the file. Closing the socket cancels the work.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..recipe.kinds import Integer
from . import origin
from .endpoint import AGAIN, FAILED, MESSAGE_BYTES, POLICY, TOO_BIG, until_one_ends
from .line import Line, Place
from .load import Load, Seat, seat_of
from .requests import RequestError, decoded, read_fields
from .workers import Worker, WorkerError, WorkerLost, Workers, new_key

MOST_BYTES = 256_000  # of a request without its layer
MOST_LAYER = 9_000_000  # bytes of a layer
MOST_PIECE = 512_000  # bytes of one piece of it
REQUEST_SECONDS = 30.0  # in which a request whose turn it is has to arrive

_PIECES = {
    "layer": Integer(
        default=0, low=0, high=MOST_LAYER, label="Layer", help="Bytes of the PNG that follows."
    )
}

Answer = tuple[dict[str, Any], bytes]  # header and file, as of :func:`.animations.answer`

_log = logging.getLogger(__name__)


class Closed(Exception):
    """The browser has closed the socket."""


class Refused(Exception):
    """The socket is closed with this code and reason.

    ``limit`` is the name of the limit that the browser has broken, if it is not logged yet.
    """

    def __init__(self, code: int, reason: str, limit: str = ""):
        self.code, self.reason, self.limit = code, reason, limit
        super().__init__(reason)


def route(workers: Workers, base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/studio", Studio(workers).serve)


class Studio:
    """Serves animations, one after the other; the others wait in a line.

    They are made in a process of their own, see :mod:`.animator`.
    """

    def __init__(self, workers: Workers) -> None:
        self.line, self._workers = Line(), workers

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one animation."""
        if not await origin.admit(websocket):
            return
        seat = seat_of(websocket.scope)
        try:
            header, file = await self._made(websocket, seat)
            await websocket.send_text(json.dumps(header))
            if file:
                await websocket.send_bytes(file)
            await websocket.close()
        except Refused as refused:
            if refused.limit:
                seat.load.refused(refused.limit, refused.reason)
            await websocket.close(refused.code, refused.reason)
        except (WebSocketDisconnect, RuntimeError, Closed):  # the browser closed the socket
            return

    async def _made(self, websocket: WebSocket, seat: Seat) -> Answer:
        """The answer to a request, made when its turn comes; the turn ends before it is sent."""
        if limit := self._limit_reached(seat.load, seat.address):
            raise Refused(AGAIN, seat.load.refuse(limit))
        place = self.line.join(seat.address)
        try:
            await _turn(websocket, place)
            return await _make(websocket, await _request(websocket), self._workers.animator)
        finally:
            self.line.leave(place)

    def _limit_reached(self, load: Load, address: str) -> str | None:
        if len(self.line) >= load.hosting.animations:
            return "animations"
        if self.line.count(address) >= load.hosting.animations_per_address:
            return "animations_per_address"
        return None


async def _turn(websocket: WebSocket, place: Place) -> None:
    """Wait for the turn; raises :class:`Closed` where the socket closes before."""

    async def moved(before: int) -> None:
        await websocket.send_text(json.dumps({"waiting": before}))

    turn = asyncio.ensure_future(place.turn(moved))
    closed = asyncio.ensure_future(websocket.receive())  # the browser sends nothing before
    try:
        await asyncio.wait({turn, closed}, return_when=asyncio.FIRST_COMPLETED)
        if closed.done():
            if closed.result()["type"] == "websocket.disconnect":
                raise Closed
            rule = "a request must wait until the server is ready for it"
            raise Refused(POLICY, rule, "request_turn")
        turn.result()
    finally:
        turn.cancel()
        closed.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await asyncio.gather(turn, closed)


async def _request(websocket: WebSocket) -> Mapping[str, Any] | bytes:
    """The fields of the request with the bytes of its ``layer``; unreadable bytes as they came."""
    await websocket.send_text(json.dumps({"ready": True}))
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return await _received(websocket)
    except TimeoutError:
        rule = f"the request did not arrive within {REQUEST_SECONDS:g} s. Try again."
        raise Refused(POLICY, rule, "request_seconds") from None


async def _received(websocket: WebSocket) -> Mapping[str, Any] | bytes:
    message = await _next(websocket, MOST_BYTES)
    try:
        request = decoded(message)
        left = read_fields(request, _PIECES)["layer"]
    except RequestError:
        return message  # the answer describes what is wrong
    layer = bytearray()
    while len(layer) < left:
        layer += await _next(websocket, min(MOST_PIECE, left - len(layer)))
    return {**request, "layer": bytes(layer)}


async def _next(websocket: WebSocket, most: int) -> bytes:
    """The next message; raises :class:`Refused` where it is too long."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise Closed
    text = message.get("text")
    data = message.get("bytes") or b"" if text is None else text.encode()
    if len(data) > most:
        raise Refused(TOO_BIG, f"this message may have {most} bytes at most", MESSAGE_BYTES)
    return data


async def _make(websocket: WebSocket, request: Mapping[str, Any] | bytes, worker: Worker) -> Answer:
    """Have the animation made by a worker and send progress; stop when the socket closes."""
    key = new_key()
    try:
        return await until_one_ends(_closed(websocket), _news(websocket, worker, key, request))
    except WorkerLost:
        raise Refused(AGAIN, "The process that made the animation has ended. Try again.") from None
    except WorkerError as error:
        _log.error("An animation has failed.\n%s", error)
        raise Refused(FAILED, "The animation has failed; the server’s log says why.") from None
    finally:
        if worker.is_running:
            with suppress(WorkerLost):
                await worker.call("leave", key)


async def _closed(websocket: WebSocket) -> None:
    """Raise :class:`Closed` when the browser closes the socket; it sends nothing more."""
    await websocket.receive()
    raise Closed


async def _news(
    websocket: WebSocket, worker: Worker, key: int, request: Mapping[str, Any] | bytes
) -> Answer:
    """Send progress as often as there is any; the answer."""
    news = await worker.call("begin", key, request)
    while isinstance(news, dict):  # progress
        await websocket.send_text(json.dumps(news))
        news = await worker.call("go_on", key)
    return news
