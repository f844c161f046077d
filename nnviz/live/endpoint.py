"""The ``/live`` WebSocket: one session per socket, on the server that serves the page.

Requests are read while earlier ones are carried out, so that a request that determines the epoch of
the run (a pause, an edit, another run) does not wait for frames that will not be shown: see
:mod:`.queue`. :mod:`.visit` decides where and when requests are carried out.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from threadpoolctl import threadpool_limits

from . import log, nagle, origin
from .load import seat_of
from .operations import OPERATIONS
from .queue import RequestQueue
from .requests import MOST_MESSAGE, Request, read
from .session import LiveSession
from .visit import Here, Visit
from .workers import WorkerError, WorkerLost, Workers

MOST_BYTES = MOST_MESSAGE
MOST_READ = 16_000  # one message that is read on the event loop; longer ones are read in a worker
MESSAGES_PER_SECOND = 300  # on average: more than the fastest display requests
BURST = 600  # messages at once after a pause

# RFC 6455, section 7.4.1, and the registry of codes it has founded
POLICY, TOO_BIG, FAILED, AGAIN = 1008, 1009, 1011, 1013
MESSAGE_BYTES = "message_bytes"  # the name of the limit, in the log and among the metrics

_log = logging.getLogger(__name__)


class Live:
    """The socket of one server, and the places where its visitors' runs live."""

    def __init__(self, workers: Workers):
        self._here, self._workers = Here(), workers

    def route(self, base: str = "") -> WebSocketRoute:
        """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
        return WebSocketRoute(f"{base}/live", self._serve)

    @asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[None]:  # noqa: ARG002
        """Before the first visitor, import what runs need, and prepare for many of them.

        When another server is lost, all its visitors may arrive at once.
        """
        nagle.turn_off()
        _warm()
        gc.freeze()  # modules stay loaded: the collector need not visit them
        sys.setswitchinterval(0.001)  # seconds until a script of the page releases the interpreter
        # one thread each: sessions share the cores, and sums do not depend on their number
        with log.without_tracebacks(), threadpool_limits(1, user_api="blas"):
            yield
            await self._workers.close()

    async def epochs(self) -> int:
        """The epochs trained since the server has started, in all its processes."""
        return LiveSession.epochs_trained + await self._workers.epochs()

    async def _serve(self, websocket: WebSocket) -> None:
        """Serve one socket until it closes."""
        if not await origin.admit(websocket):
            return
        visit, queue = Visit(self._here, self._workers), RequestQueue()
        try:
            await until_one_ends(_listen(websocket, queue), _answer(websocket, visit, queue))
        except WebSocketDisconnect:
            pass
        finally:
            await visit.leave()


def _warm() -> None:
    LiveSession().handle({"op": "open", "recipe": {}})  # imports scikit-learn's data sets


async def until_one_ends(*coroutines: Coroutine[Any, Any, Any]) -> Any:
    """Run tasks concurrently until one ends, cancel the others, and return its result."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    results = [task.result() for task in ended]  # raises what has ended one
    return results[0]


async def _listen(websocket: WebSocket, queue: RequestQueue) -> None:
    """Take in requests, while earlier ones are carried out, until the socket closes."""
    bucket, seat = TokenBucket(MESSAGES_PER_SECOND, BURST), seat_of(websocket.scope)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        request = message.get("text") or message.get("bytes") or b""
        if len(request) > MOST_BYTES or len(_encoded(request)) > MOST_BYTES:
            reason = f"a message may have {MOST_BYTES} bytes at most"
            seat.load.refused(MESSAGE_BYTES, reason)
            await websocket.close(TOO_BIG, reason)
            return
        if not bucket.take():
            reason = f"more than {MESSAGES_PER_SECOND} messages a second; wait and reconnect"
            seat.load.refused("message_rate", reason)
            await websocket.close(POLICY, reason)
            return
        read_request = _read(request)
        if refusal := seat.refusal_of(read_request):
            await websocket.close(AGAIN, refusal)
            return
        await queue.put(seat.bounded(read_request))


async def _answer(websocket: WebSocket, visit: Visit, queue: RequestQueue) -> None:
    """Reply to every request, in order."""
    seat = seat_of(websocket.scope)
    while True:
        request = await queue.get()
        try:
            reply = await visit.reply(request, partial(queue.makes_pointless, request))
            await websocket.send_bytes(reply)
            if seat.should_settle(request):
                seat.settle(await visit.size())
        except WorkerLost:
            await websocket.close(AGAIN, "the process of this run has ended; open the run again")
            return
        except WorkerError as error:
            _log.error("A request failed in a worker.\n%s", error)
            await websocket.close(FAILED)
            return
        await asyncio.sleep(0)  # later requests are read before the next one is carried out


class TokenBucket:
    """A rate limit: ``rate`` messages per second, and up to ``burst`` at once after a pause."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._last = burst, clock()

    def take(self) -> bool:
        """Take one token; False if there is none."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _encoded(request: str | bytes) -> bytes:
    return request.encode() if isinstance(request, str) else request


def _read(message: str | bytes) -> Request:
    return Request(unread=message) if len(message) > MOST_READ else read(message, OPERATIONS)
