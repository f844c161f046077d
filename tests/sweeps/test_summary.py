"""What the runs of a sweep say together, against numbers worked out by hand."""

import numpy as np
import pytest

from nnviz import Moment, Recipe
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.summary import summarise


def row(loss, accuracy=0.5, diverged=None, page="http://localhost:8501/", **fields):
    recipe = Recipe(samples=40, **fields)
    varied = {name: getattr(recipe, name) for name in ("noise", "activation")}
    return {
        **varied, "seed": recipe.seed, "data_seed": recipe.data_seed, "epoch": 9,
        "train_loss": loss, "test_loss": loss, "train_accuracy": accuracy,
        "test_accuracy": str(accuracy), "diverged": diverged, "epochs_to_test_loss_0.2": None,
        "recipe": recipe.to_json(), "link": f"{page}?{Moment(recipe, 9).to_query()}",
    }  # fmt: skip


ROWS = [
    row(0.1, noise=0.2, seed=0),
    row(0.3, noise=0.0, seed=0),
    row(0.5, noise=0.2, seed=1),
    row(0.9, noise=0.0, seed=1),
    row(99.0, noise=0.0, seed=2, diverged="The loss is no longer finite at epoch 10: because."),
]


def test_fields_and_values_are_in_order():
    summary = summarise(ROWS)
    assert summary.fields == ["noise", "activation", "seed"]
    assert summary.order == {"noise": ["0", "0.2"], "activation": ["tanh"], "seed": ["0", "1", "2"]}
    assert summary.groups(["noise"]) == {("0.2",): [0, 2], ("0",): [1, 3, 4]}
    assert summary.links[1] == ROWS[1]["link"]


def test_diverged_runs_are_in_no_number():
    summary = summarise(ROWS)
    assert np.isnan(summary.metrics["test_loss"][4])
    assert summary.diverged[4].startswith("The loss")
    assert summary.median_run([1, 3, 4]) == 1
    assert summary.median_run([4]) == 4
    assert summary.median_run([0, 1, 2, 3]) == 1


def test_shares_of_variance_are_those_worked_out_by_hand():
    # losses 0.1, 0.3, 0.5, 0.9, mean 0.45: squares 0.1225 + 0.0225 + 0.0025 + 0.2025 = 0.35;
    # noise: means 0.3 and 0.6, 4 × 0.15²; seeds: means 0.2 and 0.7, 4 × 0.25²
    shares = summarise(ROWS).shares("test_loss")
    assert shares == pytest.approx({"noise": 0.09 / 0.35, "activation": 0.0, "seed": 0.25 / 0.35})
    assert summarise(ROWS).shares("test_accuracy") == {"noise": 0, "activation": 0, "seed": 0}


def test_without_a_test_part_runs_are_compared_by_the_training_part():
    rows = [each | {"test_loss": None, "test_accuracy": ""} for each in ROWS]
    summary = summarise(rows)
    assert (summary.loss, summary.accuracy) == ("train_loss", "train_accuracy")


@pytest.mark.parametrize(
    "change",
    [{"recipe": "{"}, {"epoch": "x"}, {"link": "javascript:alert(1)"}, {"test_loss": "low"}],
)
def test_rows_of_something_else_are_refused(change):
    with pytest.raises(SweepError, match=r"^the file is not one of a sweep's results$"):
        summarise([ROWS[0] | change])
    with pytest.raises(SweepError, match=r"^the file holds no run yet$"):
        summarise([])
