"""One visitor's run: ``LiveSession.handle(request) → reply``, whatever carries the two.

A request is a JSON object with an ``op``; the reply is described in :mod:`.codec`. A bad
request gets a reply that says what was wrong, and changes nothing. Each request trains at
most ``MOST_EPOCHS`` epochs and stops at the first one that ends past ``TRAINING_SECONDS`` of
work, so a reply never takes long; whoever wants more asks again.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..boundary import Extent, Field, Grid, boundary_lines
from ..fields import RecipeError, shortly
from ..recipe import LAST_EPOCH, Recipe
from ..training import METRICS, Trainer
from .codec import pack

Arrays = dict[str, NDArray[Any]]

MOST_EPOCHS = 1000  # epochs one request may ask for
TRAINING_SECONDS = 0.01
MOST_ROWS = 5000  # history rows in one reply
LARGEST = float(np.finfo(np.float32).max)


class RequestError(ValueError):
    """A request that cannot be carried out; its text says why, for people."""


class LiveSession:
    """A trainer and its grid, driven by requests.

    ====== ========================================= =====================================
    op     fields                                    does
    ====== ========================================= =====================================
    open   ``recipe``                                starts that run at epoch 0
    frame  ``epochs`` (0)                            trains on
    seek   ``epoch``                                 goes there, as far as the bounds allow
    edit   ``field``, ``value``, ``at`` for a weight changes the run from this epoch on
    ====== ========================================= =====================================

    Every op also takes ``probe`` (a point of the plane: its class probabilities come back),
    ``since`` (the first history row wanted), ``picture`` (false leaves out the field and the
    boundary) and ``id`` (comes back as it is).
    """

    def __init__(self, clock: Callable[[], float] = time.thread_time):
        # processor time: on a busy machine a request is not to be taken for a dear one
        self._clock = clock
        self._trainer: Trainer | None = None
        self._grid: Grid | None = None
        self._epoch_seconds = math.inf  # measured; unknown until the first epoch
        self._picture_seconds = math.inf

    def expected_seconds(self, request: Mapping[str, Any]) -> float:
        """How long the request will probably take; infinite while nothing was measured."""
        if request.get("op") != "frame":
            return math.inf
        try:
            epochs = min(max(int(request.get("epochs", 0)), 0), MOST_EPOCHS)
        except (TypeError, ValueError, OverflowError):
            return 0.0  # soon refused
        training = epochs * self._epoch_seconds if epochs else 0.0
        return min(training, TRAINING_SECONDS) + self._picture_seconds

    def handle(self, request: Mapping[str, Any] | str | bytes) -> bytes:
        """The reply to one request; never raises for anything a client can send."""
        reference = None
        try:
            request = parse(request)
            reference = request.get("id")
            header, arrays = self._answer(request)
        except (RequestError, RecipeError) as error:
            header, arrays = {"type": "error", "message": str(error)}, {}
            if isinstance(error, RecipeError):
                header["problems"] = error.problems
        if _is_reference(reference):
            header["id"] = reference
        return pack(header, arrays)

    # --- ops --------------------------------------------------------------------------

    def _answer(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], Arrays]:
        look = _Look(request)
        op = request.get("op")
        if op == "open":
            return self._open(request, look)
        if op not in ("frame", "seek", "edit"):
            raise RequestError(f"op must be one of open, frame, seek, edit; got {shortly(op)}")
        if self._trainer is None or self._grid is None:
            raise RequestError(f"open must come before {op}")
        trainer, grid = self._trainer, self._grid
        extra: dict[str, Any] = {}
        if op == "frame":
            self._train(trainer, _whole(request, "epochs", 0, MOST_EPOCHS, default=0))
        elif op == "seek":
            target = _whole(request, "epoch", 0, LAST_EPOCH)
            before = trainer.epoch
            if trainer.rewind(target) != before:  # its settings there may be dearer
                self._epoch_seconds = math.inf
            self._train(trainer, min(target - trainer.epoch, MOST_EPOCHS))
        else:
            trainer.edit(_text(request, "field"), request.get("value"), request.get("at"))
            self._epoch_seconds = math.inf
            extra["recipe"] = json.loads(trainer.recipe.to_json())
        header, arrays = self._frame(trainer, grid, look)
        return header | extra, arrays

    def _open(self, request: Mapping[str, Any], look: _Look) -> tuple[dict[str, Any], Arrays]:
        if not isinstance(request.get("recipe"), Mapping):
            raise RequestError(f"recipe must be an object; got {shortly(request.get('recipe'))}")
        trainer = Trainer(Recipe.from_json(request["recipe"]))
        data = trainer.dataset
        grid = Grid(Extent.around(data), trainer.preparation)
        self._trainer, self._grid = trainer, grid
        self._epoch_seconds = self._picture_seconds = math.inf
        header, arrays = self._frame(trainer, grid, look)
        header |= {
            "type": "opened",
            "recipe": json.loads(trainer.recipe.to_json()),
            "features": data.features,
            "classNames": data.class_names,
            "extent": [grid.extent.x1, grid.extent.x2],
            "sharedUnit": data.shared_unit,
        }
        arrays |= {
            "trainPoints": data.train.astype("<f4"),
            "trainLabels": data.train_labels.astype("u1"),
            "testPoints": data.test.astype("<f4"),
            "testLabels": data.test_labels.astype("u1"),
        }
        return header, arrays

    def _train(self, trainer: Trainer, epochs: int) -> None:
        """Train on, in strides that are expected to end in time."""
        goal = trainer.epoch + epochs
        start = now = self._clock()
        while (left := goal - trainer.epoch) and not trainer.finished:
            time_left = TRAINING_SECONDS - (now - start)
            if time_left <= 0:
                break
            fitting = max(1, int(min(time_left / (self._epoch_seconds or 1e-9), left)))
            before, done = now, trainer.stride(fitting)
            now = self._clock()
            self._epoch_seconds = (now - before) / done if done else math.inf

    # --- replies ----------------------------------------------------------------------

    def _frame(self, trainer: Trainer, grid: Grid, look: _Look) -> tuple[dict[str, Any], Arrays]:
        rows = trainer.rows(min(look.since, trainer.epoch + 1))[:MOST_ROWS]
        latest = trainer.rows(trainer.epoch)[0]
        header: dict[str, Any] = {
            "type": "frame",
            "epoch": trainer.epoch,
            "finished": trainer.finished,
            "diverged": trainer.diverged,
            "metrics": {
                name: _finite(value) for name, value in zip(METRICS, latest.tolist(), strict=True)
            },
            "since": min(look.since, trainer.epoch + 1),
        }
        arrays: Arrays = {"rows": np.minimum(rows, LARGEST).astype("<f4")}
        network = trainer.network
        if look.probe is not None:
            inputs = trainer.preparation.apply(np.array([look.probe]))
            header["probe"] = {
                "at": look.probe,
                "probabilities": [_finite(p) for p in network.predict_proba(inputs)[0].tolist()],
            }
        if look.picture:
            start = self._clock()
            field = grid.field(network)
            arrays |= _planes(field) | _lines(field)
            self._picture_seconds = self._clock() - start
        return header, arrays


def _finite(value: float) -> float | None:
    """What JSON can carry: NaN stands for no test part, infinity for a run that overflowed."""
    return value if math.isfinite(value) else None


def _planes(field: Field) -> Arrays:
    """Probabilities as bytes, 255 for 1; with two classes only class 1, as class 0 is the rest."""
    planes = field.probabilities[1:] if len(field.probabilities) == 2 else field.probabilities
    return {"planes": (planes * np.float32(255) + np.float32(0.5)).astype("u1")}


def _lines(field: Field) -> Arrays:
    """Boundary polylines end to end, and where each starts."""
    lines = boundary_lines(field)
    starts = list(accumulate((len(line) for line in lines), initial=0))[:-1]
    return {
        "lines": np.concatenate([*lines, np.empty((0, 2))]).astype("<f4"),
        "lineStarts": np.array(starts, dtype="<u4"),
    }


# --- requests -------------------------------------------------------------------------


class _Look:
    """What a request wants to see, whatever it does."""

    def __init__(self, request: Mapping[str, Any]):
        self.since = _whole(request, "since", 0, LAST_EPOCH + 1, default=0)
        self.picture = request.get("picture", True)
        if not isinstance(self.picture, bool):
            raise RequestError(f"picture must be true or false; got {shortly(self.picture)}")
        self.probe = _point(request.get("probe"))


def _is_reference(value: Any) -> bool:
    """A short text, or a number that every reader of JSON keeps exact."""
    if isinstance(value, str):
        return len(value) <= 64
    return type(value) is int and abs(value) < 2**53


def parse(request: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    """A request as a mapping; raises :class:`RequestError` for anything else."""
    if not isinstance(request, Mapping):
        try:
            request = json.loads(request)
        except (ValueError, RecursionError) as error:
            raise RequestError(f"a request must be a JSON object; got {shortly(error)}") from None
    if not isinstance(request, Mapping):
        raise RequestError(f"a request must be a JSON object; got {shortly(request)}")
    return request


def _whole(
    request: Mapping[str, Any], name: str, low: int, high: int, default: int | None = None
) -> int:
    value = request.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise RequestError(f"{name} must be a whole number {low}…{high}; got {shortly(value)}")
    return value


def _text(request: Mapping[str, Any], name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str):
        raise RequestError(f"{name} must be a name; got {shortly(value)}")
    return value


def _point(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise RequestError(f"probe must be two numbers; got {shortly(value)}")
    for number in value:
        # NaN fails the comparison
        if (
            isinstance(number, bool)
            or not isinstance(number, (int, float))
            or not abs(number) < 1e9
        ):
            raise RequestError(f"probe must be two numbers below 1e9; got {shortly(value)}")
    return float(value[0]), float(value[1])
