"""Outputs of the units inside a network: at points, over the plane, and as axes of a new space.

Layers are counted as in a drawing: 0 the inputs, then the hidden layers, last the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..training.network import Network
from ..training.pieces import Work, done
from .field import MOST_OUTPUTS, Grid

Array = NDArray[Any]

MAP_RESOLUTION = 24  # points along each side of a unit's small map
SPACE_RESOLUTION = 41  # points along each side of the grid that a layer bends


def unit_outputs(network: Network, inputs: Array, layer: int) -> list[Array]:
    """Outputs of the units of layers 0…``layer`` for ``inputs``, ``(1 + n_inputs, n)``, row 0 ones.

    One ``(units, n)`` array a layer, in the type of ``inputs``. Those of the last layer are
    probabilities, for a single unit that of class 1. Infinite values become the largest finite
    number, NaN becomes 0.
    """
    found, below = [inputs[1:]], inputs
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for number, w in enumerate(network.weights[:layer], start=1):
            z = w.astype(inputs.dtype).T @ below
            below = np.ones((len(z) + 1, z.shape[1]), z.dtype)
            if number < len(network.weights):
                network.activation.value(z, below[1:])
            else:
                network.output.activate(z, below[1:])
            found.append(np.nan_to_num(below[1:]))
    return found


def scale_of(network: Network, layer: int, outputs: Array) -> float:
    """The value that maps of a layer's units show in full colour, as they show its negative.

    1 for outputs and bounded activations. Otherwise the largest absolute value of the whole layer
    on the plane, so that its units, or the inputs, can be compared.
    """
    if layer > len(network.weights) - 1 or (layer and network.activation.bounded):
        return 1.0
    return max(float(np.abs(outputs).max(initial=0.0)), 1e-12)


class UnitMaps:
    """Small maps of every unit over the plane, for a drawing of the network."""

    def __init__(self, grid: Grid, resolution: int = MAP_RESOLUTION):
        self._coarse = Grid(grid.extent, grid.preparation, resolution)
        self._fine = grid

    def small(self, network: Network) -> tuple[list[Array], list[float]]:
        """One ``(units, n, n)`` array a layer with values in −1…1 of its scale; the scales."""
        n = len(self._coarse.x1)
        outputs = unit_outputs(network, self._coarse.inputs, len(network.weights))
        scales = [scale_of(network, layer, each) for layer, each in enumerate(outputs)]
        maps = [each.reshape(-1, n, n) / s for each, s in zip(outputs, scales, strict=True)]
        return maps, scales

    def large(self, network: Network, layer: int, unit: int) -> tuple[Array, float]:
        """One unit on all points of the grid, ``(n, n)`` in −1…1 of its scale; the scale."""
        return done(self.mapping(network, layer, unit))

    def mapping(self, network: Network, layer: int, unit: int) -> Work[tuple[Array, float]]:
        """Make the map as :meth:`large` does, with a pause after each block of points."""
        scale = scale_of(network, layer, unit_outputs(network, self._coarse.inputs, layer)[layer])
        inputs = self._fine.inputs
        outputs = np.empty(inputs.shape[1], inputs.dtype)
        block = MOST_OUTPUTS // max(network.sizes[: layer + 1])
        for start in range(0, len(outputs), block):
            part = slice(start, start + block)
            outputs[part] = unit_outputs(network, inputs[:, part], layer)[layer][unit]
            yield
        return outputs.reshape(len(self._fine.x2), -1) / scale, scale


class Space:
    """The plane as a layer sees it: two of its units are the axes."""

    def __init__(self, grid: Grid, resolution: int = SPACE_RESOLUTION):
        self._grid = Grid(grid.extent, grid.preparation, resolution)

    def mesh(self, network: Network, layer: int, units: Sequence[int]) -> Array:
        """The points of a square grid in this space, ``(n, n, 2)``."""
        outputs = unit_outputs(network, self._grid.inputs, layer)[layer][list(units)]
        return outputs.T.reshape(len(self._grid.x2), -1, 2)

    def points(self, network: Network, samples: Array, layer: int, units: Sequence[int]) -> Array:
        """Raw samples ``(n, 2)`` in this space, ``(n, 2)``."""
        inputs = self._grid.preparation.columns(samples)
        return unit_outputs(network, inputs, layer)[layer][list(units)].T
