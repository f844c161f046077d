"""One run of a sweep, compared with the same run of a trainer."""

import numpy as np
import pytest

from nnviz import Moment, Recipe, Trainer
from nnviz.recipe.look import Look
from nnviz.sweeps.errors import SweepError
from nnviz.sweeps.run import Run, Target, row_of, thinned, to_text, trained

RECIPE = Recipe(samples=60, learning_rate=0.8)


def history_of(recipe, epoch):
    trainer = Trainer(recipe)
    trainer.advance(epoch)
    return trainer.history


def test_a_row_holds_what_a_trainer_reaches():
    row, history = row_of(Run(RECIPE, 120)), history_of(RECIPE, 120)
    assert row["epoch"] == 120
    for name in history.dtype.names:
        assert row[name] == history[name][-1]
    assert row["best_test_loss"] == history.test_loss.min()
    assert row["best_epoch"] == list(history.test_loss).index(history.test_loss.min())
    assert row["diverged"] is None
    assert Recipe.from_json(row["recipe"]) == RECIPE
    assert Moment.from_query(row["link"]) == Moment(RECIPE, 120)
    assert row["seconds"] > 0


def test_a_run_that_diverges_says_why():
    recipe = Recipe(data="xor", samples=40, activation="identity", learning_rate=10.0, l2=1.0)
    row = row_of(Run(recipe, 5000))
    assert row["epoch"] < 5000
    assert row["diverged"].startswith("The loss is no longer finite at epoch ")
    assert np.isfinite(row["train_loss"])


def test_without_a_test_part_its_numbers_are_missing():
    row = row_of(Run(Recipe(samples=40, test_share=0.0), 3))
    assert (row["test_loss"], row["best_epoch"], row["best_test_loss"]) == (None, None, None)
    assert row["train_loss"] > 0


def test_targets_are_reached_at_the_first_epoch():
    targets = (
        Target.read("test_accuracy=0.9"),
        Target.read("train-loss = 0.5"),
        Target("test_loss", 0),
    )
    row, history = row_of(Run(RECIPE, 150, targets=targets)), history_of(RECIPE, 150)
    first = row["epochs_to_test_accuracy_0.9"]
    assert history.test_accuracy[first] >= 0.9 > history.test_accuracy[:first].max()
    first = row["epochs_to_train_loss_0.5"]
    assert history.train_loss[first] <= 0.5 < history.train_loss[:first].min()
    assert row["epochs_to_test_loss_0"] is None


def test_a_target_that_a_run_has_only_before_it_diverges_is_reached_then():
    recipe = Recipe(data="xor", samples=40, activation="identity", learning_rate=10.0, l2=1.0)
    losses = history_of(recipe, 5000).train_loss
    targets = Target("train_loss", float(losses[0])), Target("train_loss", float(losses.min()) / 2)
    row = row_of(Run(recipe, 5000, targets=targets))
    assert row["diverged"]
    assert [row[target.column] for target in targets] == [0, None]


@pytest.mark.parametrize("text", ["accuracy=1", "test_accuracy", "test_loss=low", "test_loss=nan"])
def test_wrong_targets_are_one_sentence(text):
    rule = (
        "^target must be one of train_loss, test_loss, train_accuracy, test_accuracy with a "
        f"number, such as test_accuracy=0.95; got {text}$"
    )
    with pytest.raises(SweepError, match=rule):
        Target.read(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("test_accuracy=95", "test accuracy to reach must be 0…1; got 95"),
     ("train_accuracy=-0.1", "train accuracy to reach must be 0…1; got -0.1"),
     ("test_loss=-1", "test loss to reach must be 0 or more; got -1")],
)  # fmt: skip
def test_a_target_is_a_value_that_its_metric_can_have(text, sentence):
    with pytest.raises(SweepError, match=f"^{sentence}$"):
        Target.read(text)


def test_a_loss_reached_ends_a_run():
    history = history_of(RECIPE, 300)
    end = int((history.train_loss <= 0.3).argmax())
    assert 0 < end < 300
    trainer = trained(Run(RECIPE, 300, Look(stop_loss=0.3)))
    assert trainer.epoch == end
    alone = Trainer(RECIPE)
    alone.seek(end)
    assert all(map(np.array_equal, trainer.network.weights, alone.network.weights))


def test_patience_ends_a_run_so_many_epochs_after_its_last_lower_test_loss():
    recipe = Recipe(samples=20, noise=0.5, test_share=0.5, learning_rate=2.0)
    losses = history_of(recipe, 400).test_loss
    best = 0
    for epoch in range(1, 401):  # the rule, epoch by epoch
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best >= 7:
            break
    assert epoch < 400
    assert trained(Run(recipe, 400, Look(stop_patience=7))).epoch == epoch
    assert trained(Run(recipe, epoch - 1, Look(stop_patience=7))).epoch == epoch - 1


def test_thinned_histories_keep_both_ends_and_the_start():
    history = history_of(RECIPE, 700)
    curves = row_of(Run(RECIPE, 700, curves=True))["curves"]
    assert curves == thinned(history)
    epochs = curves["epoch"]
    assert (epochs[:3], epochs[-1]) == ([0, 1, 2], 700)
    assert len(epochs) <= 100
    assert curves["train_loss"] == pytest.approx(history.train_loss[epochs], rel=1e-4)
    assert thinned(history[:5])["epoch"] == [0, 1, 2, 3, 4]
    assert to_text({"epoch": [0, 1]}) == '{"epoch":[0,1]}'
    assert to_text(0.5) == 0.5
