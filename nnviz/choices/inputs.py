"""From two raw features to the numbers the network sees: standardise, then derive inputs.

The scale is fitted on the training part alone. Derived inputs are made from the scaled
features, so x₁² stays small whatever the unit of x₁.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Input:
    """One input to choose: ``derive(x1, x2)`` works elementwise; ``code`` is the same in NumPy."""

    name: str
    label: str
    latex: str
    derive: Callable[[Array, Array], Array]
    code: str


def _x1(x1: Array, x2: Array) -> Array:
    return x1


def _x2(x1: Array, x2: Array) -> Array:
    return x2


def _x1_squared(x1: Array, x2: Array) -> Array:
    return x1 * x1


def _x2_squared(x1: Array, x2: Array) -> Array:
    return x2 * x2


def _product(x1: Array, x2: Array) -> Array:
    return x1 * x2


def _sine_of_x1(x1: Array, x2: Array) -> Array:
    return np.sin(x1)


def _sine_of_x2(x1: Array, x2: Array) -> Array:
    return np.sin(x2)


INPUTS: dict[str, Input] = {
    record.name: record
    for record in (
        Input("x1", "x₁", "x_1", _x1, "x1"),
        Input("x2", "x₂", "x_2", _x2, "x2"),
        Input("x1sq", "x₁²", "x_1^2", _x1_squared, "x1**2"),
        Input("x2sq", "x₂²", "x_2^2", _x2_squared, "x2**2"),
        Input("x1x2", "x₁x₂", "x_1 x_2", _product, "x1 * x2"),
        Input("sinx1", "sin x₁", r"\sin x_1", _sine_of_x1, "np.sin(x1)"),
        Input("sinx2", "sin x₂", r"\sin x_2", _sine_of_x2, "np.sin(x2)"),
    )
}


@dataclass(frozen=True)
class Preparation:
    """What happens to a raw sample before the first layer; fitted once, then applied anywhere."""

    inputs: tuple[str, ...]
    shift: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def fit(cls, train: Array, inputs: tuple[str, ...], standardise: bool) -> Preparation:
        """Fit on the training part, shape ``(n_samples, 2)``: mean 0 and variance 1 if asked.

        Without any samples, features stay as they are.
        """
        if not standardise or not len(train):
            return cls(inputs)
        deviations = train.std(axis=0)
        deviations[deviations == 0] = 1.0  # a constant feature stays constant
        return cls(inputs, tuple(train.mean(axis=0).tolist()), tuple(deviations.tolist()))

    def apply(self, samples: Array) -> Array:
        """Raw samples ``(n, 2)`` to network inputs ``(n, n_inputs)``."""
        scaled = (np.asarray(samples, dtype=np.float64) - self.shift) / self.scale
        x1, x2 = scaled[:, 0], scaled[:, 1]
        return np.column_stack([INPUTS[name].derive(x1, x2) for name in self.inputs])

    def columns(self, samples: Array, dtype: Any = np.float64) -> Array:
        """The same as columns with the constant 1 in front: ``(1 + n_inputs, n)``."""
        return with_ones(self.apply(samples), dtype)


def with_ones(X: Array, dtype: Any = np.float64) -> Array:
    """Samples ``(n, n_inputs)`` as columns with the constant 1 in front, ``(1 + n_inputs, n)``."""
    columns = np.ones((1 + X.shape[1], len(X)), dtype)
    columns[1:] = X.T
    return columns
