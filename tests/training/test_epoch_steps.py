"""A perceptron's corrections, and an epoch step by step."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer


def perceptron(batch_size, optimiser="sgd"):
    return Trainer(
        Recipe(data="linear", output="step", hidden=(), batch_size=batch_size,
               optimiser=optimiser, learning_rate=0.1)
    )  # fmt: skip


def test_corrections_are_counted_as_the_perceptron_rule_makes_them():
    trainer = perceptron(batch_size=1)
    weights = trainer.network.weights[0][:, 0]
    inputs = np.insert(trainer.preparation.apply(trainer.dataset.train), 0, 1.0, axis=1)
    labels, corrections = trainer.dataset.train_labels, 0
    for epoch in range(3):
        for sample in np.concatenate(trainer.steps_of_epoch().samples):
            error = float(weights @ inputs[sample] >= 0) - labels[sample]
            corrections += error != 0
            weights = weights - 0.1 * error * inputs[sample]
        trainer.advance()
        assert trainer.corrections == corrections, epoch
    trainer.seek(0)
    assert trainer.corrections == 0
    assert Trainer(Recipe()).corrections is None


def test_a_new_optimiser_leaves_the_count():
    trainer = perceptron(batch_size=10)
    trainer.seek(3)
    before = trainer.corrections
    trainer.edit("optimiser", "momentum")
    assert trainer.corrections == before > 0


@pytest.mark.parametrize(
    ("batch_size", "optimiser"), [(1, "sgd"), (7, "adam"), (None, "momentum"), (None, "adam")]
)
def test_the_steps_are_those_of_the_next_epoch_and_the_run_stays(batch_size, optimiser):
    trainer = perceptron(batch_size, optimiser)
    trainer.seek(2)
    before = [w.copy() for w in trainer.network.weights]
    steps = trainer.steps_of_epoch()
    np.testing.assert_array_equal(trainer.network.weights, before)
    assert sorted(np.concatenate(steps.samples)) == list(range(len(trainer.dataset.train)))
    assert len(steps) == -(-len(trainer.dataset.train) // (batch_size or 10**6))
    for batch in steps.samples[:5]:
        np.testing.assert_array_equal(trainer.step_with(batch[0]).samples, batch)
    before_epoch = trainer.corrections
    trainer.advance()
    np.testing.assert_array_equal(steps.weights[-1], trainer.network.weights)
    assert before_epoch + steps.corrections[-1] == trainer.corrections
