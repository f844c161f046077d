"""Source text common to all flavours: points, split, inputs, targets and initial weights."""

from __future__ import annotations

from collections.abc import Iterator

from ...choices.datasets import Source
from ...choices.initialisers import INITIALISERS
from ...choices.inputs import INPUTS
from ...choices.outputs import OUTPUTS
from ...recipe.recipe import Recipe
from ...training.trainer import DATA, INIT, SHUFFLE, SPLIT
from .plan import NotExpressible, ProgramPlan
from .table import inline, is_inline, read_points

IMPORTS = ("from itertools import pairwise", "", "import numpy as np")


def loaders(recipe: Recipe) -> list[str]:
    """The import that the data needs, if any."""
    name = recipe.source.sklearn_name
    if recipe.table and not is_inline(recipe.table):
        return ["import csv"]
    return [f"from sklearn.datasets import {name}"] if name else []


def points(plan: ProgramPlan, *, counted: bool) -> Iterator[str]:
    """``points``, ``labels``, the indices ``train`` and ``test``; ``n``, if ``counted``."""
    recipe, source = plan.recipe, plan.recipe.source
    yield f"# --- data: {source.label}{_classes(source)}"
    if recipe.table and not is_inline(recipe.table):
        yield from read_points(plan)
        if counted:
            yield "n = len(train)"
        yield ""
        return
    yield (
        f"# a random generator has two seeds: the chosen one, and {DATA} for points, {SPLIT} for "
        f"the split,\n# {INIT} for weights, {SHUFFLE} for shuffles"
    )
    rng = _seed(recipe.data_seed, DATA)
    if recipe.table:
        yield from inline(recipe.table, recipe.features)
    elif not source.code:
        raise NotExpressible(f"there is no source text for the data set {source.name} yet")
    for line in source.code:
        yield line.format(n=recipe.samples, noise=recipe.noise, k=recipe.n_classes, rng=rng)
    if source.is_measured and not recipe.table:
        columns = [source.features.index(name) for name in recipe.features]
        yield f"points = table[:, {columns}]  # {', '.join(recipe.features)}"
    split = f"np.random.default_rng({_seed(recipe.data_seed, SPLIT)}).permutation(len(points))"
    if plan.has_test:
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


def inputs(plan: ProgramPlan) -> Iterator[str]:
    """``inputs(points)``, from raw points ``(n, 2)`` to columns with a 1 in front."""
    recipe = plan.recipe
    derived = [INPUTS[name].code for name in recipe.inputs]
    scaled = "points"
    if recipe.standardise and plan.n_train:
        scaled = "((points - shift) / scale)"
        yield "# standardise: the training part gets mean 0 and variance 1"
        yield "shift, scale = points[train].mean(axis=0), points[train].std(axis=0)"
        if plan.has_constant_feature:
            yield "scale[scale == 0] = 1.0  # a constant feature stays constant"
    names = ", ".join(
        name if any(name in text for text in derived) else "_" for name in ("x1", "x2")
    )
    yield ""
    yield ""
    yield "def inputs(points):"
    yield '    """The network\'s inputs: samples as columns, each with a 1 in front."""'
    yield f"    {names} = {scaled}.T"
    yield f"    return np.stack([np.ones(len(points)), {', '.join(derived)}])"
    yield ""
    yield ""


def parts(plan: ProgramPlan) -> list[tuple[str, str]]:
    """For each part, the suffix of its variables and the name of its indices."""
    return [("", "train"), ("_test", "test")] if plan.has_test else [("", "train")]


def samples(plan: ProgramPlan) -> Iterator[str]:
    """``x`` of the training part and ``x_test`` of the test part."""
    for suffix, part in parts(plan):
        yield f"x{suffix} = inputs(points[{part}])"


def targets(plan: ProgramPlan) -> Iterator[str]:
    """``y`` and ``y_test``: columns, as NumPy arrays."""
    if OUTPUTS[plan.recipe.output].one_unit:
        target, comment = "labels[{}][None, :]", "a row: 1 for class 1, else 0"
    else:
        target, comment = f"np.eye({plan.recipe.n_classes})[labels[{{}}]].T", "one-hot columns"
    for suffix, part in parts(plan):
        yield f"y{suffix} = {target.format(part)}  # {comment}"
    yield ""


def first_weights(plan: ProgramPlan) -> Iterator[str]:
    """``weights``, one matrix per layer, with those set by hand before the first epoch."""
    recipe, initialiser = plan.recipe, INITIALISERS[plan.recipe.init]
    *before, drawn = initialiser.code
    yield f"# --- initial weights: {initialiser.label}; row 0 is the bias"
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
    """The statement for a weight set by hand."""
    assert at is not None
    layer, row, column = at
    return f"weights[{layer}][{row}, {column}] = {value!r}  # set by hand"
