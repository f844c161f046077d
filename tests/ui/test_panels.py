"""The run at its epoch, as panels show it: replayed in pieces."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

from nnviz import Recipe, Trainer
from nnviz.ui import panels
from tests.serving import Server

PATIENCE = 60  # seconds

RECIPE = Recipe(samples=40, batch_size=4)


class Gone(Exception):
    """Whoever waited for the script is gone: what it shows raises this."""


@pytest.fixture
def shown(monkeypatch):
    """Progress shown by a script whose pieces are as small as can be."""
    monkeypatch.setattr(panels, "PIECE_SECONDS", 0.0)
    shown = []

    class Bar:
        def progress(self, share, text):
            shown.append((share, text))
            if len(shown) == 20:
                raise Gone

        def empty(self):
            shown.append(None)

    monkeypatch.setattr(panels.st, "empty", Bar)
    return shown


def test_a_replay_shows_how_far_it_is(shown):
    trainer, direct = Trainer(RECIPE), Trainer(RECIPE)
    direct.seek(1)
    panels._seek(trainer, 1)
    assert np.array_equal(trainer.history, direct.history)
    *progress, last = shown
    assert last is None  # the bar is gone
    assert progress
    assert all("to epoch 1: at epoch" in text for _, text in progress)
    assert sorted(progress) == progress


def test_a_replay_that_nobody_waits_for_ends_within_an_epoch_and_goes_on_later(shown):
    trainer, direct = Trainer(RECIPE), Trainer(RECIPE)
    with pytest.raises(Gone):
        panels._seek(trainer, 50)
    assert trainer.epoch < 5
    assert not panels._turn.locked()
    panels._seek(trainer, 4)
    direct.seek(4)
    assert np.array_equal(trainer.history, direct.history)
    assert all(map(np.array_equal, trainer.network.weights, direct.network.weights))


def test_a_short_replay_shows_no_progress(shown, monkeypatch):
    monkeypatch.setattr(panels, "PIECE_SECONDS", 60.0)
    trainer = Trainer(RECIPE)
    panels._seek(trainer, 20)
    assert trainer.epoch == 20
    assert not shown


def test_a_replay_ends_when_its_page_is_closed(tmp_path):
    replayed, message = tmp_path / "epoch", BackMsg()
    message.rerun_script.query_string = ""
    with Server(Path(__file__).with_name("replay_page.py"), NNVIZ_REPLAYED=f"{replayed}") as server:
        address = f"{server.url.replace('http', 'ws')}_stcore/stream"
        with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
            socket.send(message.SerializeToString())
            seen = None
            while not seen:
                seen = re.search(rb"to epoch 198: at epoch (\d+)", socket.recv(PATIENCE))
        ends = time.monotonic() + PATIENCE
        while not (replayed.exists() and replayed.read_text()):
            assert time.monotonic() < ends
            time.sleep(0.05)
        assert int(replayed.read_text()) <= int(seen[1]) + 10  # of 198, each 0.3 s
