"""Initial weights: one record a scheme. Biases (row 0) always start at 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Initialiser:
    """``draw(rng, n_in, n_out)`` gives the ``(n_in, n_out)`` weights without the bias row.

    ``code`` is the same as lines of NumPy; the last is an expression, the matrix.
    """

    name: str
    label: str
    draw: Callable[[np.random.Generator, int, int], NDArray[np.float64]]
    code: tuple[str, ...]
    purpose: str


def _glorot(rng: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
    limit = sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


def _he(rng: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
    return rng.normal(0.0, sqrt(2.0 / n_in), (n_in, n_out))


def _normal(rng: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
    return rng.normal(0.0, 1.0, (n_in, n_out))


def _zeros(rng: np.random.Generator, n_in: int, n_out: int) -> NDArray[np.float64]:
    return np.zeros((n_in, n_out))


INITIALISERS: dict[str, Initialiser] = {
    record.name: record
    for record in (
        Initialiser(
            "glorot", "Glorot", _glorot,
            ("limit = np.sqrt(6 / (n_in + n_out))", "rng.uniform(-limit, limit, (n_in, n_out))"),
            "Uniform in ±√(6/(n_in+n_out)) (Glorot and Bengio 2010): made for tanh and sigmoid.",
        ),
        Initialiser(
            "he", "He", _he, ("rng.normal(0.0, np.sqrt(2 / n_in), (n_in, n_out))",),
            "Normal with variance 2/n_in (He et al. 2015): made for ReLU.",
        ),
        Initialiser(
            "normal", "normal", _normal, ("rng.normal(0.0, 1.0, (n_in, n_out))",),
            "Standard normal: large weights, a busy first boundary.",
        ),
        Initialiser(
            "zeros", "zeros", _zeros, ("np.zeros((n_in, n_out))",),
            "All zero: every hidden unit is and stays the same, which is why weights are random.",
        ),
    )
}  # fmt: skip


def initial_weights(
    initialiser: Initialiser, rng: np.random.Generator, sizes: tuple[int, ...]
) -> list[NDArray[np.float64]]:
    """One ``(n_in + 1, n_out)`` matrix a layer for units ``sizes``; row 0, the bias, is 0."""
    return [
        np.vstack([np.zeros(n_out), initialiser.draw(rng, n_in, n_out)])
        for n_in, n_out in pairwise(sizes)
    ]
