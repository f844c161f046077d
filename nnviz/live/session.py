"""One visitor's run: ``LiveSession.handle(request) → reply``, independent of the transport.

A request is a JSON object with an ``op``; the format of replies is described in :mod:`.codec`. An
invalid request changes nothing, and its reply says what is wrong. Each request trains at most
``MOST_EPOCHS`` epochs and stops after the first epoch that ends past ``TRAINING_SECONDS`` of work,
so that every reply comes soon; the client sends further requests to train on.

Where many runs share a processor, ``LiveSession.work(request)`` carries a request out in pieces of
some ``PIECE_SECONDS``, between which the others get their turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from ..analysis.field import RESOLUTION
from ..analysis.snapshot import Plane, Snapshot
from ..problems import Problem, RecipeError, short_text
from ..recipe.recipe import Recipe
from ..training.descent import EpochSteps
from ..training.pieces import Work, done, pausing
from ..training.trainer import Trainer
from . import replies
from .beside import Beside
from .codec import pack
from .cost import is_expensive
from .lottery import Lottery
from .operations import MOST_EPOCHS, OPERATIONS
from .requests import Answer, Arrays, Header, Request, RequestError, read
from .stopwatch import Stopwatch

TRAINING_SECONDS = 0.01  # per request
PIECE_SECONDS = 0.005  # until the next pause
MOST_ROWS = 5000  # history rows per reply
# of a run that was side by side, all in one reply; a longer one begins anew
MOST_KEPT_ROWS = 50_000
DETAIL_SECONDS = 0.004  # of work for a detail of the picture: half of what runs on the event loop
FIRST_POINT_SECONDS = 1e-6  # per grid point of a detail, before that is measured
# processor time where available (WebAssembly has none), so that requests do not look expensive on a
# busy machine
CLOCK: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
LARGEST = float(np.finfo(np.float32).max)

Pack = Callable[[Header, Arrays], bytes]  # a reply as bytes
# from the run, its plane, the request, and the runs beside it
Exporter = Callable[[Trainer, Plane, Mapping[str, Any], list[Trainer]], Work[tuple[Header, bytes]]]


class LiveSession:
    """A trainer controlled by the requests in ``OPERATIONS``.

    The ``id`` of a request is repeated in its reply. A request may name the epoch that it is for:
    the run goes there first. Where that takes longer than a request may, the reply says
    ``"arrived": false``, has no picture, and nothing else was done; the client asks again.
    ``pack`` writes replies as bytes, see :mod:`.codec`; ``export`` makes files of the run, by
    default all those in :mod:`.exports`.
    """

    epochs_trained: ClassVar[int] = 0  # by all sessions in this process

    def __init__(
        self, clock: Callable[[], float] = CLOCK, pack: Pack = pack, export: Exporter | None = None
    ):
        self._clock, self._pack, self._exporter = Stopwatch(clock), pack, export
        self._piece_ends = math.inf  # by time.perf_counter: others wait for it by the wall clock
        self._trainer: Trainer | None = None
        self._plane: Plane | None = None
        # of the epoch after the one of a recipe
        self._epoch_steps: tuple[tuple[Recipe, int], EpochSteps] | None = None
        self._lottery: Lottery | None = None  # while its pictures are wanted
        self._beside = Beside()
        self._epoch_seconds = math.inf  # measured; unknown until the first epoch
        self._picture_seconds: dict[Any, float] = {}  # measured, by the parts of the picture
        self._point_seconds = FIRST_POINT_SECONDS  # of a detail; measured

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: the starts are made again where they are wanted."""
        return vars(self) | {"_lottery": None}

    def read(self, message: Request | Mapping[str, Any] | str | bytes) -> Request:
        """The request in a message; it has an ``error`` if the message is invalid."""
        return message if isinstance(message, Request) else read(message, OPERATIONS)

    @staticmethod
    def dropped(request: Request) -> bytes:
        """The reply to a request that is not carried out: a later one makes it pointless."""
        return pack(_numbered({"type": "dropped"}, request), {})

    def expected_seconds(self, message: Request | Mapping[str, Any]) -> float:
        """The predicted duration of a request; infinite if nothing was measured yet."""
        request = self.read(message)
        operation, trainer = request.operation, self._trainer
        if operation is None or not operation.is_measured or trainer is None:
            return math.inf
        if request.error:
            return 0.0  # nothing is done
        if operation.yields:
            return DETAIL_SECONDS
        epochs = request["epochs"]
        if request["epoch"] not in (None, trainer.epoch):
            return math.inf  # it has to go there first
        if request["steps"]:
            return math.inf  # an epoch is trained to show its steps
        picture = 0.0
        if request["picture"]:
            picture = self._picture_seconds.get(request.picture_parts, math.inf)
        if not epochs:
            return picture
        if self._epoch_seconds == math.inf or trainer.changes_within(epochs):
            return math.inf  # an epoch may take longer after that edit
        return min(epochs * self._epoch_seconds, TRAINING_SECONDS) + picture

    @property
    def trainers(self) -> list[Trainer]:
        """The run, its starts and those beside it; none before it is opened."""
        if self._trainer is None:
            return []
        starts = self._lottery.trainers if self._lottery else []
        return [self._trainer, *starts, *self._beside.trainers]

    def handle(self, message: Request | Mapping[str, Any] | str | bytes) -> bytes:
        """The reply to one request; never raises for anything a client can send."""
        return done(self.work(message))

    def work(self, message: Request | Mapping[str, Any] | str | bytes) -> Work[bytes]:
        """Make the reply to one request as :meth:`handle` does, with a pause after each piece.

        No other method may be called meanwhile. If the work is called off, the run stays at the
        epoch that it has reached.
        """
        request = self.read(message)
        answer = self._answer(request)
        try:
            header, arrays = yield from self._in_pieces(answer)
        except (RequestError, RecipeError) as error:
            header, arrays = {"type": "error", "message": str(error)}, {}
            if isinstance(error, RecipeError):
                header["problems"] = {short_text(k): text for k, text in error.problems.items()}
        return self._pack(_numbered(header, request), arrays)

    def _in_pieces(self, work: Work[Answer]) -> Work[Answer]:
        """The same work, its time measured without the pauses."""
        try:
            while True:
                self._piece_ends = time.perf_counter() + PIECE_SECONDS
                try:
                    next(work)
                except StopIteration as end:
                    return end.value
                self._clock.pause()
                yield
                self._clock.resume()
        finally:
            work.close()

    def _is_due(self) -> bool:
        """Whether it is time for a pause."""
        return time.perf_counter() >= self._piece_ends

    # --- operations -------------------------------------------------------------------

    def _answer(self, request: Request) -> Work[Answer]:
        operation = request.operation
        if operation and operation.needs_run and self._trainer is None:
            problem = Problem(
                "op", "open", operation.name, pattern="{rule} must come before {offender}"
            )
            raise RequestError(problem)
        if request.error or operation is None:
            raise request.error or RequestError()
        return (yield from _ANSWERS[operation.name](self, request))

    @property
    def _run(self) -> tuple[Trainer, Plane]:
        assert self._trainer  # checked by ``needs_run``
        assert self._plane
        self._plane = self._plane.with_data(self._trainer.dataset)
        return self._trainer, self._plane

    def _open(self, request: Request) -> Work[Answer]:
        recipe = Recipe.from_json(request["recipe"])
        replies.check(request, recipe.sizes)
        self._trainer = trainer = self._kept(recipe, request["epoch"]) or Trainer(recipe)
        self._plane = Plane(trainer)
        self._epoch_seconds = math.inf
        self._picture_seconds = {}
        self._point_seconds = FIRST_POINT_SECONDS
        self._beside.key = None  # the client names the runs beside this one again
        middle = self._plane.extent.middle
        if trainer.epoch:
            yield from self._goes_to(request["epoch"])
        header, arrays = yield from self._frame_reply(
            request, probe=request["probe"] or middle, most_rows=MOST_KEPT_ROWS
        )
        header |= {"type": "opened", "recipe": trainer.recipe.to_values()}
        header |= replies.scene(trainer, self._plane)
        points_header, points = replies.points(trainer)
        return header | points_header, arrays | points

    def _kept(self, recipe: Recipe, epoch: int | None) -> Trainer | None:
        """The trainer of a run that was side by side with this one, at an epoch or before it."""
        if not epoch or epoch >= MOST_KEPT_ROWS or self._trainer is None:
            return None
        trainer = self._beside.exchanged(recipe, self._trainer)
        if trainer:
            trainer.rewind(epoch)
        return trainer

    def _frame(self, request: Request) -> Work[Answer]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        if not (yield from self._goes_to(request["epoch"])):
            return (yield from self._frame_reply(request, has_arrived=False))
        start = trainer.epoch
        yield from self._train(trainer, request["epochs"])
        trainer.mark()  # an edit made where this is seen comes when the run is ahead
        return (yield from self._frame_reply(request, start=start))

    def _seek(self, request: Request) -> Work[Answer]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        before = trainer.epoch
        has_arrived = yield from self._goes_to(request["epoch"])
        is_repeated = request["onward"] and trainer.epoch == before
        return (yield from self._frame_reply(request, has_arrived, has_picture=not is_repeated))

    def _edit(self, request: Request) -> Work[Answer]:
        trainer, _ = self._run
        replies.check(request, trainer.recipe.sizes)
        epoch = request["epoch"]
        is_there = yield from self._goes_to(epoch)
        if not is_there or epoch not in (None, trainer.epoch):  # not there, or its end
            has_arrived = trainer.finished
            return (yield from self._frame_reply(request, has_arrived, has_picture=False))
        trainer.edit(request["field"], request["value"], request["at"])
        self._epoch_seconds = math.inf
        header, arrays = yield from self._frame_reply(request)
        return header | {"recipe": trainer.recipe.to_values()}, arrays

    def _compare(self, request: Request) -> Work[Answer]:
        yield from ()  # it takes no time: they are made with the next picture
        self._beside.follow(request["key"], request["beside"])
        return {"type": "compared", "key": request["key"]}, {}

    def _detail(self, request: Request) -> Work[Answer]:
        yield from ()  # in one piece: it is as much as one may have
        trainer, plane = self._run
        replies.check(request, trainer.recipe.sizes)
        (columns, rows), first = request["size"], request["first"]
        if first >= rows:
            rule = "below the number of rows, {rows}"
            raise RequestError(Problem("first", rule, first, rows=rows))
        begun = self._clock()
        points = DETAIL_SECONDS / max(self._point_seconds, 1e-9)
        if not is_expensive(trainer.recipe):
            # no fewer than in a frame, also of one piece: where each request is slow for another
            # reason, fewer points would not be quicker, and the picture would never be whole
            points = max(points, RESOLUTION**2)
        stop = min(rows, first + max(1, int(points / columns)))
        header, arrays = replies.detail(trainer, plane, request, stop)
        self._point_seconds = (self._clock() - begun) / (columns * (stop - first))
        return header, arrays

    def _export(self, request: Request) -> Work[Answer]:
        if not (yield from self._goes_to(request["epoch"])):
            return self._place() | {"arrived": False}, {}
        export = self._exporter or _exporter()
        message, beside = request.message, self._beside
        others: list[Trainer] = []
        if request["compared"] is not None and request["compared"] == beside.key:
            yield from beside.goes_to(self._run[0].epoch, self._is_due)
            message, others = beside.named(message), beside.trainers
        work = pausing(export(*self._run, message, others), self._is_due)
        header, file = yield from work
        return header, {"file": np.frombuffer(file, dtype="u1")} if file else {}

    def _goes_to(self, epoch: int | None) -> Work[bool]:
        """Go to an epoch, or as far as a request may train; None is the present one.

        Returns whether the run is there, or at its end before that.
        """
        trainer, _ = self._run
        if epoch is None:
            return True
        before = trainer.epoch
        if trainer.rewind(epoch) != before:  # epochs may take longer with the settings there
            self._epoch_seconds = math.inf
        yield from self._train(trainer, min(epoch - trainer.epoch, MOST_EPOCHS))
        return trainer.epoch == epoch or trainer.finished

    def _train(self, trainer: Trainer, epochs: int) -> Work[None]:
        """Train up to ``epochs`` epochs, in strides that are expected to end in time."""
        goal = trainer.epoch + epochs
        start = now = self._clock()
        while (left := goal - trainer.epoch) and not trainer.finished:
            time_left = TRAINING_SECONDS - (now - start)
            if time_left <= 0:
                break
            fitting = max(1, int(min(time_left / (self._epoch_seconds or 1e-9), left)))
            before, trained = now, (yield from trainer.striding(fitting, self._is_due))
            now = self._clock()
            LiveSession.epochs_trained += trained
            self._epoch_seconds = (now - before) / trained if trained else math.inf

    # --- replies ----------------------------------------------------------------------

    def _place(self) -> Header:
        trainer, _ = self._run
        return {
            "type": "frame",
            "epoch": trainer.epoch,
            "finished": trainer.finished,
            "diverged": trainer.diverged,
            "corrections": trainer.corrections,
        }

    def _frame_reply(
        self,
        request: Request,
        has_arrived: bool = True,
        has_picture: bool = True,
        start: int | None = None,
        probe: tuple[float, float] | None = None,
        most_rows: int = MOST_ROWS,
    ) -> Work[Answer]:
        """The run at its epoch, after training from epoch ``start`` on if any was asked for.

        ``probe`` is the point at which probabilities are returned, by default that of the request.
        """
        trainer, plane = self._run
        trained = (trainer.epoch if start is None else start) + 1
        since = min(trained if request["since"] is None else request["since"], trainer.epoch + 1)
        header = self._place() | {"metrics": replies.metrics(trainer), "since": since}
        if not has_arrived:
            header["arrived"] = False
        rows = trainer.rows(since, most_rows)
        arrays: Arrays = {"rows": np.minimum(rows, LARGEST).astype("<f4")}
        after_steps = self._after_steps(request)
        snapshot = Snapshot(trainer, plane, since=trainer.epoch, after_steps=after_steps)
        is_compared = request["compared"] is not None and request["compared"] == self._beside.key
        if (probe := probe or request["probe"]) is not None:
            header["probe"] = replies.probe(snapshot, probe)
        if request["health"] and has_arrived:
            header["health"] = snapshot.advice
        if request["picture"] and has_arrived and has_picture:
            begun = self._clock()
            yield from pausing(snapshot.evaluating(request["unit"]), self._is_due)
            picture_header, picture_arrays = replies.picture(snapshot, request)
            picture_header |= replies.steps_taken(after_steps, trainer) if after_steps else {}
            header, arrays = header | picture_header, arrays | picture_arrays
            if trainer.data_key != request["data"]:
                points_header, points = replies.points(trainer)
                header, arrays = header | points_header, arrays | points
            if wanted := self._lottery_of(request):
                shown = wanted.showing(trainer.recipe, trainer.epoch, self._clock, self._is_due)
                starts_header, starts_arrays = yield from shown
                header, arrays = header | starts_header, arrays | starts_arrays
            if is_compared:
                header_beside, arrays_beside = yield from self._beside.showing(
                    request, trainer.epoch, self._clock, self._is_due
                )
                header, arrays = header | header_beside, arrays | arrays_beside
            self._picture_seconds[request.picture_parts] = self._clock() - begun
        if is_compared and probe is not None:
            header["besideProbes"] = self._beside.probes(probe)
        return header, arrays

    def _lottery_of(self, request: Request) -> Lottery | None:
        """The starts that are requested, if any; others are dropped."""
        key = (request["varied"], request["starts"])
        if key[1] is None:
            self._lottery = None
        elif self._lottery is None or self._lottery.key != key:
            self._lottery = Lottery(*key)
        return self._lottery

    def _after_steps(self, request: Request) -> tuple[EpochSteps, int] | None:
        """The steps of the next epoch and how many of them to take, if any are requested.

        Of a perceptron only: the weights after each step of a large network would fill the memory.
        """
        trainer, _ = self._run
        if not request["steps"] or trainer.corrections is None or trainer.finished:
            return None
        if not len(trainer.dataset.train):
            return None
        key = (trainer.recipe, trainer.epoch)
        if self._epoch_steps is None or self._epoch_steps[0] != key:
            self._epoch_steps = (key, trainer.steps_of_epoch())
        steps = self._epoch_steps[1]
        return steps, min(request["steps"], len(steps))


def _exporter() -> Exporter:
    from .exports import export  # imports Plotly, which training does not need

    return export


def _numbered(header: Header, request: Request) -> Header:
    """The header with the request's ``id``, if it has one."""
    return header if request.reference is None else {**header, "id": request.reference}


_ANSWERS: dict[str, Callable[[LiveSession, Request], Work[Answer]]] = {  # by operation
    "open": LiveSession._open,
    "frame": LiveSession._frame,
    "seek": LiveSession._seek,
    "edit": LiveSession._edit,
    "compare": LiveSession._compare,
    "detail": LiveSession._detail,
    "export": LiveSession._export,
}
