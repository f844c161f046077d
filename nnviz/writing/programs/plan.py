"""The plan of a program: its initial settings, and their changes during the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...choices.optimisers import OPTIMISERS, Optimiser
from ...recipe.edits import POINTS, WEIGHT, Edit
from ...recipe.recipe import Recipe
from ...training.trainer import dataset_of

_DRAWN = (
    "Points are drawn during this run, which no program does: start again with these points, and "
    "the program of that run has them"
)


class NotExpressible(ValueError):
    """The recipe needs something that this flavour does not have."""


@dataclass(frozen=True)
class Change:
    """Changes at the end of ``epoch``, before its losses are computed."""

    epoch: int
    settings: Mapping[str, Any]  # live fields with a new value from here on
    restarts: Optimiser | None  # the optimiser, if it starts with an empty memory here
    weights: tuple[Edit, ...]


@dataclass(frozen=True)
class ProgramPlan:
    """A recipe up to the epoch ``last``, without edits that have no effect.

    ``start`` holds the live fields of the first epoch, ``edited_start`` the weights set by hand
    before it.
    """

    recipe: Recipe
    last: int
    n_train: int
    n_test: int
    has_constant_feature: bool
    start: Mapping[str, Any]
    edited_start: tuple[Edit, ...]
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, recipe: Recipe, last: int) -> ProgramPlan:
        """Raises :class:`NotExpressible` where points are drawn during the run."""
        if any(edit.field == POINTS and edit.epoch <= last for edit in recipe.edits):
            raise NotExpressible(_DRAWN)
        dataset = dataset_of(recipe)
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
            changes=tuple(c for c in changes if c.settings or c.restarts or c.weights),
        )

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
        return any(size is not None and size < self.n_train for size in self.values("batch_size"))

    def batch_size(self, size: int | None) -> str:
        """A batch size as source text; ``n`` is the number of training samples."""
        return "n" if size is None or size >= self.n_train else str(size)


def _change_at(recipe: Recipe, epoch: int, last: int) -> Change:
    weights = _weights_at(recipe, epoch)
    if epoch == last:  # new settings have no effect any more
        return Change(epoch, {}, None, weights)
    before, after = recipe.settings_at(epoch - 1), recipe.settings_at(epoch)
    settings = {name: value for name, value in after.items() if value != before[name]}
    edited = any(e.epoch == epoch and e.field == "optimiser" for e in recipe.edits)
    return Change(epoch, settings, OPTIMISERS[after["optimiser"]] if edited else None, weights)


def _weights_at(recipe: Recipe, epoch: int) -> tuple[Edit, ...]:
    return tuple(e for e in recipe.edits if e.epoch == epoch and e.field == WEIGHT)
