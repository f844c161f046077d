"""Fields of a recipe that are valid each and do not go together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..choices.outputs import OUTPUTS
from ..problems import Problem
from .edits import POINTS, Edit
from .strokes import marks_of

if TYPE_CHECKING:
    from .recipe import Recipe


def conflicts(recipe: Recipe) -> dict[str, Problem]:
    """Problems between fields. Each is reported for a field whose default solves it."""
    problems: dict[str, Problem] = {}

    def add(name: str, rule: str, offender: object, **values: Any) -> None:
        problems[name] = Problem(name, rule, offender, **values)

    source, output = recipe.source, OUTPUTS[recipe.output]
    if source.has_class_choice:
        low, high = source.n_classes
        if not low <= recipe.classes <= high:
            rule = "{low}…{high} for {data}"
            add("classes", rule, recipe.classes, low=low, high=high, data=source.name)
    if source.is_measured:
        known = [name for name in recipe.features if name in source.features]
        if len(recipe.features) != 2 or len(set(known)) != 2:
            rule, names = "two different ones of {names}", ", ".join(source.features)
            add("features", rule, ", ".join(recipe.features), names=names)
    elif recipe.features:
        rule = "left out for {data}, whose axes are x₁ and x₂"
        add("features", rule, ", ".join(recipe.features), data=source.name)
    if output.one_unit and recipe.n_classes != 2:
        add("output", "softmax for {classes} classes", recipe.output, classes=recipe.n_classes)
    elif recipe.hidden and not output.allows_hidden:
        fitting = " or ".join(name for name, record in OUTPUTS.items() if record.allows_hidden)
        rule = "{fitting} where there are hidden layers (a perceptron has none)"
        add("output", rule, recipe.output, fitting=fitting)
    elif label := _drawn_without_class(recipe):
        rule = "points of the classes 0…{most}"
        pattern = "{subject} must draw {rule}; got {offender}"
        add("edits", rule, label, pattern=pattern, most=recipe.n_classes - 1)
    elif edit := _misplaced_weight(recipe):
        rule = "existing weights: the weight matrices have shapes {shapes}"
        pattern = "{subject} must name {rule}; got {offender}"
        add("edits", rule, f"a weight at {edit.at}", pattern=pattern, shapes=_shapes(recipe))
    return problems


def _drawn_without_class(recipe: Recipe) -> int | None:
    """The class of a point drawn that the data do not have."""
    strokes = (marks_of(edit.value) for edit in recipe.edits if edit.field == POINTS)
    labels = (mark.class_index for marks in strokes for mark in marks)
    return next((k for k in labels if k is not None and k >= recipe.n_classes), None)


def _misplaced_weight(recipe: Recipe) -> Edit | None:
    shapes = _shapes(recipe)
    for edit in recipe.edits:
        if edit.at is None:
            continue
        layer, row, column = edit.at
        if layer >= len(shapes) or row >= shapes[layer][0] or column >= shapes[layer][1]:
            return edit
    return None


def _shapes(recipe: Recipe) -> list[tuple[int, int]]:
    """The shapes of the weight matrices."""
    return [(n_in + 1, n_out) for n_in, n_out in pairwise(recipe.sizes)]
