"""Reply bytes: ``[uint32 header length][JSON header][raw little-endian arrays]``.

The header's ``arrays`` lists ``[name, type, shape]`` in the order of the bytes that follow, wide
types first. The header is padded with spaces, so that every array starts at a multiple of its item
size and a browser can view it without a copy. ``stage/transport/codec.js`` reads the same layout;
the tests of both share one example.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES: dict[str, np.dtype[Any]] = {
    "f32": np.dtype("<f4"),
    "u32": np.dtype("<u4"),
    "u8": np.dtype("u1"),
}
_NAMES = {dtype: name for name, dtype in TYPES.items()}
_LENGTH = struct.Struct("<I")
_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of a reply with a header of JSON values and arrays of the three ``TYPES``."""
    ordered = sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize)
    listing = [[name, _NAMES[array.dtype], list(array.shape)] for name, array in ordered]
    encoded = _JSON.encode({**header, "arrays": listing}).encode()
    encoded += b" " * (-(_LENGTH.size + len(encoded)) % 4)
    return b"".join(
        [_LENGTH.pack(len(encoded)), encoded, *(array.tobytes() for _, array in ordered)]
    )


def unpack(reply: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of a reply; the arrays are read-only views of its bytes."""
    (length,) = _LENGTH.unpack_from(reply)
    start = _LENGTH.size + length
    header = json.loads(reply[_LENGTH.size : start])
    arrays = {}
    for name, kind, shape in header.pop("arrays"):
        flat = np.frombuffer(reply, dtype=TYPES[kind], count=math.prod(shape), offset=start)
        arrays[name] = flat.reshape(shape)
        start += arrays[name].nbytes
    return header, arrays
