"""A WebSocket client that takes little of the cores it shares with the server it loads.

It reads whole replies, as ``websockets`` does, in about half of the processor time: messages of one
frame, without extensions.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

# RFC 6455, section 5.2: the first byte of a frame that is a whole message, by its kind
TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
_MASKED = 0x80  # in the second byte, before the length
_SHORT, _LONG = (
    struct.Struct(">H"),
    struct.Struct(">Q"),
)  # lengths, where they have more than 7 bits
_NO_MASK = bytes(4)  # leaves the bytes as they are; the server unmasks them nevertheless


class QuickSocket(asyncio.Protocol):
    """An open socket; one coroutine at a time waits for its replies."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._replies: deque[bytes] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._is_open = False  # the handshake is over
        self._has_ended = False

    async def send(self, message: str) -> None:
        self._write(TEXT, message.encode())

    async def recv(self) -> bytes:
        """The next whole reply; raises ``ConnectionError`` once the socket is closed."""
        while not self._replies:
            await self._change()
        return self._replies.popleft()

    async def open(self, host: str, path: str) -> None:
        """Shake hands."""
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while not self._is_open:
            await self._change()

    def close(self) -> None:
        self._transport.close()

    # --- what asyncio calls ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._is_open:
            self._read_handshake()
        while self._is_open and (frame := self._next_frame()):
            self._take(*frame)
        self._notify()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._has_ended = True
        self._notify()

    # --- frames -----------------------------------------------------------------------------

    def _read_handshake(self) -> None:
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if separator:
            assert head.startswith(b"HTTP/1.1 101 "), head
            self._received, self._is_open = rest, True

    def _next_frame(self) -> tuple[int, bytes] | None:
        """First byte and content of the frame received first, if that is whole."""
        received = self._received
        if len(received) < 2:
            return None
        length, start = received[1], 2
        if length > 125:
            kind = _SHORT if length == 126 else _LONG
            start += kind.size
            if len(received) < start:
                return None
            (length,) = kind.unpack_from(received, 2)
        stop = start + length
        if len(received) < stop:
            return None
        content = bytes(memoryview(received)[start:stop])
        first = received[0]
        del received[:stop]
        return first, content

    def _take(self, first: int, content: bytes) -> None:
        if first in (TEXT, BINARY):
            self._replies.append(content)
        elif first == PING:
            self._write(PONG, content)
        else:
            assert first == CLOSE, f"a frame that begins with {first:#x}"
            self._transport.close()

    def _write(self, first: int, content: bytes) -> None:
        length = len(content)
        if length < 126:
            size = bytes([_MASKED | length])
        elif length < 1 << 16:
            size = bytes([_MASKED | 126]) + _SHORT.pack(length)
        else:
            size = bytes([_MASKED | 127]) + _LONG.pack(length)
        self._transport.write(bytes([first]) + size + _NO_MASK + content)

    async def _change(self) -> None:
        if self._has_ended:
            raise ConnectionError("the socket is closed")
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting

    def _notify(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[QuickSocket]:
    """A socket to ``ws://host:port/path``."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(QuickSocket, parts.hostname, parts.port)
    try:
        await socket.open(parts.netloc, parts.path)
        yield socket
    finally:
        socket.close()
