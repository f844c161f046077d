"""A file as a browser sends it: its name and its bytes, deflated by gzip, in base 64."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from .decoding import MOST_BYTES


@dataclass(frozen=True)
class File:
    """A file as it came; ``number`` distinguishes the widgets of different files."""

    name: str
    content: bytes
    number: int


def file_of(upload: object, number: int) -> File | None:
    """The file in a message of the browser; None for anything else."""
    if not isinstance(upload, Mapping):
        return None
    name, content = upload.get("name"), upload.get("content")
    if not isinstance(name, str) or not isinstance(content, str):
        return None
    try:
        inflate = zlib.decompressobj(wbits=31)
        unpacked = inflate.decompress(base64.b64decode(content, validate=True), MOST_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return File(name[:200], unpacked, number)
