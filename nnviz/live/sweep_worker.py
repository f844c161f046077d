"""A process that trains runs of sweeps for the page, started as a program by the server.

Calls are as those of :mod:`.worker`: each does one piece of work, so sweeps that share a process
take turns.
"""

from __future__ import annotations

import time
from typing import Any

from ..sweeps.estimate import seconds_of_a_run
from ..sweeps.plan import Plan
from ..sweeps.portrait import Portrait, portrait_from
from ..sweeps.run import Run, row_from, training
from ..training.pieces import Work
from ..training.trainer import Trainer
from . import worker

NICENESS = 10  # runs that somebody looks at come before sweeps
PIECE_SECONDS = 0.05  # of training, until it is another sweep's turn

Outcome = tuple[dict[str, Any], Portrait]  # of a run


class Trials:
    """The runs under way in this process, by their keys."""

    def __init__(self) -> None:
        self._under_way: dict[int, tuple[Run, Work[Trainer]]] = {}
        self._seconds: dict[int, float] = {}  # of processor time
        self._ends = 0.0

    def begin(self, key: int, run: Run) -> tuple[float, Outcome | None]:
        """Do the first piece of a run; see :meth:`go_on`."""
        self._under_way[key] = run, training(run, lambda: time.monotonic() >= self._ends)
        self._seconds[key] = 0.0
        return self.go_on(key)

    def go_on(self, key: int) -> tuple[float, Outcome | None]:
        """Do the next piece: its processor time in seconds, and the outcome if the run is over."""
        run, work = self._under_way[key]
        start, self._ends = time.process_time(), time.monotonic() + PIECE_SECONDS
        trainer = _next(work)
        self._seconds[key] += time.process_time() - start
        if trainer is None:
            return time.process_time() - start, None
        outcome = row_from(run, trainer, self._seconds[key]), portrait_from(run, trainer)
        self.call_off(key)
        return time.process_time() - start, outcome

    def call_off(self, key: int) -> None:
        """Leave a run undone."""
        if key in self._under_way:
            self._under_way.pop(key)[1].close()
            del self._seconds[key]

    def estimate(self, plan: Plan) -> float:
        """See :func:`nnviz.sweeps.estimate.seconds_of_a_run`."""
        return seconds_of_a_run(plan)

    def report(self, outcomes: list[Outcome]) -> bytes:
        """See :func:`nnviz.sweeps.report.report`."""
        from ..sweeps.report import report  # loads Plotly
        from ..sweeps.summary import summarise

        return report(
            summarise(row for row, _ in outcomes), {each.key: each for _, each in outcomes}
        )


def _next(work: Work[Trainer]) -> Trainer | None:
    try:
        return next(work)
    except StopIteration as end:
        return end.value


if __name__ == "__main__":
    worker.serve(Trials(), NICENESS)
