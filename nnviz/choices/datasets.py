"""Data sets to classify: two features, a few classes, one record each.

The only module that imports scikit-learn, and only inside the data sets that need it, so
everything else runs wherever NumPy does. Coordinates of generated sets lie near [−1, 1]².
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.intp]

GENERATED_FEATURES = ("x₁", "x₂")

INNER = 0.5  # radius of the inner ring of circles, beside 1 of the outer one
SPREAD = 0.1  # standard deviation of blobs without noise
TURN = 2.5  # half turns of an arm of spirals
GAP = 0.1  # between the classes of linear, on either side
FIRST_CLASSES = 2  # of a drawing, when it is chosen

UNEQUAL = 0.1  # above an equal share, from which on a class is called the most frequent one

LEAST_SIDE = 0.45  # of data on axes with one scale, as a share of their longer side


@dataclass(frozen=True)
class Source:
    """One data set to choose.

    Generated sets have ``generate(n_samples, noise, n_classes, rng)``; measured ones have
    ``load()`` and name every feature there is, of which two are shown. ``n_classes`` is the
    range to choose from.
    ``shared_unit``: the features can share one scale on the axes.

    ``code`` is the same as lines of NumPy that leave ``labels`` and ``points``, or ``table`` of a
    measured set; {n} stands for the points, {noise}, {k} for the classes, and {rng} for the seed of
    the generator. It may use ``sklearn_name`` out of sklearn.datasets. A user's own table has none.
    ``note`` describes where the axes come from, if they are not features as measured. A set without
    points, to be drawn by the user, has a ``frame``: corners ``(x₁, x₂)`` that its axes go around.
    """

    name: str
    label: str
    purpose: str
    n_classes: tuple[int, int] = (2, 2)
    generate: Callable[[int, float, int, np.random.Generator], tuple[Points, Labels]] | None = None
    load: Callable[[], tuple[Points, Labels]] | None = None
    features: tuple[str, ...] = GENERATED_FEATURES
    default_features: tuple[str, str] = GENERATED_FEATURES
    class_names: tuple[str, ...] = ()
    shared_unit: bool = True
    code: tuple[str, ...] = ()
    sklearn_name: str = ""
    note: str = ""
    frame: tuple[tuple[float, float], ...] = ()

    @property
    def is_measured(self) -> bool:
        return self.load is not None

    @property
    def is_sampled(self) -> bool:
        """Whether it has as many points as asked for, with noise."""
        return not self.is_measured and not self.frame

    @property
    def has_class_choice(self) -> bool:
        return self.n_classes[0] < self.n_classes[1]

    def names_of_classes(self, n_classes: int) -> tuple[str, ...]:
        return self.class_names or tuple(f"class {i}" for i in range(n_classes))


@dataclass(frozen=True, eq=False)
class Dataset:
    """Raw samples, split: features ``(n, 2)`` and integer labels ``(n,)`` of both parts.

    Where points were drawn during a run, ``initial`` is what it started with, and ``numbers``
    ``(n,)`` are those of the samples, training part first; else they just count from 0. Where the
    run starts without any, the axes go around ``corners`` ``(n, 2)``.
    """

    train: Points
    train_labels: Labels
    test: Points
    test_labels: Labels
    features: tuple[str, str]
    class_names: tuple[str, ...]
    shared_unit: bool
    initial: Dataset | None = None
    numbers: NDArray[np.intp] | None = None
    corners: Points | None = None

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    @property
    def majority(self) -> tuple[int, float, float] | None:
        """The class most frequent in the training part, and the accuracy of always predicting it.

        On both parts, NaN where there is no test part. None where classes are about equal.
        """
        if not len(self.train_labels):
            return None
        shares = np.bincount(self.train_labels) / len(self.train_labels)
        most = int(shares.argmax())
        if shares[most] < 1 / self.n_classes + UNEQUAL:
            return None
        in_test = float((self.test_labels == most).mean()) if len(self.test_labels) else np.nan
        return most, float(shares[most]), in_test

    @property
    def at_start(self) -> Points:
        """The points at the start of the run ``(n, 2)``, training part first."""
        data = self.initial or self
        return np.concatenate([data.train, data.test])

    @property
    def framed(self) -> Points:
        """The points that the axes go around ``(n, 2)``: those at the start, else corners."""
        return self.at_start if self.corners is None else self.corners

    @property
    def shares_scale(self) -> bool:
        """Whether the axes have one scale: the features share a unit and fill such a plane."""
        sides = np.ptp(self.framed, axis=0)
        return bool(self.shared_unit and sides.min() >= LEAST_SIDE * sides.max())


def make_dataset(
    source: Source,
    *,
    features: tuple[str, ...],
    n_samples: int,
    n_classes: int,
    noise: float,
    test_share: float,
    data_rng: np.random.Generator,
    split_rng: np.random.Generator,
) -> Dataset:
    """Draw or load the samples, then split off ``test_share`` of them (at least one trains).

    A set that is to be drawn has none yet.
    """
    if source.load is not None:
        table, labels = source.load()
        points = table[:, [source.features.index(name) for name in features]]
    else:
        assert source.generate is not None
        points, labels = source.generate(n_samples, noise, n_classes, data_rng)

    train, test = split(len(points), test_share, split_rng)
    return Dataset(
        train=points[train],
        train_labels=labels[train].astype(np.intp),
        test=points[test],
        test_labels=labels[test].astype(np.intp),
        features=(features[0], features[1]),
        class_names=source.names_of_classes(n_classes),
        shared_unit=source.shared_unit,
        corners=np.array(source.frame) if source.frame else None,
    )


def split(
    n_samples: int, test_share: float, split_rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The indices of the training part and of the test part; at least one of any samples trains."""
    order = split_rng.permutation(n_samples)
    n_test = max(0, min(round(test_share * n_samples), n_samples - 1))
    return order[n_test:], order[:n_test]


# --- generated by scikit-learn --------------------------------------------------------


def _legacy_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**32))  # scikit-learn takes a number, not a Generator


def _circles(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    from sklearn.datasets import make_circles

    return make_circles(n, noise=noise, factor=INNER, random_state=_legacy_seed(rng))


def _moons(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    from sklearn.datasets import make_moons

    return make_moons(n, noise=noise, random_state=_legacy_seed(rng))


def _blobs(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    from sklearn.datasets import make_blobs

    angles = pi / 2 + 2 * pi * np.arange(k) / k  # centres on a circle, so that none coincide
    centres = np.column_stack([np.cos(angles), np.sin(angles)])
    points, labels = make_blobs(
        n, centers=centres, cluster_std=SPREAD + noise, random_state=_legacy_seed(rng)
    )
    return points, labels


def _iris() -> tuple[Points, Labels]:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def _wine() -> tuple[Points, Labels]:
    from sklearn.datasets import load_wine

    return load_wine(return_X_y=True)


# --- generated by NumPy ---------------------------------------------------------------


def _jitter(points: Points, noise: float, rng: np.random.Generator) -> Points:
    return points + rng.normal(0.0, noise, points.shape)


def _xor(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    points = rng.uniform(-1, 1, (n, 2))
    labels = (points[:, 0] > 0) ^ (points[:, 1] > 0)
    return _jitter(points, noise, rng), labels.astype(np.intp)


def _spirals(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    labels = np.arange(n) % k
    radius = np.sqrt(rng.uniform(0.01, 1, n))  # the root spreads points evenly along the arm
    angle = TURN * pi * radius + 2 * pi * labels / k
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _jitter(points, noise, rng), labels


def _checkerboard(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    points = rng.uniform(-1, 1, (n, 2))
    squares = np.floor(2 * points).astype(np.intp)  # 4 × 4 squares
    return _jitter(points, noise, rng), squares.sum(axis=1) % 2


def _linear(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    points = rng.uniform(-1, 1, (n, 2))
    labels = (points[:, 0] + points[:, 1] > 0).astype(np.intp)
    points += np.where(labels, GAP, -GAP)[:, None]  # a gap, so that a perceptron can finish
    return _jitter(points, noise, rng), labels


def _no_points(n: int, noise: float, k: int, rng: np.random.Generator) -> tuple[Points, Labels]:
    return np.empty((0, 2)), np.empty(0, dtype=np.intp)


# what the code of several data sets shares
_SEED = "seed = int(np.random.default_rng({rng}).integers(2**32))"
_RNG = "rng = np.random.default_rng({rng})"
_SQUARE = "points = rng.uniform(-1, 1, ({n}, 2))"
_JITTERED = "points += rng.normal(0.0, {noise}, points.shape)"

SOURCES: dict[str, Source] = {
    record.name: record
    for record in (
        Source(
            "circles", "Circles", "One ring inside another: no straight line separates them.",
            generate=_circles, class_names=("outer", "inner"), sklearn_name="make_circles",
            code=(
                _SEED,
                ("points, labels = make_circles({n}, noise={noise}, "
                f"factor={INNER}, random_state=seed)"),
            ),
        ),
        Source(
            "moons", "Moons", "Two interlocked crescents.",
            generate=_moons, class_names=("upper", "lower"), sklearn_name="make_moons",
            code=(_SEED, "points, labels = make_moons({n}, noise={noise}, random_state=seed)"),
        ),
        Source(
            "xor", "XOR",
            "Opposite quarters belong together: no straight line separates the classes.",
            generate=_xor,
            code=(
                _RNG,
                _SQUARE,
                "labels = ((points[:, 0] > 0) ^ (points[:, 1] > 0)).astype(int)",
                _JITTERED,
            ),
        ),
        Source(
            "blobs", "Blobs", "2 to 6 round clouds.", n_classes=(2, 6),
            generate=_blobs, sklearn_name="make_blobs",
            code=(
                _SEED,
                "angles = np.pi / 2 + 2 * np.pi * np.arange({k}) / {k}",
                "centres = np.column_stack([np.cos(angles), np.sin(angles)])",
                f"spread = {SPREAD} + {{noise}}",
                "points, labels = make_blobs(",
                "    {n}, centers=centres, cluster_std=spread, random_state=seed",
                ")",
            ),
        ),
        Source(
            "spirals", "Spirals", "2 to 5 interleaved arms: hard for a small network.",
            n_classes=(2, 5), generate=_spirals,
            code=(
                _RNG,
                "labels = np.arange({n}) % {k}",
                "radius = np.sqrt(rng.uniform(0.01, 1, {n}))",
                f"angle = {TURN} * np.pi * radius + 2 * np.pi * labels / {{k}}",
                "points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])",
                _JITTERED,
            ),
        ),
        Source(
            "checkerboard", "Checkerboard", "4 × 4 squares in two colours.",
            generate=_checkerboard,
            code=(
                _RNG,
                _SQUARE,
                "labels = np.floor(2 * points).astype(int).sum(axis=1) % 2  # 4 × 4 squares",
                _JITTERED,
            ),
        ),
        Source(
            "linear", "Linear", "Two classes that a straight line separates.", generate=_linear,
            code=(
                _RNG,
                _SQUARE,
                "labels = (points[:, 0] + points[:, 1] > 0).astype(int)",
                f"points += np.where(labels, {GAP}, -{GAP})[:, None]  # a gap between the classes",
                _JITTERED,
            ),
        ),
        Source(
            "iris", "Iris", "150 flowers of three species (Fisher 1936), by two measurements.",
            n_classes=(3, 3), load=_iris, sklearn_name="load_iris",
            code=("table, labels = load_iris(return_X_y=True)",),
            features=("sepal length (cm)", "sepal width (cm)",
                      "petal length (cm)", "petal width (cm)"),
            default_features=("petal length (cm)", "petal width (cm)"),
            class_names=("setosa", "versicolor", "virginica"),
        ),
        Source(
            "wine", "Wine", "178 wines from three growers, by two of 13 measurements.",
            n_classes=(3, 3), load=_wine, shared_unit=False, sklearn_name="load_wine",
            code=("table, labels = load_wine(return_X_y=True)",),
            features=("alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium",
                      "total phenols", "flavanoids", "nonflavanoid phenols", "proanthocyanins",
                      "colour intensity", "hue", "OD280/OD315", "proline"),
            default_features=("alcohol", "flavanoids"),
            class_names=("grower 1", "grower 2", "grower 3"),
        ),
        Source(
            "drawing", "Your own drawing",
            "An empty plane: draw points of 2 to 8 classes with the pen.",
            n_classes=(2, 8), generate=_no_points, frame=((-1.0, -1.0), (1.0, 1.0)),
            code=("points, labels = np.empty((0, 2)), np.empty(0, dtype=int)",),
        ),
    )
}  # fmt: skip
