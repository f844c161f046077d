"""The data sets of scikit-learn that a run can have, drawn without it: point for point the same.

scikit-learn would bring SciPy along, 20 MB more to load. The functions have its signatures, as far
as :mod:`nnviz.choices.datasets` uses them, and take their random numbers in its order; for the same
``random_state`` they return its points and labels. Iris and wine are files beside this module.
"""

from __future__ import annotations

import sys
from math import pi
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.intp]
Samples = tuple[Points, Labels]

FOLDER = Path(__file__).with_name("tables")  # written where the site is built


def stand_in() -> None:
    """Replace ``sklearn.datasets`` for all later imports."""
    sys.modules["sklearn.datasets"] = sys.modules[__name__]


def make_circles(n_samples: int, *, noise: float, factor: float, random_state: int) -> Samples:
    """Two rings, the inner one of radius ``factor``."""
    n_outer, n_inner = _halves(n_samples)
    outer, inner = (np.linspace(0, 2 * pi, n, endpoint=False) for n in (n_outer, n_inner))
    points = np.column_stack(
        [
            np.append(np.cos(outer), np.cos(inner) * factor),
            np.append(np.sin(outer), np.sin(inner) * factor),
        ]
    )
    return _shuffled(points, np.repeat([0, 1], [n_outer, n_inner]), noise, random_state)


def make_moons(n_samples: int, *, noise: float, random_state: int) -> Samples:
    """Two half circles that interlock."""
    n_upper, n_lower = _halves(n_samples)
    upper, lower = np.linspace(0, pi, n_upper), np.linspace(0, pi, n_lower)
    points = np.column_stack(
        [
            np.append(np.cos(upper), 1 - np.cos(lower)),
            np.append(np.sin(upper), 1 - np.sin(lower) - 0.5),
        ]
    )
    return _shuffled(points, np.repeat([0, 1], [n_upper, n_lower]), noise, random_state)


def make_blobs(
    n_samples: int, *, centers: Points, cluster_std: float, random_state: int
) -> Samples:
    """Round clouds around ``centers`` ``(k, 2)``, the first ones a point larger if need be."""
    rng, k = np.random.RandomState(random_state), len(centers)
    sizes = [n_samples // k + (i < n_samples % k) for i in range(k)]
    points = np.concatenate(
        [
            rng.normal(loc=centre, scale=cluster_std, size=(n, 2))
            for centre, n in zip(centers, sizes, strict=True)
        ]
    )
    order = np.arange(n_samples)
    rng.shuffle(order)
    return points[order], np.repeat(np.arange(k), sizes)[order]


def load_iris(*, return_X_y: bool) -> Samples:
    """All four measurements of 150 flowers, and their species."""
    return _table("iris")


def load_wine(*, return_X_y: bool) -> Samples:
    """All 13 measurements of 178 wines, and their growers."""
    return _table("wine")


def _halves(n_samples: int) -> tuple[int, int]:
    return n_samples // 2, n_samples - n_samples // 2


def _shuffled(points: Points, labels: Labels, noise: float, random_state: int) -> Samples:
    rng, order = np.random.RandomState(random_state), np.arange(len(points))
    rng.shuffle(order)
    noisy = points[order] + rng.normal(scale=noise, size=points.shape)
    return noisy, labels[order]


def _table(name: str) -> Samples:
    """A table whose last column is the label."""
    table = np.loadtxt(FOLDER / f"{name}.csv", delimiter=",")
    return table[:, :-1], table[:, -1].astype(np.intp)
