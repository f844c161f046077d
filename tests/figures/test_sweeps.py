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


HUGE = {"epoch": [0, 1, 2], "loss": [4.0, 1e40, 4e97]}


def test_diverged_runs_are_in_no_quartile_and_stretch_no_axis():
    curves = [*GROUP[:3], HUGE, HUGE]
    figure = sweeps.many_curves({"<a>": range(5)}, curves, "loss", "test loss", {3, 4})
    singles, _, median = figure.data
    assert set(singles.customdata) == set(range(5))
    assert median.name == "&lt;a&gt; (median of 3, 2 diverged)"
    assert list(median.y) == [1, 2, 3, 4, 5]
    assert figure.layout.yaxis.range[1] < 1.1 * 6
    assert not singles.showlegend


def test_runs_that_come_back_from_huge_losses_do_not_flatten_the_rest():
    back = {"epoch": [0, 1, 2], "loss": [2.0, 1e40, 0.5]}
    figure = sweeps.many_curves({"all": range(4)}, [*GROUP[:2], back, back], "loss", "test loss")
    assert figure.layout.yaxis.range[1] == 20


def test_a_group_of_diverged_runs_only_has_no_median():
    figure = sweeps.many_curves({"a": [0], "b": [1, 2]}, [GROUP[0], HUGE, HUGE], "loss", "", {1, 2})
    assert [t.name for t in figure.data if t.showlegend] == ["a (median of 1)", "b (2 diverged)"]
    assert figure.layout.yaxis.range[1] < 5
    alone = sweeps.many_curves({"b": [0, 1]}, [HUGE, HUGE], "loss", "", {0, 1})
    assert [t.name for t in alone.data] == ["b (2 diverged)"]
    assert tuple(alone.layout.yaxis.range) == (0, 8)  # the start of the curves is seen


def test_every_mark_knows_its_run():
    figure = sweeps.many_curves({"a": [0, 1], "b": [4]}, GROUP, "loss", "test loss")
    singles = [trace for trace in figure.data if trace.customdata is not None]
    assert [list(dict.fromkeys(trace.customdata)) for trace in singles] == [[0, 1], [4]]
    runs = np.array([[3, -1]])
    medians = np.array([[0.5, np.nan]])
    heat = sweeps.heat_map(
        ("x", ["1", "2"]),
        ("y", ["<b>"]),
        "median loss",
        medians,
        runs,
        np.array([[1, 0]]),
        [["", ""]],
    )
    assert heat.data[0].customdata == ([3, -1],)
    assert "<b>" not in heat.data[0].y[0]


@pytest.mark.parametrize(
    ("counts", "title", "text"),
    [
        ([[10, 10], [10, 0]], "median loss of 10 runs each", "%{z:.3g}"),
        ([[1, 1], [1, 0]], "median loss of 1 run each", "%{z:.3g}"),
        ([[3, 5], [0, 0]], "median loss of 0…5 runs each", "%{z:.3g}%{text}"),
    ],
)
def test_a_heat_map_says_without_a_hand_on_it_over_how_many_runs(counts, title, text):
    runs, medians = np.array([[3, 4], [5, -1]]), np.array([[0.5, 0.6], [0.7, np.nan]])
    axes = ("x", ["1", "2"]), ("y", ["a", "b"])
    texts = [["", ""], ["", ""]]
    figure = sweeps.heat_map(*axes, "median loss", medians, runs, np.array(counts), texts)
    assert figure.layout.title.text == title
    (cells,) = figure.data
    assert cells.texttemplate == text
    assert cells.text is None or cells.text == (["<br>of 3", "<br>of 5"], ["–", "–"])


def test_small_cells_have_no_room_for_counts():
    wide = ("x", [str(i) for i in range(30)]), ("y", ["a"])
    runs = np.arange(30)[None]
    figure = sweeps.heat_map(*wide, "median loss", runs / 30, runs, runs, [[""] * 30])
    assert figure.data[0].texttemplate == "%{z:.3g}"
    assert figure.layout.title.text == "median loss of 0…29 runs each"


def test_pictures_stand_at_their_places():
    figure = sweeps.pictures(("x", ["1", "2"]), ("y", ["a"]), {(0, 1): "data:image/webp;base64,"})
    (image,) = figure.layout.images
    assert (image.x, image.y) == (1, 0)


COLUMNS = {
    "rate": ([0.0, 1.0, 1.0], ["0.1", "<b>"]),
    "test loss": ([0.2, 0.6, np.nan], None),
}


def test_parallel_lines_are_runs_which_end_where_they_diverged():
    figure = sweeps.parallel(COLUMNS, np.array([0.0, 1.0, np.nan]))
    best, worst, diverged = sorted(
        (trace for trace in figure.data if trace.x), key=lambda trace: trace.customdata
    )
    assert (best.x, best.y) == ((0, 1, None), (0, 0, None))
    assert (worst.y, diverged.y) == ((1, 1, None), (1, None, None))
    assert [trace.customdata[0] for trace in (best, worst, diverged)] == [0, 1, 2]
    assert best.text[:2] == ("rate 0.1", "test loss 0.2")
    colours = [trace.marker.color for trace in (best, worst, diverged)]
    assert colours == ["#0072b2", "#e69f00", "#808080"]
    texts = [note.text for note in figure.layout.annotations]
    assert texts == ["0.1", "&lt;b&gt;", "0.2", "0.3", "0.4", "0.5", "0.6"]


def test_axes_to_be_dragged_hold_only_runs_with_every_number():
    figure = sweeps.draggable(COLUMNS, np.array([0.0, 1.0, np.nan]))
    (lines,) = figure.data
    assert [list(axis["values"]) for axis in lines.dimensions] == [[0, 1], [0.2, 0.6]]
    assert [list(axis["range"]) for axis in lines.dimensions] == [[0, 1], [0.2, 0.6]]
    assert list(lines.customdata) == [0, 1]
    assert lines.line.color.tolist() == [0, 1]


def test_an_axis_on_which_all_runs_have_one_number_has_room_around_it():
    columns = {"rate": ([0.0, 0.0], ["0.1"]), "test loss": ([0.2, 0.6], None)}
    (lines,) = sweeps.draggable(columns, np.array([0.0, 1.0])).data
    assert [list(axis["range"]) for axis in lines.dimensions] == [[-0.5, 0.5], [0.2, 0.6]]


def test_a_few_huge_losses_do_not_flatten_an_axis():
    losses = [*np.linspace(0.1, 1, 99), 1e30]
    figure = sweeps.parallel({"loss": (losses, None)}, np.linspace(0, 1, 100))
    assert float(figure.layout.annotations[-1].text) < 2
    assert max(y for trace in figure.data for y in trace.y or () if y is not None) == 1
