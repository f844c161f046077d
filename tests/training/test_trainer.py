"""What a run records, how it moves, and its next step."""

import copy
import re

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.step import worked_example
from nnviz.training.descent import Descent
from nnviz.training.trainer import dataset_of
from tests.training.runs import same, trained

SMALL = Recipe(data="xor", samples=20, hidden=(3,))
METRICS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


@pytest.mark.parametrize("epochs", [0, 5, 30, 300])
def test_a_copy_of_a_trainer_goes_its_own_way(epochs):
    trainer = trained(epochs, samples=20, hidden=(3,), batch_size=4, optimiser="adam")
    other = copy.copy(trainer)
    kept = trainer.history, trainer.network
    other.advance(300)
    other.seek(epochs // 2)
    other.edit("learning_rate", 0.01)
    other.advance(2)
    np.testing.assert_array_equal(trainer.history, kept[0])
    assert same(trainer.network, kept[1])
    whole = trained(epochs + 25, samples=20, hidden=(3,), batch_size=4, optimiser="adam")
    trainer.advance(25)
    assert same(trainer.network, whole.network)
    trainer.seek(epochs // 2)
    trainer.seek(epochs + 25)
    assert same(trainer.network, whole.network)


def test_it_says_whether_an_edit_takes_effect_soon():
    edits = [[3, "l1", 0.1], [9, "l2", 0.1]]
    trainer = trained(2, samples=20, hidden=(3,), edits=edits)
    assert [trainer.changes_within(epochs) for epochs in (0, 1, 2)] == [False, False, True]
    trainer.advance(1)
    assert trainer.changes_within(1)
    trainer.advance(1)
    assert [trainer.changes_within(epochs) for epochs in (5, 6)] == [False, True]


# --- history --------------------------------------------------------------------------


def test_a_trainer_starts_untrained_at_epoch_0_with_one_row_of_history():
    trainer = Trainer(SMALL)
    assert trainer.epoch == 0
    assert len(trainer.history) == 1
    assert trainer.history.dtype.names == METRICS
    assert trainer.diverged is None


def test_history_has_a_row_for_every_epoch_and_the_start():
    trainer = Trainer(SMALL)
    assert trainer.advance() == 1
    assert trainer.advance(600) == 600
    assert trainer.epoch == 601
    assert len(trainer.history) == 602
    assert trainer.advance(0) == 0
    assert len(trainer.history) == 602


def test_every_row_is_what_scikit_learn_says_of_the_network_at_the_end_of_that_epoch():
    trainer = Trainer(Recipe(data="iris", batch_size=16, learning_rate=0.1))
    data = trainer.dataset
    for epoch in range(4):
        row = trainer.history[epoch]
        for part, points, labels in (
            ("train", data.train, data.train_labels),
            ("test", data.test, data.test_labels),
        ):
            proba = trainer.network.predict_proba(trainer.preparation.apply(points))
            assert row[f"{part}_loss"] == pytest.approx(log_loss(labels, proba), rel=1e-10)
            accuracy = accuracy_score(labels, proba.argmax(axis=1))
            assert row[f"{part}_accuracy"] == pytest.approx(accuracy)
        trainer.advance()


def test_the_history_shown_is_of_the_loss_without_penalties():
    plain, pulled = trained(0, samples=20), trained(0, samples=20, l1=1.0, l2=1.0)
    np.testing.assert_array_equal(plain.history, pulled.history)


def test_without_a_test_part_its_metrics_are_nan_and_the_run_goes_on():
    trainer = trained(5, data="xor", samples=20, test_share=0)
    assert trainer.epoch == 5
    assert np.isnan(trainer.history.test_loss).all()
    assert np.isnan(trainer.history.test_accuracy).all()
    assert np.isfinite(trainer.history.train_loss).all()


def test_rows_are_the_history_from_an_epoch_on():
    trainer = trained(9, data="xor", samples=20)
    np.testing.assert_array_equal(trainer.rows(7)[:, 0], trainer.history.train_loss[7:])
    np.testing.assert_array_equal(trainer.rows(7)[:, 3], trainer.history.test_accuracy[7:])
    assert trainer.rows(10).shape == (0, 4)


def test_history_and_network_are_copies_a_later_epoch_leaves_alone():
    trainer = Trainer(SMALL)
    history, network = trainer.history, trainer.network
    before = [w.copy() for w in network.weights]
    trainer.advance(3)
    assert len(history) == 1
    assert same(network, Network(before))


def test_writing_into_a_network_or_a_history_changes_nothing_in_the_run():
    trainer, plain = Trainer(SMALL), Trainer(SMALL)
    for weights in trainer.network.weights:
        weights[:] = 7.0
    trainer.history.train_loss[:] = 7.0
    for each in (trainer, plain):
        each.advance(3)
    assert same(trainer.network, plain.network)
    np.testing.assert_array_equal(trainer.history, plain.history)


@pytest.mark.parametrize("data", ["circles", "spirals", "iris"])
def test_the_data_set_of_a_recipe_is_that_of_its_trainer_without_any_training(data, monkeypatch):
    recipe = Recipe(data=data, samples=40, data_seed=3)
    trainer = Trainer(recipe)
    monkeypatch.delattr(Descent, "__init__")
    found = dataset_of(recipe)
    for name, value in vars(trainer.dataset).items():
        np.testing.assert_array_equal(getattr(found, name), value)


@pytest.mark.parametrize("epochs", [-1, -100])
def test_training_a_negative_number_of_epochs_is_refused(epochs):
    with pytest.raises(ValueError, match=f"^epochs must be 0 or more; got {epochs}$"):
        Trainer(SMALL).advance(epochs)


@pytest.mark.parametrize("epoch", [-1, 1_000_001])
def test_an_epoch_outside_the_run_is_refused(epoch):
    with pytest.raises(ValueError, match=f"^epoch must be 0…1000000; got {epoch}$"):
        Trainer(SMALL).seek(epoch)


WHOLE = [np.int64, np.int32, np.uint8, np.intp, np.array]


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)
def test_numpys_integers_are_welcome_and_leave_plain_ones_behind(kind):
    trainer, plain = Trainer(SMALL), Trainer(SMALL)
    assert type(trainer.advance(kind(7))) is int
    assert type(trainer.stride(kind(3))) is int
    for move in (trainer.rewind, trainer.seek):
        assert type(move(kind(6))) is int
    plain.advance(6)
    for each, number in ((trainer, kind), (plain, int)):
        each.edit("learning_rate", 0.25)
        each.edit("batch_size", number(5))
        each.edit("weight", 0.5, at=(number(0), number(2), number(1)))
        each.advance(number(4))
    assert trainer.recipe == plain.recipe
    assert trainer.recipe.to_json() == plain.recipe.to_json()
    assert {type(edit.epoch) for edit in trainer.recipe.edits} == {int}
    assert Trainer(Recipe.from_json(trainer.recipe.to_json())).seek(10) == 10
    assert same(trainer.network, plain.network)
    assert trainer.step_with(kind(3)).batch == plain.step_with(3).batch
    assert type(worked_example(trainer, kind(3)).sample) is int


def test_a_place_may_be_an_array():
    trainer, plain = Trainer(SMALL), Trainer(SMALL)
    trainer.edit("weight", np.float32(0.5), at=np.array([0, 2, 1]))
    plain.edit("weight", 0.5, at=(0, 2, 1))
    assert trainer.recipe.to_json() == plain.recipe.to_json()


@pytest.mark.parametrize("wrong", [2.5, 3.0, np.float64(3.0), True, "3", None, [1, 2]])
@pytest.mark.parametrize(
    ("move", "rule"),
    [
        ("advance", "epochs must be a whole number 0 or more"),
        ("stride", "most must be a whole number 1 or more"),
        ("seek", "epoch must be a whole number 0…1000000"),
        ("rewind", "epoch must be a whole number 0…1000000"),
        ("step_with", "sample must be a whole number 0…15"),
    ],
)
def test_what_is_no_whole_number_is_refused_in_a_sentence(move, rule, wrong):
    trainer = Trainer(SMALL)
    trainer.advance(2)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{rule}; got {wrong}')}$"):
        getattr(trainer, move)(wrong)
    assert trainer.epoch == 2


def test_an_array_is_no_whole_number():
    sentence = "epochs must be a whole number 0 or more; got [1, 2]"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Trainer(SMALL).advance(np.array([1, 2]))


def test_a_stride_of_no_epochs_is_refused():
    with pytest.raises(ValueError, match=r"^most must be 1 or more; got 0$"):
        Trainer(SMALL).stride(0)


def test_a_stride_ends_at_the_next_edit_and_the_epoch_after_one_goes_alone():
    edits = [(7, "learning_rate", 0.1), (30, "l2", 0.01)]
    trainer = Trainer(Recipe(data="xor", samples=20, edits=edits))
    lengths = []
    while trainer.epoch < 40:
        lengths.append(trainer.stride(100))
    ends = np.cumsum(lengths)
    assert {7, 8, 30, 31} <= set(ends)
    assert max(lengths) > 1
    assert trainer.stride(2) == 2


# --- batches --------------------------------------------------------------------------


@pytest.mark.parametrize(("batch_size", "repeats"), [(None, True), (16, True), (5, False)])
def test_the_shuffle_is_a_fresh_one_each_epoch(batch_size, repeats):
    # two epochs in turn from the same weights end alike only where no order is involved
    trainer = Trainer(
        Recipe(data="xor", samples=20, hidden=(), output="sigmoid", batch_size=batch_size)
    )
    ends = []
    for _ in range(2):
        for row in range(3):
            trainer.edit("weight", 0.5, at=(0, row, 0))
        trainer.advance()
        ends.append(trainer.network)
    assert same(*ends) == repeats


# --- one step, looked at ----------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 7])
def test_the_step_shown_is_one_of_the_next_epoch_and_the_run_stays(batch_size):
    fields = {"data": "iris", "optimiser": "adam", "learning_rate": 0.02, "batch_size": batch_size}
    trainer, other = trained(12, **fields), trained(12, **fields)
    n_train = len(trainer.dataset.train)
    steps = [trainer.step_with(sample) for sample in range(n_train)]
    assert same(trainer.network, other.network)
    np.testing.assert_array_equal(trainer.history, other.history)
    for each in (trainer, other):
        each.advance()
    assert same(trainer.network, other.network)
    last = max(steps, key=lambda step: step.batch)
    assert last.batch == last.n_batches
    assert same(Network(last.after), trainer.network)
    assert {step.n_batches for step in steps} == {1 if batch_size is None else -(-n_train // 7)}


def test_the_step_shown_uses_the_settings_in_force_at_its_epoch():
    trainer = trained(0, data="xor", edits=[[5, "learning_rate", 0.01], [5, "optimiser", "adam"]])
    steps = []
    for epoch in (4, 5):
        trainer.seek(epoch)
        steps.append(trainer.step_with(0))
    assert [step.settings.learning_rate for step in steps] == [0.5, 0.01]
    assert [step.settings.optimiser.name for step in steps] == ["sgd", "adam"]
    assert [step.t for step in steps] == [5, 1]  # a new optimiser counts from 1


@pytest.mark.parametrize("sample", [-1, 16])
def test_a_sample_that_is_not_there_has_no_step(sample):
    with pytest.raises(ValueError, match=f"^sample must be 0…15; got {sample}$"):
        Trainer(SMALL).step_with(sample)
