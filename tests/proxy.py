"""A slow network on one machine: a TCP proxy that delays and throttles what passes through it.

Bytes travel for half a round trip in either direction, and a new connection costs a whole one, as
its handshake does. Towards the visitor all connections share the rate, in bytes a second. Slow
start and lost packets are not imitated.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable

from tests.serving import free_port

PIECE = 4096  # bytes that pass at once
QUEUE = 0.1  # seconds of bytes that wait before a slow link; then its sender has to


class Link:
    """A way to a port of this machine; a context manager.

    ``round_trip`` is in seconds, ``rate`` in bytes a second or None for no limit. ``carried``
    counts the bytes that were sent to visitors.
    """

    def __init__(self, to: int, round_trip: float = 0.0, rate: float | None = None):
        self.port = free_port()
        self.carried = 0
        self._to, self._round_trip, self._rate = to, round_trip, rate
        self._free = 0.0  # when the link has carried all that was given to it
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> Link:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        start = asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError, ExceptionGroup):
            await asyncio.sleep(self._round_trip)
            to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._to)
            try:
                async with asyncio.TaskGroup() as ways:
                    ways.create_task(self._carry(reader, to_writer, lambda _: time.monotonic()))
                    ways.create_task(self._carry(to_reader, writer, self._departure))
            finally:
                to_writer.close()
        writer.close()
        self._connections.discard(task)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        departure: Callable[[int], float],
    ) -> None:
        """Carry bytes one way, each so much later than it was read."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(under_way, writer))
        try:
            while True:
                piece = await reader.read(PIECE)
                leaves = departure(len(piece))
                under_way.put_nowait((leaves + self._round_trip / 2, piece))
                if not piece:
                    return await arriving
                await asyncio.sleep(max(0.0, leaves - time.monotonic() - QUEUE))
        finally:
            arriving.cancel()

    def _departure(self, count: int) -> float:
        """When the link towards the visitors has taken in so many bytes more."""
        self.carried += count
        now = time.monotonic()
        if self._rate:
            self._free = max(now, self._free) + count / self._rate
            return self._free
        return now

    @staticmethod
    async def _arrive(
        under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, piece = await under_way.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not piece:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(piece)
            await writer.drain()
