"""Which process takes a run."""

import asyncio
import os

import pytest

from nnviz.live.codec import unpack
from nnviz.live.operations import OPERATIONS
from nnviz.live.requests import read
from nnviz.live.visit import Here, Visit
from nnviz.live.workers import Worker, Workers

PATIENCE = 60  # seconds to wait before the test fails


@pytest.fixture
def prepared(monkeypatch):
    """The workers that were to be prepared, which takes no process."""
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    found = []
    monkeypatch.setattr(Worker, "prepare", lambda worker: found.append(worker))
    return found


@pytest.fixture
def workers(prepared):
    return Workers()


def test_an_expensive_run_goes_where_fewest_expensive_ones_are(workers):
    for number, (n_expensive, n_runs) in enumerate([(2, 2), (1, 30), (1, 20)]):
        worker = workers._for_runs[number]
        worker.n_expensive, worker.n_runs = n_expensive, n_runs
    assert workers.for_expensive_run() is workers._for_runs[2]


def test_a_cheap_run_goes_where_no_expensive_one_is_and_waits_for_no_process(workers, prepared):
    first, second, third = workers._for_runs
    assert workers.for_cheap_run() is None
    assert prepared == [first, second, third]
    for worker, (n_expensive, n_runs) in ((first, (1, 1)), (second, (0, 9)), (third, (0, 5))):
        worker.n_expensive, worker.n_runs, worker.is_ready = n_expensive, n_runs, True
    assert workers.for_cheap_run() is third
    second.n_expensive = third.n_expensive = 1
    assert workers.for_cheap_run() is None
    assert len(prepared) == 3


def test_on_one_core_another_process_is_no_relief(monkeypatch, workers, prepared):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    workers._for_runs[0].is_ready = True
    assert workers.for_cheap_run() is None
    assert not prepared


def test_a_run_moves_to_another_process_between_two_frames(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(Here, "lets_go", lambda here: True)

    async def play():
        here, workers = Here(), Workers(1)
        visit, epoch = Visit(here, workers), 0

        async def ask(**message):
            reply = await visit.reply(read(message, OPERATIONS), lambda: False)
            return unpack(reply)[0]

        await ask(op="open", recipe={"samples": 30})
        async with asyncio.timeout(PATIENCE):
            while here.n_runs:  # the process is started meanwhile
                epoch += 1
                assert (await ask(op="frame", epochs=1))["epoch"] == epoch
                await asyncio.sleep(0.01)
        assert (await ask(op="frame", epochs=1))["epoch"] == epoch + 1
        await visit.leave()
        await workers.close()

    asyncio.run(play())
