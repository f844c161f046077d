"""The points of a frame, where they differ from frame to frame: drawn as the browser draws them."""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..choices.datasets import Dataset
from ..choices.palette import CLASS_STYLES, Theme, channels
from ..figures.plane import symbol_scale, symbol_sizes
from ..recipe.look import Look

Array = NDArray[Any]

_FINE = 4  # drawn this many times as large and reduced, for smooth edges
FILLED, HOLLOW = (9, 1), (8, 2)  # diameter and line of a symbol, in pixels


def _star(n: int, *radii: float) -> Array:
    """A closed outline through ``n`` corners at these distances in turn, the first at the top."""
    angles = 2 * pi * np.arange(n) / n
    r = np.resize(radii, n)
    return np.column_stack([r * np.sin(angles), -r * np.cos(angles)])


# outlines of radius 1, y downwards, by the names of Plotly's symbols
OUTLINES: dict[str, Array] = {
    "circle": _star(48, 1.0),
    "square": np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float),
    "diamond": 1.3 * _star(4, 1.0),
    "triangle-up": np.array([[-1.155, 0.5], [1.155, 0.5], [0, -1]]),
    "triangle-down": np.array([[-1.155, -0.5], [1.155, -0.5], [0, 1]]),
    "cross": np.array(
        [[1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4],
         [-1.2, -0.4], [-0.4, -0.4], [-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4]]
    ),
    "pentagon": _star(5, 1.0),
    "star": 1.4 * _star(10, 1.0, 0.382),
}  # fmt: skip


def points_image(
    dataset: Dataset,
    look: Look,
    theme: Theme,
    size: tuple[int, int],
    in_pixels: Callable[[Array], Array],
) -> Image.Image:
    """The points on a transparent picture; ``in_pixels`` converts their places ``(n, 2)``."""
    picture = Image.new("RGBA", (size[0] * _FINE, size[1] * _FINE))
    draw = ImageDraw.Draw(picture)
    scale = symbol_scale(len(dataset.train) + len(dataset.test))
    parts = {
        "train": (dataset.train, dataset.train_labels, FILLED),
        "test": (dataset.test, dataset.test_labels, HOLLOW),
    }
    for part, (points, labels, (diameter, line)) in parts.items():
        if look.points not in ("both", part):
            continue
        for k, style in enumerate(CLASS_STYLES[: dataset.n_classes]):
            own = points[labels == k]
            fill, edge = (
                (style.colour, theme.ink) if part == "train" else (theme.light, style.colour)
            )
            diameters = np.broadcast_to(symbol_sizes(own, diameter * scale), len(own))
            for place, across in zip(in_pixels(own), diameters, strict=True):
                outline = (place + OUTLINES[style.symbol] * across / 2) * _FINE - 0.5
                corners = outline.ravel().tolist()
                draw.polygon(corners, fill=(*channels(fill), 255))
                closed = [*corners, *corners[:4]]  # a joint at the last corner too
                draw.line(closed, (*channels(edge), 255), line * _FINE, joint="curve")
    return picture.reduce(_FINE)
