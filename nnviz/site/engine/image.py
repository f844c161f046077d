"""Pillow's ``Image``, as far as the engine uses it: pixels as a PNG."""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import dataclass
from types import ModuleType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_UP = 2  # the filter by which a row is its difference to the one above
_KINDS = {3: 2, 4: 6}  # PNG's colour type, by the number of channels


def stand_in() -> None:
    """Replace ``PIL.Image`` for all later imports."""
    pillow = ModuleType("PIL")
    pillow.Image = sys.modules[__name__]  # type: ignore[attr-defined]
    sys.modules |= {"PIL": pillow, "PIL.Image": pillow.Image}


@dataclass(frozen=True)
class Image:
    """Pixels ``(rows, columns, 3 or 4)``, bytes."""

    pixels: NDArray[np.uint8]

    def save(self, file: BinaryIO, _: str, **_options: object) -> None:
        """Write it as a PNG (https://www.w3.org/TR/png-3), whatever the format and its options."""
        rows, columns, channels = self.pixels.shape
        lines = self.pixels.reshape(rows, -1)
        filtered = np.full((rows, 1 + lines.shape[1]), _UP, np.uint8)
        filtered[:, 1:] = lines
        filtered[1:, 1:] -= lines[:-1]
        header = struct.pack(">IIBBBBB", columns, rows, 8, _KINDS[channels], 0, 0, 0)
        file.write(_SIGNATURE + _chunk(b"IHDR", header))
        file.write(_chunk(b"IDAT", zlib.compress(filtered.tobytes(), 6)) + _chunk(b"IEND", b""))


def fromarray(pixels: NDArray[np.uint8]) -> Image:
    return Image(pixels)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
