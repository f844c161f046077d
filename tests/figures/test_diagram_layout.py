"""Positions of the parts of a network's diagram: nothing overlaps or leaves the box."""

import itertools

import pytest

from nnviz.figures.diagram_layout import HEAD, LABEL, MORE, arrange

SIZES = [
    (2, 2), (2, 1), (2, 10, 2), (4, 16, 16, 16, 3), (2, 64, 64, 64, 64, 64, 64, 2),
    (7, 1, 64, 6), (1, 2), (2, 64, 5),
]  # fmt: skip
ROOMS = [(280, 180), (376, 300), (560, 360), (876, 524), (3800, 2100)]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("sizes", SIZES)
def test_tiles_stay_inside_the_box_and_do_not_overlap(sizes, room):
    (width, height), left, right = room, 30, 60
    layout = arrange(sizes, width, height, left, right)
    assert [column.size for column in layout.columns] == list(sizes)
    for column in layout.columns:
        half = column.tile / 2
        assert left - 0.01 <= column.x - half
        assert column.x + half <= width - right + 0.01
        below = LABEL * column.labelled + MORE * (column.count < column.size)
        assert column.ys[0] - half >= HEAD - 0.01
        assert column.ys[-1] + half + below <= height + 0.01
        for one, other in itertools.pairwise(column.ys):
            assert other - one >= column.tile + LABEL * column.labelled
    for one, other in itertools.pairwise(layout.columns):
        assert other.x - one.x >= (one.tile + other.tile) / 2 + 6  # for edges


@pytest.mark.parametrize("sizes", SIZES)
def test_every_layer_shows_what_fits(sizes):
    small, large = (arrange(sizes, 800, height, 30, 60) for height in (200, 2000))
    for few, many in zip(small.columns, large.columns, strict=True):
        assert 1 <= few.count <= many.count <= few.size
        assert few.count == few.size or few.count >= 7
    assert sum(large.edges(i) for i in range(len(sizes) - 1)) <= 1500


def test_hidden_units_have_names_if_there_is_room():
    few, many = arrange((2, 4, 2), 800, 500, 30, 60), arrange((2, 24, 2), 800, 500, 30, 60)
    # inputs and outputs have their names beside them
    assert [column.labelled for column in few.columns] == [False, True, False]
    assert not any(column.labelled for column in many.columns)


def test_edges_are_thinner_if_there_are_many():
    assert arrange((2, 4, 2), 800, 500, 30, 60).thickest == 6
    assert arrange((2, 24, 2), 800, 500, 30, 60).thickest < 3
