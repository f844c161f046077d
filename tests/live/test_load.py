"""What runs cost, and that it is given back."""

import gc
import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from nnviz import Recipe
from nnviz.live.codec import unpack
from nnviz.live.hosting import Hosting
from nnviz.live.load import SETTLED, Load, seat_of, take_seat
from nnviz.live.lottery import start_bytes
from nnviz.live.requests import Request
from nnviz.live.session import LiveSession
from nnviz.live.size import LARGEST, size_now, size_of
from nnviz.training.trainer import KEYFRAME_BYTES, MOST_KEYFRAMES

SMALL, LARGE = {}, {"hidden": [64] * 6, "samples": 2000}


def opening(session, **recipe):
    return session.read({"op": "open", "recipe": recipe})


def run_bytes(recipe):
    """About the memory of a run that a request opens."""
    seat = take_seat(scope(), Load(Hosting()))
    assert seat.refusal_of(opening(LiveSession(), **recipe)) is None
    return seat.load.memory


def now(session):
    """The size of its run."""
    return size_now(session.trainers)


def drawing(n, first=0, x2=0.25):
    """A stroke of ``n`` points."""
    return "~".join(f"{first + i}_{i % 2}_{i / n - 0.5}_{x2}" for i in range(n))


def scope(address="10.0.0.1"):
    return {"client": (address, 1234)}


@pytest.mark.parametrize(
    "recipe", [SMALL, {"hidden": [32] * 4, "optimiser": "adam"}, {"hidden": [64] * 6}, LARGE]
)
def test_the_memory_of_a_long_run_is_estimated(recipe):
    LiveSession().handle({"op": "open", "recipe": {}})  # imports the data sets
    windows = [[0, min(32, size)] for size in Recipe(**recipe).sizes]
    session = LiveSession(lambda: 0.0)
    gc.collect()
    tracemalloc.start()
    session.handle({"op": "open", "recipe": recipe, "network": windows, "predicted": True})
    trainer, _ = session._run
    state = trainer._descent.state
    for epoch in range(min(MOST_KEYFRAMES, KEYFRAME_BYTES // state.nbytes)):
        trainer._keyframes[epoch] = state.copy()  # without training that far
    session.handle({"op": "frame", "network": windows, "unit": [1, 0]})
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.8 * taken <= run_bytes(recipe) <= 2 * taken


@pytest.mark.parametrize("hidden", [[64] * 6, [10], []])
def test_the_points_drawn_are_counted(hidden):
    recipe = {"data": "circles", "samples": 10, "hidden": hidden}
    LiveSession().handle({"op": "open", "recipe": recipe})  # imports the data sets
    windows = [[0, min(32, size)] for size in Recipe(**recipe).sizes]
    session = LiveSession(lambda: 0.0)
    stroke = drawing(8000, 10, 0.1 * len(hidden))  # one that is not kept yet
    gc.collect()
    tracemalloc.start()
    session.handle({"op": "open", "recipe": recipe | {"edits": [[0, "points", stroke]]}})
    session.handle({"op": "frame", "network": windows, "predicted": True})
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.8 * taken <= now(session).run <= 2 * taken


def test_points_drawn_are_counted_when_a_run_is_opened_and_while_it_goes_on():
    session, load = LiveSession(), Load(Hosting())
    seat = take_seat(scope(), load)
    few, more = drawing(50, 10), drawing(200, 60)
    opened = opening(session, samples=10, edits=[[0, "l2", 0.1], [3, "points", few]])
    assert seat.refusal_of(opened) is None
    session.handle(opened)
    assert load.memory == now(session).run > size_of(Recipe(samples=10)).run + 50 * 500
    edit = session.read({"op": "edit", "field": "points", "value": more, "epoch": 3})
    before = load.memory
    assert seat.bounded(edit).error is None
    assert load.memory == before + 200 * now(session).mark
    session.handle(edit)
    assert seat.should_settle(edit)
    seat.settle(now(session))
    assert load.memory == now(session).run + now(session).history
    back = session.read({"op": "edit", "field": "l2", "value": 0.2, "epoch": 0})
    session.handle(back)  # the points after that are gone
    assert seat.should_settle(back)
    seat.settle(now(session))
    assert load.memory < before


def test_points_are_refused_when_the_memory_is_full():
    session, load = LiveSession(), Load(Hosting(memory=9))
    seat = take_seat(scope(), load)
    opened = opening(session, samples=10, hidden=[64] * 2)
    assert seat.refusal_of(opened) is None
    session.handle(opened)
    before, value = load.memory, drawing(600)
    edit = seat.bounded(session.read({"op": "edit", "field": "points", "value": value}))
    assert str(edit.error).startswith("The 9 MB for runs on the server are in use.")
    assert load.memory == before


def test_the_history_is_counted_as_it_grows_also_of_starts_and_runs_beside():
    session = LiveSession(lambda: 0.0)
    session.handle({"op": "open", "recipe": {"samples": 10, "hidden": []}})
    session.handle({"op": "compare", "key": "k", "beside": [{"recipe": {"samples": 10}}]})
    session.handle({"op": "frame", "starts": 9, "compared": "k"})
    gc.collect()
    tracemalloc.start()
    before = now(session).history
    for _ in range(3):
        session.handle({"op": "frame", "epochs": 1000, "starts": 9, "compared": "k"})
    assert now(session).history - before >= 11 * 2500 * 32
    gc.collect()
    blocks = tracemalloc.take_snapshot().filter_traces(
        [tracemalloc.Filter(True, "*/training/history.py")]
    )
    tracemalloc.stop()
    taken = sum(trace.size for trace in blocks.traces)
    assert 0.8 * taken <= now(session).history - before <= 1.2 * taken
    session.handle({"op": "seek", "epoch": 0, "starts": 9, "compared": "k"})
    assert now(session).history - before >= 11 * 2500 * 32  # it is kept


def test_a_run_is_asked_for_its_size_now_and_then_and_others_are_kept_out():
    session, load = LiveSession(lambda: 0.0), Load(Hosting(memory=2))
    seat, other = take_seat(scope(), load), take_seat(scope("10.0.0.2"), load)
    frame = session.read({"op": "frame"})
    assert [seat.should_settle(frame) for _ in range(SETTLED)] == [False] * (SETTLED - 1) + [True]
    seat.settle(replace(size_of(Recipe()), history=30_000_000))  # it goes on nevertheless
    assert not seat.should_settle(frame)
    assert seat.bounded(frame).error is None
    assert other.refusal_of(opening(session, **SMALL))


def test_the_rows_of_a_table_are_counted():
    y = np.arange(1500) % 2
    table = Recipe.from_table(np.column_stack([y, -y]), y, hidden=[64] * 6)
    generated = Recipe(samples=1500, hidden=[64] * 6)
    assert size_of(table) == size_of(generated)
    assert run_bytes(json.loads(table.to_json())) == size_of(table).run
    assert size_of(table).run > run_bytes({"hidden": [64] * 6})


def test_an_invalid_recipe_takes_nothing():
    assert run_bytes({"hidden": [65]}) == run_bytes({"samples": "many"}) == 0
    assert run_bytes({"noise": 9}) == run_bytes({})  # as far as its size is concerned


def test_runs_are_refused_when_the_memory_is_full_and_welcome_when_another_has_ended():
    session, load = LiveSession(), Load(Hosting(memory=30))
    one, other = take_seat(scope(), load), take_seat(scope("10.0.0.2"), load)
    assert one.refusal_of(opening(session, **LARGE)) is None
    assert one.refusal_of(opening(session, **LARGE)) is None  # in place of the one before
    sentence = other.refusal_of(opening(session, **LARGE))
    assert sentence == (
        "The 30 MB for runs on the server are in use. Trying again; a smaller network may fit."
    )
    assert other.refusal_of(opening(session, **SMALL)) is None
    assert load.sessions == 2
    one.end()
    assert (load.sessions, load.memory) == (1, run_bytes(SMALL))
    assert other.refusal_of(opening(session, **LARGE)) is None
    other.end()
    assert (load.sessions, load.memory, load.sockets) == (0, 0, {})


@pytest.mark.parametrize("message", [{"op": "frame"}, {"op": "open"}, {"op": "stop"}, "nonsense"])
def test_only_a_run_that_is_opened_takes_memory(message):
    load = Load(Hosting())
    seat = take_seat(scope(), load)
    assert seat.refusal_of(LiveSession().read(message)) is None
    assert load.memory == 0


def test_a_socket_without_a_gate_has_a_seat_of_its_own():
    alone = scope()
    assert seat_of(alone) is seat_of(alone)
    assert seat_of(alone).load is not seat_of(scope()).load


def test_a_request_too_long_to_be_read_here_is_taken_for_the_largest_run():
    load = Load(Hosting())
    assert take_seat(scope(), load).refusal_of(Request(unread="{")) is None
    assert load.memory == LARGEST.run >= run_bytes(LARGE)


@pytest.mark.parametrize("recipe", [SMALL, {"hidden": [32] * 3}, {"samples": 5000}])
def test_the_memory_of_starts_is_estimated(recipe):
    session = LiveSession(lambda: 0.0)
    session.handle({"op": "open", "recipe": recipe})
    session.handle({"op": "frame", "starts": 9})  # imports, and what all starts share
    session.handle({"op": "frame"})
    gc.collect()
    tracemalloc.start()
    session.handle({"op": "frame", "starts": 9})
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.5 * taken <= 9 * start_bytes(Recipe(**recipe)) <= 8 * taken


def test_starts_are_refused_when_the_memory_is_full_and_the_run_goes_on():
    session, load = LiveSession(), Load(Hosting(memory=10))
    seat = take_seat(scope(), load)
    opened = opening(session, samples=1000)
    assert seat.refusal_of(opened) is None
    session.handle(opened)
    run = load.memory
    nine = seat.bounded(session.read({"op": "frame", "starts": 9}))
    assert nine.error is None
    assert load.memory == run + 9 * start_bytes(Recipe(samples=1000))
    assert seat.bounded(nine).error is None
    assert load.memory == run + 9 * start_bytes(Recipe(samples=1000))  # they are there already
    many = seat.bounded(session.read({"op": "frame", "starts": 25}))
    header, _ = unpack(session.handle(many))
    assert header["type"] == "error"
    assert header["message"].startswith("The 10 MB for runs on the server are in use.")
    assert unpack(session.handle({"op": "frame", "epochs": 1}))[0]["epoch"] == 1
    assert seat.refusal_of(opened) is None
    assert load.memory == run  # another run has none yet


def test_runs_side_by_side_are_refused_when_the_memory_is_full():
    session, load = LiveSession(), Load(Hosting(memory=10))
    seat = take_seat(scope(), load)
    opened = opening(session, samples=1000)
    assert seat.refusal_of(opened) is None
    session.handle(opened)
    run, each = load.memory, start_bytes(Recipe(samples=1000))

    def compared(*recipes):
        runs = [{"recipe": recipe} for recipe in recipes]
        return seat.bounded(session.read({"op": "compare", "key": "k", "beside": runs}))

    assert compared({"samples": 1000}, {"samples": 1000}).error is None
    assert load.memory == run + 2 * each
    large = {"samples": 5000, "hidden": [64, 64, 64]}
    assert str(compared(large, large).error).startswith("The 10 MB for runs on the server are in")
    assert load.memory == run + 2 * each
    assert seat.refusal_of(opened) is None
    assert load.memory == run + 2 * each  # they are kept for another run
    assert compared().error is None
    assert load.memory == run
