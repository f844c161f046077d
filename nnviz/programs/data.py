"""Source text for what all flavours share: points, split, inputs, targets and first weights."""

from __future__ import annotations

from collections.abc import Iterator

from ..datasets import Source
from ..initialisers import INITIALISERS
from ..losses import OUTPUTS
from ..recipe import Recipe
from ..training import DATA, INIT, SHUFFLE, SPLIT
from .plan import Plan, entry

# How each data set is made. {n} points, {noise}, {k} classes, {rng} the seed of its generator;
# names from sklearn.datasets are imported where they stand.
_SEED = "seed = int(np.random.default_rng({rng}).integers(2**32))"
_RNG = "rng = np.random.default_rng({rng})"
_JITTER = "points += rng.normal(0.0, {noise}, points.shape)"
_SQUARE = "points = rng.uniform(-1, 1, ({n}, 2))"
_SOURCES: dict[str, tuple[str, ...]] = {
    "circles": (
        _SEED,
        "points, labels = make_circles({n}, noise={noise}, factor=0.5, random_state=seed)",
    ),
    "moons": (_SEED, "points, labels = make_moons({n}, noise={noise}, random_state=seed)"),
    "blobs": (
        _SEED,
        "angles = np.pi / 2 + 2 * np.pi * np.arange({k}) / {k}",
        "centres = np.column_stack([np.cos(angles), np.sin(angles)])",
        "spread = 0.1 + {noise}",
        "points, labels = make_blobs(",
        "    {n}, centers=centres, cluster_std=spread, random_state=seed",
        ")",
    ),
    "xor": (
        _RNG,
        _SQUARE,
        "labels = ((points[:, 0] > 0) ^ (points[:, 1] > 0)).astype(int)",
        _JITTER,
    ),
    "spirals": (
        _RNG,
        "labels = np.arange({n}) % {k}",
        "radius = np.sqrt(rng.uniform(0.01, 1, {n}))",
        "angle = 2.5 * np.pi * radius + 2 * np.pi * labels / {k}",
        "points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])",
        _JITTER,
    ),
    "checkerboard": (
        _RNG,
        _SQUARE,
        "labels = np.floor(2 * points).astype(int).sum(axis=1) % 2  # 4 × 4 squares",
        _JITTER,
    ),
    "linear": (
        _RNG,
        _SQUARE,
        "labels = (points[:, 0] + points[:, 1] > 0).astype(int)",
        "points += np.where(labels, 0.1, -0.1)[:, None]  # a gap between the classes",
        _JITTER,
    ),
    "iris": ("table, labels = load_iris(return_X_y=True)",),
    "wine": ("table, labels = load_wine(return_X_y=True)",),
}
_LOADERS = ("make_circles", "make_moons", "make_blobs", "load_iris", "load_wine")

_INPUTS = {
    "x1": "x1",
    "x2": "x2",
    "x1sq": "x1**2",
    "x2sq": "x2**2",
    "x1x2": "x1 * x2",
    "sinx1": "np.sin(x1)",
    "sinx2": "np.sin(x2)",
}

_INITIALISERS = {  # the last line is the matrix without its biases
    "glorot": (
        "limit = np.sqrt(6 / (n_in + n_out))",
        "rng.uniform(-limit, limit, (n_in, n_out))",
    ),
    "he": ("rng.normal(0.0, np.sqrt(2 / n_in), (n_in, n_out))",),
    "normal": ("rng.normal(0.0, 1.0, (n_in, n_out))",),
    "zeros": ("np.zeros((n_in, n_out))",),
}


IMPORTS = ("from itertools import pairwise", "", "import numpy as np")


def loaders(recipe: Recipe) -> list[str]:
    """The import that the data needs, if any."""
    text = "\n".join(entry(_SOURCES, recipe.data, "the data set"))
    names = ", ".join(name for name in _LOADERS if name in text)
    return [f"from sklearn.datasets import {names}"] if names else []


def points(plan: Plan, *, counted: bool) -> Iterator[str]:
    """``points``, ``labels``, the indices ``train`` and ``test``; ``n``, if ``counted``."""
    recipe, source = plan.recipe, plan.recipe.source
    yield f"# --- data: {source.label}{_classes(source)}"
    yield (
        f"# seeds are pairs: the number chosen, then {DATA} for points, {SPLIT} the split, "
        f"{INIT} weights, {SHUFFLE} shuffles"
    )
    rng = _seed(recipe.data_seed, DATA)
    for line in entry(_SOURCES, recipe.data, "the data set"):
        yield line.format(n=recipe.samples, noise=recipe.noise, k=recipe.n_classes, rng=rng)
    if source.is_measured:
        columns = [source.features.index(name) for name in recipe.features]
        yield f"points = table[:, {columns}]  # {', '.join(recipe.features)}"
    split = f"np.random.default_rng({_seed(recipe.data_seed, SPLIT)}).permutation(len(points))"
    if plan.n_test:
        yield f"order = {split}"
        yield f"test, train = order[:{plan.n_test}], order[{plan.n_test}:]"
    else:
        yield f"train = {split}"
    if counted:
        yield "n = len(train)"
    yield ""


def _classes(source: Source) -> str:
    names = [f"{i} is {name}" for i, name in enumerate(source.class_names)]
    return f"; class {', '.join(names)}" if names else ""


def _seed(*numbers: int) -> str:
    return f"({', '.join(map(str, numbers))})"


def inputs(plan: Plan) -> Iterator[str]:
    """``inputs(points)``: raw points ``(n, 2)`` to columns with a 1 in front."""
    recipe = plan.recipe
    derived = [entry(_INPUTS, name, "the input") for name in recipe.inputs]
    scaled = "points"
    if recipe.standardise:
        scaled = "((points - shift) / scale)"
        yield "# mean 0 and variance 1, of the training part"
        yield "shift, scale = points[train].mean(axis=0), points[train].std(axis=0)"
        if plan.has_constant_feature:
            yield "scale[scale == 0] = 1.0  # a constant feature stays constant"
    names = ", ".join(
        name if any(name in text for text in derived) else "_" for name in ("x1", "x2")
    )
    yield ""
    yield ""
    yield "def inputs(points):"
    yield '    """What the network sees: samples as columns, each with a 1 in front."""'
    yield f"    {names} = {scaled}.T"
    yield f"    return np.stack([np.ones(len(points)), {', '.join(derived)}])"
    yield ""
    yield ""


def parts(plan: Plan) -> list[tuple[str, str]]:
    """The end of a variable's name and the name of its indices, for each part there is."""
    return [("", "train"), ("_test", "test")] if plan.n_test else [("", "train")]


def samples(plan: Plan) -> Iterator[str]:
    """``x`` of the training part, and ``x_test`` of the other."""
    for suffix, part in parts(plan):
        yield f"x{suffix} = inputs(points[{part}])"


def targets(plan: Plan) -> Iterator[str]:
    """``y`` and ``y_test``: columns, as NumPy arrays."""
    if OUTPUTS[plan.recipe.output].one_unit:
        target, comment = "labels[{}][None, :]", "a row: 1 for class 1, else 0"
    else:
        target, comment = f"np.eye({plan.recipe.n_classes})[labels[{{}}]].T", "one-hot columns"
    for suffix, part in parts(plan):
        yield f"y{suffix} = {target.format(part)}  # {comment}"
    yield ""


def first_weights(plan: Plan) -> Iterator[str]:
    """``weights``: one matrix a layer, with the weights set by hand before the first epoch."""
    recipe = plan.recipe
    *before, drawn = entry(_INITIALISERS, recipe.init, "initial weights")
    yield f"# --- first weights: {INITIALISERS[recipe.init].label}; row 0 is the bias"
    if "rng." in drawn:
        yield f"rng = np.random.default_rng({_seed(recipe.seed, INIT)})"
    sizes = list(recipe.sizes)
    yield f"sizes = {sizes}  # units of every layer, inputs first"
    yield "weights = []"
    yield "for n_in, n_out in pairwise(sizes):"
    for line in before:
        yield f"    {line}"
    yield f"    weights.append(np.vstack([np.zeros(n_out), {drawn}]))"
    for edit in plan.edited_start:
        yield weight(edit.at, edit.value)
    yield ""


def weight(at: tuple[int, int, int] | None, value: float) -> str:
    """One weight set by hand."""
    assert at is not None
    layer, row, column = at
    return f"weights[{layer}][{row}, {column}] = {value!r}  # set by hand"
