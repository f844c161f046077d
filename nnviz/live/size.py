"""Approximate memory of a run, from its recipe and the number of epochs trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..recipe.edits import POINTS
from ..recipe.recipe import MOST_SAMPLES, Recipe
from ..recipe.strokes import MOST_MARKS, MOST_NUMBERS, n_marks
from ..training.trainer import KEYFRAME_BYTES, MOST_KEYFRAMES, Trainer
from .lottery import start_bytes
from .requests import MOST_LAYERS, MOST_UNITS

_MARK = 400  # bytes of a mark in a stroke: its text, and as it was read


@dataclass(frozen=True)
class RunMemory:
    """Bytes of a run once it is long, with its network drawn.

    Beside them, those of each ``start``, and of each ``mark``: a point that is drawn, moved or
    erased. The ``history``, also of its starts and of the runs beside it, grows while they train;
    it is that of the moment.
    """

    run: int = 0
    start: int = 0
    mark: int = 0
    history: int = 0


NOTHING = RunMemory()


def size_of(recipe: Recipe) -> RunMemory:
    """The size of a run that has not been trained yet."""
    strokes = (edit.value for edit in recipe.edits if edit.field == POINTS)
    marks = sum(map(n_marks, strokes))
    return _size(recipe, min(recipe.n_samples, MOST_NUMBERS), marks)


def size_now(trainers: Sequence[Trainer]) -> RunMemory:
    """The size of the first of these runs, with the histories of all; ``NOTHING`` of none."""
    if not trainers:
        return NOTHING
    history = sum(trainer.history_bytes for trainer in trainers)
    return replace(size_of(trainers[0].recipe), history=history)


def _size(recipe: Recipe, n_samples: int, marks: int) -> RunMemory:
    weights = sum((n_in + 1) * n_out for n_in, n_out in pairwise(recipe.sizes))
    state = 24 * weights  # weights and two of the optimiser's slots, in float64
    keyframes = min(MOST_KEYFRAMES * state, KEYFRAME_BYTES)
    point = 350 + 13 * sum(recipe.sizes)
    run = 600_000 + n_samples * point + marks * _MARK + 80 * weights + keyframes
    return RunMemory(run, start_bytes(recipe), point + _MARK)


# of the largest network with as many points as a run may have
_LARGEST = Recipe(hidden=(MOST_UNITS,) * (MOST_LAYERS - 2), samples=MOST_SAMPLES)
LARGEST = _size(_LARGEST, MOST_NUMBERS, MOST_MARKS)
