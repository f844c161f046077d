"""The ``/live`` WebSocket: one session per socket, on the server that serves the page.

A request that takes a few milliseconds is handled on the event loop, which is fastest. A longer one
runs in a worker thread, at most one per core, so that one visitor's large network does not delay
another visitor's requests.

Requests are read while earlier ones are carried out, so that one which says where the run has to be
(a pause, an edit, another run) need not wait for frames that nobody will see: see :mod:`.queue`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from threadpoolctl import threadpool_limits

from . import log, nagle, origin
from .queue import RequestQueue
from .requests import Request
from .session import LiveSession

INLINE_SECONDS = 0.008
MOST_BYTES = 256_000  # one message
MESSAGES_PER_SECOND = 300  # on average: more than the fastest display requests
BURST = 600  # messages at once after a pause

TOO_BIG, POLICY = 1009, 1008  # RFC 6455, section 7.4.1

_workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="nnviz-live")


def route(base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/live", live)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Prepare the process for many small runs, and import what the first one needs."""
    nagle.turn_off()
    gc.freeze()  # modules stay loaded: the collector need not visit them
    sys.setswitchinterval(0.001)  # seconds until a worker releases the interpreter
    # one thread each: sessions share the cores, and sums do not depend on their number
    with log.without_tracebacks(), threadpool_limits(1, user_api="blas"):
        warm = asyncio.get_running_loop().run_in_executor(_workers, _warm)
        yield
        await warm


def _warm() -> None:
    LiveSession().handle({"op": "open", "recipe": {}})  # imports scikit-learn's data sets


async def live(websocket: WebSocket) -> None:
    """Serve one socket until it closes."""
    if not await origin.admit(websocket):
        return
    session, queue = LiveSession(), RequestQueue()
    answering = asyncio.create_task(_answer(websocket, session, queue))
    try:
        await _listen(websocket, session, queue)
    finally:
        answering.cancel()
        with suppress(WebSocketDisconnect, asyncio.CancelledError):
            await answering


async def _listen(websocket: WebSocket, session: LiveSession, queue: RequestQueue) -> None:
    """Take in requests, while earlier ones are carried out, until the socket closes."""
    bucket = TokenBucket(MESSAGES_PER_SECOND, BURST)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        request = message.get("text") or message.get("bytes") or b""
        if len(request) > MOST_BYTES or len(_encoded(request)) > MOST_BYTES:
            await websocket.close(TOO_BIG, f"a message may have {MOST_BYTES} bytes at most")
            return
        if not bucket.take():
            await websocket.close(
                POLICY, f"more than {MESSAGES_PER_SECOND} messages a second; wait and reconnect"
            )
            return
        await queue.put(session.read(request))


async def _answer(websocket: WebSocket, session: LiveSession, queue: RequestQueue) -> None:
    """Reply to every request, in order."""
    while True:
        request = await queue.get()
        await websocket.send_bytes(await _reply(session, request))
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


async def _reply(session: LiveSession, request: Request) -> bytes:
    if request.error or session.expected_seconds(request) <= INLINE_SECONDS:
        return session.handle(request)
    return await asyncio.get_running_loop().run_in_executor(_workers, session.handle, request)
