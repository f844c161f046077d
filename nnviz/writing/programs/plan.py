"""The plan of a program: its initial settings, and their changes during the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...choices.datasets import Dataset
from ...choices.optimisers import OPTIMISERS, Optimiser
from ...recipe.edits import POINTS, WEIGHT, Edit
from ...recipe.recipe import Recipe
from ...recipe.strokes import merged
from ...training.trainer import dataset_of, points_at

_EMPTY = "all points of a part are erased or come later in this run, which no program has"


class NotExpressible(ValueError):
    """The recipe needs something that this flavour does not have."""


@dataclass(frozen=True)
class Change:
    """Changes at the end of ``epoch``, before its losses are computed."""

    epoch: int
    settings: Mapping[str, Any]  # live fields with a new value from here on
    restarts: Optimiser | None  # the optimiser, if it starts with an empty memory here
    weights: tuple[Edit, ...]
    stroke: str  # points drawn, moved or erased; "" for none


@dataclass(frozen=True)
class ProgramPlan:
    """A recipe up to the epoch ``last``, without edits that have no effect.

    ``start`` holds the live fields of the first epoch, ``edited_start`` the weights set by hand
    before it, ``start_stroke`` the points drawn before it. Of points with numbers beyond those of
    the start, ``drawn_in_test`` are in the test part. The training part has ``most_train`` samples
    at most.
    """

    recipe: Recipe
    last: int
    n_train: int
    n_test: int
    has_constant_feature: bool
    start: Mapping[str, Any]
    edited_start: tuple[Edit, ...]
    changes: tuple[Change, ...]
    strokes: bool  # whether points are drawn during the run
    start_stroke: str
    drawn_in_test: frozenset[int]
    most_train: int

    @classmethod
    def of(cls, recipe: Recipe, last: int) -> ProgramPlan:
        """Raises :class:`NotExpressible` where a part of the data is empty for a while."""
        dataset = dataset_of(recipe)
        strokes = {e.epoch: e.value for e in _merged(recipe) if e.epoch <= last}
        sizes, in_test = _drawn(recipe, dataset, strokes)
        epochs = sorted({edit.epoch for edit in recipe.edits if 0 < edit.epoch <= last})
        changes = (_change_at(recipe, epoch, last) for epoch in epochs)
        return cls(
            recipe=recipe,
            last=last,
            n_train=len(dataset.train),
            n_test=len(dataset.test),
            has_constant_feature=bool((dataset.train.std(axis=0) == 0).any()),
            start=recipe.settings_at(0),
            edited_start=_weights_at(recipe, 0),
            changes=tuple(
                change for change in changes
                if change.settings or change.restarts or change.weights or change.stroke
            ),
            strokes=bool(strokes),
            start_stroke=strokes.get(0, ""),
            drawn_in_test=in_test,
            most_train=max(sizes),
        )  # fmt: skip

    def values(self, field: str) -> list[Any]:
        """The values of a live field during training, in order; none without training."""
        later = [change.settings[field] for change in self.changes if field in change.settings]
        return [self.start[field], *later] if self.last else []

    @property
    def optimisers(self) -> list[Optimiser]:
        """The optimisers used, each once."""
        return [OPTIMISERS[name] for name in dict.fromkeys(self.values("optimiser"))]

    @property
    def in_batches(self) -> bool:
        """Whether any epoch has more than one step."""
        return any(s is not None and s < self.most_train for s in self.values("batch_size"))

    def batch_size(self, size: int | None) -> str:
        """A batch size as source text; ``n`` is the number of training samples."""
        is_whole = size is None or (size >= self.n_train and not self.strokes)
        return "n" if is_whole else str(size)


def _change_at(recipe: Recipe, epoch: int, last: int) -> Change:
    weights = _weights_at(recipe, epoch)
    stroke = next((edit.value for edit in _merged(recipe) if edit.epoch == epoch), "")
    if epoch == last:  # new settings have no effect any more
        return Change(epoch, {}, None, weights, stroke)
    before, after = recipe.settings_at(epoch - 1), recipe.settings_at(epoch)
    settings = {name: value for name, value in after.items() if value != before[name]}
    edited = any(e.epoch == epoch and e.field == "optimiser" for e in recipe.edits)
    restarts = OPTIMISERS[after["optimiser"]] if edited else None
    return Change(epoch, settings, restarts, weights, stroke)


def _merged(recipe: Recipe) -> list[Edit]:
    """The strokes of a recipe, one an epoch."""
    strokes: dict[int, str] = {}
    for edit in recipe.edits:
        if edit.field == POINTS:
            before = [strokes[edit.epoch]] if edit.epoch in strokes else []
            strokes[edit.epoch] = merged(*before, edit.value)
    return [Edit(epoch, POINTS, value) for epoch, value in strokes.items()]


def _drawn(
    recipe: Recipe, dataset: Dataset, strokes: Mapping[int, str]
) -> tuple[list[int], frozenset[int]]:
    """The sizes of the training part at the start and after each stroke, and the numbers of the
    new points that were in the test part."""
    sizes, numbers, n = [len(dataset.train)], set(), len(dataset.framed)
    for i in range(len(strokes)):
        data = points_at(recipe, dataset, list(strokes.values())[: i + 1])
        if not len(data.train) or bool(len(data.test)) != bool(len(dataset.test)):
            raise NotExpressible(_EMPTY)
        sizes.append(len(data.train))
        assert data.numbers is not None
        numbers |= set(data.numbers[len(data.train) :].tolist())
    return sizes, frozenset(number for number in numbers if number >= n)


def _weights_at(recipe: Recipe, epoch: int) -> tuple[Edit, ...]:
    return tuple(e for e in recipe.edits if e.epoch == epoch and e.field == WEIGHT)
