"""The live socket under load: messages too long or too many, and requests that take long."""

import json
import logging
import os
import signal
import threading
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from nnviz import Recipe
from nnviz.live import endpoint
from nnviz.live.crowding import Crowding
from nnviz.live.session import LiveSession
from nnviz.live.size import LARGEST
from tests.live.processes import finds_workers, workers

PATIENCE = 30  # seconds to wait before the test fails
SMALL = {"samples": 30}
HUGE = {"samples": 2000, "hidden": [64] * 6}


# --- too much -------------------------------------------------------------------------


def test_the_longest_message_allowed_is_read(enter):
    with enter() as client:
        client.send(" " * endpoint.MOST_BYTES)
        assert client.answer()["type"] == "error"


@pytest.mark.parametrize(
    "message",
    [" " * (endpoint.MOST_BYTES + 1), b" " * (endpoint.MOST_BYTES + 1),
     "η" * (endpoint.MOST_BYTES // 2 + 1)],
    ids=["text", "binary", "wide letters"],
)  # fmt: skip
def test_a_longer_message_closes_the_socket_as_too_big(enter, message):
    with enter() as client:
        client.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            client.answer()
        assert closed.value.rcvd.code == 1009
        assert str(endpoint.MOST_BYTES) in closed.value.rcvd.reason


def test_a_burst_is_answered_and_too_many_messages_close_the_socket(enter):
    with enter() as client:
        for _ in range(endpoint.BURST):
            client.send("{}")
        assert all(client.answer()["type"] == "error" for _ in range(endpoint.BURST))
        with pytest.raises(ConnectionClosed) as closed:
            flood(client, 20 * endpoint.BURST)
        assert closed.value.rcvd.code == 1008
        assert "messages a second" in closed.value.rcvd.reason


def flood(client, messages, at_once=100):
    for _ in range(messages // at_once):
        for _ in range(at_once):
            client.send("{}")
        for _ in range(at_once):
            client.answer()


class TestTokenBucket:
    @pytest.fixture
    def now(self):
        return [0.0]

    @pytest.fixture
    def bucket(self, now):
        return endpoint.TokenBucket(rate=10, burst=3, clock=lambda: now[0])

    def test_allows_a_burst_and_no_more(self, bucket):
        assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]

    def test_fills_at_its_rate(self, bucket, now):
        for _ in range(3):
            bucket.take()
        now[0] += 0.25  # two and a half messages
        assert [bucket.take() for _ in range(3)] == [True, True, False]

    def test_allows_no_more_than_a_burst_after_a_long_pause(self, bucket, now):
        now[0] += 3600
        assert [bucket.take() for _ in range(4)] == [True, True, True, False]

    def test_a_refused_message_takes_no_token(self, bucket, now):
        for _ in range(50):
            bucket.take()
        now[0] += 0.125
        assert bucket.take()


# --- visitors do not hold each other up -----------------------------------------------


@pytest.fixture
def held(monkeypatch):
    """An event that is set when a request named "held" has begun, which pauses for ever."""
    begun, work = threading.Event(), LiveSession.work

    def holding(session, message):
        request = session.read(message)
        while request.reference == "held":
            begun.set()
            yield
        return (yield from work(session, request))

    monkeypatch.setattr(LiveSession, "work", holding)
    # in a worker, to which the run would go while this process is busy, nothing is held
    monkeypatch.setattr(Crowding, "lets_go", lambda _, n_runs: False)
    return begun


@contextmanager
def stopped(processes):
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    yield
    for process in processes:
        os.kill(process, signal.SIGCONT)


@finds_workers
def test_small_requests_are_answered_during_a_large_one(enter):
    with enter() as huge, enter() as small:
        huge.ask("open", recipe=HUGE)
        with stopped(workers()):
            huge.request("frame", epochs=1000)
            small.ask("open", recipe=SMALL)
            for epoch in range(1, 21):
                assert small.ask("frame", epochs=1)["epoch"] == epoch
            assert small.ask("seek", epoch=3)["epoch"] == 3
            assert small.ask("edit", field="l2", value=0.1)["type"] == "frame"
            with pytest.raises(TimeoutError):
                huge.answer(timeout=0)
        assert huge.answer()["epoch"] >= 1


def test_work_in_pieces_takes_turns(enter, held):
    with enter() as one, enter() as other:
        one.ask("open", recipe=SMALL)
        one.request("frame", id="held")
        assert held.wait(PATIENCE)
        assert other.ask("open", recipe=SMALL)["type"] == "opened"
        assert other.ask("frame", epochs=3)["epoch"] == 3
        with pytest.raises(TimeoutError):
            one.answer(timeout=0)


def test_frames_are_dropped_where_the_run_has_to_be_elsewhere(enter, held):
    with enter() as client:
        client.ask("open", recipe=SMALL)
        client.request("frame", epochs=1, id="held")
        for name in range(5):
            client.request("frame", epochs=1, id=name)
        assert held.wait(PATIENCE)
        client.request("seek", epoch=0, id="pause")
        answers = [client.answer() for _ in range(7)]
    assert [answer["id"] for answer in answers] == ["held", 0, 1, 2, 3, 4, "pause"]
    assert {answer["type"] for answer in answers[:-1]} == {"dropped"}
    assert answers[-1]["epoch"] == 0


def test_a_visitor_who_leaves_in_the_middle_of_a_request_leaves_no_error(
    held, caplog, serving, entering
):
    with caplog.at_level(logging.WARNING), serving() as host:
        with entering(host) as client:
            client.ask("open", recipe=SMALL)
            client.request("seek", epoch=1, id="held")
            assert held.wait(PATIENCE)
        with entering(host) as client:  # the event loop goes on
            client.ask("open", recipe=SMALL)
    assert not caplog.records


@finds_workers
def test_a_run_whose_worker_ends_is_to_be_opened_again(enter):
    with enter() as client:
        client.ask("open", recipe=HUGE)
        for worker in workers():
            os.kill(worker, signal.SIGKILL)
        client.request("frame", epochs=1)
        with pytest.raises(ConnectionClosed) as closed:
            client.answer()
        assert closed.value.rcvd.code == 1013
        assert "open the run again" in closed.value.rcvd.reason
    with enter() as client:
        assert client.ask("open", recipe=HUGE)["type"] == "opened"


# --- what they take -------------------------------------------------------------------


def test_a_class_with_the_same_large_file_fits_into_the_memory(serving, entering):
    """Ten of them here, beside one that is not read yet."""
    points = np.random.default_rng(0).normal(size=(5000, 2)).round(6)
    table = Recipe.from_table(points, np.arange(5000) % 2, hidden=[8])
    text = json.dumps({"op": "open", "recipe": table.to_values()})
    assert len(text) > endpoint.MOST_READ
    with serving(memory=LARGEST.run // 10**6 + 35) as host, ExitStack() as stack:
        for _ in range(10):
            client = stack.enter_context(entering(host))
            client.send(text)
            assert client.answer()["type"] == "opened"
            assert client.ask("frame", epochs=1)["epoch"] == 1  # it has been counted by then
