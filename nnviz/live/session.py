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

from ..export.snapshot import Snapshot
from ..fields import RecipeError, shortly
from ..inputs import INPUTS
from ..recipe import LAST_EPOCH, Recipe
from ..training import METRICS, Trainer
from .codec import pack
from .requests import Look, RequestError, is_reference, parse, text, whole
from .views import Arrays, Header, View, finite

MOST_EPOCHS = 1000  # epochs one request may ask for
TRAINING_SECONDS = 0.01
MOST_ROWS = 5000  # history rows in one reply
# processor time, where there is a clock for it: on a busy machine a request is then not taken
# for an expensive one. WebAssembly has none
CLOCK: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
LARGEST = float(np.finfo(np.float32).max)


class LiveSession:
    """A trainer and a view of it, driven by requests.

    ====== ========================================= =====================================
    op     fields                                    does
    ====== ========================================= =====================================
    open   ``recipe``                                starts that run at epoch 0
    frame  ``epochs`` (0)                            trains on
    seek   ``epoch``                                 goes there, as far as the bounds allow
    edit   ``field``, ``value``, ``at`` for a weight changes the run from this epoch on
    take   ``what``, and more                        hands out a file of it, see ``takeaway``
    ====== ========================================= =====================================

    Every op but take also takes what is to be seen, a :class:`Look`; and all an ``id``, which
    comes back as it is.
    A seek that has not arrived sends no picture.
    """

    def __init__(self, clock: Callable[[], float] = CLOCK):
        self._clock = clock
        self._trainer: Trainer | None = None
        self._view: View | None = None
        self._epoch_seconds = math.inf  # measured; unknown until the first epoch
        self._picture_seconds: dict[Any, float] = {}  # by what they show; unknown where missing

    def expected_seconds(self, request: Mapping[str, Any]) -> float:
        """How long the request will probably take; infinite while nothing was measured."""
        if request.get("op") != "frame" or self._trainer is None:
            return math.inf
        try:
            epochs = whole(request, "epochs", 0, MOST_EPOCHS, default=0)
            look = Look(request)
        except RequestError:
            return 0.0  # soon refused
        picture = self._picture_seconds.get(look.kind, math.inf) if look.picture else 0.0
        if not epochs:
            return picture
        if self._trainer.changes_within(epochs):
            return math.inf  # an epoch may cost something else from there on
        return min(epochs * self._epoch_seconds, TRAINING_SECONDS) + picture

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
        if is_reference(reference):
            header["id"] = reference
        return pack(header, arrays)

    # --- ops --------------------------------------------------------------------------

    def _answer(self, request: Mapping[str, Any]) -> tuple[Header, Arrays]:
        op = request.get("op")
        if op == "open":
            return self._open(request, Look(request))
        if op not in ("frame", "seek", "edit", "take"):
            raise RequestError(
                f"op must be one of open, frame, seek, edit, take; got {shortly(op)}"
            )
        if self._trainer is None or self._view is None:
            raise RequestError(f"open must come before {op}")
        trainer, view = self._trainer, self._view
        if op == "take":
            return self._take(trainer, view, request)
        look = Look(request)
        view.check(look, trainer.recipe.sizes)
        extra: Header = {}
        if op == "frame":
            self._train(trainer, whole(request, "epochs", 0, MOST_EPOCHS, default=0))
        elif op == "seek":
            target = whole(request, "epoch", 0, LAST_EPOCH)
            before = trainer.epoch
            if trainer.rewind(target) != before:  # its settings there may be dearer
                self._epoch_seconds = math.inf
            self._train(trainer, min(target - trainer.epoch, MOST_EPOCHS))
            look.picture &= trainer.epoch == target or trainer.finished
        else:
            trainer.edit(text(request, "field"), request.get("value"), request.get("at"))
            self._epoch_seconds = math.inf
            extra["recipe"] = json.loads(trainer.recipe.to_json())
        header, arrays = self._frame(trainer, view, look)
        return header | extra, arrays

    def _open(self, request: Mapping[str, Any], look: Look) -> tuple[Header, Arrays]:
        if not isinstance(request.get("recipe"), Mapping):
            raise RequestError(f"recipe must be an object; got {shortly(request.get('recipe'))}")
        trainer = Trainer(Recipe.from_json(request["recipe"]))
        view = View(trainer)
        view.check(look, trainer.recipe.sizes)
        self._trainer, self._view = trainer, view
        self._epoch_seconds = math.inf
        self._picture_seconds = {}
        header, arrays = self._frame(trainer, view, look)
        data = trainer.dataset
        header |= {
            "type": "opened",
            "recipe": json.loads(trainer.recipe.to_json()),
            "features": data.features,
            "classNames": data.class_names,
            "extent": [view.extent.x1, view.extent.x2],
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

    def _take(
        self, trainer: Trainer, view: View, request: Mapping[str, Any]
    ) -> tuple[Header, Arrays]:
        from .takeaway import take  # Plotly, and all else a run can do without

        header, file = take(Snapshot(trainer, view.grid), request)
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

    def _frame(self, trainer: Trainer, view: View, look: Look) -> tuple[Header, Arrays]:
        rows = trainer.rows(min(look.since, trainer.epoch + 1))[:MOST_ROWS]
        latest = trainer.rows(trainer.epoch)[0]
        header: Header = {
            "type": "frame",
            "epoch": trainer.epoch,
            "finished": trainer.finished,
            "diverged": trainer.diverged,
            "metrics": {
                name: finite(value) for name, value in zip(METRICS, latest.tolist(), strict=True)
            },
            "since": min(look.since, trainer.epoch + 1),
        }
        arrays: Arrays = {"rows": np.minimum(rows, LARGEST).astype("<f4")}
        network = trainer.network
        if look.probe is not None:
            inputs = trainer.preparation.apply(np.array([look.probe]))
            header["probe"] = {
                "at": look.probe,
                "probabilities": [finite(p) for p in network.predict_proba(inputs)[0].tolist()],
            }
        if look.picture:
            start = self._clock()
            seen, drawn = view.picture(network, look)
            header, arrays = header | seen, arrays | drawn
            self._picture_seconds[look.kind] = self._clock() - start
        return header, arrays
