"""What units say of the plane, against the network worked out one sample at a time."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis import units as module
from nnviz.analysis.field import Extent, Grid
from nnviz.analysis.sample import explain
from nnviz.analysis.units import MAP_RESOLUTION, Space, UnitMaps, scale_of, unit_outputs
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.outputs import OUTPUTS


def trained(epochs=5, **recipe):
    trainer = Trainer(Recipe(**{"hidden": (4, 3), "samples": 40} | recipe))
    trainer.advance(epochs)
    return trainer


def grid_of(trainer, resolution=9):
    return Grid(Extent.around(trainer.dataset), trainer.preparation, resolution)


def said_of(trainer, point, layer):
    """The units of a layer at one raw point, by the pass that is written to be read."""
    x = trainer.preparation.apply(np.array([point]))[0]
    if layer == 0:
        return x
    return explain(trainer.network, x, 0).layers[layer - 1].o


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_values_are_those_of_the_explained_pass(activation, output):
    trainer = trained(activation=activation, output=output, inputs=("x1", "x2", "x1x2"))
    samples = trainer.dataset.train[:6]
    outputs = unit_outputs(trainer.network, trainer.preparation.columns(samples), 3)
    assert [each.shape for each in outputs] == [(n, 6) for n in trainer.recipe.sizes]
    for i, sample in enumerate(samples):
        for layer, each in enumerate(outputs):
            np.testing.assert_allclose(each[:, i], said_of(trainer, sample, layer), atol=1e-12)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_values_have_the_type_of_the_inputs(output):
    trainer = trained(output=output)
    inputs = trainer.preparation.columns(trainer.dataset.train, np.float32)
    outputs = unit_outputs(trainer.network, inputs, 3)
    assert {each.dtype for each in outputs} == {np.dtype(np.float32)}


def test_numbers_too_small_to_hold_are_no_error_even_where_all_others_raise():
    trainer = trained(data="iris", activation="sigmoid", hidden=(3,))
    network = trainer.network
    network.weights[-1][:] *= 1e3
    with np.errstate(all="raise"):
        probabilities = unit_outputs(network, grid_of(trainer).inputs, 2)[2]
    assert probabilities.min() == 0


def test_a_perceptron_says_0_or_1():
    trainer = trained(hidden=(), output="step", data="linear")
    (_, outputs) = unit_outputs(
        trainer.network, trainer.preparation.columns(trainer.dataset.train), 1
    )
    assert set(np.unique(outputs)) <= {0.0, 1.0}


def test_small_maps_lie_on_the_plane_as_the_field_does():
    trainer = trained()
    maps, scales = UnitMaps(grid_of(trainer), resolution=7).small(trainer.network)
    extent = Extent.around(trainer.dataset)
    x1, x2 = np.linspace(*extent.x1, 7), np.linspace(*extent.x2, 7)
    for layer, (each, scale) in enumerate(zip(maps, scales, strict=True)):
        assert each.shape == (trainer.recipe.sizes[layer], 7, 7)
        for row, column in [(0, 0), (2, 5), (6, 1)]:
            expected = said_of(trainer, (x1[column], x2[row]), layer)
            np.testing.assert_allclose(scale * each[:, row, column], expected, atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_full_colour_is_the_largest_value_or_the_bound(activation):
    trainer = trained(activation=activation)
    maps, scales = UnitMaps(grid_of(trainer)).small(trainer.network)
    for layer in (1, 2):
        largest = np.abs(maps[layer]).max()
        if ACTIVATIONS[activation].bounded:
            assert scales[layer] == 1.0
            assert largest <= 1.0
        else:
            assert largest == pytest.approx(1.0)
    assert scales[3] == 1.0  # probabilities
    assert scales[0] == pytest.approx(np.abs(UnitMaps(grid_of(trainer))._coarse.inputs[1:]).max())


def test_a_layer_that_says_nothing_has_a_scale():
    trainer = trained(activation="relu")
    network = trainer.network
    for w in network.weights:
        w[:] = 0.0
    maps, scales = UnitMaps(grid_of(trainer)).small(network)
    assert scales[1] > 0
    assert not maps[1].any()
    assert scale_of(network, 1, np.zeros((4, 0))) > 0


def test_a_layer_that_says_little_is_shown_in_full_colour():
    trainer = trained(activation="relu")
    network = trainer.network
    network.weights[0][:] *= 1e-4
    maps, scales = UnitMaps(grid_of(trainer)).small(network)
    assert 0 < scales[1] < 1e-2
    assert np.abs(maps[1]).max() == pytest.approx(1.0)


def test_a_large_map_is_the_unit_on_the_field_s_own_grid():
    trainer, grid = trained(activation="relu"), None
    grid = grid_of(trainer, 9)
    maps = UnitMaps(grid, resolution=5)
    outputs, scale = maps.large(trainer.network, 2, 1)
    assert outputs.shape == (9, 9)
    for row, column in [(0, 8), (4, 4), (7, 2)]:
        expected = said_of(trainer, (grid.x1[column], grid.x2[row]), 2)[1]
        assert scale * outputs[row, column] == pytest.approx(expected, abs=1e-5)
    assert scale == maps.small(trainer.network)[1][2]  # as in the small map


def test_a_run_on_its_way_to_infinity_has_maps():
    trainer = trained(activation="identity", learning_rate=10.0, epochs=200, init="normal")
    weights = trainer.network
    weights.weights[0][:] = 1e200
    maps, scales = UnitMaps(grid_of(trainer)).small(weights)
    assert all(np.isfinite(each).all() for each in maps)
    assert np.isfinite(scales).all()


# --- space ------------------------------------------------------------------------------


def test_the_mesh_is_the_grid_as_two_units_see_it():
    trainer = trained()
    space = Space(grid_of(trainer), resolution=5)
    mesh = space.mesh(trainer.network, 2, (2, 0))
    extent = Extent.around(trainer.dataset)
    x1, x2 = np.linspace(*extent.x1, 5), np.linspace(*extent.x2, 5)
    assert mesh.shape == (5, 5, 2)
    for row, column in [(0, 0), (1, 4), (3, 2)]:
        expected = said_of(trainer, (x1[column], x2[row]), 2)[[2, 0]]
        np.testing.assert_allclose(mesh[row, column], expected, atol=1e-5)


def test_points_come_to_lie_where_the_layer_puts_them():
    trainer = trained(data="iris", output="softmax")
    space = Space(grid_of(trainer))
    samples = trainer.dataset.test[:5]
    for layer, units in [(1, (3, 1)), (2, (0, 2)), (3, (1, 2))]:
        places = space.points(trainer.network, samples, layer, units)
        expected = [said_of(trainer, sample, layer)[list(units)] for sample in samples]
        np.testing.assert_allclose(places, expected, atol=1e-12)
    assert space.points(trainer.network, np.empty((0, 2)), 1, (0, 1)).shape == (0, 2)


# --- a threshold for two classes --------------------------------------------------------


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("threshold", [0.05, 0.5, 0.8])
def test_the_second_class_is_predicted_from_the_threshold_on(output, threshold):
    trainer = trained(data="moons", noise=0.4, output=output, samples=300)
    X = trainer.preparation.apply(trainer.dataset.train)
    p = trainer.network.predict_proba(X)[:, 1]
    np.testing.assert_array_equal(trainer.network.predict(X, threshold), p > threshold)


def test_a_perceptron_calls_the_same_at_every_threshold():
    trainer = trained(hidden=(), output="step", data="linear")
    X = trainer.preparation.apply(trainer.dataset.train)
    p = trainer.network.predict_proba(X)[:, 1]
    for threshold in (0.01, 0.5, 0.99):
        np.testing.assert_array_equal(trainer.network.predict(X, threshold), p == 1.0)


def test_more_classes_are_predicted_by_the_largest_probability():
    trainer = trained(data="iris")
    X = trainer.preparation.apply(trainer.dataset.train)
    p = trainer.network.predict_proba(X)
    np.testing.assert_array_equal(trainer.network.predict(X), p.argmax(axis=1))


def test_log_odds_are_those_of_the_threshold():
    assert OUTPUTS["softmax"].log_odds(0.5) == 0.0
    assert 1 / (1 + np.exp(-OUTPUTS["sigmoid"].log_odds(0.8))) == pytest.approx(0.8)


def test_a_large_map_is_made_in_blocks_of_points_as_large_as_its_widest_layer_lets_them(
    monkeypatch,
):
    trainer = trained(hidden=(4, 30))
    maps, blocks = UnitMaps(grid_of(trainer, 9)), []

    def recorded(network, inputs, layer):
        blocks.append((inputs.shape[1], layer))
        return unit_outputs(network, inputs, layer)

    whole, _ = maps.large(trainer.network, 1, 2)
    monkeypatch.setattr(module, "unit_outputs", recorded)
    monkeypatch.setattr(module, "MOST_OUTPUTS", 4 * 20)
    pieces, _ = maps.large(trainer.network, 1, 2)
    # first the coarse grid, for the scale; the outputs of layer 2 are not computed
    assert blocks == [(MAP_RESOLUTION**2, 1), (20, 1), (20, 1), (20, 1), (20, 1), (1, 1)]
    np.testing.assert_array_equal(pieces, whole)
    assert pieces.dtype == np.float32
