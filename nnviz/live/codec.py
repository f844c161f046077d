"""Reply bytes: ``[uint32 header length][JSON header][arrays]``, all numbers little-endian.

The header's ``arrays`` lists ``[name, type, shape]`` in the order of the bytes that follow;
``TYPES`` describes how those of each type are written. The header is padded with spaces and floats
come first, so that a browser can view them where they are, without a copy.

Such a reply may be compressed as a whole: ``[uint32 0][zlib stream of the reply]``.

``stage/transport/codec.js`` reads the same layout; the tests of both share one example.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    from isal import isal_zlib as quick_zlib  # takes a third of the time
except ImportError:  # has no wheel for this machine
    quick_zlib = zlib  # type: ignore[misc]

Array = NDArray[Any]
Shape = Sequence[int]

SMALL = 1024  # bytes; a smaller reply fits into one packet of the network anyway
ONCE = frozenset({"opened", "detail"})  # replies that come once, not with every frame
THOROUGH = 6  # zlib's level for these: a millisecond, and two thirds of the bytes
LEVELS = 65535  # of a position: the largest number of 16 bits
_NO_SPREAD = 1e-45  # below the smallest float32
_LENGTH = struct.Struct("<I")
_COMPRESSED = _LENGTH.pack(0)  # no header is that short
_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def pack(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """The bytes of a reply with a header of JSON values, compressed where that makes it smaller.

    ``arrays`` are float32, uint32 or uint8. :func:`unpack` returns them to the bit, with two
    exceptions. ``lines`` ``(n, 2)``, which have to be finite, come back to within half of 1/65535
    of their range. Of ``planes`` ``(k, rows, columns)`` of three or more classes the last one is
    not sent: it comes back as what the others leave of 255, and at least 0. Where all are rounded
    probabilities, that is within k/2 of the plane left out.
    """
    return compressed(plain(header, arrays), is_thorough=header.get("type") in ONCE)


def plain(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """The same, not compressed: for a transport that has no network to cross."""
    typed = [(name, _type_of(name, array), array) for name, array in arrays.items()]
    ordered = sorted(typed, key=lambda item: not TYPES[item[1]].has_floats)
    listing = [[name, kind, list(array.shape)] for name, kind, array in ordered]
    encoded = _JSON.encode({**header, "arrays": listing}).encode()
    encoded += b" " * (-(_LENGTH.size + len(encoded)) % 4)
    written = (TYPES[kind].write(array) for _, kind, array in ordered)
    return b"".join([_LENGTH.pack(len(encoded)), encoded, *written])


def compressed(reply: bytes, is_thorough: bool = False) -> bytes:
    """A reply compressed, or as it is where it is small or would not become smaller."""
    if len(reply) < SMALL:
        return reply
    stream = zlib.compress(reply, THOROUGH) if is_thorough else quick_zlib.compress(reply, 1)
    return min(reply, _COMPRESSED + stream, key=len)


def unpack(reply: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and arrays of a reply; the arrays are read-only."""
    if reply.startswith(_COMPRESSED):
        reply = quick_zlib.decompress(memoryview(reply)[_LENGTH.size :])
    (length,) = _LENGTH.unpack_from(reply)
    start = _LENGTH.size + length
    header = json.loads(reply[_LENGTH.size : start])
    arrays = {}
    for name, kind, shape in header.pop("arrays"):
        end = start + TYPES[kind].size(shape)
        arrays[name] = TYPES[kind].read(memoryview(reply)[start:end], shape)
        arrays[name].flags.writeable = False
        start = end
    return header, arrays


# --- how arrays are written -------------------------------------------------------------


@dataclass(frozen=True)
class Type:
    """One way to write an array: ``read(write(array), array.shape)`` returns it.

    ``size`` is the number of bytes for a shape. With ``has_floats``, they start with numbers of 32
    bits.
    """

    write: Callable[[Array], bytes]
    read: Callable[[memoryview, Shape], Array]
    size: Callable[[Shape], int]
    has_floats: bool = False


def _as_they_are(dtype: str) -> Type:
    item = np.dtype(dtype).itemsize
    return Type(
        lambda array: array.tobytes(),
        lambda data, shape: np.frombuffer(data, dtype).reshape(shape),
        lambda shape: math.prod(shape) * item,
        has_floats=item > 1,
    )


def _differences(maps: Array) -> bytes:
    """Each byte less the one before in its row, then each row less the row before, modulo 256."""
    across = maps.copy()
    across[..., 1:] -= maps[..., :-1]
    both = across.copy()
    both[..., 1:, :] -= across[..., :-1, :]
    return both.tobytes()


def _sums(data: memoryview, shape: Shape) -> Array:
    """The bytes whose differences those are."""
    differences = np.frombuffer(data, "u1").reshape(shape)
    return differences.cumsum(axis=-2, dtype="u1").cumsum(axis=-1, dtype="u1")


def _with_last(data: memoryview, shape: Shape) -> Array:
    """The planes, with the last one: what the others leave of 255."""
    others = _sums(data, (shape[0] - 1, *shape[1:]))
    last = np.maximum(255 - others.sum(axis=0, dtype=int), 0).astype("u1")
    return np.concatenate([others, last[None]])


def _levels(positions: Array) -> bytes:
    """The lowest position, the highest one, and on which of the levels between them each lies.

    A level is written as its difference to the one before (the first one to 0) modulo 65536, and
    the bytes of all in four rows: the low and the high ones of x, then those of y.
    """
    places = positions.T.astype(float, order="C")  # (2, n)
    low, high = (places.min(axis=1), places.max(axis=1)) if places.size else np.zeros((2, 2))
    places -= low[:, None]
    places *= (LEVELS / np.maximum(high - low, _NO_SPREAD))[:, None]
    places += 0.5
    levels = places.astype("<u2")
    changes = levels.copy()
    changes[:, 1:] -= levels[:, :-1]
    rows = changes.view("u1").reshape(2, -1, 2).transpose(0, 2, 1)
    return np.array([low, high], "<f4").tobytes() + rows.tobytes()


def _positions(data: memoryview, shape: Shape) -> Array:
    """The positions on those levels."""
    low, high = np.frombuffer(data[:16], "<f4").reshape(2, 2).astype(float)
    rows = np.frombuffer(data[16:], "u1").reshape(4, shape[0])
    levels = np.ascontiguousarray(rows.T).view("<u2").cumsum(axis=0, dtype="u2")
    return (low + levels * ((high - low) / LEVELS)).astype("<f4")


TYPES: dict[str, Type] = {
    "f32": _as_they_are("<f4"),
    "u32": _as_they_are("<u4"),
    "u8": _as_they_are("u1"),
    # smooth bytes, (…, rows, columns)
    "maps": Type(_differences, _sums, math.prod),
    # maps that add up to 255 at every point, (k, rows, columns), without the last one
    "shares": Type(
        lambda planes: _differences(planes[:-1]), _with_last,
        lambda shape: math.prod(shape) - math.prod(shape[1:]),
    ),
    # float32 x and y of points one after the other on a line, (n, 2), as whole numbers
    "positions": Type(_levels, _positions, lambda shape: 16 + 4 * shape[0], has_floats=True),
}  # fmt: skip

_TYPES_BY_NAME = {"planes": "maps", "unit": "maps", "maps": "maps", "lines": "positions"}
_TYPES_BY_DTYPE = {np.dtype("<f4"): "f32", np.dtype("<u4"): "u32", np.dtype("u1"): "u8"}


def _type_of(name: str, array: Array) -> str:
    name = name.rstrip("0123456789")  # of which run side by side
    if name == "planes" and len(array) > 2:
        return "shares"
    return _TYPES_BY_NAME.get(name) or _TYPES_BY_DTYPE[array.dtype]
