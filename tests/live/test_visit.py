"""Where the runs of visitors live; whatever that is, replies are those of a session alone."""

import asyncio
import json
import random

import pytest

from nnviz.live.codec import unpack
from nnviz.live.requests import Request, read
from nnviz.live.session import OPERATIONS, LiveSession
from nnviz.live.visit import Here, Visit
from nnviz.live.worker import Runs
from nnviz.live.workers import WorkerLost

SMALL = {"samples": 30, "hidden": [3]}
DEAR = {"samples": 30, "hidden": [3, 3]}


class Workers:
    """The places of a server with two workers for runs."""

    def __init__(self):
        self.for_runs = [Elsewhere(), Elsewhere()]
        self.exporter = Elsewhere()

    def for_run(self):
        return min(self.for_runs, key=lambda worker: worker.n_runs)


class Elsewhere:
    """As a worker, without a process of its own: a message or session comes as it is sent."""

    def __init__(self):
        self.runs, self.n_runs, self.generation = Runs(), 0, 0

    async def call(self, name, *arguments):
        return getattr(self.runs, name)(*arguments)


@pytest.fixture(autouse=True)
def _dear(monkeypatch):
    monkeypatch.setattr("nnviz.live.visit.is_dear", lambda recipe: len(recipe.hidden) == 2)


@pytest.fixture
def here():
    return Here()


@pytest.fixture
def workers():
    return Workers()


@pytest.fixture
def visit(here, workers):
    return Visit(here, workers)


def ask(visit, op, is_pointless=lambda: False, **fields):
    request = read({"op": op, **fields}, OPERATIONS)
    return unpack(asyncio.run(visit.reply(request, is_pointless)))


def test_a_cheap_run_lives_here(visit, here, workers):
    assert ask(visit, "open", recipe=SMALL)[0]["type"] == "opened"
    assert ask(visit, "frame", epochs=3)[0]["epoch"] == 3
    assert (here.n_runs, workers.for_run().n_runs) == (1, 0)


def test_a_dear_run_lives_in_the_worker_with_fewest(here, workers):
    visits = [Visit(here, workers) for _ in range(4)]
    for visit in visits:
        ask(visit, "open", recipe=DEAR)
    assert [worker.n_runs for worker in workers.for_runs] == [2, 2]
    assert here.n_runs == 0
    for visit in visits:
        asyncio.run(visit.leave())
    assert [worker.n_runs for worker in workers.for_runs] == [0, 0]


def test_another_run_lives_where_it_should(visit, here, workers):
    for recipe, places in ((SMALL, (1, 0)), (DEAR, (0, 1)), (DEAR, (0, 1)), (SMALL, (1, 0))):
        ask(visit, "open", recipe=recipe)
        assert (here.n_runs, sum(worker.n_runs for worker in workers.for_runs)) == places


def test_a_run_that_cannot_be_opened_leaves_the_one_before(visit, here, workers):
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=3)
    assert ask(visit, "open", recipe=DEAR, unit=[9, 9])[0]["type"] == "error"
    assert ask(visit, "open", recipe={"hidden": "x"})[0]["type"] == "error"
    assert ask(visit, "frame")[0]["epoch"] == 3
    assert (here.n_runs, workers.for_run().n_runs) == (1, 0)


def test_a_run_that_turns_out_to_be_dear_moves(here, workers, monkeypatch):
    visit = Visit(here, workers)
    ask(visit, "open", recipe=SMALL)
    ask(visit, "frame", epochs=5)
    monkeypatch.setattr(LiveSession, "expected_seconds", lambda self, request: 0.02)
    assert ask(visit, "frame", epochs=1)[0]["epoch"] == 6
    assert (here.n_runs, sum(worker.n_runs for worker in workers.for_runs)) == (0, 1)


def test_a_long_message_is_read_in_a_worker(visit, workers):
    message = json.dumps({"op": "open", "recipe": SMALL, "id": 7}) + 20_000 * " "
    reply = asyncio.run(visit.reply(Request(unread=message), lambda: False))
    assert unpack(reply)[0]["type"] == "opened"
    assert unpack(reply)[0]["id"] == 7
    assert sum(worker.n_runs for worker in workers.for_runs) == 1


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
    ask(visit, "open", recipe=DEAR)
    for worker in workers.for_runs:
        worker.generation += 1
    with pytest.raises(WorkerLost):
        ask(visit, "frame", epochs=1)
    asyncio.run(visit.leave())  # nothing is left to be forgotten


@pytest.mark.parametrize("seed", range(5))
def test_replies_are_those_of_a_session_alone(visit, workers, monkeypatch, seed):
    monkeypatch.setattr("nnviz.live.session.PIECE_SECONDS", 0.0)  # as many pauses as can be
    rng, alone = random.Random(seed), LiveSession(lambda: 0.0)
    monkeypatch.setattr("nnviz.live.worker.LiveSession", lambda: LiveSession(lambda: 0.0))
    for number in range(40):
        message = {"op": rng.choice(["frame", "frame", "seek", "edit", "open"]), "id": number}
        if number == 0 or message["op"] == "open":
            message |= {"op": "open", "recipe": rng.choice([SMALL, DEAR])}
        elif message["op"] == "edit":
            message |= {"field": "learning_rate", "value": rng.choice([0.1, 0.2, -1])}
        elif message["op"] == "seek":
            message |= {"epoch": rng.randrange(30)}
        else:
            message |= {"epochs": rng.randrange(4), "predicted": True}
        reply = asyncio.run(visit.reply(read(message, OPERATIONS), lambda: False))
        assert reply == alone.handle(message)
