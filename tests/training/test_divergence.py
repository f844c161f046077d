"""A run whose loss runs off to infinity: where it stops, what it says, how it goes on."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.training.descent import Descent
from nnviz.training.trainer import _settings_at, _why_diverged

METRICS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


RUNAWAY = {"hidden": (8, 8), "activation": "identity", "init": "normal", "learning_rate": 10.0}
TOO_LARGE = "the learning rate 10 is probably too large"


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        (RUNAWAY, f"{TOO_LARGE} for identity, whose values have no upper limit"),
        ({"learning_rate": 10.0, "l2": 1.0}, "the learning rate 10 times L2 1 is above 2"),
    ],
)
def test_a_run_that_diverges_stops_at_its_last_finite_epoch_and_says_why(fields, cause):
    trainer = Trainer(Recipe(samples=40, **fields))
    done = trainer.advance(2000)
    assert 0 < done < 2000
    assert trainer.epoch == done
    assert trainer.finished
    sentence = f"The loss is no longer finite at epoch {done + 1}: {cause}."
    assert trainer.diverged == sentence
    assert len(trainer.history) == done + 1
    assert all(np.isfinite(trainer.history[name]).all() for name in METRICS)
    assert all(np.isfinite(w).all() for w in trainer.network.weights)
    assert trainer.advance(10) == 0
    assert trainer.diverged == sentence


@pytest.mark.parametrize("most", [1, 2, 3, 7, 100])
def test_strides_of_any_length_stop_at_the_last_finite_epoch(most):
    recipe = Recipe(samples=40, **RUNAWAY)
    end = Trainer(recipe).advance(2000)
    trainer = Trainer(recipe)
    lengths = [trainer.stride(most) for _ in range(end + 2)]
    assert sum(lengths) == trainer.epoch == end
    assert trainer.finished


def test_a_run_that_diverged_is_not_tried_again(monkeypatch):
    trainer = Trainer(Recipe(samples=40, **RUNAWAY))
    trainer.advance(2000)
    monkeypatch.delattr(Descent, "train")
    assert trainer.stride(5) == 0


def test_the_step_after_which_a_run_diverges_can_be_looked_at_without_a_warning():
    trainer = Trainer(Recipe(samples=40, **RUNAWAY))
    end, sentence = trainer.advance(2000), trainer.diverged
    with np.errstate(all="raise"):  # e^z runs over on the way to a probability
        assert trainer.step_with(0).t == end + 1
        assert len(trainer.steps_of_epoch()) == 1
    assert (trainer.epoch, trainer.diverged) == (end, sentence)


def test_a_run_that_diverged_where_its_state_is_kept_stays_so_when_it_goes_there():
    trainer = Trainer(Recipe(samples=40, **RUNAWAY))
    end = trainer.advance(2000)
    trainer.edit("learning_rate", 9.0)  # which keeps the state, but does not help
    assert trainer.advance(1) == 0
    sentence = trainer.diverged
    assert trainer.rewind(end) == end
    assert trainer.diverged == sentence is not None


OVERSHOT = "the learning rate 2.5 times L2 1 is above 2"


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"learning_rate": 2.5, "l2": 1.0}, OVERSHOT),
        ({"learning_rate": 2.0, "l2": 1.0}, "the learning rate 2 is probably too large"),
        ({"learning_rate": 10.0, "activation": "relu", "hidden": ()}, TOO_LARGE),
        ({"learning_rate": 10.0, "activation": "tanh"}, TOO_LARGE),
    ],
)
def test_no_cause_is_named_that_cannot_be_the_one(fields, cause):
    recipe = Recipe(**fields)
    sentence = _why_diverged(recipe, _settings_at(recipe, 0), 7)
    assert sentence == f"The loss is no longer finite at epoch 7: {cause}."


@pytest.mark.parametrize("batch_size", [None, 7])
def test_after_a_run_diverged_one_can_go_back_and_meets_the_same_end_again(batch_size):
    trainer = Trainer(Recipe(samples=40, **RUNAWAY, batch_size=batch_size))
    end = trainer.advance(2000)
    history, network, sentence = trainer.history, trainer.network, trainer.diverged
    assert trainer.seek(end // 2) == end // 2
    assert trainer.diverged is None
    assert not trainer.finished
    assert trainer.seek(end + 100) == end
    assert trainer.diverged == sentence
    np.testing.assert_array_equal(trainer.history, history)
    assert same(trainer.network, network)


def test_a_smaller_learning_rate_gets_a_diverged_run_going_again():
    trainer = Trainer(Recipe(samples=40, **RUNAWAY))
    end = trainer.advance(2000)
    trainer.seek(1)
    trainer.edit("learning_rate", 1e-4)
    assert trainer.advance(end + 50) == end + 50
    assert trainer.diverged is None


def test_an_edit_right_where_a_run_diverged_lets_it_go_on():
    trainer = Trainer(Recipe(samples=40, learning_rate=10.0, l2=1.0))
    trainer.advance(2000)
    trainer.edit("l2", 0.0)
    assert trainer.diverged is None
    trainer.edit("learning_rate", 1e-5)
    assert trainer.advance(3) == 3
