"""The run at its epoch, as panels show it: replayed in pieces."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.ui import panels

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
