"""Encode frames one by one as an animated GIF, APNG or WebP; only encoded frames are kept.

Pillow encodes each frame separately, and the results are put into one file here, because Pillow's
own writers of animations keep all frames in memory. Only the part of a frame that has changed is
written. Sources: the GIF89a specification, the PNG specification (third edition, APNG), Google's
WebP container specification.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import GifImagePlugin, Image, ImageChops

from .indexed import SIZE, Palette

REST = 1.5  # seconds for which the last frame is shown
_GIF_STEP, _GIF_LEAST = 100, 2  # GIF counts hundredths of a second; browsers slow down below 2

Frame = Image.Image
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Reel:
    """Options common to all frames. ``palette()`` makes one palette for all of them, for GIF."""

    size: tuple[int, int]
    fps: int
    palette: Callable[[], Palette]
    background: str  # #rrggbb


def gif(frames: Iterable[Frame], reel: Reel) -> bytes:
    """Encode a GIF. Frames last a whole number of hundredths of a second, at least 2; rounding
    errors do not add up."""
    palette = reel.palette()
    file = io.BytesIO()
    file.write(b"GIF89a" + struct.pack("<HHBBB", *reel.size, 0xF7, 0, 0))
    file.write(palette.colours.tobytes().ljust(3 * 256, b"\0"))
    file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")  # repeat for ever
    before = None
    for frame, hundredths in _timed(frames, reel.fps, _GIF_STEP, _GIF_LEAST):
        now = palette.index(frame)
        left, top, block = 0, 0, now
        if before is not None:
            left, top, block = _changed(before, now)
        before = now
        blocks = GifImagePlugin.getdata(
            Image.fromarray(block), (left, top), duration=10 * hundredths, disposal=1,
            transparency=SIZE,
        )  # fmt: skip
        file.writelines(blocks)
    file.write(b";")
    return file.getvalue()


def apng(frames: Iterable[Frame], reel: Reel) -> bytes:
    """Encode an animated PNG in true colour; other readers show its first frame."""
    body, frames_written, number = io.BytesIO(), 0, 0
    for frame, box, thousandths in _pieces(frames, reel.fps, align=1):
        left, top, right, bottom = box
        place = struct.pack(">IIII", right - left, bottom - top, left, top)
        control = struct.pack(">I", number) + place + struct.pack(">HHBB", thousandths, 1000, 0, 0)
        body.write(_png_chunk(b"fcTL", control))
        number += 1
        for data in _png_data(_encoded(frame.crop(box), "PNG")):
            if frames_written:
                body.write(_png_chunk(b"fdAT", struct.pack(">I", number) + data))
                number += 1
            else:
                body.write(_png_chunk(b"IDAT", data))
        frames_written += 1
    header = struct.pack(">IIBBBBB", *reel.size, 8, 2, 0, 0, 0)  # 8 bits, red, green and blue
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _png_chunk(b"IHDR", header),
            _png_chunk(b"acTL", struct.pack(">II", frames_written, 0)),  # repeat for ever
            body.getvalue(),
            _png_chunk(b"IEND", b""),
        ]
    )


def webp(frames: Iterable[Frame], reel: Reel) -> bytes:
    """Encode an animated WebP, lossy, in good quality."""
    body = io.BytesIO()
    for frame, box, thousandths in _pieces(frames, reel.fps, align=2):
        left, top, right, bottom = box
        numbers = (left // 2, top // 2, right - left - 1, bottom - top - 1, thousandths)
        place = b"".join(number.to_bytes(3, "little") for number in numbers)
        piece = _encoded(frame.crop(box), "WEBP", quality=90, method=3)
        # flags: neither blend with nor clear the previous frame
        body.write(_riff_chunk(b"ANMF", place + b"\x02" + _webp_picture(piece)))
    width, height = (side - 1 for side in reel.size)
    flags = b"\x02\0\0\0"  # animated
    canvas = flags + width.to_bytes(3, "little") + height.to_bytes(3, "little")
    content = b"".join(
        [
            b"WEBP",
            _riff_chunk(b"VP8X", canvas),
            _riff_chunk(b"ANIM", b"\xff\xff\xff\xff" + b"\0\0"),  # repeat for ever
            body.getvalue(),
        ]
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content


# --- time -----------------------------------------------------------------------------


def _timed(
    frames: Iterable[Frame], fps: int, steps: int, least: int = 1
) -> Iterator[tuple[Frame, int]]:
    """Each frame with its duration in units of 1/``steps`` second, at least ``least``."""
    held: Frame | None = None
    number = 0
    for frame in frames:
        if held is not None:
            # the difference of rounded times, so that errors don't add up
            duration = round((number + 1) * steps / fps) - round(number * steps / fps)
            yield held, max(duration, least)
            number += 1
        held = frame
    if held is not None:
        yield held, round(REST * steps)


# --- what changes from frame to frame ---------------------------------------------------


def _pieces(frames: Iterable[Frame], fps: int, align: int) -> Iterator[tuple[Frame, Box, int]]:
    """Each frame, the box of its pixels that have changed, and its duration in milliseconds.

    The box's left and top are multiples of ``align``.
    """
    before: Frame | None = None
    for frame, thousandths in _timed(frames, fps, 1000):
        box: Box | None = (0, 0, *frame.size)
        if before is not None:
            box = ImageChops.difference(before, frame).getbbox()
        left, top, right, bottom = box or (0, 0, 1, 1)  # an equal frame still needs a duration
        yield frame, (left - left % align, top - top % align, right, bottom), thousandths
        before = frame


def _changed(before: np.ndarray, now: np.ndarray) -> tuple[int, int, np.ndarray]:
    """Left, top and indices of the part that has changed; unchanged pixels in it are ``SIZE``."""
    new = before != now
    rows, columns = np.flatnonzero(new.any(axis=1)), np.flatnonzero(new.any(axis=0))
    if not len(rows):
        return 0, 0, np.full((1, 1), SIZE, np.uint8)
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return int(columns[0]), int(rows[0]), np.where(new[part], now[part], SIZE).astype(np.uint8)


# --- containers -----------------------------------------------------------------------


def _encoded(frame: Frame, format: str, **options: object) -> bytes:  # noqa: A002
    file = io.BytesIO()
    frame.save(file, format, **options)
    return file.getvalue()


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_data(file: bytes) -> Iterator[bytes]:
    """The chunks of a PNG with its pixels."""
    at = 8
    while at < len(file):
        (length,), name = struct.unpack_from(">I", file, at), file[at + 4 : at + 8]
        if name == b"IDAT":
            yield file[at + 8 : at + 8 + length]
        at += 12 + length


def _riff_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _webp_picture(file: bytes) -> bytes:
    """The chunk with the pixels of a still WebP."""
    at = 12
    while at < len(file):
        name, (length,) = file[at : at + 4], struct.unpack_from("<I", file, at + 4)
        if name in (b"VP8 ", b"VP8L"):
            return file[at : at + 8 + length + length % 2]
        at += 8 + length + length % 2
    raise ValueError("no picture in a WebP")
