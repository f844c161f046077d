"""Many starts: runs that differ in one seed only, trained in turn up to the same epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..recipe.edits import Edit
from ..recipe.recipe import LAST_SEED, Recipe
from .pieces import Work
from .trainer import KEYFRAME_BYTES, METRICS, Trainer

# seeds that starts may differ in
VARIED = {
    "seed": "the initial weights and the order of the samples",
    "data_seed": "the points and their split",
}
COUNTS = (9, 16, 25)  # starts that fill a square

MOST_ROUND = 1024  # epochs
FAR = 0.15
_LOSS = METRICS.index("train_loss")


class Starts:
    """``count`` runs of a recipe with seeds in a row, of which it is one.

    Each is to the last bit the run that its recipe gives alone. ``varied`` is a key of ``VARIED``.
    Together they have the memory for keyframes that one run has.
    """

    def __init__(self, varied: str, count: int):
        self.varied, self.count = varied, count
        self.trainers: list[Trainer] = []
        self._first: Recipe | None = None  # the recipe with the lowest of the seeds
        self._edit: Edit | None = None  # the last one, while not all have made it
        self._unedited: list[int] = []  # those that have not
        self._round = 1  # epochs that each trains in its turn

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
        while len(self.trainers) < self.count:
            self.trainers.append(self._made(len(self.trainers)))
            if not has_time():
                return False
            yield
        while self._unedited:
            yield from self._make_edit(self._unedited[-1], is_due)
            self._unedited.pop()
        for trainer in self.trainers:
            if trainer.epoch > epoch:
                trainer.rewind(epoch)
        return (yield from self._in_rounds(epoch, is_due, has_time))

    def _follow(self, recipe: Recipe) -> None:
        """Take over another recipe; where it has one more edit, without beginning anew."""
        seed = getattr(recipe, self.varied)
        lowest = min(seed - seed % self.count, LAST_SEED + 1 - self.count)
        first = replace(recipe, **{self.varied: lowest})
        if first == self._first:
            return
        edit, before, self._first = (first.edits or (None,))[-1], self._first, first
        is_one_more = (
            before is not None and edit is not None and len(self.trainers) == self.count
            and not self._unedited and before.with_edit(edit) == first
        )  # fmt: skip
        if is_one_more:
            self._edit, self._unedited = edit, list(range(self.count))
        else:
            self.trainers, self._unedited = [], []

    def _made(self, i: int) -> Trainer:
        assert self._first is not None
        seed = getattr(self._first, self.varied) + i
        recipe = replace(self._first, **{self.varied: seed})
        return Trainer(recipe, keyframe_bytes=KEYFRAME_BYTES // self.count)

    def _make_edit(self, i: int, is_due: Callable[[], bool]) -> Work[None]:
        trainer, edit = self.trainers[i], self._edit
        assert edit is not None
        trainer.rewind(edit.epoch)
        yield from _training(trainer, edit.epoch, is_due)
        if trainer.epoch == edit.epoch:
            trainer.edit(edit.field, edit.value, edit.at)
        else:  # it ends before that
            self.trainers[i] = self._made(i)

    def _in_rounds(
        self, epoch: int, is_due: Callable[[], bool], has_time: Callable[[], bool]
    ) -> Work[bool]:
        """Train all in turn, a round of epochs each, so that none is far ahead of the others."""
        while behind := [t for t in self.trainers if t.epoch < epoch and not t.finished]:
            goal = min(epoch, min(t.epoch for t in behind) + self._round)
            for trainer in behind:
                yield from _training(trainer, goal, is_due)
            if not has_time():
                self._round = max(1, self._round // 2)
                break
            self._round = min(2 * self._round, MOST_ROUND)
        return not any(t.epoch < epoch and not t.finished for t in self.trainers)

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

        Their way is from the median loss at epoch 0 to the lower quartile of the losses now. Who
        has ``FAR`` of it still to go is stuck, once they have made a tenth of the way to 0.
        Diverged ones are stuck.
        """
        diverged = np.array([trainer.diverged is not None for trainer in self.trainers])
        first = np.median([trainer.rows(0)[0, _LOSS] for trainer in self.trainers])
        losses = self.metrics[:, _LOSS]
        quartile = np.quantile(losses, 0.25)
        if not quartile < 0.9 * first:
            return diverged
        return diverged | (losses > quartile + FAR * (first - quartile))


def _training(trainer: Trainer, epoch: int, is_due: Callable[[], bool]) -> Work[None]:
    while trainer.epoch < epoch and not trainer.finished:
        yield from trainer.striding(epoch - trainer.epoch, is_due)
