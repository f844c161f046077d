"""Animations over a socket: progress, then the file or a problem."""

import base64
import io
import json
import threading

import pytest
from PIL import Image
from websockets.sync.client import connect

from nnviz import Recipe
from nnviz.live import studio

PATIENCE = 60  # seconds to wait for a message before the test fails


def layer(size=(320, 240), kind="PNG"):
    """An empty static layer, as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(file, kind)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def request(**fields):
    return {
        "recipe": {"samples": 40}, "format": "gif", "first": 0, "last": 30, "count": 7,
        "spacing": "even", "fps": 10, "size": [320, 240], "layer": layer(),
    } | fields  # fmt: skip


def answer(progress=lambda done, of: None, **fields):
    return studio.answer(json.dumps(request(**fields)), progress)


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
    ({"size": [10, 10]}, "size must be two whole numbers 160…1920; got [10, 10]"),
    ({"spacing": "odd"}, "spacing must be one of even, early; got odd"),
    ({"layer": layer((300, 240))}, "layer must be a PNG of 320 × 240 pixels as a data"),
    ({"layer": layer(kind="TIFF")}, "layer must be a PNG of 320 × 240 pixels as a data URL"),
    ({"layer": "data:image/png;base64,%%"}, "layer must be a PNG of 320 × 240 pixels"),
    ({"layer": None}, "layer must be a text; got None"),
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
    torn = layer()[:-60]
    header, file = answer(layer=torn[: len(torn) - len(torn[22:]) % 4])
    assert header["problem"]
    assert not file


def test_a_run_too_long_to_train_is_refused(monkeypatch):
    monkeypatch.setattr(studio, "TRAINING_SECONDS", 0.0)
    header, _ = answer(last=1_000_000)
    assert header["problem"].startswith("last must be an epoch this server can train in 0 s; got ")


def test_an_animation_that_takes_too_long_is_cancelled(monkeypatch):
    monkeypatch.setattr(studio, "JOB_SECONDS", 0.0)
    header, file = answer()
    assert header["problem"].startswith("the animation must take at most 0 s of server time")
    assert not file


# --- over a socket --------------------------------------------------------------------


def test_progress_comes_first_and_the_file_last(host):
    with connect(f"ws://{host}/studio", max_size=None) as socket:
        socket.send(json.dumps(request()))
        texts = []
        while isinstance(message := socket.recv(PATIENCE), str):
            texts.append(json.loads(message))
    assert texts[-2] == {"done": 7, "of": 7}
    assert texts[-1]["name"] == "circles-2-10-2-tanh-epoch-30.gif"
    with Image.open(io.BytesIO(message)) as picture:
        assert picture.n_frames == 7


@pytest.mark.parametrize("message", ["nonsense", "[]", b"\xff", json.dumps(request(format="avi"))])
def test_an_invalid_request_gets_a_sentence_and_closes_the_socket(host, message):
    with connect(f"ws://{host}/studio") as socket:
        socket.send(message)
        assert " must be " in json.loads(socket.recv(PATIENCE))["problem"]


def test_the_number_of_animations_at_once_is_limited(host, monkeypatch):
    monkeypatch.setattr(studio, "MOST_WAITING", 0)
    with connect(f"ws://{host}/studio") as socket:
        socket.send(json.dumps(request()))
        assert "are being made already" in json.loads(socket.recv(PATIENCE))["problem"]


def test_a_visitor_who_has_to_wait_gets_a_message(host, monkeypatch):
    monkeypatch.setattr(studio, "_active", {"another"})
    with connect(f"ws://{host}/studio", max_size=None) as socket:
        socket.send(json.dumps(request()))
        assert json.loads(socket.recv(PATIENCE)) == {"waiting": 1}
        while not isinstance(socket.recv(PATIENCE), bytes):
            pass


def test_closing_the_socket_cancels_the_work(host, monkeypatch):
    stopped = threading.Event()

    def work(request, progress):
        try:
            while True:
                progress(0, 1)
        except studio.Stopped:
            stopped.set()
            raise

    monkeypatch.setattr(studio, "answer", work)
    with connect(f"ws://{host}/studio") as socket:
        socket.send("{}")
        socket.recv(PATIENCE)
    assert stopped.wait(PATIENCE)


def test_other_origins_are_refused(host):
    with pytest.raises(Exception, match="403"):
        connect(f"ws://{host}/studio", origin="http://elsewhere.example").close()


def test_the_recipe_may_hold_edits():
    recipe = json.loads(Recipe(samples=40, edits=[[5, "learning_rate", 0.1]]).to_json())
    assert answer(recipe=recipe)[1] != answer()[1]
