"""Small maps of units' activations over the plane, as pixels: the tiles of a network's diagram.

The browser colours its diagram in the same way (``stage/diagram/atlas.js``): in steps of 1/127, and
negative values are also hatched, so that colour is not needed to recognise them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..choices.palette import CLASS_STYLES, SIGN_COLOURS, Theme, channels

Array = NDArray[Any]

STRENGTH = 0.9  # share of the colour where a value is as large as its scale
_HATCH = 6  # pixels from one line of the hatching to the next


def signed(values: Array, theme: Theme) -> NDArray[np.uint8]:
    """Values ``(rows, columns)`` in −1…1 as pixels ``(rows, columns, 4)``."""
    steps = _steps(values)
    row, column = np.indices(steps.shape)
    hatched = (steps < 0) & ((row + column) % _HATCH == 0)
    steps = np.where(hatched, steps // 2, steps)
    colours = _ends(SIGN_COLOURS["negative"], SIGN_COLOURS["positive"])
    return _mixed(colours[(steps >= 0).astype(int)], np.abs(steps) / 127, theme)


def of_class(p: Array, unit: int, n_outputs: int, theme: Theme) -> NDArray[np.uint8]:
    """Probabilities of output ``unit``, ``(rows, columns)``, as pixels in its class's colour.

    A single output has the first class's colour below ½ and the second's above.
    """
    p = _steps(p) / 127
    if n_outputs == 1:
        share, colours = np.abs(2 * p - 1), _ends(CLASS_STYLES[0].colour, CLASS_STYLES[1].colour)
        return _mixed(colours[(p >= 0.5).astype(int)], share, theme)
    return _mixed(np.array(channels(CLASS_STYLES[unit].colour), float), p, theme)


def _steps(values: Array) -> NDArray[np.int64]:
    """−1…1 as −127…127, as sent to the browser in bytes."""
    cut = np.clip(np.nan_to_num(np.asarray(values, float)), -1, 1)
    return np.floor(cut * 127 + 0.5).astype(int)


def _ends(low: str, high: str) -> Array:
    return np.array([channels(low), channels(high)], float)


def _mixed(colours: Array, share: Array, theme: Theme) -> NDArray[np.uint8]:
    """Mix colours ``(…, 3)`` with the paper; a larger share ``(…)`` gives a stronger colour."""
    paper = np.array(channels(theme.paper), float)
    strength = STRENGTH * np.clip(share, 0, 1)[..., None]
    opaque = np.full((*share.shape, 1), 255.0)
    mixed = np.round(paper + strength * (colours - paper))
    return np.concatenate([mixed, opaque], axis=-1).astype(np.uint8)
