"""The program is run, and its numbers are compared with the engine's."""

from itertools import product

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.step import worked_example
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.writing.step_script import step_script


def run(trainer, sample):
    names = {}
    exec(step_script(worked_example(trainer, sample)), names)
    return names


def trainer_at(epoch, **fields):
    trainer = Trainer(Recipe(**{"samples": 30, "hidden": (4, 3), "learning_rate": 0.05} | fields))
    trainer.advance(epoch)
    return trainer


CASES = [
    *({"activation": a, "output": o} for a, o in product(ACTIVATIONS, ("softmax", "sigmoid"))),
    *({"optimiser": o, "batch_size": b, "l1": 0.01, "l2": 0.1}
      for o, b in product(OPTIMISERS, (None, 5, 1))),
    {"output": "step", "hidden": (), "data": "linear"},
    {"hidden": (), "data": "iris", "inputs": ("x1", "x2sq", "sinx1")},
]  # fmt: skip


@pytest.mark.parametrize("fields", CASES, ids=str)
def test_the_program_ends_where_the_engine_ends(fields):
    trainer = trainer_at(3, **fields)
    sample = 11
    step = trainer.step_with(sample)
    x = trainer.preparation.apply(trainer.dataset.train)[sample]
    ran = run(trainer, sample)
    np.testing.assert_array_equal(ran["x1"], [1, *x])
    for layer, (before, after, g) in enumerate(
        zip(step.before, step.after, step.gradient, strict=True), start=1
    ):
        np.testing.assert_array_equal(ran[f"W{layer}"], before)  # bit by bit
        np.testing.assert_allclose(ran[f"g{layer}"], g, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(ran[f"W{layer}_new"], after, rtol=1e-8, atol=1e-13)
    network = worked_example(trainer, sample).network
    loss, gradients = network.loss_and_gradients([x], trainer.dataset.train_labels[[sample]])
    assert ran["J"] == pytest.approx(loss, rel=1e-10, abs=1e-14)
    for layer, gradient in enumerate(gradients, start=1):
        np.testing.assert_allclose(ran[f"gradient{layer}"], gradient, rtol=1e-9, atol=1e-14)


def test_the_first_lines_name_run_and_point():
    text = step_script(worked_example(trainer_at(3, batch_size=5), 11))
    head = text.partition("import")[0]
    assert "circles, epoch 3: training point 12" in head
    assert "of 5 of the next epoch" in head


def test_overflowed_numbers_still_give_a_valid_program():
    trainer = trainer_at(0, activation="relu", learning_rate=10.0, l2=1.0)
    trainer.advance(1000)
    assert trainer.diverged
    with np.errstate(all="ignore"):
        run(trainer, 0)
