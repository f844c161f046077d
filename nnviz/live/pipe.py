"""Python objects through the pipes between the server and its workers."""

from __future__ import annotations

import pickle
import struct
from asyncio import StreamReader
from typing import Any, BinaryIO

_LENGTH = struct.Struct("<Q")  # of the pickle that follows, in bytes


def packed(item: Any) -> bytes:
    """An object as it goes through a pipe."""
    content = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def read(pipe: BinaryIO) -> Any:
    """The next object; waits for it. Raises ``EOFError`` if the other side has closed the pipe."""
    return pickle.loads(_whole(pipe, *_LENGTH.unpack(_whole(pipe, _LENGTH.size))))


async def read_from(pipe: StreamReader) -> Any:
    """As :func:`read`, for the event loop; also raises ``EOFError``."""
    (length,) = _LENGTH.unpack(await pipe.readexactly(_LENGTH.size))
    return pickle.loads(await pipe.readexactly(length))


def _whole(pipe: BinaryIO, size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content
