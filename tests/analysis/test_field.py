"""The field of probabilities, and the rectangle it fills."""

import copy
import pickle
import weakref

import numpy as np
import pytest

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.field import RESOLUTION, Extent, Grid, boundary_lines
from nnviz.choices.datasets import Dataset
from tests.analysis.fields import PLAIN, SQUARE, field_of, logistic

# --- the field ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "circles"},
        {"data": "iris", "hidden": (8, 8), "activation": "relu"},
        {"data": "wine", "inputs": ["x1", "x1x2", "sinx2"]},
        {"data": "moons", "output": "sigmoid", "standardise": False},
        {"data": "spirals", "classes": 5, "init": "normal", "activation": "sine"},
        {"data": "linear", "output": "step", "hidden": ()},
    ],
)
def test_the_field_is_what_the_network_predicts_at_every_point(fields):
    trainer = Trainer(Recipe(samples=60, learning_rate=0.1, **fields))
    trainer.advance(20)
    extent = Extent.around(trainer.dataset)
    field = field_of(trainer.network, trainer.preparation, extent, resolution=37)
    columns, rows = np.meshgrid(field.x1, field.x2)
    points = np.column_stack([columns.ravel(), rows.ravel()])
    expected = trainer.network.predict_proba(trainer.preparation.apply(points))
    got = field.probabilities.reshape(trainer.recipe.n_classes, -1).T
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_the_field_has_a_plane_a_class_with_x1_along_columns_and_x2_along_rows():
    field = field_of(logistic(0, 1, 10), extent=Extent((-2.0, 2.0), (5.0, 6.0)))
    assert field.probabilities.shape == (2, RESOLUTION, RESOLUTION)
    np.testing.assert_allclose(field.x1[[0, -1]], [-2, 2])
    np.testing.assert_allclose(field.x2[[0, -1]], [5, 6])
    right, up = logistic(0, 5, 0), logistic(-55, 0, 10)
    assert field_of(right).probabilities[1, 0, -1] > 0.99
    assert field_of(right).probabilities[1, -1, 0] < 0.01
    tall = field_of(up, extent=Extent((-2.0, 2.0), (5.0, 6.0)))
    assert tall.probabilities[1, -1, 0] > 0.99
    assert tall.probabilities[1, 0, -1] < 0.01


def test_the_planes_add_up_to_one():
    rng = np.random.default_rng(3)
    network = Network([rng.normal(size=(3, 6)), rng.normal(size=(7, 4))])
    np.testing.assert_allclose(field_of(network).probabilities.sum(axis=0), 1.0, atol=1e-6)


@pytest.mark.parametrize("resolution", [2, 3, 50, 51, 100, 101])
def test_the_field_has_the_resolution_asked_for(resolution):
    field = field_of(logistic(0.5, 1, -1), resolution=resolution)
    assert field.probabilities.shape == (2, resolution, resolution)
    assert field.probabilities.dtype == field.scores.dtype == np.float32
    expected = logistic(0.5, 1, -1).predict_proba(np.column_stack([field.x1, field.x2]))
    np.testing.assert_allclose(np.diagonal(field.probabilities[1]), expected[:, 1], atol=1e-6)


def test_bands_of_rows_are_the_field_bit_by_bit():
    grid, network = Grid(SQUARE, PLAIN, (4, 7)), logistic(0.5, 1, -1)
    bands = [grid.band(first, stop).field(network) for first, stop in ((0, 3), (3, 7))]
    whole = grid.field(network)
    np.testing.assert_array_equal(np.concatenate([band.x2 for band in bands]), whole.x2)
    joined = np.concatenate([band.scores for band in bands], axis=1)
    np.testing.assert_array_equal(joined, whole.scores)


@pytest.mark.parametrize("units", [1, 16, 17, 64])
def test_the_field_of_a_wide_layer_is_worked_out_in_smaller_blocks(units):
    rng = np.random.default_rng(units)
    network = Network([rng.normal(size=(3, units)), rng.normal(size=(units + 1, 3))])
    field = field_of(network)
    points = np.column_stack([field.x1, field.x2])
    diagonal = np.diagonal(field.probabilities, axis1=1, axis2=2)
    np.testing.assert_allclose(diagonal.T, network.predict_proba(points), atol=1e-5)


def test_buffers_are_kept_from_field_to_field_of_networks_of_one_shape():
    grid = Grid(SQUARE, PLAIN, 5)
    grid.field(logistic(0.5, 1, -1))
    kept = grid._pass
    grid.field(logistic(0.2, 3, 1))
    assert grid._pass is kept
    network = Network([np.ones((3, 4)), np.ones((5, 3))])
    np.testing.assert_allclose(grid.field(network).probabilities, 1 / 3, rtol=1e-6)


def test_numbers_too_small_to_hold_are_no_error_even_where_all_others_raise():
    network = Network([[[0.0, 0, 0], [100, 0, -100], [0, 0, 0]]])
    with np.errstate(all="raise"):
        assert field_of(network).probabilities.min() == 0


def test_a_copy_of_a_grid_has_buffers_of_its_own():
    grid, network = Grid(SQUARE, PLAIN, 5), logistic(0.5, 1, -1)
    expected = grid.field(network).scores
    for other in (copy.copy(grid), pickle.loads(pickle.dumps(grid))):
        np.testing.assert_array_equal(other.field(network).scores, expected)
        assert other._pass[1] is not grid._pass[1]


def test_equal_grids_share_their_inputs_as_long_as_one_is_in_use():
    grid, other = Grid(SQUARE, PLAIN, 5), Grid(SQUARE, PLAIN, 5)
    assert grid.inputs is other.inputs
    assert pickle.loads(pickle.dumps(grid)).inputs is grid.inputs
    assert not np.shares_memory(Grid(SQUARE, PLAIN, (5, 4)).inputs, grid.inputs)
    with pytest.raises(ValueError, match="read-only"):
        grid.inputs[0] = 2.0
    kept = weakref.ref(grid.inputs)
    del grid, other
    assert kept() is None


# --- degenerate -----------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [(8,), (8, 8, 8)])
def test_a_run_that_diverged_still_has_the_field_of_its_last_finite_epoch(hidden):
    recipe = Recipe(hidden=hidden, activation="identity", learning_rate=10, init="normal")
    trainer = Trainer(recipe)
    trainer.advance(1000)
    assert trainer.diverged  # with weights past the largest float32
    field = field_of(trainer.network, trainer.preparation, resolution=9)
    columns, rows = np.meshgrid(field.x1, field.x2)
    points = np.column_stack([columns.ravel(), rows.ravel()])
    expected = trainer.network.predict_proba(trainer.preparation.apply(points))
    np.testing.assert_allclose(field.probabilities.reshape(2, -1).T, expected, atol=1e-5)
    assert all(np.isfinite(line).all() for line in boundary_lines(field))


@pytest.mark.parametrize("size", [1e38, 1e39, 1e150])
@pytest.mark.parametrize("classes", [2, 3])
def test_logits_past_the_largest_float32_are_worked_out_in_double_precision(size, classes):
    # up to 3.4e38 a float32 holds the logits themselves, though not their sums and differences
    weights = size * np.array([[0.1, 0.0, 0.0], [1.0, -1.0, 0.5], [0.5, 1.0, -1.0]])
    network = Network([weights[:, :classes]])
    field = field_of(network, resolution=9)
    columns, rows = np.meshgrid(field.x1, field.x2)
    expected = network.predict_proba(np.column_stack([columns.ravel(), rows.ravel()]))
    np.testing.assert_allclose(field.probabilities.reshape(classes, -1).T, expected, atol=1e-5)


def test_where_even_double_precision_runs_over_every_class_is_as_likely():
    # past x₁ = 1.8 the first logit is infinite
    field = field_of(Network([[[0.0, 0, 0], [1e308, 0, -1e307], [0, 0, 0]]]), resolution=5)
    np.testing.assert_allclose(field.probabilities[:, 0, -1], 1 / 3)  # x₁ = 2
    np.testing.assert_array_equal(field.scores[:, 0, -1], 0)
    np.testing.assert_array_equal(field.probabilities[:, 0, 3], [1, 0, 0])  # x₁ = 1


# --- extent ---------------------------------------------------------------------------


def dataset_of(train, test, shared_unit):
    return Dataset(
        train=np.array(train, dtype=float),
        train_labels=np.zeros(len(train), dtype=np.intp),
        test=np.array(test, dtype=float).reshape(-1, 2),
        test_labels=np.zeros(len(test), dtype=np.intp),
        features=("a", "b"),
        class_names=("c", "d"),
        shared_unit=shared_unit,
    )


def test_the_extent_holds_all_samples_with_room_around_them():
    extent = Extent.around(dataset_of([[0, 100], [10, 200]], [[-10, 150]], shared_unit=False))
    np.testing.assert_allclose(extent.x1, (-12.4, 12.4))  # 12 % of 20 on either side
    np.testing.assert_allclose(extent.x2, (88, 212))


def test_the_extent_is_a_square_where_the_features_share_a_unit():
    extent = Extent.around(dataset_of([[0, 0], [10, 6]], [], shared_unit=True))
    np.testing.assert_allclose(extent.x1, (-1.2, 11.2))
    np.testing.assert_allclose(extent.x2, (-3.2, 9.2))


def test_the_extent_is_no_square_that_the_samples_would_leave_empty():
    dataset = dataset_of([[0, 0], [10, 4]], [], shared_unit=True)
    assert not dataset.shares_scale
    np.testing.assert_allclose(Extent.around(dataset).x2, (-0.48, 4.48))


def test_the_extent_of_a_constant_feature_is_still_an_interval():
    extent = Extent.around(dataset_of([[3, 0], [3, 2]], [], shared_unit=False))
    assert extent.x1 == (2.0, 4.0)
