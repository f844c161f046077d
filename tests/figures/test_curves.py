"""Curves: values of the history, train solid and test dotted, on axes that hold any loss."""

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.figures import curves
from nnviz.figures.curves import MOST_POINTS, loss_range, thinned
from nnviz.training.history import METRICS


def history_of(**columns):
    """A history with these columns; all others are ½."""
    length = len(next(iter(columns.values())))
    history = np.full((length, 4), 0.5).view([(name, float) for name in METRICS])[:, 0]
    for name, values in columns.items():
        history[name] = values
    return history.view(np.recarray)


def line(figure, part, metric):
    y = {"loss": "y", "accuracy": "y2"}[metric]
    (found,) = [t for t in figure.data if t.mode == "lines" and (t.name, t.yaxis) == (part, y)]
    return found


@pytest.fixture(scope="module")
def history():
    trainer = Trainer(Recipe(data="moons", samples=60))
    trainer.advance(80)
    return trainer.history


def test_lines_are_the_history(history):
    figure = curves(history)
    for part in ("train", "test"):
        for metric in ("loss", "accuracy"):
            found = line(figure, part, metric)
            np.testing.assert_array_equal(found.x, np.arange(81))
            np.testing.assert_array_equal(found.y, history[f"{part}_{metric}"])


def test_the_test_part_is_dotted_and_the_legend_says_so_once(history):
    figure = curves(history)
    assert {line(figure, "train", m).line.dash for m in ("loss", "accuracy")} == {"solid"}
    assert {line(figure, "test", m).line.dash for m in ("loss", "accuracy")} == {"dot"}
    assert [t.name for t in figure.data if t.showlegend] == ["train", "test"]


def test_without_a_test_part_there_is_no_line_for_it():
    nothing = np.full(5, np.nan)
    figure = curves(history_of(train_loss=np.ones(5), test_loss=nothing, test_accuracy=nothing))
    assert {t.name for t in figure.data if t.mode == "lines"} == {"train"}
    assert not any("test" in t.name for t in figure.data)


def test_the_epoch_shown_is_marked_where_the_lines_are(history):
    figure = curves(history, 30)
    marks = [t for t in figure.data if t.mode == "markers"]
    assert {t.x[0] for t in marks} == {30}
    assert sorted(t.y[0] for t in marks) == sorted(history[30].item())
    assert [shape.x0 for shape in figure.layout.shapes] == [30, 30]
    assert len(curves(history).layout.shapes) == 0  # at the last epoch only the marks


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("length", [1, 2, 999, 1000, 1001, 54_321, 100_001])
def test_long_runs_are_thinned_with_both_ends_kept(length, logarithmic):
    epochs = thinned(length, logarithmic)
    assert len(epochs) <= MOST_POINTS
    assert (epochs[0], epochs[-1]) == (0, length - 1)
    assert (np.diff(epochs) > 0).all()
    if length > 10_000:
        steps = np.diff(np.log1p(epochs)[len(epochs) // 2 :] if logarithmic else epochs)
        assert steps.max() < 2.5 * steps.min()


def test_thinned_lines_are_still_the_history():
    loss = np.random.default_rng(0).random(5000)
    found = line(curves(history_of(train_loss=loss)), "train", "loss")
    np.testing.assert_array_equal(found.y, loss[np.asarray(found.x)])


# --- axes -------------------------------------------------------------------------------


def test_loss_and_accuracy_share_their_epochs(history):
    layout = curves(history).layout
    assert layout.xaxis.range == layout.xaxis2.range == (0, 80)
    assert layout.xaxis.domain == layout.xaxis2.domain
    assert layout.yaxis2.domain[1] < layout.yaxis.domain[0]


def test_logarithmic_axes_include_all_positive_losses():
    history = history_of(train_loss=[0.7, 0.02, 0.0], test_loss=[0.8, 0.3, 0.1])
    layout = curves(history, log_loss=True, log_epochs=True).layout
    assert layout.yaxis.type == layout.xaxis.type == layout.xaxis2.type == "log"
    assert layout.yaxis2.type != "log"
    low, high = layout.yaxis.range
    assert low == -2
    assert 10**high > 0.8
    assert layout.xaxis.range[0] == 0


@pytest.mark.parametrize(
    "losses", [[0.7, np.inf], [0.7, 1e308], [np.inf, np.nan], [1e300, 1e305], [0.0, 0.0]]
)
@pytest.mark.parametrize("logarithmic", [False, True])
def test_losses_that_overflowed_do_not_break_the_axis(losses, logarithmic):
    low, high = loss_range(np.array(losses), logarithmic)
    assert np.isfinite([low, high]).all()
    assert low < high < 1e101
    figure = curves(history_of(train_loss=losses), log_loss=logarithmic)
    y = line(figure, "train", "loss").y
    assert not np.isinf(y).any()
    assert np.nanmax(y) <= 1e100


def test_a_loss_that_overflowed_does_not_change_the_axis():
    assert loss_range(np.array([0.7, 0.5, np.inf])) == pytest.approx((0, 0.735))


def test_losses_beyond_the_axis_are_limited_and_not_marked():
    figure = curves(history_of(train_loss=[0.5, 2.0, 1e30, 5e256]))
    top = figure.layout.yaxis.range[1]
    assert top < max(line(figure, "train", "loss").y) <= 2 * top
    marks = [t.yaxis for t in figure.data if t.name == "train at the epoch shown"]
    assert marks == ["y2"]  # only the accuracy's


def test_a_run_that_diverged_is_shown_up_to_ten_times_its_first_loss():
    losses = np.array([0.5, 0.4, 4.0, 1e9, 1e200])
    figure = curves(history_of(train_loss=losses, test_loss=losses))
    assert figure.layout.yaxis.range == pytest.approx((0, 1.05 * 4))
    rising = np.array([0.5, 0.4, 40.0, 0.3])
    figure = curves(history_of(train_loss=rising, test_loss=rising))
    assert figure.layout.yaxis.range == pytest.approx((0, 1.05 * 40))


def test_a_run_without_points_has_axes_and_one_that_gets_some_its_losses():
    nothing = [np.nan] * 4
    figure = curves(history_of(train_loss=nothing, test_loss=nothing))
    assert [t.name for t in figure.data if t.mode == "lines"] == ["train", "train"]
    assert figure.layout.yaxis.range == pytest.approx((0, 1.05))
    losses = [np.nan, np.nan, 4.0, 3.0]
    figure = curves(history_of(train_loss=losses, test_loss=nothing))
    assert figure.layout.yaxis.range == pytest.approx((0, 1.05 * 4))
