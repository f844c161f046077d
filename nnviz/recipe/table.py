"""The table: a user's own points as part of a recipe, frozen, hashable and equal by content.

In links and files it is one text, ``table:1:NAME:DATA``: a version, the name of the file, escaped
as in a URL, and the contents, deflated, in the alphabet of URLs (base64url without padding). The
contents are one line of JSON, then bytes, for ``n`` rows::

    {"axes": [x, y], "classes": […], "note": "…", "rows": n,
     "decimals": [d, d], "least": [i, i], "bytes": [b, b]}

A coordinate is ``(least + i) · 10^−decimals``, where ``i`` is an unsigned integer of ``bytes``
bytes. All highest bytes of x come first, then the next ones, then those of y in the same way, then
one byte a row with its class, from 0. A text too long for a link is replaced there by
``table:1:NAME:~DIGEST``, which identifies the missing text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..choices.datasets import Source
from ..problems import field_error, printable, short_text

VERSION = 1
PREFIX = "table:"
DIGEST = ":~"  # in a link, before what stands for contents too long for it
MOST_ROWS = 5000
CLASSES = (2, 8)
MOST_LINK = 7500  # characters in a link, so that all of it stays below the 8 kB of most servers
MOST_NAME = 200  # characters of any name
MOST_NOTE = 500
LARGEST = 1e15  # coordinates are −LARGEST…LARGEST

_STEPS = 1e4  # to which the middle half of an axis is rounded at least: finer than any screen
_MOST_DECIMALS = 40
_MOST_BYTES = MOST_ROWS * 17 + 20_000  # of contents, inflated
_KEPT = 100  # tables read last
_FIELD = "data"


@dataclass(frozen=True)
class Table:
    """Points with two coordinates and a class each; make them with :meth:`of` or :meth:`read`.

    ``ticks`` are the coordinates as integers, ``(2, n)`` as little-endian int64, counted in units
    of ``10**-decimals``; ``labels`` one byte a row. ``note`` describes where the axes come from, if
    they are no columns of the file.
    """

    name: str
    axes: tuple[str, str]
    classes: tuple[str, ...]
    decimals: tuple[int, int]
    ticks: bytes
    labels: bytes
    note: str = ""

    @classmethod
    def of(
        cls,
        points: ArrayLike,
        labels: ArrayLike,
        *,
        axes: Sequence[str],
        classes: Sequence[str],
        name: str = "table",
        note: str = "",
    ) -> Table:
        """A table of ``points (n, 2)`` with ``labels (n,)``, which count ``classes`` from 0.

        Coordinates are rounded decimally where they have more digits than anyone can see: to a
        10,000th of the range of their middle half. Raises ``RecipeError``.
        """
        xy, k = np.asarray(points, dtype=np.float64), np.asarray(labels)
        if xy.ndim != 2 or not len(xy) or xy.shape[1] != 2 or k.shape != xy.shape[:1]:
            rule = "points of shape (n, 2) with n labels"
            raise field_error(_FIELD, rule, f"shapes {xy.shape} and {k.shape}")
        if not np.isfinite(xy).all() or np.abs(xy).max(initial=0) > LARGEST:
            rule = "numbers −{most:g}…{most:g}"
            raise field_error(_FIELD, rule, "others", most=LARGEST)
        (x, x_decimals), (y, y_decimals) = map(_rounded, xy.T)
        return _checked(
            cls(
                _cleaned(name) or "table",
                (_cleaned(axes[0]), _cleaned(axes[1])),
                tuple(map(_cleaned, classes)),
                (x_decimals, y_decimals),
                np.array([x, y]).astype("<i8").tobytes(),
                k.astype(np.uint8).tobytes(),
                note[:MOST_NOTE],
            )
        )

    @classmethod
    def read(cls, text: str) -> Table:
        """Read :attr:`text`; raises ``RecipeError``."""
        return _read(text)

    # --- looking ----------------------------------------------------------------------

    @property
    def n_rows(self) -> int:
        return len(self.labels)

    @property
    def stem(self) -> str:
        """The name as a part of file names: ``flowers``."""
        stem = re.sub(r"\.(csv|tsv|txt|xlsx?|tab|dat)$", "", self.name, flags=re.IGNORECASE)
        return re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:40] or "table"

    @property
    def summary(self) -> str:
        """``flowers.csv, 150 rows, 3 classes``"""
        return f"{self.name}, {self.n_rows} rows, {len(self.classes)} classes"

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """The coordinates ``(n, 2)``, not to be changed."""
        columns = [
            [float(f"{tick}e{-d}") for tick in row.tolist()]  # the shortest decimal reads back
            for row, d in zip(self._ticks, self.decimals, strict=True)
        ]
        points = np.array(columns).T.copy()
        points.flags.writeable = False
        return points

    @property
    def class_indices(self) -> NDArray[np.intp]:
        """The class of every row ``(n,)``."""
        return np.frombuffer(self.labels, np.uint8).astype(np.intp)

    @cached_property
    def source(self) -> Source:
        """The table as a data set to choose."""
        return Source(
            self.stem, self.name, self.summary, n_classes=(len(self.classes),) * 2,
            load=lambda: (self.points, self.class_indices), features=self.axes,
            default_features=self.axes, class_names=self.classes, shared_unit=False,
            note=self.note,
        )  # fmt: skip

    # --- text -------------------------------------------------------------------------

    @cached_property
    def text(self) -> str:
        """The table as one text, see the top of this module."""
        return f"{self._start}{_base64(zlib.compress(self._contents, 9))}"

    def fits(self, room: int) -> bool:
        """Whether it takes no more than so many characters."""
        return len(self.text) <= room

    def text_within(self, room: int) -> str:
        """The text for a link with so much room for it: a digest where the table needs more."""
        return self.text if self.fits(room) else self._digest

    @cached_property
    def _digest(self) -> str:
        return f"{self._start}~{hashlib.sha256(self._contents).hexdigest()[:16]}"

    @property
    def excess(self) -> str:
        """Why the table is not in a link, as a clause."""
        kilobytes = len(self.text) / 1000
        return f"{self.name} takes {kilobytes:.0f} kB, and a link holds {MOST_LINK / 1000:g}"

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without what is computed from the fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __repr__(self) -> str:
        return f"Table({self.summary})"

    @property
    def _start(self) -> str:
        return f"{PREFIX}{VERSION}:{quote(self.name, safe='')}:"

    @property
    def _ticks(self) -> NDArray[np.int64]:
        return np.frombuffer(self.ticks, "<i8").reshape(2, -1)

    @cached_property
    def _contents(self) -> bytes:
        least = self._ticks.min(axis=1)
        rest = (self._ticks - least[:, None]).astype(">u8")
        sizes = [max(1, (int(row.max()).bit_length() + 7) // 8) for row in rest]
        planes = [row.view(np.uint8).reshape(-1, 8).T[8 - size :].tobytes()
                  for row, size in zip(rest, sizes, strict=True)]  # fmt: skip
        head = {
            "axes": self.axes, "classes": self.classes, "note": self.note, "rows": self.n_rows,
            "decimals": self.decimals, "least": least.tolist(), "bytes": sizes,
        }  # fmt: skip
        line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        return b"".join([line, b"\n", *planes, self.labels])


# --- rounding -------------------------------------------------------------------------


def _rounded(column: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """The numbers as integers, and how many decimals these have: as few as give the same.

    Digits too small to be seen are rounded away.
    """
    low, high = np.quantile(column, [0.25, 0.75])
    middle = float(high - low) or float(np.ptp(column)) or float(np.abs(column).max()) or 1.0
    decimals = min(max(math.ceil(-math.log10(middle / _STEPS)), -15), _MOST_DECIMALS)
    largest = float(np.abs(column).max())
    while decimals > 0 and largest * 10.0**decimals > 2**53:
        decimals -= 1
    ticks = np.rint(column * 10.0**decimals).astype(np.int64)
    while decimals > 0 and not (ticks % 10).any():
        ticks, decimals = ticks // 10, decimals - 1
    return ticks, decimals


# --- reading --------------------------------------------------------------------------


@lru_cache(_KEPT)
def _read(text: str) -> Table:
    parts = text.split(":")
    if not text.startswith(PREFIX) or len(parts) != 4:
        raise field_error(
            _FIELD, "a table such as table:{version}:NAME:DATA", text, version=VERSION
        )
    _, version, quoted, data = parts
    name = unquote(quoted)
    if version != str(VERSION):
        rule = "a table of version {high}, the newest one supported"
        raise field_error(_FIELD, rule, version, high=VERSION)
    if data.startswith("~"):
        raise field_error(
            _FIELD, "part of the link", name, subject="the table",
            pattern="the link names {offender}, but does not hold it, as it is too long for a "
            "link: open the file again, or an experiment file",
        )  # fmt: skip
    try:
        return _checked(_unpacked(name, data))
    except (ValueError, KeyError, TypeError, IndexError, zlib.error, RecursionError) as error:
        if hasattr(error, "problems"):
            raise
        raise field_error(_FIELD, "a table that is complete", name) from None


def _unpacked(name: str, data: str) -> Table:
    inflate = zlib.decompressobj()
    contents = inflate.decompress(
        base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)), _MOST_BYTES
    )
    line, _, rest = contents.partition(b"\n")
    head = json.loads(line)
    n, sizes = head["rows"], head["bytes"]
    if type(n) is not int or not 0 < n <= MOST_ROWS or not inflate.eof:
        raise ValueError("rows")
    if len(sizes) != 2 or any(type(size) is not int or not 1 <= size <= 8 for size in sizes):
        raise ValueError("bytes")
    if len(rest) != n * (sum(sizes) + 1):
        raise ValueError("length")
    ticks, at = [], 0
    for size, least in zip(sizes, head["least"], strict=True):
        planes = np.frombuffer(rest, np.uint8, n * size, at).reshape(size, n)
        at += n * size
        whole = np.zeros((n, 8), np.uint8)
        whole[:, 8 - size :] = planes.T
        numbers = whole.view(">u8")[:, 0].tolist()
        ticks.append([number + _whole(least) for number in numbers])
    axes, classes, note, decimals = (head[key] for key in ("axes", "classes", "note", "decimals"))
    if not all(isinstance(text, str) for text in (*axes, *classes, note)):
        raise TypeError("names")
    return Table(
        name, tuple(axes), tuple(classes), tuple(map(_whole, decimals)),  # type: ignore[arg-type]
        np.array(ticks, dtype="<i8").tobytes(), rest[at:], note,
    )  # fmt: skip


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > LARGEST * 10:
        raise TypeError("a whole number")
    return value


def _checked(table: Table) -> Table:
    """The table, if it can be drawn and trained on; raises ``RecipeError``."""
    (low, high), n = CLASSES, len(table.classes)
    if not low <= n <= high or len(set(table.classes)) < n:
        rule = "a table of {low}…{high} different classes"
        raise field_error(_FIELD, rule, ", ".join(table.classes), low=low, high=high)
    if not 2 <= table.n_rows <= MOST_ROWS:
        rule = "a table of 2…{most} rows"
        raise field_error(_FIELD, rule, table.n_rows, most=MOST_ROWS)
    if max(table.labels) >= n:
        raise field_error(_FIELD, "a table whose rows have one of its classes", max(table.labels))
    if len(table.axes) != 2 or table.axes[0] == table.axes[1]:
        raise field_error(_FIELD, "a table with two different axes", ", ".join(table.axes))
    texts = (table.name, *table.axes, *table.classes)
    if any(not text or len(text) > MOST_NAME or _cleaned(text) != text for text in texts):
        rule = "a table with names of 1…{most} printable characters"
        raise field_error(_FIELD, rule, short_text(", ".join(texts)), most=MOST_NAME)
    if len(table.decimals) != 2 or any(not -15 <= d <= _MOST_DECIMALS for d in table.decimals):
        raise field_error(_FIELD, "a table with −15…{most} decimals", table.decimals,
                          most=_MOST_DECIMALS)  # fmt: skip
    if len(table.note) > MOST_NOTE or printable(table.note) != table.note:
        raise field_error(_FIELD, "a table with a shorter note", table.note)
    if np.abs(table.points).max() > LARGEST:
        raise field_error(_FIELD, "a table of numbers −{most:g}…{most:g}", "others", most=LARGEST)
    return table


def _cleaned(name: object) -> str:
    return printable(" ".join(str(name).split()))[:MOST_NAME].strip()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
