"""Many starts: runs that differ in one seed only, trained in turn up to the same epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..recipe.recipe import LAST_SEED, Recipe
from .history import METRICS
from .pieces import Work
from .together import Together
from .trainer import Trainer

# seeds that starts may differ in
VARIED = {
    "seed": "the initial weights and the order of the samples",
    "data_seed": "the points and their split",
}
COUNTS = (9, 16, 25)  # starts that fill a square

FAR = 0.15
_LOSS = METRICS.index("train_loss")


class Starts:
    """``count`` runs of a recipe with seeds in a row, of which it is one.

    ``varied`` is a key of ``VARIED``. See :class:`Together` for how they are trained.
    """

    def __init__(self, varied: str, count: int):
        self.varied, self.count = varied, count
        self._together = Together(count)
        self._first: Recipe | None = None  # the recipe with the lowest of the seeds

    def going(
        self,
        recipe: Recipe,
        epoch: int,
        is_due: Callable[[], bool],
        has_time: Callable[[], bool],
    ) -> Work[bool]:
        """Go to an epoch of the recipe, or towards it while one ``has_time``.

        Pauses wherever one ``is_due``. Returns whether all are there, or at their end.
        """
        self._follow(recipe)
        return (yield from self._together.going(epoch, is_due, has_time))

    def _follow(self, recipe: Recipe) -> None:
        seed = getattr(recipe, self.varied)
        lowest = min(seed - seed % self.count, LAST_SEED + 1 - self.count)
        first = self._with(recipe, lowest)
        if first != self._first:
            self._first = first
            seeds = range(lowest, lowest + self.count)
            self._together.follow([self._with(recipe, seed) for seed in seeds])

    def _with(self, recipe: Recipe, seed: int) -> Recipe:
        changes: dict[str, Any] = {self.varied: seed}
        return replace(recipe, **changes)

    @property
    def trainers(self) -> list[Trainer]:
        """Of those that are made, in the order of their seeds."""
        return self._together.trainers

    # --- what has become of them ------------------------------------------------------------

    @property
    def seeds(self) -> list[int]:
        """Of those that are made, in their order."""
        return [getattr(trainer.recipe, self.varied) for trainer in self.trainers]

    @property
    def metrics(self) -> NDArray[np.float64]:
        """Of each at its epoch, ``(n, 4)`` in the order of ``METRICS``."""
        return np.array([trainer.rows(trainer.epoch)[0] for trainer in self.trainers])

    @property
    def stuck(self) -> NDArray[np.bool_]:
        """Whether each lags far behind the best quarter, ``(n,)``.

        The way to go leads from the median loss at epoch 0 to the lower quartile of the present
        losses. A start is stuck if ``FAR`` of this way is still left, once that quartile has come a
        tenth of the way to 0. Diverged starts are stuck.
        """
        diverged = np.array([trainer.diverged is not None for trainer in self.trainers])
        first = [trainer.rows(0)[0, _LOSS] for trainer in self.trainers]
        losses = self.metrics[:, _LOSS]
        quartile = np.quantile(losses, 0.25)
        if not quartile < 0.9 * np.quantile(first, 0.25):
            return diverged
        return diverged | (losses > quartile + FAR * (np.median(first) - quartile))
