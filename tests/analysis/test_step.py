"""A training point's part in a step, against the step and the data themselves."""

import math

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.step import nearest_training_point, worked_example
from nnviz.choices.activations import ACTIVATIONS


def at(epoch, **fields):
    trainer = Trainer(Recipe(**{"samples": 40, "hidden": (3, 2)} | fields))
    trainer.advance(epoch)
    return trainer


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("batch_size", [None, 5, 1])
def test_own_gradient_and_the_rest_make_the_gradient_of_the_step(activation, output, batch_size):
    trainer = at(4, activation=activation, output=output, batch_size=batch_size, l1=0.01, l2=0.1)
    found = worked_example(trainer, 17)
    n = len(found.step.samples)
    assert n == (batch_size or 32)
    assert 17 in found.step.samples
    for layer, rest, w, g in zip(
        found.explanation.layers, found.rest, found.step.before, found.step.gradient, strict=True
    ):
        mean = (layer.gradient + rest) / n
        mean[1:] += 0.01 * np.sign(w[1:]) + 0.1 * w[1:]
        np.testing.assert_allclose(mean, g, rtol=1e-9, atol=1e-14)


def test_it_is_the_point_of_the_training_part_and_the_network_of_the_epoch():
    trainer = at(7, data="iris", inputs=("x1", "x1x2"))
    found = worked_example(trainer, 5)
    np.testing.assert_array_equal(found.raw, trainer.dataset.train[5])
    np.testing.assert_array_equal(found.x, trainer.preparation.apply(trainer.dataset.train)[5])
    np.testing.assert_array_equal(found.explanation.layers[0].x, [1, *found.x])
    assert found.label == trainer.dataset.train_labels[5]
    assert found.class_name == trainer.dataset.class_names[found.label]
    assert found.epoch == 7
    for w, v in zip(found.network.weights, trainer.network.weights, strict=True):
        np.testing.assert_array_equal(w, v)


@pytest.mark.parametrize("sides", [(0.1, 1000.0), (30.0, 0.2), (5.0, 0.0)], ids=str)
def test_the_nearest_training_point_is_nearest_as_the_plot_shows_it(sides):
    """The plot is as wide as high, whatever the features measure; one of them may be constant."""
    rng = np.random.default_rng(0)
    points = rng.random((40, 2)) * sides
    trainer = Trainer(Recipe.from_table(points, ["a", "b"] * 20, hidden=(2,)))
    train = trainer.dataset.train
    shown = [np.ptp(column) or 1.0 for column in train.T]
    for point in rng.random((30, 2)) * sides:
        distances = [math.hypot(*((sample - point) / shown)) for sample in train]
        assert nearest_training_point(trainer, point) == np.argmin(distances)


def test_a_class_is_called_a_class_once():
    assert worked_example(at(0), 0).class_phrase(1) == "class inner"
    assert worked_example(at(0, data="xor"), 0).class_phrase(1) == "class 1"


def test_in_batches_the_network_is_that_of_the_batch():
    trainer = at(2, batch_size=4)
    examples = [worked_example(trainer, sample) for sample in range(32)]
    later = next(w for w in examples if w.step.batch == 3)
    assert not np.array_equal(later.network.weights[0], trainer.network.weights[0])
    np.testing.assert_array_equal(later.network.weights[0], later.step.before[0])


def test_units_and_weights_have_the_names_of_the_page():
    found = worked_example(at(0, inputs=("x1", "x2sq")), 0)
    assert found.units(0) == ["x₁", "x₂²"]
    assert found.units(1) == ["a₁[1]", "a₂[1]", "a₃[1]"]
    assert found.units(3) == ["ŷ₁", "ŷ₂"]
    assert found.weight(0, 0, 2) == "bias of a₃[1]"
    assert found.weight(0, 2, 0) == "from x₂² to a₁[1]"
    assert found.weight(2, 1, 1) == "from a₁[2] to ŷ₂"
    assert worked_example(at(0, hidden=(), output="step"), 0).weight(0, 1, 0) == "from x₁ to ŷ"


def test_a_run_that_diverges_still_has_worked_examples():
    trainer = at(0, activation="relu", learning_rate=10.0, l2=1.0)
    trainer.advance(1000)
    assert trainer.diverged
    worked_example(trainer, 0)


OPTIMISERS_OF_TORCH = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"alpha": 0.9, "eps": 1e-8}),
    "adam": ("Adam", {"eps": 1e-8}),
}


@pytest.mark.parametrize("name", OPTIMISERS_OF_TORCH)
def test_the_step_is_the_one_pytorch_makes(name):
    torch = pytest.importorskip("torch", reason="compares with PyTorch where that is installed")
    trainer = at(0, optimiser=name, learning_rate=0.05, l1=0.01, l2=0.1)
    X = torch.tensor(trainer.preparation.apply(trainer.dataset.train))
    y = torch.tensor(trainer.dataset.train_labels)
    weights = [torch.tensor(w, requires_grad=True) for w in trainer.network.weights]
    kind, options = OPTIMISERS_OF_TORCH[name]
    optimiser = getattr(torch.optim, kind)(weights, lr=0.05, **options)
    for epoch in range(3):  # the third has memory to go on
        trainer.seek(epoch)
        step = worked_example(trainer, 9).step
        out = X
        for w in weights:
            z = w[0] + out @ w[1:]
            out = torch.tanh(z)
        loss = torch.nn.functional.cross_entropy(z, y)
        for w in weights:
            loss = loss + 0.01 * w[1:].abs().sum() + 0.05 * (w[1:] ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        for w, g in zip(weights, step.gradient, strict=True):
            np.testing.assert_allclose(w.grad.numpy(), g, rtol=1e-9, atol=1e-13)
        optimiser.step()
        for w, after in zip(weights, step.after, strict=True):
            np.testing.assert_allclose(w.detach().numpy(), after, rtol=1e-7, atol=1e-11)
