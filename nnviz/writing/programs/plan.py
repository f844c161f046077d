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
    at most. ``has_test``: whether there is a test part for a while; ``has_gaps``: whether a part
    is empty for a while; ``starts_empty``: whether the training part is before the first epoch.
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
    has_test: bool
    has_gaps: bool
    starts_empty: bool
    drawn: Dataset  # the points of the last epoch

    @classmethod
    def of(cls, recipe: Recipe, last: int) -> ProgramPlan:
        dataset = dataset_of(recipe)
        strokes = {e.epoch: e.value for e in _merged(recipe) if e.epoch <= last}
        sizes, in_test, drawn = _drawn(recipe, dataset, strokes)
        of_train, of_test = zip(*sizes[0 in strokes :], strict=True)  # as they are trained on
        has_test = bool(len(dataset.test)) or any(of_test)
        epochs = sorted({edit.epoch for edit in recipe.edits if 0 < edit.epoch <= last})
        changes = (_change_at(recipe, epoch, last) for epoch in epochs)
        return cls(
            recipe=recipe,
            last=last,
            n_train=len(dataset.train),
            n_test=len(dataset.test),
            has_constant_feature=bool(
                len(dataset.train) and (dataset.train.std(axis=0) == 0).any()
            ),
            start=recipe.settings_at(0),
            edited_start=_weights_at(recipe, 0),
            changes=tuple(
                change for change in changes
                if change.settings or change.restarts or change.weights or change.stroke
            ),
            strokes=bool(strokes),
            start_stroke=strokes.get(0, ""),
            drawn_in_test=in_test,
            most_train=max(of_train),
            has_test=has_test,
            has_gaps=not all(of_train) or (has_test and not all(of_test)),
            starts_empty=not of_train[0],
            drawn=drawn,
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
) -> tuple[list[tuple[int, int]], frozenset[int], Dataset]:
    """The sizes of both parts at the start and after each stroke, the numbers of the new points
    that were in the test part, and the points after the last stroke."""
    data, sizes, numbers = dataset, [(len(dataset.train), len(dataset.test))], set()
    n = len(dataset.at_start)
    for i in range(len(strokes)):
        data = points_at(recipe, dataset, list(strokes.values())[: i + 1])
        sizes.append((len(data.train), len(data.test)))
        assert data.numbers is not None
        numbers |= set(data.numbers[len(data.train) :].tolist())
    return sizes, frozenset(number for number in numbers if number >= n), data


def _weights_at(recipe: Recipe, epoch: int) -> tuple[Edit, ...]:
    return tuple(e for e in recipe.edits if e.epoch == epoch and e.field == WEIGHT)
