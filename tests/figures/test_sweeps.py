"""Figures of many runs: quartiles of curves against numbers by hand, and the marks' runs."""

import numpy as np
import pytest

from nnviz.figures import sweeps

EPOCHS = [0, 1, 2, 3, 4]
GROUP = [{"epoch": EPOCHS, "loss": [x + shift for x in EPOCHS]} for shift in (0, 1, 2, 3, 10)]


def test_quartiles_are_those_of_the_runs_that_come_so_far():
    short = {"epoch": [0, 1], "loss": [100.0, None]}
    epochs, quartiles = sweeps.quartiles_of([*GROUP, short], "loss")
    assert epochs == EPOCHS
    assert quartiles[:, 4].tolist() == [5, 6, 7]
    assert quartiles[1, 0] == pytest.approx(2.5)  # of 0, 1, 2, 3, 10, 100


def test_curves_between_thinned_epochs_are_interpolated():
    thin = {"epoch": [0, 4], "loss": [0.0, 8.0]}
    epochs, quartiles = sweeps.quartiles_of([thin], "loss")
    assert quartiles[1].tolist() == [2.0 * epoch for epoch in epochs]


def test_a_few_huge_losses_do_not_flatten_the_rest():
    curves = [*GROUP * 20, {"epoch": [0, 1], "loss": [1e30, 1e30]}]
    figure = sweeps.many_curves({"all": range(len(curves))}, curves, "loss", "test loss")
    assert figure.layout.yaxis.range[1] < 20


def test_every_mark_knows_its_run():
    figure = sweeps.many_curves({"a": [0, 1], "b": [4]}, GROUP, "loss", "test loss")
    singles = [trace for trace in figure.data if trace.customdata is not None]
    assert [list(dict.fromkeys(trace.customdata)) for trace in singles] == [[0, 1], [4]]
    runs = np.array([[3, -1]])
    medians = np.array([[0.5, np.nan]])
    heat = sweeps.heat_map(
        ("x", ["1", "2"]), ("y", ["<b>"]), "median loss", medians, runs, [["", ""]]
    )
    assert heat.data[0].customdata == ([3, -1],)
    assert "<b>" not in heat.data[0].y[0]


def test_pictures_stand_at_their_places():
    figure = sweeps.pictures(("x", ["1", "2"]), ("y", ["a"]), {(0, 1): "data:image/webp;base64,"})
    (image,) = figure.layout.images
    assert (image.x, image.y) == (1, 0)
