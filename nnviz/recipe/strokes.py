"""Strokes: points that are drawn, moved or erased during a run, as the value of an edit.

A stroke is a text, the same in links and files: marks with ``~`` between them. Every point has a
number. Those that the run starts with count from 0, the training part first; points that are drawn
get the numbers after those. ``205_1_0.35_-0.2`` sets point 205: from now on it has class 1 and
stands at (0.35, −0.2), whether it is new, moved, or was erased before. ``205`` alone erases it. So
each mark is valid whatever the edits before it, and one of them can be removed.

In a link, strokes are packed where that is shorter: ``strokes:1:DATA``, a version and, deflated, in
the alphabet of URLs (base64url without padding), all of them as ``EPOCHS:STROKE`` with commas
between: the epochs since the one before, and a stroke whose marks leave out the number where that
is the next one. Strokes too long for a link are replaced there by ``strokes:1:~DIGEST``.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..problems import field_error
from .kinds import Kind
from .table import LARGEST, MOST_LINK, MOST_ROWS

MOST_NUMBERS = 2 * MOST_ROWS  # points of a run, drawn ones included
MOST_MARKS = 8000  # in all strokes of a run, so that a request to open it can hold them

PACKED = "strokes:"  # what packed strokes start with
VERSION = 1

_MOST_BYTES = 1_000_000  # of packed strokes, inflated
# strokes read last. A mark takes some 220 bytes, a long stroke up to 2 MB
_KEPT, _KEPT_LONG = 2000, 64
_LONG = 4000  # characters: some 150 marks
_MARK = re.compile(r"(\d{1,5})(?:_(\d)_([^_~]{1,30})_([^_~]{1,30}))?")
_RULE = "marks such as 205_1_0.35_-0.2 (number, class, x and y), or a number alone to erase it"


@dataclass(frozen=True)
class Mark:
    """Point ``number`` gets this class and place ``(x, y)``; without them it is erased."""

    number: int
    class_index: int | None = None
    place: tuple[float, float] | None = None

    def __str__(self) -> str:
        if self.place is None:
            return str(self.number)
        x, y = map(_written, self.place)
        return f"{self.number}_{self.class_index}_{x}_{y}"


def stroke(marks: Iterable[Mark]) -> str:
    """The text of marks, as the value of an edit of ``points``."""
    return "~".join(map(str, marks))


def merged(*strokes: str) -> str:
    """One stroke that does the same as several, one after the other: the last mark counts."""
    last: dict[str, str] = {}
    for text in strokes:
        for mark in text.split("~"):
            last[mark.partition("_")[0]] = mark
    return "~".join(last.values())


def marks_of(text: str) -> tuple[Mark, ...]:
    """The marks of a stroke; raises ``RecipeError``."""
    return _read_long(text) if len(text) > _LONG else _read(text)


def n_marks(text: str) -> int:
    """How many marks a stroke has, if it is one."""
    return text.count("~") + 1


@lru_cache(_KEPT)
def _read(text: str) -> tuple[Mark, ...]:
    parts = text.split("~")
    if len(parts) > MOST_MARKS:
        rule = "a stroke of at most {most} marks"
        raise field_error("points", rule, len(parts), most=MOST_MARKS)
    return tuple(map(_mark_of, parts))


_read_long = lru_cache(_KEPT_LONG)(_read.__wrapped__)


def _mark_of(text: str) -> Mark:
    found = _MARK.fullmatch(text)
    if not found:
        raise field_error("points", _RULE, text)
    number = int(found[1])
    if number >= MOST_NUMBERS:
        rule = "points with numbers 0…{most}"
        raise field_error("points", rule, number, most=MOST_NUMBERS - 1)
    if found[2] is None:
        return Mark(number)
    try:
        x, y = float(found[3]), float(found[4])
    except ValueError:
        raise field_error("points", _RULE, text) from None
    if not all(math.isfinite(value) and abs(value) <= LARGEST for value in (x, y)):
        raise field_error("points", "places within −{most:g}…{most:g}", text, most=LARGEST)
    return Mark(number, int(found[2]), (x, y))


def _written(value: float) -> str:
    """The shortest text that reads back as the number."""
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 1e15 else repr(float(value))


# --- in links -------------------------------------------------------------------------


def packed(strokes: Sequence[tuple[int, str]]) -> str:
    """Strokes with their epochs, in order, as one text for a link; see the top of this module."""
    parts, epoch, following = [], 0, 0
    for when, text in strokes:
        marks = []
        for mark in text.split("~"):
            number, joint, rest = mark.partition("_")
            marks.append(f"{'' if int(number) == following else number}{joint}{rest}")
            following = int(number) + 1
        parts.append(f"{when - epoch}:{'~'.join(marks)}")
        epoch = when
    content = zlib.compress(",".join(parts).encode(), 9)
    return f"{PACKED}{VERSION}:{base64.urlsafe_b64encode(content).rstrip(b'=').decode()}"


def unpacked(text: str) -> list[tuple[int, str]]:
    """Read :func:`packed`; the strokes are not checked yet. Raises ``ValueError``."""
    _, version, data = text.split(":")
    if version != str(VERSION):
        raise ValueError("version")
    inflate = zlib.decompressobj()
    try:
        content = inflate.decompress(
            base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)), _MOST_BYTES
        )
    except zlib.error:
        raise ValueError("data") from None
    if not inflate.eof:
        raise ValueError("length")
    strokes, epoch, following = [], 0, 0
    for part in content.decode("ascii").split(","):
        epochs, _, stroke_text = part.partition(":")
        marks = []
        for mark in stroke_text.split("~"):
            written, joint, rest = mark.partition("_")
            number = int(written) if written else following
            marks.append(f"{number}{joint}{rest}")
            following = number + 1
        epoch += int(epochs)
        strokes.append((epoch, "~".join(marks)))
    return strokes


def for_link(text: str, room: int = MOST_LINK) -> str:
    """Packed strokes, or a digest of them where they are longer than the room in a link."""
    if len(text) <= room:
        return text
    return f"{PACKED}{VERSION}:~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, kw_only=True)
class Stroke(Kind):
    """The text of a stroke, see the top of this module; numbers are written in one way."""

    def _checked(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise field_error(name, _RULE, value)
        return stroke(marks_of(value))
