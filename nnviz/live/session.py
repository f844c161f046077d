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
from typing import Any

import numpy as np

from ..analysis.snapshot import Plane, Snapshot
from ..choices.inputs import INPUTS
from ..problems import Problem, RecipeError
from ..recipe.kinds import Integer
from ..recipe.recipe import LAST_EPOCH, Recipe
from ..training.trainer import METRICS, Trainer
from . import replies
from .codec import pack
from .requests import (
    PICTURE_FIELDS,
    Anything,
    Arrays,
    Header,
    Object,
    Operation,
    Request,
    RequestError,
    Text,
    read,
)

MOST_EPOCHS = 1000  # epochs one request may ask for
TRAINING_SECONDS = 0.01
MOST_ROWS = 5000  # history rows in one reply
# processor time, where there is a clock for it: on a busy machine a request is then not taken
# for an expensive one. WebAssembly has none
CLOCK: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
LARGEST = float(np.finfo(np.float32).max)


class LiveSession:
    """A trainer and what is shown of it, driven by the requests of ``OPERATIONS``.

    A request may have an ``id``, which comes back as it is. A seek that has not arrived sends no
    picture.
    """

    def __init__(self, clock: Callable[[], float] = CLOCK):
        self._clock = clock
        self._trainer: Trainer | None = None
        self._plane: Plane | None = None
        self._epoch_seconds = math.inf  # measured; unknown until the first epoch
        self._picture_seconds: dict[Any, float] = {}  # by what they show; unknown where missing

    def read(self, message: Request | Mapping[str, Any] | str | bytes) -> Request:
        """The request that a message holds; it may be one with an error."""
        return message if isinstance(message, Request) else read(message, OPERATIONS)

    def expected_seconds(self, message: Request | Mapping[str, Any]) -> float:
        """How long the request will probably take; infinite while nothing was measured."""
        request = self.read(message)
        operation, trainer = request.operation, self._trainer
        if operation is None or not operation.is_measured or trainer is None:
            return math.inf
        if request.error:
            return 0.0  # soon refused
        epochs = request["epochs"]
        shows = request["picture"]
        picture = self._picture_seconds.get(request.kind, math.inf) if shows else 0.0
        if not epochs:
            return picture
        if trainer.changes_within(epochs):
            return math.inf  # an epoch may cost something else from there on
        return min(epochs * self._epoch_seconds, TRAINING_SECONDS) + picture

    def handle(self, message: Request | Mapping[str, Any] | str | bytes) -> bytes:
        """The reply to one request; never raises for anything a client can send."""
        request = self.read(message)
        try:
            header, arrays = self._answer(request)
        except (RequestError, RecipeError) as error:
            header, arrays = {"type": "error", "message": str(error)}, {}
            if isinstance(error, RecipeError):
                header["problems"] = error.problems
        if request.reference is not None:
            header["id"] = request.reference
        return pack(header, arrays)

    # --- operations -------------------------------------------------------------------

    def _answer(self, request: Request) -> tuple[Header, Arrays]:
        operation = request.operation
        if operation and operation.needs_run and self._trainer is None:
            problem = Problem(
                "op", "open", operation.name, pattern="{rule} must come before {offender}"
            )
            raise RequestError(problem)
        if request.error or operation is None:
            raise request.error or RequestError()
        return operation.answer(self, request)

    @property
    def _run(self) -> tuple[Trainer, Plane]:
        assert self._trainer  # as ``needs_run`` says
        assert self._plane
        return self._trainer, self._plane

    def _open(self, request: Request) -> tuple[Header, Arrays]:
        trainer = Trainer(Recipe.from_json(request["recipe"]))
        plane = Plane(trainer)
        replies.check(request, trainer.recipe.sizes)
        self._trainer, self._plane = trainer, plane
        self._epoch_seconds = math.inf
        self._picture_seconds = {}
        header, arrays = self._shown(request)
        data = trainer.dataset
        header |= {
            "type": "opened",
            "recipe": json.loads(trainer.recipe.to_json()),
            "features": data.features,
            "classNames": data.class_names,
            "extent": [plane.extent.x1, plane.extent.x2],
            "sharedUnit": data.shared_unit,
            "sizes": trainer.recipe.sizes,
            "inputs": [INPUTS[name].label for name in trainer.recipe.inputs],
        }
        arrays |= {
            "trainPoints": data.train.astype("<f4"),
            "trainLabels": data.train_labels.astype("u1"),
            "testPoints": data.test.astype("<f4"),
            "testLabels": data.test_labels.astype("u1"),
        }
        return header, arrays

    def _frame(self, request: Request) -> tuple[Header, Arrays]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        self._train(trainer, request["epochs"])
        return self._shown(request)

    def _seek(self, request: Request) -> tuple[Header, Arrays]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        target, before = request["epoch"], trainer.epoch
        if trainer.rewind(target) != before:  # its settings there may be more expensive
            self._epoch_seconds = math.inf
        self._train(trainer, min(target - trainer.epoch, MOST_EPOCHS))
        return self._shown(request, has_arrived=trainer.epoch == target or trainer.finished)

    def _edit(self, request: Request) -> tuple[Header, Arrays]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        trainer.edit(request["field"], request["value"], request["at"])
        self._epoch_seconds = math.inf
        header, arrays = self._shown(request)
        return header | {"recipe": json.loads(trainer.recipe.to_json())}, arrays

    def _export(self, request: Request) -> tuple[Header, Arrays]:
        from .exports import export  # Plotly, and all else a run can do without

        header, file = export(*self._run, request.message)
        return header, {"file": np.frombuffer(file, dtype="u1")} if file else {}

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

    def _shown(self, request: Request, has_arrived: bool = True) -> tuple[Header, Arrays]:
        trainer, plane = self._run
        since = min(request["since"], trainer.epoch + 1)
        latest = trainer.rows(trainer.epoch)[0]
        header: Header = {
            "type": "frame",
            "epoch": trainer.epoch,
            "finished": trainer.finished,
            "diverged": trainer.diverged,
            "metrics": {
                name: replies.finite_or_none(value)
                for name, value in zip(METRICS, latest.tolist(), strict=True)
            },
            "since": since,
        }
        rows = trainer.rows(since)[:MOST_ROWS]
        arrays: Arrays = {"rows": np.minimum(rows, LARGEST).astype("<f4")}
        snapshot = Snapshot(trainer, plane, since=trainer.epoch)
        if (probe := request["probe"]) is not None:
            probabilities = snapshot.probabilities(probe).tolist()
            header["probe"] = {
                "at": probe,
                "probabilities": list(map(replies.finite_or_none, probabilities)),
            }
        if request["picture"] and has_arrived:
            start = self._clock()
            seen, drawn = replies.picture(snapshot, request)
            header, arrays = header | seen, arrays | drawn
            self._picture_seconds[request.kind] = self._clock() - start
        return header, arrays


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "open", "Starts a run at epoch 0.", LiveSession._open,
            {"recipe": Object(default=None, label="Recipe", help="As in JSON."), **PICTURE_FIELDS},
            needs_run=False,
        ),
        Operation(
            "frame", "Trains on.", LiveSession._frame,
            {"epochs": Integer(default=0, low=0, high=MOST_EPOCHS, label="Epochs",
                               help="To be trained, as far as the time for it allows."),
             **PICTURE_FIELDS},
            is_measured=True,
        ),
        Operation(
            "seek", "Goes to an epoch, as far as the bounds allow.", LiveSession._seek,
            {"epoch": Integer(default=None, low=0, high=LAST_EPOCH, label="Epoch",
                              help="Where to go."),
             **PICTURE_FIELDS},
        ),
        Operation(
            "edit", "Changes the run from this epoch on.", LiveSession._edit,
            {"field": Text(default=None, label="Field", help="A live one, or weight."),
             "value": Anything(default=None, label="Value", help="What it becomes."),
             "at": Anything(default=None, label="At", help="Layer, row, column of a weight."),
             **PICTURE_FIELDS},
        ),
        Operation(
            "export", "Returns a file of the run, see exports.EXPORTS for its fields.",
            LiveSession._export, {},
        ),
    )
}  # fmt: skip
