"""Many starts of a visitor's run, as the picture of an epoch shows them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ..analysis.miniatures import Miniatures
from ..problems import Problem
from ..recipe.recipe import Recipe
from ..training.pieces import Work, pausing
from ..training.starts import Starts
from ..training.trainer import Trainer
from .replies import finite_or_none
from .requests import Answer, RequestError

SECONDS = 0.02  # of training in one request; it goes on in the next
MOST_BYTES = 100_000_000  # of all starts of one visitor, as estimated


class Lottery:
    """The starts of a run, kept from picture to picture."""

    def __init__(self, varied: str, count: int):
        self.key = (varied, count)
        self._starts = Starts(varied, count)
        self._miniatures = Miniatures()

    @property
    def trainers(self) -> list[Trainer]:
        """Of the starts that are made."""
        return self._starts.trainers

    def showing(
        self, recipe: Recipe, epoch: int, clock: Callable[[], float], is_due: Callable[[], bool]
    ) -> Work[Answer]:
        """Header and arrays of all starts that are made, at that epoch or on their way to it.

        Raises :class:`RequestError` where they would take too much memory.
        """
        varied, count = self.key
        _check(recipe, count)
        ends = clock() + SECONDS
        has_arrived = yield from self._starts.going(recipe, epoch, is_due, lambda: clock() < ends)
        trainers = self._starts.trainers
        pictures = yield from pausing(self._miniatures.making(trainers), is_due)
        header: dict[str, Any] = {
            "varied": varied, "count": count, "seeds": self._starts.seeds,
            "epochs": [trainer.epoch for trainer in trainers], "arrived": has_arrived,
            "stuck": self._starts.stuck.tolist(),
            "diverged": [trainer.diverged is not None for trainer in trainers],
            "metrics": [list(map(finite_or_none, row)) for row in self._starts.metrics.tolist()],
        }  # fmt: skip
        return {"starts": header}, {"startsPictures": pictures}


def start_bytes(recipe: Recipe) -> int:
    """Approximate memory of one start after many epochs."""
    state = 24 * sum((below + 1) * above for below, above in pairwise(recipe.sizes))
    return 100_000 + recipe.n_samples * (60 + 16 * sum(recipe.sizes)) + 8 * state


def _check(recipe: Recipe, count: int) -> None:
    if count * start_bytes(recipe) > MOST_BYTES:
        rule = "fewer for a run of {samples} points and layers of {sizes} units"
        raise RequestError(
            Problem("starts", rule, count, samples=recipe.n_samples, sizes=list(recipe.sizes))
        )
