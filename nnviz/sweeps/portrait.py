"""The portrait of a run: its thinned history and its decision boundary as a small picture.

Results need not hold them: a run is its recipe, so it is trained again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis.field import Extent, Field, Grid
from ..choices import views
from ..choices.palette import CLASS_STYLES, THEMES, Theme, channels
from ..recipe.look import DEFAULT_LOOK
from ..training.trainer import Trainer
from .run import Run, thinned, trained

SIDE = 64  # pixels
_POINTS = 40  # of a thinned history
_QUALITY = 70  # of the picture as WebP


@dataclass(frozen=True)
class Portrait:
    """A run's ``key``, its thinned history, and its field, points and boundary as a WebP.

    ``dark`` is the same ``picture`` for a dark page.
    """

    key: str
    curves: dict[str, list[Any]]
    picture: bytes
    dark: bytes


def portrait_of(run: Run) -> Portrait:
    """Train a run and return its portrait."""
    return portrait_from(run, trained(run))


def portrait_from(run: Run, trainer: Trainer) -> Portrait:
    """The portrait of a run; ``trainer`` is at its end."""
    grid = Grid(Extent.around(trainer.dataset), trainer.preparation, SIDE)
    field = grid.field(trainer.network)
    light, dark = (_picture(trainer, grid, field, THEMES[name]) for name in ("light", "dark"))
    return Portrait(run.key, thinned(trainer.history, _POINTS), light, dark)


def _picture(trainer: Trainer, grid: Grid, field: Field, theme: Theme) -> bytes:
    from PIL import Image

    shades = views.shade(field.probabilities, DEFAULT_LOOK, theme).astype(float)
    alpha = shades[..., 3:] / 255
    pixels = shades[..., :3] * alpha + np.array(channels(theme.paper)) * (1 - alpha)
    predicted = field.probabilities.argmax(axis=0)
    edge = np.zeros(predicted.shape, bool)
    edge[:, 1:] |= predicted[:, 1:] != predicted[:, :-1]
    edge[1:] |= predicted[1:] != predicted[:-1]
    _dot(pixels, grid, trainer)
    pixels[edge] = channels(theme.ink)
    file = io.BytesIO()
    image = Image.fromarray(pixels[::-1].round().astype(np.uint8))
    image.save(file, "WEBP", quality=_QUALITY, method=4)
    return file.getvalue()


def _dot(pixels: np.ndarray[Any, Any], grid: Grid, trainer: Trainer) -> None:
    """Every training point as a pixel in its class's colour."""
    ends = np.array([(x[0], x[-1]) for x in (grid.x1, grid.x2)])
    places = (trainer.dataset.train - ends[:, 0]) / (ends[:, 1] - ends[:, 0]) * (SIDE - 1)
    columns, rows = np.clip(places.round().astype(int), 0, SIDE - 1).T
    colours = np.array([channels(style.colour) for style in CLASS_STYLES], float)
    pixels[rows, columns] = colours[trainer.dataset.train_labels]
