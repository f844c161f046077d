"""Frames in 255 colours, with one palette for a whole animation, so that colours do not flicker.

The palette is made before the frames, from the colours they can have: the shades of the field, the
static layer, and the smooth edges between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..choices.palette import CLASS_STYLES, channels
from ..choices.views import shade, shade_signed
from ..recipe.look import Look
from .frames import Frames

Colours = NDArray[np.uint8]  # (n, 3)

SIZE = 255  # colours; one more index is left for unchanged pixels
_FIELD = 170  # largest number of colours for the field
_TILES = 8  # tiles along each side of the sample frame
_STEP = 4  # Pillow looks up colours with channels rounded down to multiples of 4


class Palette:
    """The first ``SIZE`` colours, without those that Pillow does not distinguish."""

    def __init__(self, colours: Colours):
        self.colours = _distinct(colours)[:SIZE]
        self._lookup = Image.new("P", (1, 1))
        # rounded down in the same way, so that each colour is found exactly
        self._lookup.putpalette((self.colours // _STEP * _STEP).ravel().tolist())

    def index(self, frame: Image.Image) -> NDArray[np.uint8]:
        """The index of the nearest colour for each pixel of an RGB frame."""
        found = frame.quantize(palette=self._lookup, dither=Image.Dither.NONE)
        # Pillow fills palettes up with black: larger indices
        return np.minimum(np.asarray(found), len(self.colours) - 1)


def palette_of(frames: Frames, n_classes: int) -> Palette:
    """The palette for frames of a field of ``n_classes`` classes."""
    styles = [style.colour for style in CLASS_STYLES[:n_classes]]
    plain = [channels(colour) for colour in (frames.theme.paper, frames.theme.ink, *styles)]
    shades = _shades(frames.painted, frames, n_classes)
    field = _reduced(frames.on_paper(shades), _FIELD)
    sample = np.asarray(_sample_frame(frames, shades)).reshape(-1, 3)
    edges = _reduced(_distinct(sample), SIZE - len(plain) - len(field))
    return Palette(np.concatenate([np.array(plain, np.uint8), field, edges]))


def _shades(look: Look, frames: Frames, n_classes: int) -> NDArray[np.uint8]:
    """Shades of the field, ``(n, 4)``, each about as often as in a frame."""
    if look.unit is not None:
        return shade_signed(np.linspace(-1, 1, 255))
    return shade(_sample_probabilities(n_classes), look, frames.theme)


def _sample_probabilities(n_classes: int) -> NDArray[np.float64]:
    """Probabilities ``(n_classes, n)``: evenly spaced for two classes, else of random logits."""
    if n_classes == 2:
        p = np.linspace(0, 1, 256)
        return np.stack([1 - p, p])
    odds = np.exp(np.random.default_rng(0).normal(0, 3, (n_classes, 20_000)))
    return odds / odds.sum(axis=0)


def _sample_frame(frames: Frames, shades: NDArray[np.uint8]) -> Image.Image:
    """An artificial frame with every kind of edge: a chequered field, lines, rings, a caption."""
    tiles = shades[np.linspace(0, len(shades) - 1, _TILES**2).astype(int)]
    pixels = tiles.reshape(_TILES, _TILES, 4).repeat(10, axis=0).repeat(10, axis=1)
    width, height = frames.box.width, frames.box.height
    across = np.linspace(0.05, 0.95, 2 * _TILES)
    lines = [np.array([(0, share * height), (width, (1 - share) * height)]) for share in across]
    rings = np.array([(share * width, height / 2) for share in across])
    return frames.compose(pixels, lines, rings if frames.look.rings else rings[:0], ["0123456789"])


def _reduced(colours: Colours, most: int) -> Colours:
    """The distinct colours, or the best ``most`` of them, weighted by how often each occurs."""
    distinct = _distinct(colours)
    if len(distinct) <= most:
        return distinct
    found = Image.fromarray(colours[None]).quantize(most, kmeans=2)
    return np.array(found.getpalette("RGB"), np.uint8).reshape(-1, 3)


def _distinct(colours: Colours) -> Colours:
    """The colours without those that Pillow does not distinguish from an earlier one."""
    code = (colours // _STEP).astype(int) @ np.array([1 << 16, 1 << 8, 1])
    return colours[np.sort(np.unique(code, return_index=True)[1])]
