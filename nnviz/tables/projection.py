"""Two axes computed from more columns: principal components or linear discriminants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Coordinates = tuple[NDArray[np.float64], list[str]]  # (n, 2), and the names of the axes


@dataclass(frozen=True)
class Projection:
    """A way to two axes: ``fit(points, labels, train)`` takes ``(n, columns)`` and the indices of
    the training part, on which alone it is fitted."""

    name: str
    label: str
    purpose: str
    fit: Callable[[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]], Coordinates]


def _scaled(points: NDArray[np.float64], train: NDArray[np.intp]) -> NDArray[np.float64]:
    part = points[train]
    return (points - part.mean(axis=0)) / part.std(axis=0)


def _components(
    points: NDArray[np.float64], labels: NDArray[np.intp], train: NDArray[np.intp]
) -> Coordinates:
    from sklearn.decomposition import PCA

    scaled = _scaled(points, train)
    fitted = PCA(2, svd_solver="full").fit(scaled[train])
    shares = fitted.explained_variance_ratio_
    return fitted.transform(scaled), [
        f"PC {i} ({s:.0%} of variance)" for i, s in enumerate(shares, 1)
    ]


def _discriminants(
    points: NDArray[np.float64], labels: NDArray[np.intp], train: NDArray[np.intp]
) -> Coordinates:
    """Two discriminants; raises ``ValueError`` for two classes, which have only one."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    if len(np.unique(labels[train])) < 3:
        raise ValueError(
            "two linear discriminants need three classes in the training part: choose principal "
            "components"
        )
    scaled = _scaled(points, train)
    fitted = LinearDiscriminantAnalysis(n_components=2, solver="eigen", shrinkage="auto")
    fitted.fit(scaled[train], labels[train])
    return fitted.transform(scaled)[:, :2], ["LD 1", "LD 2"]


PROJECTIONS: dict[str, Projection] = {
    record.name: record
    for record in (
        Projection(
            "pca", "Principal components",
            "The two directions in which the chosen columns vary most.", _components,
        ),
        Projection(
            "lda", "Linear discriminants",
            "The two directions that separate the classes best.", _discriminants,
        ),
    )
}  # fmt: skip
