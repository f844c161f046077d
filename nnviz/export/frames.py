"""Frames of an animation: the field and the boundary of an epoch under a static layer.

A browser draws the static layer once. Everything else is drawn here, in a few milliseconds per
frame, and looks as in the browser.
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
from ..choices.datasets import Dataset
from ..choices.palette import THEMES, channels
from ..figures import Box
from ..figures.plane import LINE, RING, RING_LINE, mistakes
from ..problems import field_error
from ..recipe.look import Look
from .frame_points import points_image

Array = NDArray[Any]

CAPTION = 26  # pixels left free at the bottom for the caption of a frame
_TEXT = 12  # font size in pixels
_FINE = 4  # lines are drawn this many times as large and reduced, for smooth edges
_RIM = 2  # grid points by which the field is extended on each side


class Frames:
    """Draws frames. ``layer_png`` is the static layer, ``box`` is where its plane is.

    ``painted`` is the look by which the plane is shaded, by default ``look``: see
    :meth:`Look.painted`. Lines, rings and captions follow ``look``. ``draws_points``: the layer
    has none, as they differ from frame to frame.

    Raises :class:`RecipeError` if the layer is not a PNG of this ``size``.
    """

    def __init__(
        self, layer_png: bytes, box: Box, size: tuple[int, int], look: Look, theme: str,
        caption: bool, painted: Look | None = None, draws_points: bool = False,
    ):  # fmt: skip
        self.look, self.painted, self.theme = look, painted or look, THEMES[theme]
        self.box = box
        self._caption = caption
        self._draws_points = draws_points
        self._points: tuple[Dataset, Image.Image] | None = None  # drawn last
        self._ink, self._paper = channels(self.theme.ink), channels(self.theme.paper)
        # the pixels that the plane covers, wholly or in part
        self._left, self._top = math.floor(box.left), math.floor(box.top)
        right, bottom = math.ceil(box.left + box.width), math.ceil(box.top + box.height)
        self._pixels = (self._left, self._top, right, bottom)
        self._size = (right - self._left, bottom - self._top)
        layer = _opened(layer_png, size)
        self._background = Image.new("RGB", size, self._paper)
        self._background.paste(layer, mask=layer)
        self._layer = layer.crop(self._pixels)
        self._font = ImageFont.load_default(_TEXT)

    def frame(self, snapshot: Snapshot) -> Image.Image:
        """The frame of a snapshot, an RGB image."""
        caption = caption_parts(snapshot, self.look) if self._caption else []
        return self.joined([(self, snapshot)], caption)

    def joined(
        self, planes: Sequence[tuple[Frames, Snapshot]], caption: Sequence[str]
    ) -> Image.Image:
        """Several planes under one static layer, each drawn by the frames that know its place."""
        frame = self._background.copy()
        for frames, snapshot in planes:
            frame.paste(frames.plane(snapshot), frames._pixels)
        if caption:
            self._write(frame, caption)
        return frame

    def plane(self, snapshot: Snapshot) -> Image.Image:
        """The plane of a frame."""
        look = self.look
        unit_map = snapshot.chosen_map(self.painted)
        pixels = (
            views.shade(snapshot.field.probabilities, self.painted, self.theme)
            if unit_map is None
            else views.shade_signed(unit_map)
        )
        extent = snapshot.extent
        rings = mistakes(snapshot.dataset, snapshot.predicted(look), look) if look.rings else ()
        return self._composed(
            pixels,
            [self._in_pixels(line, extent) for line in snapshot.lines(look)],
            self._in_pixels(np.array(rings).reshape(-1, 2), extent),
            self._points_of(snapshot) if self._draws_points else None,
        )

    def _points_of(self, snapshot: Snapshot) -> Image.Image:
        """The points of a snapshot, drawn again where they are others than those drawn last."""
        if self._points is None or self._points[0] is not snapshot.dataset:
            picture = points_image(
                snapshot.dataset, self.look, self.theme, self._size,
                lambda points: self._in_pixels(points, snapshot.extent),
            )  # fmt: skip
            self._points = (snapshot.dataset, picture)
        return self._points[1]

    def compose(
        self, pixels: Array, lines: Sequence[Array], rings: Array, caption: Sequence[str]
    ) -> Image.Image:
        """Draw a frame from the field's pixels ``(rows, columns, 4)``, first row at the bottom.

        ``lines`` and centres of ``rings`` are in pixels from the plane's corner; ``caption`` holds
        parts, the most important first.
        """
        frame = self._background.copy()
        frame.paste(self._composed(pixels, lines, rings), self._pixels)
        if caption:
            self._write(frame, caption)
        return frame

    def _composed(
        self,
        pixels: Array,
        lines: Sequence[Array],
        rings: Array,
        points: Image.Image | None = None,
    ) -> Image.Image:
        """The plane of a frame."""
        plane = Image.new("RGB", self._size, self._paper)
        plane.paste(self._resized(self.on_paper(pixels)), mask=self._coverage)
        if lines:
            plane.paste(self._ink, mask=self._lines_mask(lines))
        if points is not None:
            plane.paste(points, mask=points)
        plane.paste(self._layer, mask=self._layer)
        if len(rings):
            plane.paste(self._ink, mask=self._rings_mask(rings))
        return plane

    def on_paper(self, pixels: Array) -> NDArray[np.uint8]:
        """Colours with opacity ``(…, 4)`` mixed with the paper: ``(…, 3)``."""
        share = pixels[..., 3:].astype(np.float32) / 255
        seen = pixels[..., :3] * share + np.array(self._paper, np.float32) * (1 - share)
        return (seen + 0.5).astype(np.uint8)

    def _resized(self, colours: NDArray[np.uint8]) -> Image.Image:
        """The field resized to the plane, with linear interpolation between grid points."""
        across, up = [  # grid steps per pixel
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
    def _coverage(self) -> Image.Image:
        """The share of each pixel that lies inside the plane."""
        box = self.box
        across = _shares(box.left - self._left, box.width, self._size[0])
        down = _shares(box.top - self._top, box.height, self._size[1])
        return Image.fromarray((np.outer(down, across) * 255 + 0.5).astype(np.uint8))

    def _lines_mask(self, lines: Sequence[Array]) -> Image.Image:
        mask = Image.new("L", (self._size[0] * _FINE, self._size[1] * _FINE))
        draw, r = ImageDraw.Draw(mask), LINE * _FINE / 2
        for line in lines:
            # the centre of pixel i is at i + ½
            points = np.rint(line * _FINE - 0.5)
            draw.line(points.ravel().tolist(), fill=255, width=round(LINE * _FINE))
            for x, y in points[1:-1][_bends(points)].tolist():  # fill the gaps at bends
                draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
        return mask.reduce(_FINE)

    def _rings_mask(self, centres: Array) -> Image.Image:
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
        """Points ``(n, 2)`` of the plane in pixels from the corner of the pixels it covers."""
        (x0, x1), (y0, y1) = extent.x1, extent.x2
        x = (points[:, 0] - x0) / (x1 - x0) * self.box.width + self.box.left - self._left
        y = (y1 - points[:, 1]) / (y1 - y0) * self.box.height + self.box.top - self._top
        return np.column_stack([x, y])

    def _write(self, frame: Image.Image, caption: Sequence[str]) -> None:
        """Write as many parts of the caption as fit at the bottom."""
        width, height = frame.size
        parts = list(caption)
        while len(parts) > 1 and self._font.getlength(" · ".join(parts)) > width - 16:
            parts.pop()
        # aligned left, so that text does not move from frame to frame
        ImageDraw.Draw(frame).text(
            (8, height - CAPTION / 2), " · ".join(parts), self._ink, self._font, anchor="lm"
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
    """Whether a polyline turns by more than about 20° at each of its inner points."""
    steps = np.diff(points, axis=0)
    lengths = np.maximum(np.hypot(*steps.T), 1e-9)
    cosines = (steps[1:] * steps[:-1]).sum(axis=1) / (lengths[1:] * lengths[:-1])
    return cosines < np.cos(0.35)


def _shares(start: float, length: float, pixels: int) -> Array:
    edges = np.arange(pixels + 1)
    return np.diff(np.clip(edges, start, start + length))


def caption_parts(snapshot: Snapshot, look: Look) -> list[str]:
    """``epoch 120``, ``loss 0.1234 train, 0.1456 test``, ``accuracy 98.8 % train, …``.

    Accuracies are at the threshold of ``look``.
    """
    if not len(snapshot.labels):
        return [f"epoch {snapshot.epoch}", "no points"]
    row = snapshot.history[-1]
    correct = snapshot.predicted(look) == snapshot.labels
    n_train = len(snapshot.dataset.train)
    parts = {"train": (row.train_loss, correct[:n_train])}
    if len(snapshot.dataset.test):
        parts["test"] = row.test_loss, correct[n_train:]
    losses = ", ".join(f"{_loss(loss)} {part}" for part, (loss, _) in parts.items())
    shares = ", ".join(
        f"{100 * each.mean():.1f} % {part}" for part, (_, each) in parts.items() if len(each)
    )
    return [f"epoch {snapshot.epoch}", f"loss {losses}", f"{look.accuracy_label()} {shares}"]


def _loss(value: float) -> str:
    """Format a loss with a fixed number of decimals, so that the caption does not jump."""
    return f"{value:.4f}" if 0.001 <= value < 1000 else f"{value:.2e}"
