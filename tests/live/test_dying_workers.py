"""Random visitors of a server whose worker processes are killed at any moment.

Each visitor keeps what a browser keeps: a recipe and an epoch. Whatever dies meanwhile, and whoever
leaves in the midst of a request and returns, the run is then the one that its recipe replays to.
"""

import asyncio
import os
import signal
from contextlib import suppress
from itertools import cycle

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nnviz import Recipe, Trainer
from nnviz.live import visit as visits
from nnviz.live.codec import unpack
from nnviz.live.operations import OPERATIONS
from nnviz.live.requests import read
from nnviz.live.visit import Here, Visit
from nnviz.live.workers import WorkerLost, Workers

PATIENCE = 60  # seconds until what was asked has to be done
WALKS, STEPS, MOST_KILLS = 3, 40, 2  # of each walk; a process takes a second to start
VISITORS = 4

HERE = {"data": "xor", "samples": 30, "hidden": [3]}
ELSEWHERE = {"data": "xor", "samples": 30, "hidden": [3, 3], "batch_size": 1}

requests = st.one_of(
    st.builds(lambda n: {"op": "frame", "epochs": n}, st.integers(0, 60)),
    st.builds(lambda share: {"op": "seek", "share": share}, st.floats(0, 1)),
    st.builds(
        lambda rate: {"op": "edit", "field": "learning_rate", "value": rate},
        st.sampled_from([0.03, 0.1, 0.3]),
    ),
    st.builds(lambda recipe: {"op": "open", "recipe": recipe}, st.sampled_from([HERE, ELSEWHERE])),
    st.just({"op": "export", "what": "history"}),
)


class Browser:
    """A visitor who asks for one thing after the other, and asks again for what was lost."""

    def __init__(self, here, workers, recipe):
        self.here, self.workers = here, workers
        self.recipe, self.epoch = recipe, 0
        self.wanted = asyncio.Queue()
        self.losses = 0
        self.come()

    def come(self):
        self.visit, self.is_open = Visit(self.here, self.workers), False
        self.task = asyncio.get_running_loop().create_task(self.live())

    async def leave(self):
        """As the endpoint does when a socket closes, whatever is under way."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.visit.leave()

    async def live(self):
        while True:
            request = await self.wanted.get()
            try:
                await self.insist(request)
            finally:
                self.wanted.task_done()

    async def insist(self, request):
        while True:
            try:
                return await self.carry_out(request)
            except WorkerLost:
                self.losses += 1
                await self.visit.leave()
                self.visit, self.is_open = Visit(self.here, self.workers), False

    async def carry_out(self, request):
        if request["op"] == "open":
            header = await self.ask(**request)
            self.recipe, self.epoch, self.is_open = header["recipe"], 0, True
            return
        if not self.is_open:
            await self.ask(op="open", recipe=self.recipe)
            self.is_open = True
        request = dict(request)
        if (share := request.pop("share", None)) is not None:
            request["epoch"] = round(share * self.epoch)
        request.setdefault("epoch", self.epoch)
        while (header := await self.ask(**request)).get("arrived") is False:
            pass
        if request["op"] != "export":
            self.epoch = header["epoch"]
        self.recipe = header.get("recipe", self.recipe)

    async def ask(self, **message):
        reply = await self.visit.reply(read(message, OPERATIONS), lambda: False)
        header, _ = unpack(reply)
        assert header["type"] in ("opened", "frame", "exported"), header
        self.metrics = header.get("metrics")
        return header


class Walk(RuleBasedStateMachine):
    runner: asyncio.Runner
    workers: Workers

    @initialize(recipes=st.lists(st.sampled_from([HERE, ELSEWHERE]), min_size=VISITORS,
                                 max_size=VISITORS))  # fmt: skip
    def start(self, recipes):
        self.kills = 0
        self.problems = []
        self.here = Here()

        async def come():
            asyncio.get_running_loop().set_exception_handler(
                lambda _, context: self.problems.append(context)
            )
            return [Browser(self.here, self.workers, recipe) for recipe in recipes]

        self.browsers = self.runner.run(come())

    @rule(number=st.integers(0, VISITORS - 1), wanted=st.lists(requests, max_size=4))
    def ask(self, number, wanted):
        for request in wanted:
            self.browsers[number].wanted.put_nowait(request)

    @rule(turns=st.integers(1, 40))
    def go_on(self, turns):
        async def for_a_while():
            for _ in range(turns):
                await asyncio.sleep(0.0005)

        self.runner.run(for_a_while())

    @rule(number=st.integers(0, VISITORS - 1))
    def leave_and_return(self, number):
        async def again():
            async with asyncio.timeout(PATIENCE):
                await self.browsers[number].leave()
            self.browsers[number].come()

        self.runner.run(again())

    @precondition(lambda self: self.kills < MOST_KILLS)
    @rule(number=st.integers(0, 2))
    def kill(self, number):
        self.kills += 1
        worker = self.processes[number]
        if worker.is_running:
            with suppress(ProcessLookupError):  # killed a moment ago
                os.kill(worker._process.pid, signal.SIGKILL)

    @property
    def processes(self):
        return [*self.workers._for_runs, self.workers.exporter]

    def teardown(self):
        if hasattr(self, "browsers"):
            self.runner.run(self.end())

    async def end(self):
        """All that was wanted is done, and each run is what its recipe replays to."""
        async with asyncio.timeout(PATIENCE):
            for browser in self.browsers:
                browser.wanted.put_nowait({"op": "frame", "epochs": 0})
                joined = asyncio.ensure_future(browser.wanted.join())
                await asyncio.wait({joined, browser.task}, return_when=asyncio.FIRST_COMPLETED)
                if browser.task.done():
                    browser.task.result()  # raises what has ended it
                alone = Trainer(Recipe.from_json(browser.recipe))
                alone.seek(browser.epoch)
                assert browser.metrics == {
                    name: alone.history[-1][name] for name in browser.metrics
                }
                await browser.leave()
        places = [self.here, *self.processes]
        assert [(place.n_runs, place.n_expensive) for place in places] == [(0, 0)] * len(places)
        assert not self.here.runs._sessions
        assert not self.problems


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill by a signal")
def test_no_run_is_lost_whatever_process_dies(monkeypatch):
    monkeypatch.setattr(visits, "is_expensive", lambda recipe: len(recipe.hidden) == 2)
    turns = cycle([False, False, True])  # the server's process is crowded now and then
    monkeypatch.setattr(Here, "lets_go", lambda here: next(turns))
    with asyncio.Runner() as runner:
        Walk.runner, Walk.workers = runner, Workers(2)
        try:
            run_state_machine_as_test(
                Walk,
                settings=settings(
                    max_examples=WALKS, stateful_step_count=STEPS, deadline=None, database=None,
                    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
                ),
            )  # fmt: skip
        finally:
            runner.run(Walk.workers.close())
