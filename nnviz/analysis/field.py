"""Class probabilities on a grid, and the decision boundary as lines.

Knows nothing of colours or figures. The field only feeds a picture, so it is evaluated in
float32, in blocks small enough for the processor's cache.
"""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import contourpy
import numpy as np
from numpy.typing import NDArray

from ..choices.datasets import Dataset
from ..choices.inputs import Preparation
from ..choices.outputs import OUTPUTS, Output
from ..training.network import Network, Pass
from ..training.pieces import Work, done

Array = NDArray[Any]

RESOLUTION = 100  # points along each side of the grid
MARGIN = 0.12  # room around the points, as a part of their extent
# grid points evaluated at once: as many as this, in a wide network fewer
_MOST_POINTS, MOST_OUTPUTS = 2500, 40_000

# network inputs of the points of all grids in use, by what they are made from
_INPUTS: WeakValueDictionary[Hashable, Array] = WeakValueDictionary()


@dataclass(frozen=True)
class Extent:
    """The rectangle shown: ``(low, high)`` of both features."""

    x1: tuple[float, float]
    x2: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float]:
        return sum(self.x1) / 2, sum(self.x2) / 2

    @classmethod
    def around(cls, dataset: Dataset) -> Extent:
        """Around all samples of the start; a square in their unit where the axes share a scale."""
        points = dataset.framed
        low, high = points.min(axis=0), points.max(axis=0)
        centre, half = (low + high) / 2, (high - low) / 2 * (1 + 2 * MARGIN)
        half[half == 0] = 1.0
        if dataset.shares_scale:
            half[:] = half.max()
        (a1, a2), (b1, b2) = (centre - half).tolist(), (centre + half).tolist()
        return cls((a1, b1), (a2, b2))


@dataclass(frozen=True, eq=False)
class Field:
    """The output of a classifier on a grid: arrays of shape ``(n_classes, n, n)``.

    ``x1`` (columns) and ``x2`` (rows) are the coordinates, evenly spaced. ``scores`` order
    the classes at each point as the probabilities do; logits serve best, because near a
    boundary they are much straighter than probabilities, and so are the lines interpolated
    through them.
    """

    x1: Array
    x2: Array
    probabilities: Array
    scores: Array


class Grid:
    """The points of a field, prepared once for a recipe and evaluated for every frame.

    ``resolution`` is the number of points along each side, or ``(columns, rows)``.
    """

    def __init__(
        self,
        extent: Extent,
        preparation: Preparation,
        resolution: int | tuple[int, int] = RESOLUTION,
    ):
        columns, rows = resolution if isinstance(resolution, tuple) else (resolution, resolution)
        self.extent = extent
        self.x1 = np.linspace(*extent.x1, columns)
        self.x2 = np.linspace(*extent.x2, rows)
        self.preparation = preparation
        self._pass: tuple[Any, Pass] | None = None

    @cached_property
    def inputs(self) -> Array:
        """Network inputs of every point, ``(1 + n_inputs, points)``, row by row; read-only.

        Runs of a class have the same data set and so the same ones, which then are in memory, and
        in the processor's cache, once.
        """
        key = (self.preparation, self.x1.tobytes(), self.x2.tobytes())
        if (inputs := _INPUTS.get(key)) is None:
            inputs = _INPUTS[key] = self._prepared(np.float32)
            inputs.flags.writeable = False
        return inputs

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: each takes inputs and makes buffers of its own."""
        return {name: value for name, value in vars(self).items() if name != "inputs"} | {
            "_pass": None
        }

    def field(self, network: Network) -> Field:
        """The class probabilities of ``network`` on every point.

        In float32, and again in float64 where that overflowed: a run on its way to infinity.
        """
        return done(self.evaluating(network))

    def evaluating(self, network: Network) -> Work[Field]:
        """Make the field as :meth:`field` does, with a pause after each block of points."""
        field = yield from self._evaluate(network, self.inputs)
        with np.errstate(over="ignore", invalid="ignore"):
            if math.isfinite(field.scores.sum()):
                return field
        field = yield from self._evaluate(network, self._prepared(np.float64))
        # where even that overflows nothing is known, and every class is as likely
        unknown = ~np.isfinite(field.scores).all(axis=0)
        field.probabilities[:, unknown] = 1.0 / network.n_classes
        field.scores[:, unknown] = 0.0
        return field

    def band(self, first: int, stop: int) -> Grid:
        """The rows from ``first`` up to ``stop`` as a grid of their own."""
        part = copy.copy(self)
        part.x2 = self.x2[first:stop]
        return part

    def _prepared(self, dtype: type) -> Array:
        columns, rows = np.meshgrid(self.x1, self.x2)
        points = np.column_stack([columns.ravel(), rows.ravel()])
        return self.preparation.columns(points, dtype)

    def _evaluate(self, network: Network, inputs: Array) -> Work[Field]:
        n, dtype = inputs.shape[1], inputs.dtype.type
        weights, output = _for_grid(network, dtype)
        run = self._pass_for(network, output, weights[-1].shape[1], n, dtype)
        block = run.logits.shape[1]
        classes = 2 if output.one_unit else len(run.logits)
        probabilities, scores = np.empty((classes, n), dtype), np.empty((classes, n), dtype)
        # a single unit gives the probability of class 1
        outputs, logits = (each[-len(run.logits) :] for each in (probabilities, scores))
        for start in range(0, n, block):
            start = min(start, n - block)  # the last block may overlap the one before
            part = slice(start, start + block)
            with np.errstate(over="ignore", invalid="ignore", under="ignore"):
                outputs[:, part] = run.forward(weights, inputs[:, part])
            logits[:, part] = run.logits
            yield
        if output.one_unit:
            np.subtract(1.0, probabilities[1], out=probabilities[0])
            scores[0] = 0.0
        shape = (classes, len(self.x2), len(self.x1))
        return Field(self.x1, self.x2, probabilities.reshape(shape), scores.reshape(shape))

    def _pass_for(self, network: Network, output: Output, units: int, n: int, dtype: type) -> Pass:
        """The buffers for a block of points, kept from field to field."""
        sizes = (*network.sizes[:-1], units)
        wanted = (sizes, network.activation.name, output.name, dtype)
        if self._pass is None or self._pass[0] != wanted:
            block = min(n, _MOST_POINTS, MOST_OUTPUTS // max(sizes[1:]))
            run = Pass(sizes, block, network.activation, output, learn=0, dtype=dtype)
            self._pass = wanted, run
        return self._pass[1]


def _for_grid(network: Network, dtype: type) -> tuple[list[Array], Output]:
    """The network's weights and output as the grid needs them.

    Softmax over two classes is the sigmoid of the difference of their logits, at half the
    work, see ``Output.of_difference``.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        weights: list[Array] = [w.astype(dtype) for w in network.weights]
        if network.n_classes > 2 or not network.output.of_difference:
            return weights, network.output
        weights[-1] = weights[-1][:, 1:] - weights[-1][:, :1]
    return weights, OUTPUTS[network.output.of_difference]


def boundary_lines(field: Field, log_odds: float = 0.0) -> list[NDArray[np.float64]]:
    """Where the predicted class changes, as polylines of shape ``(n_points, 2)``.

    For two classes that is where p₁ crosses the threshold whose log-odds are given, ½ by
    default (see ``Output.log_odds``); for more, the edges of the arg-max regions, each drawn once:
    with the edges between a class and all later ones goes the part of their line on which
    no earlier class is more probable.
    """
    # an eighth of them has the same zeros, and no difference of two margins overflows
    scores, log_odds = field.scores * np.float32(0.125), 0.125 * log_odds
    lines: list[Array] = []
    for k in range(len(scores) - 1):
        later = _largest(scores[k + 1 :])
        margin = scores[k] - later
        found = _zero_lines(margin + np.float32(log_odds) if log_odds else margin)
        if k and found:
            lead = np.maximum(scores[k], later) - _largest(scores[:k])
            found = [piece for line in found for piece in _pieces_above_0(line, lead)]
        lines += found
    origin = np.array([field.x1[0], field.x2[0]])
    step = np.array([field.x1[-1], field.x2[-1]]) - origin
    step /= len(field.x1) - 1, len(field.x2) - 1
    return [line * step + origin for line in lines]


def _largest(scores: Array) -> Array:
    return functools.reduce(np.maximum, scores)


def _zero_lines(margin: Array) -> list[Array]:
    """Where a plane of numbers is 0, in columns and rows of the plane."""
    if margin.min() > 0 or margin.max() <= 0:
        return []
    # of contourpy's generators the oldest is the quickest: on 100 × 100 points it takes a third
    # of the time of the others, for the same lines
    generator = contourpy.Mpl2005ContourGenerator(
        *_index_mesh(*margin.shape),
        margin,
        None,  # type: ignore[arg-type]  # no mask
    )
    return generator.lines(0.0)[0]  # type: ignore[return-value]  # their codes come second


def _pieces_above_0(line: Array, plane: Array) -> list[Array]:
    """What is left of a line in columns and rows where ``plane`` is above 0 along it."""
    height = _interpolated(plane, line)
    above = height > 0
    changes = np.flatnonzero(above[1:] != above[:-1])
    share = (height[changes] / (height[changes] - height[changes + 1]))[:, None]
    cuts = line[changes] + share * (line[changes + 1] - line[changes])
    pieces = np.split(line, changes + 1)
    for i, cut in enumerate(cuts):
        pieces[i] = np.vstack([pieces[i], cut])
        pieces[i + 1] = np.vstack([cut, pieces[i + 1]])
    return pieces[0 if above[0] else 1 :: 2]


def _interpolated(plane: Array, points: Array) -> Array:
    """``plane`` at points in columns and rows, linear along both."""
    last = np.array(plane.shape[::-1]) - 2
    cell = np.minimum(points.astype(int), last)
    (column, row), (u, v) = cell.T, (points - cell).T
    below = (1 - u) * plane[row, column] + u * plane[row, column + 1]
    above = (1 - u) * plane[row + 1, column] + u * plane[row + 1, column + 1]
    return (1 - v) * below + v * above


@functools.lru_cache(maxsize=8)
def _index_mesh(rows: int, columns: int) -> tuple[Array, Array]:
    """The column and the row of every grid point, made once for many fields of that shape."""
    x, y = np.meshgrid(np.arange(float(columns)), np.arange(float(rows)))
    return x, y
