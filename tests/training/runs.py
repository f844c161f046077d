"""Runs for tests."""

import numpy as np

from nnviz import Recipe, Trainer


def trained(epochs, **fields):
    trainer = Trainer(Recipe(**fields))
    trainer.advance(epochs)
    return trainer


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def assert_as_alone(trainer):
    """It is at its epoch as a trainer of its recipe alone is there, to the last bit."""
    alone = Trainer(trainer.recipe)
    alone.seek(trainer.epoch)
    assert alone.epoch == trainer.epoch
    np.testing.assert_array_equal(alone.rows(0), trainer.rows(0))
    for own, other in zip(alone.network.weights, trainer.network.weights, strict=True):
        np.testing.assert_array_equal(own, other)
