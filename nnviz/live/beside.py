"""The runs beside a visitor's run, as the picture of an epoch shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from ..analysis.snapshot import Plane, Snapshot
from ..problems import Problem
from ..recipe.companions import MOST_RUNS, Companion
from ..recipe.recipe import Recipe
from ..training.pieces import Work, pausing
from ..training.together import Together
from ..training.trainer import KEYFRAME_BYTES, Trainer
from . import replies
from .lottery import MOST_BYTES, SECONDS, start_bytes
from .requests import Answer, Arrays, Header, Known, Request, RequestError

LARGEST = float(np.finfo(np.float32).max)
MOST_ROWS = 5000  # of the history, per run and reply
# what a picture of a run beside another does not have
_WITHOUT: dict[str, Any] = {"unit": None, "network": None, "space": None}


class Beside:
    """These runs, kept from picture to picture; ``key`` is the client's name for their list."""

    def __init__(self) -> None:
        self.key: str | None = None
        self._runs: Sequence[Companion] = ()
        self._together = Together(MOST_RUNS)
        self._planes: WeakKeyDictionary[Trainer, Plane] = WeakKeyDictionary()

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: planes are made again."""
        return vars(self) | {"_planes": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state | {"_planes": WeakKeyDictionary()})

    def follow(self, key: str, runs: Sequence[Companion]) -> None:
        """Take over another list; runs that were in the one before go on.

        Raises :class:`RequestError` where they would take too much memory.
        """
        recipes = [run.recipe for run in runs if run.recipe]
        check(recipes)
        self.key, self._runs = key, runs
        self._together.follow(recipes)

    def exchanged(self, recipe: Recipe, trainer: Trainer) -> Trainer | None:
        """Exchange the visitor's run for one of these runs, and return the trainer of that one.

        ``trainer``, until now the visitor's, is kept for the next list. Returns None if there is no
        run of this ``recipe``.
        """
        found = self._together.exchanged(recipe, trainer)
        if found:
            found.keyframe_bytes = KEYFRAME_BYTES
        return found

    def showing(
        self,
        request: Request,
        epoch: int,
        clock: Callable[[], float],
        is_due: Callable[[], bool],
    ) -> Work[Answer]:
        """Header and arrays of all runs, at that epoch or on their way to it.

        The arrays of the first have names with a 1 at the end, and so on.
        """
        ends = clock() + SECONDS
        has_arrived = yield from self._together.going(epoch, is_due, lambda: clock() < ends)
        header: Header = {"key": self.key, "arrived": has_arrived, "runs": []}
        arrays: Arrays = {}
        for i, trainer in enumerate(self._together.places):
            known = request["known"][i] if i < len(request["known"]) else Known()
            run = yield from self._shown(trainer, request, known, is_due) if trainer else _none()
            header["runs"].append(run[0])
            arrays |= {f"{name}{i + 1}": array for name, array in run[1].items()}
        return {"beside": header}, arrays

    def goes_to(self, epoch: int, is_due: Callable[[], bool]) -> Work[None]:
        """Go to an epoch, however long that takes."""
        yield from self._together.going(epoch, is_due, lambda: True)

    @property
    def trainers(self) -> list[Trainer]:
        """Of those that are made, in the order of the list."""
        return self._together.trainers

    def named(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """A message with a look, which names these runs."""
        look = message.get("look", {})
        return (
            {**message, "look": {**look, "beside": self._runs}}
            if isinstance(look, dict)
            else message
        )

    def probes(self, point: tuple[float, float]) -> list[Header | None]:
        """The outputs of each at a point, at the epoch that it has reached."""
        return [
            replies.probe(self._snapshot(trainer), point) if trainer else None
            for trainer in self._together.places
        ]

    def _shown(
        self, trainer: Trainer, request: Request, known: Known, is_due: Callable[[], bool]
    ) -> Work[tuple[Header, Arrays]]:
        snapshot = self._snapshot(trainer)
        yield from pausing(snapshot.evaluating(), is_due)
        values = {**request.values, **_WITHOUT}
        _, arrays = replies.picture(snapshot, replace(request, values=values))
        since = min(known.since, trainer.epoch + 1)
        rows = trainer.rows(since, MOST_ROWS)
        arrays["rows"] = np.minimum(rows, LARGEST).astype("<f4")
        header: Header = {
            "epoch": trainer.epoch, "finished": trainer.finished, "diverged": trainer.diverged,
            "metrics": replies.metrics(trainer), "since": since,
        }  # fmt: skip
        if known.data is None:
            header |= replies.scene(trainer, snapshot.plane)
        if known.data != trainer.data_key:
            points_header, points = replies.points(trainer)
            header, arrays = header | points_header, arrays | points
        return header, arrays

    def _snapshot(self, trainer: Trainer) -> Snapshot:
        plane = self._planes.get(trainer) or Plane(trainer)
        self._planes[trainer] = plane = plane.with_data(trainer.dataset)
        return Snapshot(trainer, plane, since=trainer.epoch)


def check(recipes: Sequence[Recipe]) -> None:
    """Raise :class:`RequestError` where these runs would take too much memory."""
    if (taken := bytes_of(recipes)) > MOST_BYTES:
        rule, got = "of {most} MB at most together", f"about {taken / 1e6:.0f} MB"
        raise RequestError(
            Problem("beside", rule, got, subject="runs side by side", most=MOST_BYTES // 10**6)
        )


def bytes_of(recipes: Sequence[Recipe]) -> int:
    """Approximate memory of these runs together after many epochs."""
    return sum(map(start_bytes, recipes))


def _none() -> Work[tuple[None, Arrays]]:
    """An empty result for a run that is not made yet."""
    yield from ()
    return None, {}
