"""The ``/live`` WebSocket: one session a socket, on the server the page comes from.

A request that takes some milliseconds is handled right on the event loop, which is
quickest; a longer one goes to a worker thread, at most one a core at a time, so that one
visitor's huge network does not hold up another's controls.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from threadpoolctl import threadpool_limits

from . import log, nagle
from .session import LiveSession

INLINE_SECONDS = 0.008
MOST_BYTES = 256_000  # one message
MESSAGES_PER_SECOND = 300  # sustained: more than the fastest display asks for
BURST = 600

TOO_BIG, POLICY = 1009, 1008  # RFC 6455, section 7.4.1

_workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="nnviz-live")


def route(base: str = "") -> WebSocketRoute:
    """The route, under the server's base path (``""`` or ``"/sub/path"``)."""
    return WebSocketRoute(f"{base}/live", live)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Prepare the process for many small runs at once, and load what the first would wait for."""
    nagle.turn_off()
    gc.freeze()  # all that was imported stays: it need not be gone through again and again
    sys.setswitchinterval(0.001)  # a worker hands the interpreter back this soon, in seconds
    # sessions share the cores; and sums stay alike
    with log.without_tracebacks(), threadpool_limits(1, user_api="blas"):
        warm = asyncio.get_running_loop().run_in_executor(_workers, _warm)
        yield
        await warm


def _warm() -> None:
    LiveSession().handle({"op": "open", "recipe": {}})  # imports scikit-learn's data sets


async def live(websocket: WebSocket) -> None:
    """Serve one socket until it closes."""
    if not same_origin(websocket.headers):
        await websocket.close(POLICY)  # before the accept: the handshake is answered 403
        return
    await websocket.accept()
    session, bucket = LiveSession(), TokenBucket(MESSAGES_PER_SECOND, BURST)
    try:
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
            await websocket.send_bytes(await _reply(session, request))
    except WebSocketDisconnect:
        return


def same_origin(headers: Headers) -> bool:
    """Whether a browser's page came from this very server.

    Programs other than browsers send no Origin and are let in. A reverse proxy may change
    Host and keep the original in X-Forwarded-Host, a header no web page can set.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    forwarded = [name.strip() for name in headers.get("x-forwarded-host", "").split(",")]
    return bool(host) and host in (headers.get("host"), *forwarded)


class TokenBucket:
    """Lets ``rate`` messages a second through, and ``burst`` at once after a rest."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._last = burst, clock()

    def take(self) -> bool:
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._last) * self._rate)
        self._last = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def _encoded(request: str | bytes) -> bytes:
    return request.encode() if isinstance(request, str) else request


async def _reply(session: LiveSession, request: str | bytes) -> bytes:
    parsed = session.read(request)
    if parsed.error or session.expected_seconds(parsed) <= INLINE_SECONDS:
        return session.handle(parsed)
    return await asyncio.get_running_loop().run_in_executor(_workers, session.handle, parsed)
