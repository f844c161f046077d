"""Animations over a socket: progress, then the file or a problem."""

import io
import json
import os
import signal
from dataclasses import replace

import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from nnviz import Recipe
from nnviz.export import animation
from nnviz.live import animations, animator, origin, studio
from nnviz.live.animations import SERVER
from tests.live.processes import finds_workers, resting, workers

PATIENCE = 60  # seconds to wait for a message before the test fails


def layer(size=(320, 240), kind="PNG"):
    """An empty static layer, as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(file, kind)
    return file.getvalue()


def request(**fields):
    return {
        "recipe": {"samples": 40}, "format": "gif", "first": 0, "last": 30, "count": 7,
        "spacing": "even", "fps": 10, "size": [320, 240], "layer": layer(),
    } | fields  # fmt: skip


def answer(progress=lambda done, of: None, bounds=SERVER, **fields):
    return animations.answer(request(**fields), progress, bounds)


def next_text(socket):
    return json.loads(socket.recv(PATIENCE))


def send(socket, size=1000, **fields):
    """Send a request once the server is ready for it, its layer in pieces of ``size`` bytes."""
    while "ready" not in next_text(socket):
        pass
    png = (fields := request(**fields)).pop("layer") or b""
    socket.send(json.dumps(fields | {"layer": len(png)}))
    for start in range(0, len(png), size):
        socket.send(png[start : start + size])


def test_the_file_is_an_animation_of_the_requested_epochs():
    updates = []
    header, file = answer(progress=lambda *update: updates.append(update))
    assert header == {"name": "circles-2-10-2-tanh-epoch-30.gif", "mime": "image/gif"}
    with Image.open(io.BytesIO(file)) as picture:
        assert (picture.n_frames, picture.size) == (7, (320, 240))
    assert [update for update in updates if update[1] == 7] == [(i, 7) for i in range(1, 8)]


def test_html_needs_no_layer():
    header, file = answer(format="html", layer=None)
    assert header["name"].endswith(".html")
    assert file.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    "fields", [{"look": {"view": "regions", "rings": True}}, {"theme": "dark"}]
)
def test_looks_and_themes_change_the_frames(fields):
    assert answer(**fields)[1] != answer()[1]


WRONG = [
    ({"format": "avi"}, "format must be one of gif, "),
    ({"recipe": 3}, "recipe must be an object; got 3"),
    ({"recipe": {"noise": 9}}, "noise must be 0…0.5; got 9"),
    ({"first": 40}, "first epoch must be at most the last epoch, 30; got 40"),
    ({"count": 0}, "count must be a whole number 1…600; got 0"),
    ({"fps": 0}, "fps must be a whole number 1…60; got 0"),
    (
        {"size": [160, 160], "layer": layer((160, 160))},
        "size must be large enough for a plot of 16 × 16 pixels, of which 4 × 4 are left; got 160",
    ),
    (
        {"format": "html", "size": [160, 160], "layer": None, "recipe": {"data": "iris"}},
        "size must be large enough for a plot of 16 × 16 pixels, of which 88 × 1 are left; got 160",
    ),
    ({"size": [10, 10]}, "size must be two whole numbers 160…1920; got [10, 10]"),
    ({"spacing": "odd"}, "spacing must be one of even, early; got odd"),
    ({"layer": layer((300, 240))}, "layer must be a PNG of 320 × 240 pixels; got "),
    ({"layer": layer(kind="TIFF")}, "layer must be a PNG of 320 × 240 pixels; got "),
    ({"layer": b""}, "layer must be a PNG of 320 × 240 pixels; got "),
    ({"layer": None}, "layer must be the bytes of a PNG; got None"),
    ({"look": {"view": "threshold"}, "recipe": {"data": "iris"}}, "view must be one for 3 classes"),
    (
        {"last": 900, "recipe": {"samples": 40, "learning_rate": 10.0, "l2": 1.0}},
        "last must be at most ",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "problem"), WRONG, ids=lambda value: str(value)[:50])
def test_an_animation_that_cannot_be_made_is_a_problem(fields, problem):
    header, file = answer(**fields)
    assert header["problem"].startswith(problem)
    assert not file


def test_an_incomplete_layer_is_refused_with_a_sentence():
    header, file = answer(layer=layer()[:-40])
    assert header["problem"]
    assert not file


def test_a_run_too_long_to_train_is_refused():
    header, _ = answer(bounds=replace(SERVER, training=0.0), last=1_000_000)
    assert header["problem"].startswith("last must be an epoch this server can train in 0 s; got ")


def test_an_animation_that_takes_too_long_is_cancelled():
    header, file = answer(bounds=replace(SERVER, job=0.0))
    assert header["problem"].startswith("the animation must take at most 0 s of server time")
    assert not file


@pytest.mark.parametrize(
    "fields",
    [
        {"recipe": {"samples": 2000, "hidden": [64] * 6, "batch_size": 1}, "last": 1},
        {"recipe": {"samples": 40, "hidden": [64] * 6}, "last": 0, "size": [640, 480]},
    ],
    ids=["epoch", "frame"],
)
def test_the_work_can_be_stopped_within_a_long(fields, monkeypatch):
    monkeypatch.setattr(animation, "PULSE_SECONDS", 0.0)
    calls = []

    def progress(done, of):
        calls.append((done, of))
        if len(calls) == 8:
            raise animator.Stopped

    with pytest.raises(animator.Stopped):
        answer(progress, layer=layer(tuple(fields.get("size", (320, 240)))), **fields)
    assert set(calls) == {(0, 1)}  # no frame was finished


# --- over a socket --------------------------------------------------------------------


@pytest.fixture
def visit(host):
    """Opens a socket of the studio."""
    return lambda **options: connect(f"ws://{host}/studio", max_size=None, **options)


def test_progress_comes_first_and_the_file_last(visit):
    with visit() as socket:
        send(socket)
        texts = []
        while isinstance(message := socket.recv(PATIENCE), str):
            texts.append(json.loads(message))
    assert texts[-2] == {"done": 7, "of": 7}
    assert texts[-1]["name"] == "circles-2-10-2-tanh-epoch-30.gif"
    with Image.open(io.BytesIO(message)) as picture:
        assert picture.n_frames == 7


@pytest.mark.parametrize(
    "message", ["nonsense", "[]", b"\xff", '{"layer": -1}', '{"format": "avi"}']
)
def test_an_invalid_request_gets_a_sentence_and_closes_the_socket(visit, message):
    with visit() as socket:
        assert next_text(socket) == {"ready": True}
        socket.send(message)
        assert " must be " in next_text(socket)["problem"]
        with pytest.raises(ConnectionClosed):
            socket.recv(PATIENCE)


@pytest.mark.parametrize(
    ("messages", "most"),
    [
        ([" " * (studio.MOST_BYTES + 1)], studio.MOST_BYTES),
        (['{"layer": 9000000}', bytes(studio.MOST_PIECE + 1)], studio.MOST_PIECE),
        (['{"layer": 20}', bytes(15), bytes(6)], 5),
    ],
    ids=["request", "piece", "more than announced"],
)
def test_a_message_that_is_too_long_closes_the_socket(visit, messages, most):
    with visit() as socket:
        assert next_text(socket) == {"ready": True}
        for message in messages:
            socket.send(message)
        code, reason = closing(socket)
        assert (code, f"{most} bytes" in reason) == (1009, True)


def closing(socket):
    """Code and reason with which the server closes a socket."""
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(PATIENCE)
    return closed.value.rcvd.code, closed.value.rcvd.reason


def test_a_request_that_does_not_arrive_in_time_closes_the_socket(visit, monkeypatch):
    monkeypatch.setattr(studio, "REQUEST_SECONDS", 0.05)
    with visit() as socket:
        assert next_text(socket) == {"ready": True}
        socket.send('{"layer": 100}')
        assert closing(socket) == (1008, "the request did not arrive within 0.05 s. Try again.")


def test_visitors_wait_for_one_who_is_making_an_animation_and_send_nothing_before(visit):
    with visit() as first, visit() as second:
        assert next_text(first) == {"ready": True}
        assert next_text(second) == {"waiting": 1}
        with visit() as third:
            assert next_text(third) == {"waiting": 2}
            second.close()
            assert next_text(third) == {"waiting": 1}
            first.close()
            send(third)
            while not isinstance(third.recv(PATIENCE), bytes):
                pass


def test_a_request_before_its_turn_closes_the_socket(visit):
    with visit() as first, visit() as second:
        assert next_text(first) == {"ready": True}
        assert next_text(second) == {"waiting": 1}
        second.send("{}")
        code, reason = closing(second)
        assert (code, reason) == (1008, "a request must wait until the server is ready for it")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"animations": 1}, "1 animations are being made or wait already. Try again in a minute."),
        (
            {"animations_per_address": 1},
            "1 animations of your network are being made or wait already. Try again in a minute.",
        ),
    ],
    ids=["in all", "per address"],
)
def test_the_number_of_animations_at_once_is_limited(serving, limits, sentence):
    with serving(**limits) as host, connect(f"ws://{host}/studio") as first:
        assert next_text(first) == {"ready": True}
        with connect(f"ws://{host}/studio") as second:
            assert closing(second) == (1013, sentence)


LONG = {"recipe": {"samples": 2000, "hidden": [64] * 6, "batch_size": 1}, "last": 900}


@finds_workers
def test_an_animation_whose_visitor_leaves_stops_and_the_next_one_is_made(visit):
    with visit() as socket:
        send(socket, **LONG)
        assert next_text(socket) == {"done": 0, "of": 1}  # it is trained
    with visit() as socket:
        send(socket)
        while not isinstance(socket.recv(PATIENCE), bytes):
            pass
    (process,) = workers("animator")
    resting(process)


@finds_workers
def test_an_animation_is_lost_with_its_process_and_the_next_one_is_made(visit):
    with visit() as socket:
        send(socket, **LONG)
        assert next_text(socket) == {"done": 0, "of": 1}
        (process,) = workers("animator")
        os.kill(process, signal.SIGKILL)
        with pytest.raises(ConnectionClosed) as closed:
            list(socket)  # more progress
        reason = "The process that made the animation has ended. Try again."
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1013, reason)
    with visit() as socket:
        send(socket)
        while not isinstance(socket.recv(PATIENCE), bytes):
            pass


def test_other_origins_are_refused(host):
    with (
        connect(f"ws://{host}/studio", origin="http://elsewhere.example") as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        socket.recv(PATIENCE)
    assert closed.value.rcvd.code == origin.FORBIDDEN


def test_the_recipe_may_hold_edits():
    recipe = json.loads(Recipe(samples=40, edits=[[5, "learning_rate", 0.1]]).to_json())
    assert answer(recipe=recipe)[1] != answer()[1]
