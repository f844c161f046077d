"""Epochs in pieces: the same numbers, and nothing half done where they are called off."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.recipe.edits import Edit
from nnviz.training.pieces import done

RECIPES = [
    Recipe(samples=60, batch_size=7),
    Recipe(samples=60),
    Recipe(samples=60, batch_size=1, optimiser="adam", hidden=(4, 3)),
    Recipe(data="linear", samples=60, hidden=(), output="step", batch_size=1),
    Recipe(data="iris", batch_size=16).with_edit(Edit(3, "learning_rate", 0.5)),
]


def everything(trainer):
    return trainer.epoch, *(w.tobytes() for w in trainer.network.weights), trainer.rows(0).tobytes()


@pytest.mark.parametrize("recipe", RECIPES)
def test_pauses_change_no_bit(recipe):
    whole, pieces = Trainer(recipe), Trainer(recipe)
    other = Trainer(Recipe(samples=40, batch_size=3))  # has its turn in the pauses
    pauses = 0
    for _ in range(5):
        whole.stride(3)
        work = pieces.striding(3, lambda: True)
        for _ in work:
            other.stride(1)
            pauses += 1
        assert everything(pieces) == everything(whole)
    assert pauses >= 5


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("pauses", [1, 2, 5])
def test_a_run_is_as_before_where_a_stride_is_called_off(recipe, pauses):
    trainer, untouched = Trainer(recipe), Trainer(recipe)
    for each in (trainer, untouched):
        each.advance(2)
    work = trainer.striding(9, lambda: True)
    for _ in range(pauses):
        next(work)
    work.close()
    assert everything(trainer) == everything(untouched)
    assert trainer.advance(8) == untouched.advance(8) == 8
    assert everything(trainer) == everything(untouched)


def test_a_run_that_diverges_in_pieces_stops_at_the_same_epoch():
    recipe = Recipe(
        samples=40, hidden=(8, 8), activation="identity", init="normal", learning_rate=10.0
    )
    whole, pieces = Trainer(recipe), Trainer(recipe)
    whole.advance(300)
    while done(pieces.striding(300, lambda: True)):
        pass
    assert whole.diverged
    assert pieces.diverged == whole.diverged
    assert everything(pieces) == everything(whole)


def test_numpy_warns_as_before_in_the_pauses():
    trainer = Trainer(Recipe(samples=60, batch_size=7))
    before = np.geterr()
    for _ in trainer.striding(2, lambda: True):
        assert np.geterr() == before
    assert np.geterr() == before
