"""Copies and pickles of everything that trains or predicts are exact and independent."""

import copy
import pickle

import numpy as np
import pytest

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.field import Extent, Grid
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.datasets import SOURCES
from nnviz.choices.initialisers import INITIALISERS
from nnviz.choices.inputs import INPUTS, with_ones
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.choices.outputs import OUTPUTS
from nnviz.training.network import Pass
from nnviz.training.trainer import SHUFFLE

COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda thing: pickle.loads(pickle.dumps(thing)),
}
BATCHES = {
    "data": "xor", "samples": 20, "hidden": (3, 2), "optimiser": "adam", "learning_rate": 0.02,
    "batch_size": 5, "l1": 0.001,
}  # fmt: skip


@pytest.fixture(params=COPIES, ids=str)
def copied(request):
    return COPIES[request.param]


def bits(trainer):
    """Everything a run shows, to the last bit."""
    return (
        trainer.recipe, trainer.epoch, trainer.diverged, trainer.history.tobytes(),
        [w.tobytes() for w in trainer.network.weights],
    )  # fmt: skip


def fresh(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.advance(epoch)
    return trainer


# --- a run ------------------------------------------------------------------------------


def begun():
    return fresh(Recipe(**BATCHES), 27)


def edited():
    trainer = begun()
    trainer.edit("weight", 1.5, at=(0, 1, 2))
    trainer.edit("optimiser", "momentum")
    trainer.advance(8)
    return trainer


def sought():
    trainer = edited()
    trainer.seek(12)
    return trainer


def rewound():
    trainer = fresh(Recipe(data="xor", samples=20), 90)
    trainer.rewind(50)
    return trainer


RUNS = {run.__name__: run for run in (begun, edited, sought, rewound)}


@pytest.mark.parametrize("run", RUNS)
def test_a_copied_run_continues_like_the_original(copied, run):
    original, plain = RUNS[run](), RUNS[run]()
    twin = copied(original)
    assert bits(twin) == bits(original) == bits(plain)
    for trainer in (twin, plain):
        trainer.advance(40)
    assert bits(twin) == bits(plain) == bits(fresh(twin.recipe, twin.epoch))
    for epoch in (3, 60, 41):
        for trainer in (twin, plain):
            trainer.seek(epoch)
        assert bits(twin) == bits(plain)


@pytest.mark.parametrize("run", RUNS)
def test_changing_a_copy_does_not_change_the_original(copied, run):
    original, plain = RUNS[run](), RUNS[run]()
    twin = copied(original)
    for change in (
        lambda: twin.advance(60),
        lambda: twin.seek(5),
        lambda: twin.edit("weight", -3.0, at=(0, 0, 0)),
        lambda: twin.edit("learning_rate", 0.3),
        lambda: twin.advance(200),
    ):
        change()
        assert bits(original) == bits(plain)
    for epochs in (1, 70):
        original.advance(epochs)
        plain.advance(epochs)
        assert bits(original) == bits(plain)
    for epoch in (5, 61, 20):
        original.seek(epoch)
        plain.seek(epoch)
        assert bits(original) == bits(plain)
    assert bits(twin) == bits(fresh(twin.recipe, twin.epoch))


def test_a_copy_shows_the_same_step_and_stays_at_its_epoch(copied):
    original = begun()
    twin = copied(original)
    one, other = original.step_with(3), twin.step_with(3)
    for name in ("before", "after", "gradient"):
        for a, b in zip(getattr(one, name), getattr(other, name), strict=True):
            np.testing.assert_array_equal(a, b)
    assert one.t == other.t
    assert bits(original) == bits(twin)


def test_a_run_that_diverged_is_copied_with_the_reason(copied):
    original = fresh(Recipe(samples=20, activation="relu", learning_rate=10.0, l2=1.0), 5000)
    assert original.diverged
    twin = copied(original)
    assert twin.advance(5) == 0
    assert bits(twin) == bits(original)


# --- what a run is made of --------------------------------------------------------------


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_copied_descent_makes_the_same_steps_in_its_own_arrays(copied, optimiser):
    trainer = fresh(Recipe(**BATCHES | {"optimiser": optimiser}), 4)
    original, settings = trainer._descent, trainer._settings
    before = original.state.copy()
    twin = copied(original)
    twin.epoch(settings, (0, SHUFFLE, 4))
    np.testing.assert_array_equal(original.state, before)
    assert not np.array_equal(twin.state, before)
    original.epoch(settings, (0, SHUFFLE, 4))
    np.testing.assert_array_equal(original.state, twin.state)
    for view, w in zip(twin.weights, original.weights, strict=True):
        assert np.shares_memory(view, twin.state)
        np.testing.assert_array_equal(view, w)


def test_a_copied_pass_goes_back_from_where_the_original_went_forward(copied):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=shape) for shape in ((3, 4), (5, 3), (4, 2))]
    inputs, targets = with_ones(rng.normal(size=(6, 2))), np.eye(2)[[0, 1, 1, 0]].T
    original = Pass((2, 4, 3, 2), 6, ACTIVATIONS["tanh"], OUTPUTS["softmax"], learn=4)
    original.forward(weights, inputs)
    outputs = original.outputs.copy()
    twin = copied(original)
    found = []
    for run in (twin, original):
        gradients = [np.empty_like(w) for w in weights]
        run.backward(weights, inputs, targets, gradients)
        found.append(gradients)
    for own, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(own, theirs)
    twin.forward(weights, 2 * inputs)
    np.testing.assert_array_equal(original.outputs, outputs)
    assert not np.array_equal(twin.outputs, outputs)


def test_a_copied_network_has_weights_of_its_own(copied):
    original = Network([[[0.5, -0.5], [1.0, 2.0], [0.0, 1.0]]])
    twin = copied(original)
    X = np.array([[0.25, -3.0]])
    expected = original.predict_proba(X)
    np.testing.assert_array_equal(twin.predict_proba(X), expected)
    twin.weights[0][:] = 0.0
    np.testing.assert_array_equal(original.predict_proba(X), expected)
    np.testing.assert_array_equal(twin.predict_proba(X), [[0.5, 0.5]])


def test_a_copied_grid_shows_the_same_field_in_buffers_of_its_own(copied):
    trainer = begun()
    original = Grid(Extent.around(trainer.dataset), trainer.preparation, 20)
    expected = original.field(trainer.network)
    twin = copied(original)
    np.testing.assert_array_equal(twin.field(trainer.network).scores, expected.scores)
    assert twin._pass[1] is not original._pass[1]


TABLES = [ACTIVATIONS, OUTPUTS, OPTIMISERS, SOURCES, INITIALISERS, INPUTS]


@pytest.mark.parametrize(
    "table", TABLES, ids=lambda table: type(next(iter(table.values()))).__name__
)
def test_copied_records_are_equal(copied, table):
    for record in table.values():
        assert copied(record) == record
        assert hash(copied(record)) == hash(record)
