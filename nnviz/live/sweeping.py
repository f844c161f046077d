"""Sweeps that visitors of the page start: carried out in processes of their own, in turns.

Scripts of the page start them and look at them from threads of their own. What drives them is one
event loop in another thread, which computes nothing itself.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from typing import Any

from ..recipe.recipe import Recipe
from ..sweeps.errors import SweepError
from ..sweeps.plan import Plan
from ..sweeps.run import Run
from .hosting import Hosting
from .load import Load
from .log import LOGGER
from .sweep_worker import Outcome
from .workers import Worker, WorkerError, WorkerLost, new_key

LOOK_SECONDS = 0.1  # between two looks at a sweep that rests
LEFT_SECONDS = 150.0  # until a sweep ends whose page was left; Streamlit forgets it after 120
KEPT_SECONDS = 3600.0  # that a sweep is kept after its end, to be found again by a reloaded page
MOST_KEPT = 50_000  # runs of such sweeps together
MOST_PAGES = 8  # that look at a sweep
IDLE_SECONDS = 60.0  # until the processes end when no sweep is left
REPORT_SECONDS = 120.0  # to wait for a report, at most
_TRIED = 5  # combinations for an estimate

_log = logging.getLogger(LOGGER)


class Sweep:
    """One visitor's sweep: its plan, its state, and the outcomes so far.

    It is over when all runs are done, or once it is stopped; ``problem`` is a sentence where the
    server has stopped it. ``seconds`` of processor time are used. ``is_wanted()`` is whether a page
    that shows it is open; without one it is paused. ``address`` is that of the visitor's network.
    ``name`` cannot be guessed, and identifies the visitor after a reload.
    """

    def __init__(self, plan: Plan, is_wanted: Callable[[], bool], address: str = ""):
        self.plan, self.address = plan, address
        self.name = secrets.token_urlsafe(16)
        self._pages = [is_wanted]
        self._ended = math.inf  # by time.monotonic()
        self.recipes: list[Recipe] = []
        self.outcomes: list[Outcome] = []
        self.seconds = 0.0
        self.is_paused = self.is_over = False
        self.problem: str | None = None

    @property
    def is_running(self) -> bool:
        return not self.is_paused and not self.is_over

    @property
    def seconds_left(self) -> float | None:
        """Processor time of the remaining runs, estimated from the others; None without any."""
        done = len(self.outcomes)
        return (len(self.plan) - done) * self.seconds / done if done else None

    def is_wanted(self) -> bool:
        return any(is_open() for is_open in self._pages)

    def join(self, is_open: Callable[[], bool]) -> None:
        """Add a page that shows it."""
        self._pages = [*self._pages, is_open][-MOST_PAGES:]

    @property
    def seconds_over(self) -> float:
        """Seconds since it ended; 0 or less while it has not."""
        return time.monotonic() - self._ended

    def pause(self, on: bool = True) -> None:
        """Pause, also in the middle of a run; go on with ``on=False``."""
        self.is_paused = on

    def stop(self, problem: str | None = None) -> None:
        """End it; the outcomes so far stay."""
        if not self.is_over:
            self.is_over, self.problem = True, problem
            self._ended = time.monotonic()

    def add(self, run: Run, outcome: Outcome) -> None:
        row, portrait = outcome
        self.recipes.append(run.recipe)
        self.outcomes.append((self.plan.completed(row), portrait))

    async def turn(self) -> bool:
        """Wait while it is paused; returns False if it is over."""
        since = time.monotonic()
        while not self.is_over and (self.is_paused or not self.is_wanted()):
            if self.is_wanted():
                since = time.monotonic()
            elif time.monotonic() - since > LEFT_SECONDS:
                self.stop()
            await asyncio.sleep(LOOK_SECONDS)
        return not self.is_over


class Sweepers:
    """All sweeps of a server, within the bounds of its hosting."""

    def __init__(self, load: Load):
        self.hosting, self._load = load.hosting, load
        self.count = self.hosting.workers or os.cpu_count() or 1  # processes
        self._workers = self._new_workers()
        self._sweeps: dict[Sweep, Future[None]] = {}  # those that are not over
        self._known: dict[str, Sweep] = {}  # by their names, those too that are over
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = threading.Lock()

    def check(self, runs: int) -> None:
        """Raise :class:`SweepError` for a sweep of more runs than the server allows."""
        most = self.hosting.sweep_runs
        if most and runs > most:
            raise SweepError(f"a sweep on this server must have at most {most} runs; got {runs}")

    def start(self, plan: Plan, is_wanted: Callable[[], bool], address: str = "") -> Sweep:
        """Start a sweep; raises :class:`SweepError` where a limit is reached."""
        self.check(len(plan))
        if limit := self._limit_reached(address):
            raise SweepError(self._load.refuse(limit))
        sweep = Sweep(plan, is_wanted, address)
        self._known[sweep.name] = sweep
        self._sweeps[sweep] = future = self._submit(self._carry_out(sweep))
        future.add_done_callback(lambda _: self._sweeps.pop(sweep))
        return sweep

    def found(self, name: str, is_open: Callable[[], bool]) -> Sweep | None:
        """The sweep of that name for a page that was loaded again; None where it is not kept."""
        self._forget_old()
        sweep = self._known.get(name)
        if sweep:
            sweep.join(is_open)
        return sweep

    def forget(self, sweep: Sweep) -> None:
        """Forget a sweep, which can then not be found any more."""
        self._known.pop(sweep.name, None)

    def _forget_old(self) -> None:
        """Of the sweeps that are over, keep the last ones."""
        runs = 0
        over = [sweep for sweep in list(self._known.values()) if sweep.is_over]
        for sweep in sorted(over, key=lambda sweep: sweep.seconds_over):
            runs += len(sweep.outcomes)
            if sweep.seconds_over > KEPT_SECONDS or runs > MOST_KEPT:
                self.forget(sweep)

    def _limit_reached(self, address: str) -> str | None:
        addresses = [sweep.address for sweep in list(self._sweeps) if sweep.is_wanted()]
        if len(addresses) >= self.hosting.sweeps:
            return "sweeps"
        if addresses.count(address) >= self.hosting.sweeps_per_address:
            return "sweeps_per_address"
        return None

    def estimate(self, plan: Plan, seconds: float) -> float | None:
        """The mean processor time of a run, from a short trial; None if that takes ``seconds``."""
        recipes = plan.combinations[:: -(-len(plan.combinations) // _TRIED)]
        trial = replace(plan, combinations=recipes, left_out=(), cells={})
        try:
            return self._submit(self._called("estimate", trial)).result(seconds)
        except (TimeoutError, WorkerLost, WorkerError, CancelledError):
            return None

    def report(self, sweep: Sweep) -> bytes:
        """The report of the runs so far, as HTML; it takes a second or two."""
        return self._submit(self._called("report", sweep.outcomes[:])).result(REPORT_SECONDS)

    def close(self) -> None:
        """End all sweeps and processes."""
        for sweep, future in list(self._sweeps.items()):
            sweep.stop()
            future.result()
        with self._starting:
            loop, self._loop = self._loop, None
        if loop:
            asyncio.run_coroutine_threadsafe(self._end_workers(), loop).result()
            loop.call_soon_threadsafe(loop.stop)

    # --- on the loop ------------------------------------------------------------------

    def _submit(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="nnviz-sweeps",
                                 daemon=True).start()  # fmt: skip
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _carry_out(self, sweep: Sweep) -> None:
        runs = iter(sweep.plan)
        try:
            await asyncio.gather(*(self._train(sweep, runs, worker) for worker in self._workers))
        finally:
            sweep.stop()
            self._forget_old()
            loop = asyncio.get_running_loop()
            loop.call_later(IDLE_SECONDS, self._end_idle)
            loop.call_later(KEPT_SECONDS + 1, self._forget_old)

    async def _train(self, sweep: Sweep, runs: Iterator[Run], worker: Worker) -> None:
        """Train run after run in a worker, until none is left or the sweep is over."""
        try:
            while not sweep.is_over and (run := next(runs, None)):
                await self._train_run(sweep, run, worker)
        except WorkerLost:
            sweep.stop("A process of the server has ended. Start the sweep again.")
        except WorkerError as error:
            _log.error("A run of a sweep failed.\n%s", error)
            sweep.stop("A run has failed; the server's log says why.")

    async def _train_run(self, sweep: Sweep, run: Run, worker: Worker) -> None:
        key, most, outcome = new_key(), self.hosting.sweep_seconds, None
        call: tuple[Any, ...] = ("begin", key, run)
        while outcome is None and await sweep.turn():
            seconds, outcome = await worker.call(*call)
            call = "go_on", key
            sweep.seconds += seconds
            if most and sweep.seconds > most:
                sweep.stop(f"The {most} s of processor time for a sweep on this server are used.")
        if outcome is not None:
            sweep.add(run, outcome)
        elif call[0] == "go_on":
            await worker.call("call_off", key)

    async def _called(self, name: str, *arguments: Any) -> Any:
        try:
            return await self._workers[-1].call(name, *arguments)
        finally:
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)

    def _end_idle(self) -> None:
        if not self._sweeps:
            self._ending = asyncio.ensure_future(self._end_workers())

    async def _end_workers(self) -> None:
        workers, self._workers = self._workers, self._new_workers()
        await asyncio.gather(*(worker.close() for worker in workers))

    def _new_workers(self) -> list[Worker]:
        return [Worker("sweep_worker") for _ in range(self.count)]


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


_server: Sweepers | None = None  # the scripts of pages run in the server's process


def serve(load: Load) -> Sweepers:
    """The sweeps of a server, which scripts find by :func:`of_server`."""
    global _server
    _server = Sweepers(load)
    return _server


def of_server() -> Sweepers:
    """The sweeps of the server; where none was started, with the hosting of the environment."""
    return _server or serve(Load(Hosting.from_environment(os.environ)))
