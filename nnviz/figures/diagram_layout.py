"""Positions of the parts of a network's diagram, in pixels. Pure geometry: draws nothing.

As on the page (``stage/diagram/layout.js``), but without paging: of a layer that does not fit, the
first units are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# heights and widths in pixels
HEAD = 24  # for the layers' names at the top
MORE = 20  # for the number of units left out, below a layer
LABEL = 16  # for a unit's name below its tile
_GAP = 7  # between a tile and what comes below it
_LEAST_PITCH, _MOST_PITCH = 20, 96  # from unit to unit
_LEAST_TILE, _MOST_TILE = 14, 64
_EDGES = 26  # smallest gap between two layers, for the edges
_FARTHEST = 300  # largest distance between two layers
_MOST_EDGES = 1500  # between all layers; more could not be distinguished


@dataclass(frozen=True)
class LayerColumn:
    """The first units of a layer: square tiles of side ``tile`` centred at (``x``, each of ``ys``).

    ``size`` is the number of all its units. ``labelled`` is true if names fit below the tiles.
    """

    layer: int
    size: int
    x: float
    tile: float
    ys: tuple[float, ...]
    labelled: bool

    @property
    def count(self) -> int:
        """The number of units shown."""
        return len(self.ys)


@dataclass(frozen=True)
class Arrangement:
    """All columns; ``thickest`` is the width of the edge of the largest weight."""

    columns: tuple[LayerColumn, ...]
    pitch: float  # from a column to the next
    thickest: float
    faintest: float  # opacity of the smallest weight where many edges would cover each other

    def edges(self, matrix: int) -> int:
        """The number of edges between two layers."""
        return self.columns[matrix].count * self.columns[matrix + 1].count


def arrange(
    sizes: Sequence[int], width: float, height: float, left: float, right: float
) -> Arrangement:
    """Arrange layers of these ``sizes``, inputs first, on ``width`` × ``height`` pixels.

    ``left`` and ``right`` are kept free beside the first and the last layer, for names.
    """
    gaps = len(sizes) - 1
    room = width - left - right
    across = max(_LEAST_TILE, min(_MOST_TILE, (room - gaps * _EDGES) / (gaps + 1)))
    pitch = min(_FARTHEST, (room - across) / gaps)
    start = left + across / 2 + (room - across - gaps * pitch) / 2
    counts = _counts(sizes, height)
    columns = tuple(
        _column(layer, size, counts[layer], start + layer * pitch, across, height,
                named=0 < layer < gaps)
        for layer, size in enumerate(sizes)
    )  # fmt: skip
    closest = min((c.ys[1] - c.ys[0] for c in columns if c.count > 1), default=height)
    thickest = max(1.6, min(6, closest / 8, (pitch - across) / 5))
    most = max(below.count * above.count for below, above in pairwise(columns))
    return Arrangement(columns, pitch, thickest, max(0.25, min(1, 60 / most)))


def _counts(sizes: Sequence[int], height: float) -> list[int]:
    """The number of units shown of each layer."""
    everything = int((height - HEAD) / _LEAST_PITCH)
    some = max(1, int((height - HEAD - MORE) / _LEAST_PITCH))

    def shown(most: int) -> list[int]:
        return [size if size <= min(everything, most) else min(size, some, most) for size in sizes]

    most = max(sizes)
    while most > 4 and sum(a * b for a, b in pairwise(shown(most))) > _MOST_EDGES:
        most -= 1
    return shown(most)


def _column(
    layer: int, size: int, count: int, x: float, across: float, height: float, named: bool
) -> LayerColumn:
    bottom = height - (MORE if count < size else 0)
    pitch = min(_MOST_PITCH, (bottom - HEAD) / count)
    labelled = named and pitch >= 24 + LABEL + _GAP
    below = LABEL if labelled else 0
    tile = max(_LEAST_TILE, min(across, pitch - below - _GAP))
    first = (HEAD + bottom - count * pitch) / 2 + (pitch - below) / 2
    return LayerColumn(
        layer, size, x, tile, tuple(first + i * pitch for i in range(count)), labelled
    )
