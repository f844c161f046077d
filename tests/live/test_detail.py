"""Details: the picture of an epoch on a finer grid, in pieces of a few rows."""

from itertools import count

import numpy as np
import pytest
from scipy.spatial import KDTree

from nnviz import Recipe, Trainer
from nnviz.analysis.field import Extent, Grid, boundary_lines
from nnviz.live.session import DETAIL_SECONDS

SIZE = (320, 240)

RECIPES = {
    "two": {"samples": 60},
    "three": {"data": "iris", "hidden": [6]},
    "sigmoid": {"samples": 60, "output": "sigmoid"},
}


@pytest.fixture
def hurried(make_visitor):
    """A visitor of a session whose clock ticks, so that a detail takes several pieces."""
    ticks = count()
    return make_visitor(lambda: 0.8 * DETAIL_SECONDS * next(ticks))


def pieces_of(visitor, size=SIZE, **fields):
    """All pieces of the picture, each requested where the one before ended."""
    found, first = [], 0
    while first < size[1]:
        header, arrays = visitor.ask("detail", size=size, first=first, **fields)
        assert header["first"] == first
        found.append((header, arrays))
        first += arrays["planes"].shape[1]
    return found


def grid_of(recipe, epoch, size=SIZE):
    trainer = Trainer(Recipe(**recipe))
    trainer.seek(epoch)
    return trainer, Grid(Extent.around(trainer.dataset), trainer.preparation, size)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_the_pieces_are_the_network_at_every_point_of_the_fine_grid(hurried, recipe):
    hurried.open(**recipe)
    hurried.seek_to(30)
    pieces = pieces_of(hurried)
    assert len(pieces) > 3
    planes = np.concatenate([arrays["planes"] for _, arrays in pieces], axis=1)
    epoch = pieces[0][0]["epoch"]
    trainer, grid = grid_of(recipe, epoch)
    columns, rows = np.meshgrid(grid.x1, grid.x2)
    points = trainer.preparation.apply(np.column_stack([columns.ravel(), rows.ravel()]))
    expected = 255 * trainer.network.predict_proba(points).T.reshape(-1, *SIZE[::-1])
    if len(expected) == 2:
        expected = expected[1:]
    atol = max(0.51, (len(expected) - 1) / 2 + 0.01)
    np.testing.assert_allclose(planes, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("recipe", [RECIPES["two"], RECIPES["three"]])
def test_the_lines_of_the_pieces_are_those_of_the_whole(hurried, recipe):
    hurried.open(**recipe)
    hurried.seek_to(60)
    sent = [arrays for _, arrays in pieces_of(hurried)]
    trainer, grid = grid_of(recipe, 60)
    whole = boundary_lines(grid.field(trainer.network))
    assert _length(whole) == pytest.approx(
        sum(_length(np.split(each["lines"], each["lineStarts"][1:])) for each in sent), rel=1e-3
    )
    points = np.concatenate([each["lines"] for each in sent])
    cell = np.diff(grid.x1[:2])[0]
    assert KDTree(points).query(np.concatenate(whole))[0].max() < cell / 50
    assert KDTree(np.concatenate(whole)).query(points)[0].max() < cell / 50


def _length(lines):
    return sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)


def test_a_detail_moves_the_threshold_and_shows_a_unit_and_the_boundary_in_its_space(hurried):
    hurried.open(samples=60, hidden=[4])
    hurried.seek_to(40)
    fields = {"threshold": 0.8, "unit": [1, 2], "space": [1, 0, 1]}
    sent = [arrays for _, arrays in pieces_of(hurried, **fields)]
    trainer, grid = grid_of({"samples": 60, "hidden": [4]}, 40)
    unit = np.concatenate([each["unit"] for each in sent])
    w = trainer.network.weights[0]
    outputs = np.tanh(w[:, 2] @ grid.inputs).reshape(SIZE[::-1])
    np.testing.assert_allclose((unit.astype(float) - 128) / 127, outputs, atol=0.005)
    points = np.concatenate([each["lines"] for each in sent])
    inputs = trainer.preparation.apply(points)
    np.testing.assert_allclose(trainer.network.predict_proba(inputs)[:, 1], 0.8, atol=0.02)
    ones = np.column_stack([np.ones(len(inputs)), inputs])
    space = np.concatenate([each["spaceLines"] for each in sent])
    np.testing.assert_allclose(space, np.tanh(ones @ w[:, :2]), atol=1e-3)


@pytest.mark.parametrize(
    ("recipe", "in_time", "least"),
    [
        ({"hidden": [64] * 6, "samples": 40}, 4, 1),
        ({"samples": 40}, 64, 31),  # of 320 points: as many as a frame has
    ],
    ids=["expensive", "cheap"],
)
def test_a_detail_takes_as_many_rows_as_fit_its_time(make_visitor, recipe, in_time, least):
    seconds = {"row": DETAIL_SECONDS / in_time, "now": 0.0}
    visitor = make_visitor(lambda: seconds["now"])

    def rows(first):
        before = visitor.session._clock
        calls = count()

        def clock():
            if next(calls):
                seconds["now"] += 10 * in_time * seconds["row"]
            return seconds["now"]

        visitor.session._clock = clock
        _, arrays = visitor.ask("detail", size=SIZE, first=first)
        visitor.session._clock = before
        return arrays["planes"].shape[1]

    visitor.open(**recipe)
    visitor.session._point_seconds = DETAIL_SECONDS / (in_time * SIZE[0] + 1)
    assert rows(0) == in_time  # it took ten times as long, and so the next one has the fewest rows
    assert rows(in_time) == least


def test_a_detail_leaves_the_run_as_it_is(visitor):
    visitor.open(samples=40)
    visitor.seek_to(25)
    before = visitor.look()
    pieces_of(visitor)
    assert visitor.look() == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"size": [100, 50], "first": 50}, "first must be below the number of rows, 50; got 50"),
        ({"size": [100, 801]}, "size must be two whole numbers 2…800; got [100, 801]"),
        ({"unit": [4, 0]}, "unit must name units of layers of [2, 10, 2] units; got [4, 0]"),
    ],
)
def test_a_detail_that_cannot_be_made_says_why(visitor, fields, message):
    visitor.open()
    header, _ = visitor.ask("detail", **fields)
    assert header["type"] == "error"
    assert header["message"] == message
