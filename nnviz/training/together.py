"""Runs of several recipes, trained in turn up to the same epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..recipe.edits import Edit
from ..recipe.recipe import Recipe
from .pieces import Work
from .trainer import KEYFRAME_BYTES, Trainer

MOST_ROUND = 1024  # epochs


@dataclass
class _Run:
    """A run of a ``recipe``; it has no ``trainer`` until that is made."""

    recipe: Recipe
    trainer: Trainer | None = None
    edit: Edit | None = None  # the last one, as long as the trainer has not made it


class Together:
    """Runs side by side, at most ``most`` of them.

    Each is to the last bit the run that its recipe gives alone. Together they have the memory for
    keyframes that one run has.
    """

    def __init__(self, most: int):
        self._keyframe_bytes = KEYFRAME_BYTES // most
        self._recipes: Sequence[Recipe] = ()
        self._runs: list[_Run] = []
        self._spare: _Run | None = None  # for the next list, if it has that recipe
        self._round = 1  # epochs that each trains in its turn

    def follow(self, recipes: Sequence[Recipe]) -> None:
        """Take over other recipes.

        A run of the same recipe is continued, wherever in the list it was. If a recipe has one more
        edit than the run in its place, that run is edited. Other runs are new.
        """
        if recipes is self._recipes:
            return
        left: list[_Run | None] = [*self._runs, self._spare]
        self._spare = None
        going_on = [_taken(left, recipe) for recipe in recipes]
        self._runs = [
            run or _following(left[i] if i < len(left) else None, recipe)
            for i, (run, recipe) in enumerate(zip(going_on, recipes, strict=True))
        ]
        self._recipes = recipes

    def exchanged(self, recipe: Recipe, trainer: Trainer) -> Trainer | None:
        """Return the trainer of a recipe, and keep another for the next list instead.

        None where there is none of that recipe; nothing changes then.
        """
        taken = next((r for r in self._runs if r.trainer and r.trainer.recipe == recipe), None)
        if taken is None:
            return None
        given, taken.trainer, taken.edit = taken.trainer, None, None
        trainer.keyframe_bytes = self._keyframe_bytes
        self._spare = _Run(trainer.recipe, trainer)
        return given

    def going(
        self, epoch: int, is_due: Callable[[], bool], has_time: Callable[[], bool]
    ) -> Work[bool]:
        """Go to an epoch, or towards it while one ``has_time``.

        Pauses wherever one ``is_due``. Returns whether all are there, or at their end.
        """
        for run in self._runs:
            if run.trainer is None:
                run.trainer = self._made(run)
                if not has_time():
                    return False
                yield
        for run in self._runs:
            yield from self._make_edit(run, is_due)
        for trainer in self.trainers:
            if trainer.epoch > epoch:
                trainer.rewind(epoch)
        return (yield from self._in_rounds(epoch, is_due, has_time))

    @property
    def trainers(self) -> list[Trainer]:
        """Of those that are made, in the order of their recipes."""
        return [trainer for trainer in self.places if trainer]

    @property
    def places(self) -> list[Trainer | None]:
        """The trainer of each recipe, None where it is not made yet."""
        return [run.trainer for run in self._runs]

    def _made(self, run: _Run) -> Trainer:
        return Trainer(run.recipe, keyframe_bytes=self._keyframe_bytes)

    def _make_edit(self, run: _Run, is_due: Callable[[], bool]) -> Work[None]:
        trainer, edit = run.trainer, run.edit
        if trainer is None or edit is None:
            return
        trainer.rewind(edit.epoch)
        yield from _training(trainer, edit.epoch, is_due)
        if trainer.epoch == edit.epoch:
            trainer.edit(edit.field, edit.value, edit.at)
        else:  # it ends before that
            run.trainer = self._made(run)
        run.edit = None

    def _in_rounds(
        self, epoch: int, is_due: Callable[[], bool], has_time: Callable[[], bool]
    ) -> Work[bool]:
        """Train all in turn, a round of epochs each, so that none is far ahead of the others."""
        trainers = self.trainers
        while behind := [t for t in trainers if t.epoch < epoch and not t.finished]:
            goal = min(epoch, min(t.epoch for t in behind) + self._round)
            for trainer in behind:
                yield from _training(trainer, goal, is_due)
            if not has_time():
                self._round = max(1, self._round // 2)
                break
            self._round = min(2 * self._round, MOST_ROUND)
        return not any(t.epoch < epoch and not t.finished for t in trainers)


def _taken(left: list[_Run | None], recipe: Recipe) -> _Run | None:
    """Take a run of the recipe out of ``left``; None if there is none."""
    for i, run in enumerate(left):
        if run and run.recipe == recipe:
            left[i] = None
            return run
    return None


def _following(before: _Run | None, recipe: Recipe) -> _Run:
    """The run ``before``, to be edited, if one more edit gives the recipe; else a new run."""
    if before and before.trainer and not before.edit and recipe.edits:
        edit = recipe.edits[-1]
        if before.recipe.with_edit(edit) == recipe:
            return _Run(recipe, before.trainer, edit)
    return _Run(recipe)


def _training(trainer: Trainer, epoch: int, is_due: Callable[[], bool]) -> Work[None]:
    while trainer.epoch < epoch and not trainer.finished:
        yield from trainer.striding(epoch - trainer.epoch, is_due)
