"""What uvicorn cannot be configured to do: limit the time for headers, and hide its name.

Streamlit starts uvicorn without a way to configure it, so the running server is looked up. uvicorn
closes a connection that is silent after an answer, but not one whose first request never comes, nor
one that sends a header's letter every second.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import uvicorn

from .log import LOGGER

CHECKS = 4  # in the seconds that a request's headers may take

_log = logging.getLogger(LOGGER)


@asynccontextmanager
async def guarded(seconds: float) -> AsyncIterator[None]:
    """A context in which all servers here close connections whose headers take longer."""
    servers = [thing for thing in gc.get_objects() if type(thing) is uvicorn.Server]
    for server in servers:
        headers = server.config.encoded_headers
        server.config.encoded_headers = [field for field in headers if field[0] != b"server"]
    watch = asyncio.create_task(_watch(servers, seconds))
    try:
        yield
    finally:
        watch.cancel()


async def _watch(servers: Iterable[uvicorn.Server], seconds: float) -> None:
    since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()  # connections that send headers
    clock = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(seconds / CHECKS)
        connections = [each for server in servers for each in server.server_state.connections]
        late = 0
        for connection in connections:
            if not _sends_headers(connection):
                since.pop(connection, None)
            elif clock() - since.setdefault(connection, clock()) > seconds:
                connection.transport.abort()
                late += 1
        if late:
            _log.warning("Closed %d connections whose headers took %g s.", late, seconds)


def _sends_headers(connection: Any) -> bool:
    """Whether uvicorn waits for a request, or the rest of its headers, and for nothing else."""
    if not hasattr(connection, "timeout_keep_alive_task"):
        return False  # a WebSocket, whose headers have come
    is_free = connection.cycle is None or connection.cycle.response_complete
    return is_free and connection.timeout_keep_alive_task is None
