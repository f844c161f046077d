"""Limits on the work of one request, measured by a clock that counts training steps."""

import subprocess
import sys
from dataclasses import replace

import pytest

from nnviz.choices.optimisers import OPTIMISERS
from nnviz.live.operations import MOST_EPOCHS
from nnviz.live.session import TRAINING_SECONDS

RECIPE = {"samples": 100, "test_share": 0.0, "optimiser": "momentum"}


class StepClock:
    """A clock on which each step of the optimiser takes ``seconds`` and all else takes none."""

    def __init__(self):
        self.now = 0.0
        self.seconds = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock, rule = StepClock(), OPTIMISERS["momentum"]

    def timed_update(*arguments):
        clock.now += clock.seconds
        rule.update(*arguments)

    monkeypatch.setitem(OPTIMISERS, "momentum", replace(rule, update=timed_update))
    return clock


@pytest.fixture
def visitor(make_visitor, clock):
    return make_visitor(clock=clock)


@pytest.mark.parametrize("op", [("frame", "epochs"), ("seek", "epoch")], ids=["frame", "seek"])
@pytest.mark.parametrize(("share", "epochs"), [(50, 1), (1.05, 1), (0.75, 2), (0.3, 4)])
def test_a_request_stops_after_the_first_epoch_past_its_time(visitor, clock, op, share, epochs):
    name, amount = op
    visitor.open(**RECIPE)
    clock.seconds = share * TRAINING_SECONDS
    header, _ = visitor.ask(name, **{amount: 500})
    assert header["epoch"] == epochs
    assert visitor.ask(name, **{amount: 500})[0]["epoch"] == 2 * epochs


def test_a_request_for_less_than_its_time_allows_is_completed(visitor, clock):
    visitor.open(**RECIPE)
    clock.seconds = TRAINING_SECONDS / 100
    assert visitor.ask("frame", epochs=60)[0]["epoch"] == 60


def test_time_runs_out_for_cheap_epochs_too(visitor, clock):
    visitor.open(**RECIPE)
    clock.seconds = TRAINING_SECONDS / 200
    epoch = visitor.ask("frame", epochs=MOST_EPOCHS)[0]["epoch"]
    assert 200 <= epoch <= 250  # the clock may be read only a few times per request


def test_a_seek_trains_no_more_epochs_than_a_request_may_ask_for(visitor):
    visitor.open(**RECIPE)
    assert visitor.ask("seek", epoch=MOST_EPOCHS + 500)[0]["epoch"] == MOST_EPOCHS


def test_an_edit_that_makes_epochs_more_expensive_leaves_a_request_bounded(visitor, clock):
    visitor.open(**RECIPE)
    clock.seconds = TRAINING_SECONDS / 500
    before = visitor.ask("frame", epochs=200)[0]["epoch"]
    visitor.ask("edit", field="batch_size", value=1)  # 100 steps an epoch from here on
    after = visitor.ask("frame", epochs=200)[0]["epoch"]
    assert 1 <= after - before <= 6


def test_a_later_edit_in_the_recipe_leaves_a_request_bounded(visitor, clock):
    visitor.open(**RECIPE, edits=[[150, "batch_size", 1]])
    clock.seconds = TRAINING_SECONDS / 500
    assert visitor.ask("frame", epochs=149)[0]["epoch"] == 149
    assert visitor.ask("frame", epochs=200)[0]["epoch"] <= 150 + 6


def test_going_back_over_an_edit_to_more_expensive_epochs_leaves_a_request_bounded(visitor, clock):
    visitor.open(**RECIPE, batch_size=1)  # 100 steps an epoch
    clock.seconds = TRAINING_SECONDS / 500
    while visitor.ask("frame", epochs=10)[0]["epoch"] < 40:
        pass
    visitor.ask("edit", field="batch_size", value=None)
    visitor.ask("frame", epochs=100)
    visitor.ask("seek", epoch=20)
    expected = visitor.session.expected_seconds({"op": "frame", "epochs": 15})
    assert expected >= TRAINING_SECONDS
    assert visitor.ask("frame", epochs=15)[0]["epoch"] <= 20 + 6


# --- how long a request will take, as the endpoint asks before it is carried out --------


def test_the_first_epoch_of_a_run_is_not_expected_to_be_quick(visitor):
    visitor.open(**RECIPE)
    visitor.ask("frame", epochs=1)
    visitor.open(**RECIPE)
    assert visitor.session.expected_seconds({"op": "frame", "epochs": 1}) >= TRAINING_SECONDS


def test_the_duration_of_a_frame_is_predicted_from_earlier_epochs(visitor, clock):
    visitor.open(**RECIPE)
    clock.seconds = TRAINING_SECONDS / 100
    visitor.ask("frame", epochs=5)
    expected = visitor.session.expected_seconds
    assert expected({"op": "frame", "epochs": 10}) == pytest.approx(10 * clock.seconds)
    assert expected({"op": "frame"}) == 0.0
    assert expected({"op": "frame", "epochs": MOST_EPOCHS}) == TRAINING_SECONDS


def test_a_picture_with_new_parts_is_not_expected_to_be_quick(visitor):
    visitor.open(**RECIPE)
    visitor.ask("frame")
    expected, inside = visitor.session.expected_seconds, {"unit": [1, 0], "predicted": True}
    assert expected({"op": "frame"}) < TRAINING_SECONDS
    assert expected({"op": "frame", **inside}) == float("inf")
    visitor.ask("frame", **inside)
    assert expected({"op": "frame", **inside}) < TRAINING_SECONDS


def test_a_frame_over_an_edit_of_the_recipe_is_not_expected_to_be_quick(visitor):
    visitor.open(**RECIPE, edits=[[30, "batch_size", 1]])
    visitor.ask("frame", epochs=20)
    assert visitor.session.expected_seconds({"op": "frame", "epochs": 10}) < TRAINING_SECONDS
    assert visitor.session.expected_seconds({"op": "frame", "epochs": 11}) == float("inf")


@pytest.mark.parametrize("change", [{"batch_size": 1}, {"optimiser": "adam", "batch_size": 2}])
def test_an_edit_that_makes_epochs_more_expensive_is_not_expected_to_be_quick(
    visitor, clock, change
):
    visitor.open(**RECIPE)
    clock.seconds = TRAINING_SECONDS / 500
    visitor.ask("frame", epochs=20)
    for field, value in change.items():
        visitor.ask("edit", field=field, value=value)
    assert visitor.session.expected_seconds({"op": "frame", "epochs": 10}) >= TRAINING_SECONDS


@pytest.mark.parametrize("op", ["open", "seek", "edit", "nonsense", None, ["frame"]])
def test_only_a_frame_can_be_expected_to_be_quick(visitor, op):
    visitor.open(**RECIPE)
    visitor.ask("frame", epochs=1)
    assert visitor.session.expected_seconds({"op": op}) == float("inf")


@pytest.mark.parametrize("epochs", ["9" * 5000, "many", float("nan"), float("inf"), [], {}, None])
def test_a_frame_that_will_be_refused_is_expected_to_be_quick(visitor, epochs):
    visitor.open(**RECIPE)
    assert visitor.session.expected_seconds({"op": "frame", "epochs": epochs}) == 0.0
    assert visitor.ask("frame", epochs=epochs)[0]["type"] == "error"


WITHOUT_A_THREAD_CLOCK = """
import time
del time.thread_time
from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
session = LiveSession()
session.handle({"op": "open", "recipe": {"data": "xor", "samples": 20}})
epoch = 0
while epoch < 30:
    epoch = unpack(session.handle({"op": "frame", "epochs": 30 - epoch}))[0]["epoch"]
print(epoch)
"""


def test_a_session_needs_no_clock_of_its_thread():
    run = [sys.executable, "-W", "error", "-c", WITHOUT_A_THREAD_CLOCK]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "30\n", "")
