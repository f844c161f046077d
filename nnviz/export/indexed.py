"""Frames in 255 colours, one palette for a whole animation, so that nothing flickers.

What an animation will show is known beforehand only as far as its colours go: those of the
field's shades, of the layer that stays, and of the soft edges between them.
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

SIZE = 255  # colours; one more is left for "as before"
_FIELD = 170  # of them at most for the field
_TILES = 8  # along each side of the specimen
_STEP = 4  # Pillow looks colours up by their levels in steps of 4, rounded down


class Palette:
    """``colours``, those listed first exactly; a colour too near an earlier one is left out."""

    def __init__(self, colours: Colours):
        self.colours = _apart(colours)[:SIZE]
        self._lookup = Image.new("P", (1, 1))
        # rounded down likewise, a colour finds itself and nothing else
        self._lookup.putpalette((self.colours // _STEP * _STEP).ravel().tolist())

    def index(self, frame: Image.Image) -> NDArray[np.uint8]:
        """The number of the nearest colour for each pixel of an RGB frame."""
        found = frame.quantize(palette=self._lookup, dither=Image.Dither.NONE)
        # numbers past the last colour stand for black, which Pillow fills palettes up with
        return np.minimum(np.asarray(found), len(self.colours) - 1)


def palette_of(frames: Frames, n_classes: int) -> Palette:
    """The palette for frames of a field of so many classes."""
    styles = [style.colour for style in CLASS_STYLES[:n_classes]]
    plain = [channels(colour) for colour in (frames.theme.paper, frames.theme.ink, *styles)]
    shades = _shades(frames.painted, frames, n_classes)
    field = _fewer(frames.on_paper(shades), _FIELD)
    specimen = np.asarray(_specimen(frames, shades)).reshape(-1, 3)
    edges = _fewer(_apart(specimen), SIZE - len(plain) - len(field))
    return Palette(np.concatenate([np.array(plain, np.uint8), field, edges]))


def _shades(look: Look, frames: Frames, n_classes: int) -> NDArray[np.uint8]:
    """Shades of the field, ``(n, 4)``, each about as often as it is seen."""
    if look.unit is not None:
        return shade_signed(np.linspace(-1, 1, 255))
    return shade(_likely(n_classes), look, frames.theme)


def _likely(n_classes: int) -> NDArray[np.float64]:
    """Probabilities ``(n_classes, n)``: every step for two classes, else from random logits."""
    if n_classes == 2:
        p = np.linspace(0, 1, 256)
        return np.stack([1 - p, p])
    odds = np.exp(np.random.default_rng(0).normal(0, 3, (n_classes, 20_000)))
    return odds / odds.sum(axis=0)


def _specimen(frames: Frames, shades: NDArray[np.uint8]) -> Image.Image:
    """A frame that never was, with every kind of edge: a chequered field, lines, rings, words."""
    tiles = shades[np.linspace(0, len(shades) - 1, _TILES**2).astype(int)]
    pixels = tiles.reshape(_TILES, _TILES, 4).repeat(10, axis=0).repeat(10, axis=1)
    width, height = frames.box.width, frames.box.height
    across = np.linspace(0.05, 0.95, 2 * _TILES)
    lines = [np.array([(0, share * height), (width, (1 - share) * height)]) for share in across]
    rings = np.array([(share * width, height / 2) for share in across])
    return frames.compose(pixels, lines, rings if frames.look.rings else rings[:0], ["0123456789"])


def _fewer(colours: Colours, most: int) -> Colours:
    """The colours, where they are too many the best for as many pixels of each as are given."""
    few = _apart(colours)
    if len(few) <= most:
        return few
    found = Image.fromarray(colours[None]).quantize(most, kmeans=2)
    return np.array(found.getpalette("RGB"), np.uint8).reshape(-1, 3)


def _apart(colours: Colours) -> Colours:
    """Without those that Pillow does not tell from an earlier one."""
    code = (colours // _STEP).astype(int) @ np.array([1 << 16, 1 << 8, 1])
    return colours[np.sort(np.unique(code, return_index=True)[1])]
