"""The lines where the most probable class changes."""

import itertools
import math

import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.spatial import KDTree

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.field import (
    Extent,
    Field,
    _interpolated,
    _pieces_above_0,
    boundary_lines,
)
from nnviz.choices.inputs import Preparation
from tests.analysis.fields import CELL, field_of, lines_of, logistic

# --- lines of two classes -------------------------------------------------------------


def test_the_line_of_a_logistic_regression_is_where_its_logit_is_0():
    (line,) = lines_of(logistic(0.3, 1.7, -0.9))
    distance = np.abs(0.3 + line @ [1.7, -0.9]) / math.hypot(1.7, 0.9)
    assert distance.max() < 0.01 * CELL
    np.testing.assert_allclose(sorted(line[[0, -1], 1]), [-2, 2], atol=CELL)  # edge to edge


def test_the_line_of_a_softmax_of_two_is_where_its_logits_are_equal():
    (line,) = lines_of(Network([[[0.5, -0.5], [1.0, 0.0], [0.0, 2.0]]]))
    assert np.abs(1.0 + line @ [1, -2]).max() < 0.01 * CELL


def test_a_circle_known_from_its_formula_is_found_closed_and_round():
    # the logit is x₁² + x₂² − 1
    (line,) = lines_of(logistic(-1, 1, 1), Preparation(("x1sq", "x2sq")))
    radius = np.hypot(*line.T)
    assert np.abs(radius - 1).max() < 0.02 * CELL
    np.testing.assert_array_equal(line[0], line[-1])
    angles = np.sort(np.arctan2(line[:, 1], line[:, 0]))
    assert np.diff(angles).max() < 0.1


@pytest.mark.parametrize("steepness", [1e-3, 1.0, 100.0, 1e4])
def test_a_circle_stays_in_place_however_sure_the_network_is(steepness):
    (line,) = lines_of(logistic(-steepness, steepness, steepness), Preparation(("x1sq", "x2sq")))
    assert np.abs(np.hypot(*line.T) - 1).max() < 0.05 * CELL


def test_a_line_is_drawn_in_the_raw_features_not_the_scaled_ones():
    preparation = Preparation(("x1", "x2"), shift=(50.0, -3.0), scale=(10.0, 0.5))
    extent = Extent((30.0, 70.0), (-4.0, -2.0))
    (line,) = lines_of(logistic(-0.5, 1, 0), preparation, extent)  # scaled x₁ = ½
    np.testing.assert_allclose(line[:, 0], 55.0, atol=0.01)
    np.testing.assert_allclose(sorted(line[[0, -1], 1]), [-4, -2])


def test_two_rings_are_two_lines():
    # sin x₁ + ½ changes sign at −π/6 and −5π/6
    lines = lines_of(logistic(0.5, 1), Preparation(("sinx1",)), Extent((-4.0, 0.0), (-1.0, 1.0)))
    places = sorted(line[:, 0].mean() for line in lines)
    np.testing.assert_allclose(places, [-5 * math.pi / 6, -math.pi / 6], atol=0.02 * CELL)


def test_the_line_of_a_perceptron_is_within_a_cell():
    (line,) = lines_of(Network([[[0.3], [1.7], [-0.9]]], output="step"))
    distance = np.abs(0.3 + line @ [1.7, -0.9]) / math.hypot(1.7, 0.9)
    assert distance.max() < CELL


def test_where_a_tie_becomes_a_lead_there_is_a_line():
    # the logit is −max(0, x₁): a tie, which goes to class 1, until x₁ is 0
    network = Network([[[0.0], [1.0], [0.0]], [[0.0], [-1.0]]], "relu", "sigmoid")
    (line,) = lines_of(network)
    assert np.abs(line[:, 0]).max() < CELL


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.9])
@pytest.mark.parametrize(
    "network",
    [logistic(0.3, 1.7, -0.9), Network([[[0.5, -0.5], [1.0, 0.0], [0.0, 2.0]]])],
    ids=["sigmoid", "softmax"],
)
def test_at_a_threshold_the_line_is_where_class_1_has_that_probability(network, threshold):
    log_odds = network.output.log_odds(threshold)
    (line,) = boundary_lines(field_of(network), log_odds)
    np.testing.assert_allclose(network.predict_proba(line)[:, 1], threshold, atol=1e-4)


# --- lines of more classes ------------------------------------------------------------


def thirds(k):
    """Logits that point evenly around: the regions are k equal slices that meet at 0."""
    angles = 2 * np.pi * np.arange(k) / k
    return Network([[np.zeros(k), 3 * np.cos(angles), 3 * np.sin(angles)]])


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_lines_of_more_classes_lie_on_the_edges_of_the_slices(k):
    points = np.concatenate(lines_of(thirds(k)))
    points = points[np.hypot(*points.T) > 3 * CELL]  # where they meet, a grid blurs the corner
    turns = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) * k - 0.5
    off = np.abs(turns - np.round(turns)) * 2 * np.pi / k * np.hypot(*points.T)
    assert off.max() < 0.05 * CELL
    assert set(np.round(turns).astype(int) % k) == set(range(k))  # none is missing


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_every_edge_is_drawn_once_from_the_rim_to_where_the_slices_meet(k):
    lines = lines_of(thirds(k))
    length = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)
    angles = 2 * np.pi * (np.arange(k) + 0.5) / k
    rays = 2 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles)))
    assert length == pytest.approx(rays.sum(), abs=2 * CELL)


def test_lines_lie_where_the_most_probable_class_changes():
    trainer = Trainer(Recipe(data="iris", learning_rate=1.0))
    trainer.advance(300)
    extent = Extent.around(trainer.dataset)
    field = field_of(trainer.network, trainer.preparation, extent)
    winner = field.probabilities.argmax(axis=0)
    steps = np.array([field.x1[1] - field.x1[0], field.x2[1] - field.x2[0]])
    points = np.concatenate(boundary_lines(field))
    cells = (points - [field.x1[0], field.x2[0]]) / steps
    for x, y in cells:  # the corners of a point's cell are not all of one class
        x0, y0 = max(0, math.ceil(x - 1)), max(0, math.ceil(y - 1))
        assert len(np.unique(winner[y0 : int(y) + 2, x0 : int(x) + 2])) > 1
    # and every change from one grid point to the next has a point of a line nearby
    for y, x in np.argwhere(winner[:, :-1] != winner[:, 1:]):
        assert np.hypot(*(cells - [x + 0.5, y]).T).min() < 1


def edges_of_arg_max(network, resolution):
    """Midpoints between neighbours of a grid whose most probable classes differ."""
    x = np.linspace(-2, 2, resolution)
    columns, rows = np.meshgrid(x, x)
    points = np.column_stack([columns.ravel(), rows.ravel()])
    winner = network.predict_proba(points).argmax(axis=1).reshape(columns.shape)
    points, half = points.reshape(*columns.shape, 2), (x[1] - x[0]) / 2
    across = points[:, :-1][winner[:, :-1] != winner[:, 1:]] + [half, 0]
    up = points[:-1][winner[:-1] != winner[1:]] + [0, half]
    return np.concatenate([across, up])


def dense(lines, step):
    """Points along the lines, not further apart than ``step``."""
    parts = []
    for line in lines:
        for a, b in itertools.pairwise(line):
            share = np.linspace(0, 1, 2 + int(np.hypot(*(b - a)) / step))[:, None]
            parts.append(a + share * (b - a))
    return np.concatenate(parts)


@pytest.mark.parametrize("k", [3, 4])
@pytest.mark.parametrize("seed", range(8))
def test_lines_are_the_edges_of_the_arg_max_on_a_grid_ten_times_as_fine(k, seed):
    rng = np.random.default_rng(seed)
    network = Network([rng.normal(0, 1.2, (3, 5)), rng.normal(0, 1.5, (6, k))])
    coarse = 50
    drawn = dense(boundary_lines(field_of(network, resolution=coarse)), 0.005)
    edges = edges_of_arg_max(network, 10 * coarse - 9)  # every tenth of its points is the grid's
    for ones, others in ((drawn, edges), (edges, drawn)):
        off = KDTree(others).query(ones)[0] / (4 / (coarse - 1))  # in cells of the coarse grid
        assert off.max() < 0.5  # where three meet, a grid blurs the corner
        assert np.quantile(off, 0.9) < 0.08


@pytest.mark.parametrize("seed", range(20))
def test_where_three_classes_meet_their_edges_end_in_one_point(seed):
    # Class 0 wins on one side of a line. On the other side classes 1 and 2, which differ so
    # little that the kink between them bends no interpolated number, share the rest.
    rng = np.random.default_rng(seed)
    place, turn = rng.uniform(-1, 1, 2), rng.uniform(0, 2 * np.pi)
    lean = turn + rng.uniform(0.25, 0.75) * np.pi
    first, second = (np.array([np.cos(t), np.sin(t)]) for t in (turn, lean))
    slopes = np.array([10 * first, 1e-4 * second, -1e-4 * second])
    network = Network([np.vstack([-slopes @ place, slopes.T])])
    lines = lines_of(network)
    near_0 = [line for line in lines if np.abs((line - place) @ first).max() < 0.01 * CELL]
    between = [line for line in lines if np.abs((line - place) @ second).max() < 0.01 * CELL]
    assert len(lines) == len(near_0) + len(between) == 2
    ahead = (between[0] - place) @ first  # the line of 1 and 2 is class 0's from here on
    assert abs(ahead.max()) < 0.01 * CELL
    assert np.abs(between[0]).max() == pytest.approx(2, abs=1e-6)  # and goes to the rim


def test_a_plane_is_interpolated_as_scipy_does():
    rng = np.random.default_rng(4)
    plane = rng.normal(size=(5, 8))
    points = np.vstack([rng.uniform([0, 0], [7, 4], (50, 2)), [[0, 0], [7, 4], [7, 0.5], [3, 4]]])
    expected = map_coordinates(plane, points.T[::-1], order=1, mode="nearest")
    np.testing.assert_allclose(_interpolated(plane, points), expected, atol=1e-9)


def test_a_line_is_cut_exactly_where_the_plane_crosses_0():
    columns, rows = np.meshgrid(np.arange(12.0), np.arange(4.0))
    line = np.column_stack([np.arange(12.0), np.full(12, 1.5)])
    (left,) = _pieces_above_0(line, 3.25 - columns)
    np.testing.assert_allclose(left[:, 0], [0, 1, 2, 3, 3.25])
    (right,) = _pieces_above_0(line, columns - 3.25)
    np.testing.assert_allclose(right[:, 0], [3.25, 4, 5, 6, 7, 8, 9, 10, 11])
    # |column − 5| − 2.4 is above 0 at both ends, and its opposite in the middle
    ends = _pieces_above_0(line, np.abs(columns - 5) - 2.4)
    assert [piece[:, 0].tolist() for piece in ends] == [
        pytest.approx([0, 1, 2, 2.6]), pytest.approx([7.4, 8, 9, 10, 11])
    ]  # fmt: skip
    (middle,) = _pieces_above_0(line, 2.4 - np.abs(columns - 5))
    np.testing.assert_allclose(middle[:, 0], [2.6, 3, 4, 5, 6, 7, 7.4])
    np.testing.assert_allclose(middle[:, 1], 1.5)
    assert _pieces_above_0(line, rows - 9) == []
    (start,) = _pieces_above_0(line, 0.25 - columns)
    np.testing.assert_allclose(start[:, 0], [0, 0.25])
    # where an earlier class is just as probable, the line is drawn with that class
    assert _pieces_above_0(line, 0 * columns) == []


# --- degenerate -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "network",
    [
        Network([np.zeros((3, 2))]),  # ½ everywhere
        Network([np.zeros((3, 4))]),
        logistic(0, 0, 0),
        logistic(5, 0, 0),  # one class everywhere
        logistic(-100, 1, 1),
        Network([[[9.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]),
    ],
)
def test_a_field_without_a_change_of_class_has_no_lines(network):
    assert lines_of(network) == []


def test_a_class_that_never_wins_has_no_edges():
    # the second logit is always lowest, so only the line x₁ = 0 between the others is left
    lines = lines_of(Network([[[0.0, -50.0, 0.0], [1.0, 0.0, -1.0], [0.0, 0.0, 0.0]]]))
    np.testing.assert_allclose(np.concatenate(lines)[:, 0], 0.0, atol=1e-6)


@pytest.mark.parametrize("size", [1e307, 1e308, np.finfo(float).max])
def test_scores_of_three_classes_at_the_end_of_the_numbers_have_lines(size):
    n = 20
    x1, x2 = np.linspace(-1, 1, n), np.linspace(-1, 1, n)
    columns, rows = np.meshgrid(x1, x2)
    scores = np.array([np.sign(columns - 0.3), np.sign(rows - 0.2), -np.sign(columns + rows)])
    lines = boundary_lines(Field(x1, x2, np.full(scores.shape, 1 / 3), scores * size))
    expected = boundary_lines(Field(x1, x2, np.full(scores.shape, 1 / 3), scores))
    assert len(lines) == len(expected) > 0
    for line, other in zip(lines, expected, strict=True):
        np.testing.assert_allclose(line, other, atol=1e-12)
