"""Class probabilities on a grid, and the decision boundary as lines.

Knows nothing of colours or figures. The field only feeds a picture, so it is evaluated in
float32, in blocks small enough for the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import contourpy
import numpy as np
from numpy.typing import NDArray

from .datasets import Dataset
from .inputs import Preparation
from .network import Network, Pass

Array = NDArray[Any]

RESOLUTION = 100  # points along each side of the grid
MARGIN = 0.12  # room around the points, as a part of their extent
_BLOCK = 2500  # grid points evaluated at once
_TINY = np.float32(1e-30)  # stands in for a probability of 0 in a logarithm


@dataclass(frozen=True)
class Extent:
    """The rectangle shown: ``(low, high)`` of both features."""

    x1: tuple[float, float]
    x2: tuple[float, float]

    @classmethod
    def around(cls, dataset: Dataset) -> Extent:
        """Around all samples; a square in their unit where the features share one."""
        points = np.concatenate([dataset.train, dataset.test])
        low, high = points.min(axis=0), points.max(axis=0)
        centre, half = (low + high) / 2, (high - low) / 2 * (1 + 2 * MARGIN)
        half[half == 0] = 1.0
        if dataset.shared_unit:
            half[:] = half.max()
        (a1, a2), (b1, b2) = (centre - half).tolist(), (centre + half).tolist()
        return cls((a1, b1), (a2, b2))


@dataclass(frozen=True, eq=False)
class Field:
    """Class probabilities of shape ``(n_classes, n, n)`` at ``x1`` (columns), ``x2`` (rows)."""

    x1: Array
    x2: Array
    probabilities: Array


class Grid:
    """The points of a field, prepared once for one recipe and looked at every frame."""

    def __init__(self, extent: Extent, preparation: Preparation, resolution: int = RESOLUTION):
        self.extent = extent
        self.x1 = np.linspace(*extent.x1, resolution)
        self.x2 = np.linspace(*extent.x2, resolution)
        columns, rows = np.meshgrid(self.x1, self.x2)
        points = np.column_stack([columns.ravel(), rows.ravel()])
        self._inputs = preparation.columns(points, dtype=np.float32)  # (1 + n_inputs, points)

    def field(self, network: Network) -> Field:
        """The class probabilities of ``network`` on every point, in float32."""
        n = self._inputs.shape[1]
        block = min(_BLOCK, n)
        run = Pass(
            network.sizes, block, network.activation, network.output, learn=0, dtype=np.float32
        )
        weights = [w.astype(np.float32) for w in network.weights]
        planes = np.empty((network.n_classes, n), np.float32)
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for start in range(0, n, block):
                start = min(start, n - block)  # the last block may overlap the one before
                outputs = run.forward(weights, self._inputs[:, start : start + block])
                planes[:, start : start + block] = network.output.probabilities(outputs)
        return Field(self.x1, self.x2, planes.reshape(-1, len(self.x2), len(self.x1)))


def boundary_lines(field: Field) -> list[NDArray[np.float64]]:
    """Where the most probable class changes, as polylines of shape ``(n_points, 2)``.

    For two classes that is p = ½; for more, the edges of the arg-max regions.
    """
    logs = np.log(np.maximum(field.probabilities, _TINY))
    lines: list[NDArray[np.float64]] = []
    # the last class's edges are all edges of another class too
    for k in range(len(logs) - 1):
        # log p_k − log p_rival is the difference of two logits: near a boundary it is much
        # straighter than the probabilities are, and so is the line interpolated through it
        margin = logs[k] - _strongest_rival(logs, k)
        lines += _zero_lines(field, margin)
    return lines


def _strongest_rival(logs: Array, k: int) -> Array:
    if len(logs) == 2:
        return logs[1 - k]
    return np.delete(logs, k, axis=0).max(axis=0)


def _zero_lines(field: Field, margin: Array) -> Sequence[NDArray[np.float64]]:
    wins = margin > 0
    if wins.all() or not wins.any():
        return []
    generator = contourpy.contour_generator(field.x1, field.x2, margin, name="serial")
    return list(generator.lines(0.0))
