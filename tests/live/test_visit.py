"""Where the runs of visitors live; whatever that is, replies are those of a session alone."""

import asyncio
import json
import random

import pytest

from nnviz import Recipe
from nnviz.live.codec import unpack
from nnviz.live.operations import OPERATIONS
from nnviz.live.requests import Request, read
from nnviz.live.session import LiveSession
from nnviz.live.size import size_of
from nnviz.live.visit import Here, Visit
from nnviz.live.worker import Runs
from nnviz.live.workers import WorkerLost

SMALL = {"samples": 30, "hidden": [3]}
EXPENSIVE = {"samples": 30, "hidden": [3, 3]}


class Workers:
    """The places of a server with two workers for runs."""

    def __init__(self):
        self.for_runs = [Elsewhere(), Elsewhere()]
        self.exporter = Elsewhere()

    def for_expensive_run(self):
        return min(self.for_runs, key=lambda worker: worker.n_runs)

    def for_cheap_run(self):
        return min(self.for_runs, key=lambda worker: worker.n_runs)


class Elsewhere:
    """As a worker, without a process of its own: a message or session comes as it is sent."""

    def __init__(self):
        self.runs, self.n_runs, self.n_expensive, self.generation = Runs(), 0, 0, 0

    async def call(self, name, *arguments):
        return getattr(self.runs, name)(*arguments)


@pytest.fixture(autouse=True)
def _expensive_and_crowded(monkeypatch):
    """Two layers are expensive, and the process is not crowded, busy as it is with tests."""
    for module in ("visit", "worker"):
        is_expensive = f"nnviz.live.{module}.is_expensive"
        monkeypatch.setattr(is_expensive, lambda recipe: len(recipe.hidden) == 2)
    monkeypatch.setattr(Here, "lets_go", lambda here: False)


@pytest.fixture
def here():
    return Here()


@pytest.fixture
def workers():
    return Workers()


@pytest.fixture
def visit(here, workers):
    return Visit(here, workers)


def at_once():
    """A clock by which nothing takes time; sessions with it can be pickled."""
    return 0.0


def ask(visit, op, is_pointless=lambda: False, **fields):
    request = read({"op": op, **fields}, OPERATIONS)
    return unpack(asyncio.run(visit.reply(request, is_pointless)))


def test_a_cheap_run_lives_here(visit, here, workers):
    assert ask(visit, "open", recipe=SMALL)[0]["type"] == "opened"
    assert ask(visit, "frame", epochs=3)[0]["epoch"] == 3
    assert (here.n_runs, workers.for_expensive_run().n_runs) == (1, 0)


def test_an_expensive_run_lives_in_the_worker_with_fewest(here, workers):
    visits = [Visit(here, workers) for _ in range(4)]
    for visit in visits:
        ask(visit, "open", recipe=EXPENSIVE)
    assert [worker.n_runs for worker in workers.for_runs] == [2, 2]
    assert here.n_runs == 0
    for visit in visits:
        asyncio.run(visit.leave())
    assert [worker.n_runs for worker in workers.for_runs] == [0, 0]


def test_another_run_lives_where_it_should(visit, here, workers):
    for recipe, n_there in ((SMALL, 0), (EXPENSIVE, 1), (EXPENSIVE, 1), (SMALL, 0)):
        ask(visit, "open", recipe=recipe)
        n_runs = (here.n_runs, sum(worker.n_runs for worker in workers.for_runs))
        assert n_runs == (1 - n_there, n_there)


def test_a_run_that_was_side_by_side_goes_on_where_the_others_are(visit, here, workers):
    ask(visit, "open", recipe=SMALL)
    ask(visit, "compare", key="k", beside=[{"recipe": EXPENSIVE}])
    ask(visit, "frame", epochs=9, compared="k")
    assert ask(visit, "open", recipe=EXPENSIVE, epoch=9)[0]["epoch"] == 9
    ask(visit, "compare", key="l", beside=[{"recipe": SMALL}])
    assert ask(visit, "open", recipe=SMALL, epoch=9)[0]["epoch"] == 9
    assert here.n_runs == 0
    ask(visit, "open", recipe=SMALL)  # nothing is beside it
    assert (here.n_runs, sum(worker.n_runs for worker in workers.for_runs)) == (1, 0)


def test_a_run_that_cannot_be_opened_leaves_the_one_before(visit, here, workers):
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=3)
    assert ask(visit, "open", recipe=EXPENSIVE, unit=[9, 9])[0]["type"] == "error"
    assert ask(visit, "open", recipe={"hidden": "x"})[0]["type"] == "error"
    assert ask(visit, "frame")[0]["epoch"] == 3
    assert (here.n_runs, workers.for_expensive_run().n_runs) == (1, 0)


def test_a_run_that_turns_out_to_be_expensive_moves(here, workers, monkeypatch):
    visit = Visit(here, workers)
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=5)
    monkeypatch.setattr(LiveSession, "expected_seconds", lambda self, request: 0.02)
    assert ask(visit, "frame", epochs=1)[0]["epoch"] == 6
    assert (here.n_runs, sum(worker.n_runs for worker in workers.for_runs)) == (0, 1)


@pytest.fixture
def crowded(monkeypatch):
    monkeypatch.setattr(Here, "lets_go", lambda here: True)


@pytest.mark.usefixtures("crowded")
def test_a_cheap_run_leaves_a_crowded_process_and_stays_away(visit, here, workers):
    ask(visit, "open", recipe=SMALL)
    assert here.n_runs == 1
    assert ask(visit, "frame", epochs=3)[0]["epoch"] == 3
    ask(visit, "open", recipe=SMALL)
    assert ask(visit, "frame", epochs=4)[0]["epoch"] == 4
    assert (here.n_runs, sum(worker.n_runs for worker in workers.for_runs)) == (0, 1)
    assert sum(worker.n_expensive for worker in workers.for_runs) == 0
    ask(visit, "open", recipe=EXPENSIVE)
    assert sum(worker.n_expensive for worker in workers.for_runs) == 1


def test_a_cheap_run_leaves_a_worker_where_an_expensive_one_arrives(here, workers, monkeypatch):
    cheap, expensive = Visit(here, workers), Visit(here, workers)
    workers.for_runs = workers.for_runs[:1]
    ask(cheap, "open", recipe=SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(Here, "lets_go", lambda here: True)
        ask(cheap, "frame", epochs=3)
    ask(expensive, "open", recipe=EXPENSIVE)
    assert (here.n_runs, workers.for_runs[0].n_runs) == (0, 2)
    assert ask(cheap, "frame", epochs=4)[0]["epoch"] == 7
    assert ask(expensive, "frame", epochs=1)[0]["epoch"] == 1
    assert (here.n_runs, workers.for_runs[0].n_runs, workers.for_runs[0].n_expensive) == (1, 1, 1)


@pytest.mark.usefixtures("crowded")
def test_a_run_whose_starts_are_shown_stays(visit, here):
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=3, starts=9)
    ask(visit, "edit", field="l2", value=0.1)  # nor does one for an edit, which has to come once
    assert here.n_runs == 1


@pytest.mark.usefixtures("crowded")
def test_a_run_stays_where_no_worker_is_free(visit, here, workers):
    workers.for_cheap_run = lambda: None
    ask(visit, "open", recipe=SMALL)
    assert ask(visit, "frame", epochs=3)[0]["epoch"] == 3
    assert here.n_runs == 1


def test_a_long_message_is_read_in_a_worker(visit, workers):
    message = json.dumps({"op": "open", "recipe": SMALL, "id": 7}) + 20_000 * " "
    reply = asyncio.run(visit.reply(Request(unread=message), lambda: False))
    assert unpack(reply)[0]["type"] == "opened"
    assert unpack(reply)[0]["id"] == 7
    assert sum(worker.n_runs for worker in workers.for_runs) == 1


def test_a_long_message_is_expensive_only_while_it_is_read(here, workers):
    visit = Visit(here, workers)
    for recipe, n_expensive in ((SMALL, 0), (EXPENSIVE, 1), (SMALL, 0)):
        message = json.dumps({"op": "open", "recipe": recipe}) + 20_000 * " "
        asyncio.run(visit.reply(Request(unread=message), lambda: False))
        assert asyncio.run(visit.size()).run == size_of(Recipe(**recipe)).run
        assert here.n_runs == 0
        assert [worker.n_expensive for worker in workers.for_runs].count(1) == n_expensive
    asyncio.run(visit.reply(Request(unread="{"), lambda: False))  # the run before goes on
    assert ask(visit, "frame", epochs=2)[0]["epoch"] == 2
    asyncio.run(visit.leave())
    assert [(worker.n_runs, worker.n_expensive) for worker in workers.for_runs] == [(0, 0)] * 2


def test_an_export_is_made_from_a_copy(visit, here, workers):
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=5)
    header, _ = ask(visit, "export", what="link", epoch=9)
    assert "epoch=9" in header["query"]
    assert ask(visit, "frame")[0]["epoch"] == 5  # the run itself has not moved
    assert workers.exporter.n_runs == 0


def test_work_is_called_off_once_it_is_pointless(visit, monkeypatch):
    monkeypatch.setattr("nnviz.live.session.PIECE_SECONDS", 0.0)
    ask(visit, "open", recipe=SMALL | {"batch_size": 1})
    due = iter([False, False, True])
    header, _ = ask(visit, "frame", epochs=50, id=4, is_pointless=lambda: next(due))
    assert header == {"type": "dropped", "id": 4}
    assert ask(visit, "frame")[0]["epoch"] == 0


def test_a_run_is_lost_with_its_worker(visit, workers):
    ask(visit, "open", recipe=EXPENSIVE)
    for worker in workers.for_runs:
        worker.generation += 1
    with pytest.raises(WorkerLost):
        ask(visit, "frame", epochs=1)
    asyncio.run(visit.leave())  # nothing is left to be forgotten


@pytest.mark.parametrize("turns", range(2))
def test_a_worker_that_dies_keeps_nobody_from_being_called_off(visit, workers, monkeypatch, turns):
    class Dying(Elsewhere):
        async def call(self, name, *arguments):
            if name == "leave":
                raise WorkerLost
            await asyncio.sleep(0)
            return await super().call(name, *arguments)

    async def called_off():
        task = asyncio.ensure_future(visit.reply(request, lambda: False))
        for _ in range(1 + turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    workers.for_runs = [Dying()]
    request = read({"op": "open", "recipe": EXPENSIVE}, OPERATIONS)
    assert asyncio.run(called_off())


@pytest.mark.parametrize("turns", range(8))
def test_whoever_leaves_at_any_moment_leaves_nothing_behind(here, workers, monkeypatch, turns):
    at_once = Elsewhere.call

    async def later(worker, *call):
        result = await at_once(worker, *call)
        await asyncio.sleep(0)
        return result

    async def leave():
        visit = Visit(here, workers)
        requests = ({"op": "open", "recipe": EXPENSIVE}, {"op": "export", "what": "link"})
        for request in requests:
            reply = visit.reply(read(request, OPERATIONS), lambda: False)
            task = asyncio.ensure_future(reply)
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await visit.leave()

    monkeypatch.setattr(Elsewhere, "call", later)
    asyncio.run(leave())
    places = [here, *workers.for_runs, workers.exporter]
    assert [(place.n_runs, place.runs._sessions) for place in places] == [(0, {})] * 4


@pytest.mark.parametrize("seed", range(5))
def test_replies_are_those_of_a_session_alone(visit, workers, monkeypatch, seed):
    monkeypatch.setattr("nnviz.live.session.PIECE_SECONDS", 0.0)  # as many pauses as can be
    rng, alone = random.Random(seed), LiveSession(at_once)
    monkeypatch.setattr(Here, "lets_go", lambda here: rng.random() < 0.1)
    monkeypatch.setattr("nnviz.live.worker.LiveSession", lambda: LiveSession(at_once))
    for number in range(40):
        message = {"op": rng.choice(["frame", "frame", "seek", "edit", "open"]), "id": number}
        if number == 0 or message["op"] == "open":
            message |= {"op": "open", "recipe": rng.choice([SMALL, EXPENSIVE])}
        elif message["op"] == "edit":
            message |= {"field": "learning_rate", "value": rng.choice([0.1, 0.2, -1])}
        elif message["op"] == "seek":
            message |= {"epoch": rng.randrange(30)}
        else:
            message |= {"epochs": rng.randrange(4), "predicted": True}
        reply = asyncio.run(visit.reply(read(message, OPERATIONS), lambda: False))
        assert reply == alone.handle(message)
