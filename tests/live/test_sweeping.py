"""Sweeps that visitors start: their runs are those of the command line, within the bounds."""

import asyncio
import os
import signal
import threading
from dataclasses import fields

import pytest

from nnviz import Recipe
from nnviz.live import sweep_worker, sweeping
from nnviz.live.hosting import Hosting
from nnviz.live.load import Load
from nnviz.live.sweep_worker import Trials
from nnviz.live.sweeping import Sweepers
from nnviz.live.workers import WorkerError
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.portrait import portrait_of
from nnviz.sweeps.run import row_of

PLAN = make_plan(Recipe(samples=30), {"hidden": [(2,), (3, 2)]}, seeds=3, epoch=20)
LONG = make_plan(Recipe(samples=30, batch_size=1), {}, seeds=3, epoch=1_000_000)
PATIENCE = 60


class Elsewhere:
    """As a worker, without a process of its own; it waits before a call until it ``may`` go on."""

    def __init__(self, program):
        assert program == "sweep_worker"
        self.trials, self.calls = Trials(), []
        self.may, self.called = threading.Event(), threading.Event()
        self.may.set()
        Elsewhere.made.append(self)

    async def call(self, name, *arguments):
        self.calls.append(name)
        self.called.set()
        assert self.may.wait(PATIENCE)
        await asyncio.sleep(0)  # it is the others' turn, as while a pipe is waited for
        return getattr(self.trials, name)(*arguments)

    async def close(self):
        self.calls.append("close")


@pytest.fixture
def here(monkeypatch):
    """Sweepers with workers in this process, by their hosting."""
    monkeypatch.setattr(sweeping, "Worker", Elsewhere)
    monkeypatch.setattr(sweep_worker, "PIECE_SECONDS", 0.0)
    monkeypatch.setattr(sweeping, "LOOK_SECONDS", 0.001)
    Elsewhere.made = []
    made = []

    def make(**hosting):
        made.append(Sweepers(Load(Hosting(**{"workers": 2} | hosting))))
        return made[-1]

    yield make
    for each in made:
        each.close()


def over(sweepers, sweep):
    future = sweepers._sweeps.get(sweep)
    if future:
        future.result(PATIENCE)
    assert sweep.is_over
    return sweep


def without_time(row):
    return {name: cell for name, cell in row.items() if name != "seconds"}


def expect_all(sweep, plan):
    assert sweep.problem is None
    rows = {row["recipe"]: (row, portrait) for row, portrait in sweep.outcomes}
    assert len(sweep.outcomes) == len(rows) == len(plan)
    for run in plan:
        row, portrait = rows[run.key]
        assert without_time(row) == without_time(plan.completed(row_of(run)))
        assert list(row) == plan.columns
        for each in fields(portrait):
            assert getattr(portrait, each.name) == getattr(portrait_of(run), each.name)
    assert [recipe.to_json() for recipe in sweep.recipes] == [
        r["recipe"] for r, _ in sweep.outcomes
    ]


def test_every_run_is_there_once_in_pieces_and_as_by_itself(here):
    sweepers = here()
    sweep = over(sweepers, sweepers.start(PLAN, lambda: True))
    expect_all(sweep, PLAN)
    assert sweep.seconds > 0
    page = sweepers.report(sweep).decode()
    assert all(f'href="{row["link"]}"'.replace("&", "&amp;") in page for row, _ in sweep.outcomes)
    assert sum(worker.calls.count("go_on") for worker in Elsewhere.made) > 20
    assert all(not worker.trials._under_way for worker in Elsewhere.made)


def test_processes_of_their_own_do_the_work_and_a_lost_one_is_a_sentence():
    sweepers = Sweepers(Load(Hosting(workers=1)))
    try:
        assert 0 < sweepers.estimate(PLAN, PATIENCE) < PATIENCE
        expect_all(over(sweepers, sweepers.start(PLAN, lambda: True)), PLAN)
        process = sweepers._workers[0]._process
        sweep = sweepers.start(LONG, lambda: True)
        os.kill(process.pid, signal.SIGKILL)
        over(sweepers, sweep)
        assert sweep.problem == "A process of the server has ended. Start the sweep again."
        expect_all(over(sweepers, sweepers.start(PLAN, lambda: True)), PLAN)
    finally:
        sweepers.close()


def called_again(worker):
    """Wait until another piece of work has begun."""
    worker.called.clear()
    assert worker.called.wait(PATIENCE)


def test_a_sweep_stops_in_the_midst_of_a_run(here):
    sweepers = here(workers=1)
    sweep = sweepers.start(LONG, lambda: True)
    (worker,) = Elsewhere.made
    called_again(worker)
    sweep.stop()
    over(sweepers, sweep)
    assert worker.calls[-1] == "call_off"
    assert not worker.trials._under_way
    assert (sweep.outcomes, sweep.problem) == ([], None)


@pytest.mark.parametrize("way", ["paused", "left"])
def test_it_rests_while_it_is_paused_or_its_page_is_closed_and_goes_on(here, way):
    there, sweepers = [True], here(workers=1)
    sweep = sweepers.start(LONG, lambda: there[0])
    (worker,) = Elsewhere.made
    called_again(worker)
    worker.may.clear()
    called_again(worker)  # it waits in the midst of a call
    sweep.pause() if way == "paused" else there.__setitem__(0, False)
    n_calls = len(worker.calls)
    worker.may.set()
    looks = threading.Semaphore(0)
    sweep.is_wanted, before = lambda: looks.release() or before(), sweep.is_wanted
    for _ in range(20):
        assert looks.acquire(timeout=PATIENCE)
    assert len(worker.calls) == n_calls
    assert not sweep.is_over
    sweep.pause(False)
    there[0] = True
    called_again(worker)


def test_it_ends_when_its_page_stays_closed(here, monkeypatch):
    monkeypatch.setattr(sweeping, "LEFT_SECONDS", 0.0)
    sweepers = here()
    over(sweepers, sweepers.start(LONG, lambda: False))


def test_processor_time_is_bounded(here):
    sweepers = here(sweep_seconds=1, workers=1)
    Elsewhere.made[0].trials.go_on = lambda key: (0.6, None)
    sweep = over(sweepers, sweepers.start(LONG, lambda: True))
    assert sweep.problem == "The 1 s of processor time for a sweep on this server are used."
    sweepers = here(sweep_seconds=0)
    expect_all(over(sweepers, sweepers.start(PLAN, lambda: True)), PLAN)


def test_runs_and_sweeps_are_bounded(here, caplog):
    sweepers = here(sweep_runs=5, sweeps=1)
    with pytest.raises(
        SweepError, match=r"^a sweep on this server must have at most 5 runs; got 6$"
    ):
        sweepers.start(PLAN, lambda: True)
    here(sweep_runs=0).check(10**9)
    there = [True]
    sweep = sweepers.start(LONG, lambda: there[0])
    with pytest.raises(SweepError, match=r"^1 sweeps are being carried out already\. ") as caught:
        sweepers.start(LONG, lambda: True)
    assert caplog.messages == [f"Refused by the limit sweeps. {caught.value}"]
    there[0] = False  # it rests
    other = sweepers.start(LONG, lambda: True)
    sweep.stop()
    other.stop()
    over(sweepers, sweep)
    over(sweepers, other)


def test_sweeps_of_one_address_are_bounded(here):
    sweepers = here(sweeps_per_address=1)
    sweeps = [sweepers.start(LONG, lambda: True, address) for address in ("10.0.0.1", "10.0.0.2")]
    with pytest.raises(SweepError, match=r"^1 sweeps of your network are being carried out"):
        sweepers.start(LONG, lambda: True, "10.0.0.1")
    for sweep in sweeps:
        sweep.stop()
        over(sweepers, sweep)


def test_a_run_that_fails_is_a_sentence_and_a_line_in_the_log(here, caplog):
    def failing(key, run):
        raise WorkerError("Traceback: because")

    sweepers = here(workers=1)
    Elsewhere.made[0].trials.begin = failing
    sweep = over(sweepers, sweepers.start(PLAN, lambda: True))
    assert sweep.problem == "A run has failed; the server's log says why."
    assert "because" in caplog.text


def test_an_estimate_that_takes_too_long_is_none(here):
    sweepers = here(workers=1)
    Elsewhere.made[0].may.clear()
    assert sweepers.estimate(PLAN, 0.0) is None
    Elsewhere.made[0].may.set()


def test_processes_end_when_no_sweep_is_left(here, monkeypatch):
    monkeypatch.setattr(sweeping, "IDLE_SECONDS", 0.0)
    closed = threading.Event()

    async def close(worker):
        closed.set()

    monkeypatch.setattr(Elsewhere, "close", close)
    sweepers = here()
    over(sweepers, sweepers.start(PLAN, lambda: True))
    assert closed.wait(PATIENCE)


def test_the_server_has_one(monkeypatch):
    monkeypatch.setattr(sweeping, "_server", None)
    monkeypatch.setenv("NNVIZ_SWEEP_RUNS", "7")
    found = sweeping.of_server()
    assert found.hosting.sweep_runs == 7
    assert sweeping.of_server() is found
    assert sweeping.serve(Load(Hosting())) is sweeping.of_server() is not found


def test_a_sweep_is_found_by_its_name_and_goes_on_for_the_page_that_found_it(here):
    sweepers, is_open = here(), threading.Event()
    sweep = sweepers.start(PLAN, is_open.is_set)
    assert not sweep.is_wanted()  # its page is left: it rests
    assert sweepers.found("another", lambda: True) is None
    assert sweepers.found(sweep.name, lambda: True) is sweep
    expect_all(over(sweepers, sweep), PLAN)
    assert sweepers.found(sweep.name, lambda: True) is sweep
    assert len(sweep.name) >= 20
    sweepers.forget(sweep)
    assert sweepers.found(sweep.name, lambda: True) is None


def test_of_sweeps_that_are_over_the_last_ones_are_kept(here, monkeypatch):
    sweepers = here()
    first, second, third = (
        over(sweepers, sweepers.start(PLAN, lambda: True)) for _ in range(3)
    )  # fmt: skip

    def kept():
        return [each for each in (first, second, third) if sweepers.found(each.name, lambda: True)]

    assert kept() == [first, second, third]
    monkeypatch.setattr(sweeping, "MOST_KEPT", 2 * len(PLAN))
    assert kept() == [second, third]
    monkeypatch.setattr(sweeping, "KEPT_SECONDS", 0.0)
    running = sweepers.start(LONG, lambda: True)
    assert kept() == []
    assert sweepers.found(running.name, lambda: True) is running
