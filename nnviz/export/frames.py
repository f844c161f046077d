"""Frames of an animation: the field and the boundary of an epoch under what does not move.

A browser draws the static layer once; everything else is put together here, some milliseconds
a frame, and looks as the browser would have drawn it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ..analysis.snapshot import Snapshot
from ..choices import views
from ..choices.palette import THEMES, channels
from ..figures import Box
from ..figures.plane import LINE, RING, RING_LINE, mistakes
from ..problems import field_error
from ..recipe.look import Look

Array = NDArray[Any]

CAPTION = 26  # pixels left free at the bottom for the words of a frame
_TEXT = 12  # font size in pixels
_FINE = 4  # lines are drawn that many times as large, then made smaller: soft edges
_RIM = 2  # grid points the field is continued by on each side


class Frames:
    """Puts frames together. ``layer_png`` is the static layer, ``box`` where its plane lies.

    ``painted`` is the look that the plane is shaded by, where it is not the look itself: see
    :meth:`Look.painted`. Lines, rings and words are the look's own.

    Raises :class:`RecipeError` where the layer is no picture of that ``size``.
    """

    def __init__(
        self, layer_png: bytes, box: Box, size: tuple[int, int], look: Look, theme: str,
        caption: bool, painted: Look | None = None,
    ):  # fmt: skip
        self.look, self.painted, self.theme = look, painted or look, THEMES[theme]
        self.box = box
        self._caption = caption
        self._ink, self._paper = channels(self.theme.ink), channels(self.theme.paper)
        # the whole pixels that the plane touches
        self._left, self._top = math.floor(box.left), math.floor(box.top)
        right, bottom = math.ceil(box.left + box.width), math.ceil(box.top + box.height)
        self._place = (self._left, self._top, right, bottom)
        self._size = (right - self._left, bottom - self._top)
        layer = _opened(layer_png, size)
        self._ground = Image.new("RGB", size, self._paper)
        self._ground.paste(layer, mask=layer)
        self._layer = layer.crop(self._place)
        self._font = ImageFont.load_default(_TEXT)

    def frame(self, snapshot: Snapshot) -> Image.Image:
        """The frame of a snapshot, RGB."""
        look = self.look
        said = snapshot.said(self.painted)
        pixels = (
            views.shade(snapshot.field.probabilities, self.painted, self.theme)
            if said is None
            else views.shade_signed(said)
        )
        extent = snapshot.extent
        rings = mistakes(snapshot.dataset, snapshot.predicted(look), look) if look.rings else ()
        caption = words(snapshot, look) if self._caption else []
        return self.compose(
            pixels,
            [self._in_pixels(line, extent) for line in snapshot.lines(look)],
            self._in_pixels(np.array(rings).reshape(-1, 2), extent),
            caption,
        )

    def compose(
        self, pixels: Array, lines: Sequence[Array], rings: Array, words: Sequence[str]
    ) -> Image.Image:
        """Field pixels ``(rows, columns, 4)``, first row at the bottom; lines and centres of
        rings in pixels from the plane's corner; parts of a caption, the first the weightiest.
        """
        plane = Image.new("RGB", self._size, self._paper)
        plane.paste(self._stretched(self.on_paper(pixels)), mask=self._covered)
        if lines:
            plane.paste(self._ink, mask=self._drawn(lines))
        plane.paste(self._layer, mask=self._layer)
        if len(rings):
            plane.paste(self._ink, mask=self._ringed(rings))
        frame = self._ground.copy()
        frame.paste(plane, self._place)
        if words:
            self._write(frame, words)
        return frame

    def on_paper(self, pixels: Array) -> NDArray[np.uint8]:
        """Colours ``(…, 4)`` with their opacity, seen on the paper: ``(…, 3)``."""
        share = pixels[..., 3:].astype(np.float32) / 255
        seen = pixels[..., :3] * share + np.array(self._paper, np.float32) * (1 - share)
        return (seen + 0.5).astype(np.uint8)

    def _stretched(self, colours: NDArray[np.uint8]) -> Image.Image:
        """The field over the plane, smoothed linearly as browsers do; centres on grid points."""
        across, up = [  # grid steps in a pixel
            (n - 1) / length
            for n, length in zip(
                colours.shape[1::-1], (self.box.width, self.box.height), strict=True
            )
        ]
        first = _RIM + 0.5 + (self._left - self.box.left) * across
        top = _RIM + 0.5 + (self._top - self.box.top) * up
        width, height = self._size
        field = np.pad(colours[::-1], ((_RIM, _RIM), (_RIM, _RIM), (0, 0)), mode="edge")
        return Image.fromarray(field).resize(
            self._size, Image.Resampling.BILINEAR,
            box=(first, top, first + width * across, top + height * up),
        )  # fmt: skip

    @cached_property
    def _covered(self) -> Image.Image:
        """How much of each pixel lies inside the plane."""
        box = self.box
        across = _shares(box.left - self._left, box.width, self._size[0])
        down = _shares(box.top - self._top, box.height, self._size[1])
        return Image.fromarray((np.outer(down, across) * 255 + 0.5).astype(np.uint8))

    def _drawn(self, lines: Sequence[Array]) -> Image.Image:
        mask = Image.new("L", (self._size[0] * _FINE, self._size[1] * _FINE))
        draw = ImageDraw.Draw(mask)
        for line in lines:
            # a pixel's number is its centre's place less a half
            points = np.rint(line * _FINE - 0.5)
            draw.line(points.ravel().tolist(), fill=255, width=round(LINE * _FINE))
            for x, y in points[1:-1][_bends(points)].tolist():  # where it would gape
                draw.circle((x, y), LINE * _FINE / 2, fill=255)
        return mask.reduce(_FINE)

    def _ringed(self, centres: Array) -> Image.Image:
        mask = Image.new("L", (self._size[0] * _FINE, self._size[1] * _FINE))
        draw = ImageDraw.Draw(mask)
        radius, width = RING, RING_LINE
        reach = (radius + width / 2) * _FINE  # to the outer edge
        for x, y in (centres * _FINE - 0.5).tolist():
            draw.ellipse(
                (x - reach, y - reach, x + reach, y + reach),
                outline=255,
                width=round(width * _FINE),
            )
        return mask.reduce(_FINE)

    def _in_pixels(self, points: Array, extent: Any) -> Array:
        """Points ``(n, 2)`` of the plane, from the corner of the pixels it touches."""
        (x0, x1), (y0, y1) = extent.x1, extent.x2
        x = (points[:, 0] - x0) / (x1 - x0) * self.box.width + self.box.left - self._left
        y = (y1 - points[:, 1]) / (y1 - y0) * self.box.height + self.box.top - self._top
        return np.column_stack([x, y])

    def _write(self, frame: Image.Image, words: Sequence[str]) -> None:
        """As many of the words as fit in the room left at the bottom."""
        width, height = frame.size
        words = list(words)
        while len(words) > 1 and self._font.getlength(" · ".join(words)) > width - 16:
            words.pop()
        # from the same side in all frames, so that the words before a number stand still
        ImageDraw.Draw(frame).text(
            (8, height - CAPTION / 2), " · ".join(words), self._ink, self._font, anchor="lm"
        )


def _opened(layer_png: bytes, size: tuple[int, int]) -> Image.Image:
    try:
        with Image.open(io.BytesIO(layer_png), formats=["PNG"]) as image:
            found = image.size
            layer = image.convert("RGBA") if found == size else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise field_error("layer", "a PNG", "something else") from None
    if layer is None:
        got = " × ".join(map(str, found))
        rule = "{width} × {height} pixels"
        raise field_error("layer", rule, got, width=size[0], height=size[1])
    return layer


def _bends(points: Array) -> NDArray[np.bool_]:
    """At which of the inner points of a polyline it turns by more than some 20°."""
    steps = np.diff(points, axis=0)
    lengths = np.maximum(np.hypot(*steps.T), 1e-9)
    cosines = (steps[1:] * steps[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    return cosines < np.cos(0.35)


def _shares(start: float, length: float, pixels: int) -> Array:
    edges = np.arange(pixels + 1)
    return np.diff(np.clip(edges, start, start + length))


def words(snapshot: Snapshot, look: Look) -> list[str]:
    """``epoch 120``, ``loss 0.1234 train, 0.1456 test``, ``accuracy 98.8 % train, …``.

    Accuracies are those at the threshold that ``look`` shows.
    """
    row = snapshot.history[-1]
    correct = snapshot.predicted(look) == snapshot.labels
    n_train = len(snapshot.dataset.train)
    parts = {"train": (row.train_loss, correct[:n_train])}
    if len(snapshot.dataset.test):
        parts["test"] = row.test_loss, correct[n_train:]
    losses = ", ".join(f"{_loss(loss)} {part}" for part, (loss, _) in parts.items())
    shares = ", ".join(f"{100 * each.mean():.1f} % {part}" for part, (_, each) in parts.items())
    return [f"epoch {snapshot.epoch}", f"loss {losses}", f"{look.accuracy_label()} {shares}"]


def _loss(value: float) -> str:
    """With as many places from frame to frame, so that nothing jumps."""
    return f"{value:.4f}" if 0.001 <= value < 1000 else f"{value:.2e}"
