"""What an edit in the middle of a run changes, and what it leaves alone."""

import numpy as np
import pytest

from nnviz import Edit, Network, Recipe, RecipeError, Trainer

SMALL = Recipe(data="xor", samples=20, hidden=(3,))


def trainer_at(epoch, **fields):
    trainer = Trainer(Recipe(data="xor", samples=20, hidden=(3,), **fields))
    trainer.advance(epoch)
    return trainer


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.weights, other.weights, strict=True))


def gradients(trainer):
    X = trainer.preparation.apply(trainer.dataset.train)
    return trainer.network.loss_and_gradients(X, trainer.dataset.train_labels)[1]


def test_an_edit_goes_on_from_where_the_run_is():
    trainer = trainer_at(10)
    network, history = trainer.network, trainer.history
    trainer.edit("learning_rate", 0.01)
    assert trainer.epoch == 10
    assert same(trainer.network, network)
    np.testing.assert_array_equal(trainer.history, history)


def test_the_epoch_after_a_new_learning_rate_takes_a_step_of_that_length():
    trainer = trainer_at(10)
    start, slopes = trainer.network, gradients(trainer)
    trainer.edit("learning_rate", 0.01)
    trainer.advance()
    for w, v, g in zip(trainer.network.weights, start.weights, slopes, strict=True):
        np.testing.assert_allclose(w, v - 0.01 * g, atol=1e-14)


@pytest.mark.parametrize("before", ["momentum", "adam"])
def test_a_new_optimiser_starts_without_the_memory_of_the_one_before(before):
    trainer = trainer_at(10, optimiser=before, learning_rate=0.1)
    start, slopes = trainer.network, gradients(trainer)
    trainer.edit("optimiser", "adam")
    trainer.advance()
    # Adam's very first step is the learning rate long, whatever the gradient
    for w, v, g in zip(trainer.network.weights, start.weights, slopes, strict=True):
        np.testing.assert_allclose(w, v - 0.1 * np.sign(g), atol=1e-4)


@pytest.mark.parametrize(
    ("field", "value"), [("learning_rate", 0.02), ("batch_size", 16), ("l1", 0.01), ("l2", 0.01)]
)
def test_other_edits_leave_the_memory_of_the_optimiser(field, value):
    trainer = trainer_at(10, optimiser="momentum", learning_rate=0.1)
    start, slopes = trainer.network, gradients(trainer)
    trainer.edit(field, value)
    trainer.advance()
    # with no memory, the step would be as short as the learning rate times the slope
    step = trainer.network.weights[1] - start.weights[1]
    assert np.abs(step).max() > 2 * 0.1 * np.abs(slopes[1]).max()


def test_a_weight_set_by_hand_is_there_at_once_with_the_metrics_that_go_with_it():
    trainer = trainer_at(10)
    before = trainer.history
    trainer.edit("weight", 5.0, at=(1, 2, 1))
    assert trainer.network.weights[1][2, 1] == 5.0
    X, y = trainer.preparation.apply(trainer.dataset.train), trainer.dataset.train_labels
    loss, _ = Network(trainer.network.weights).loss_and_gradients(X, y)
    assert trainer.history.train_loss[10] == pytest.approx(loss)
    assert trainer.history.train_loss[10] != before.train_loss[10]
    np.testing.assert_array_equal(trainer.history[:10], before[:10])


def test_weights_with_which_numbers_run_over_warn_of_nothing():
    edits = [[0, "weight", 1e6, [0, 1, 0]]]
    with np.errstate(all="raise"):
        trainer = Trainer(Recipe(data="xor", samples=20, hidden=(), edits=edits))
        trainer.edit("weight", -1e6, at=(0, 1, 0))
        trainer.advance(2)
    assert np.isfinite(trainer.history.train_loss).all()


def test_the_bias_is_row_0_of_a_matrix():
    trainer = trainer_at(3)
    trainer.edit("weight", -4.0, at=(0, 0, 2))
    assert trainer.network.weights[0][0, 2] == -4.0


def test_a_weight_set_by_hand_is_trained_like_any_other():
    trainer = trainer_at(3)
    trainer.edit("weight", 0.5, at=(1, 1, 0))
    trainer.advance()
    assert trainer.network.weights[1][1, 0] != 0.5


def test_editing_the_past_forgets_the_edits_that_came_after():
    trainer = trainer_at(10)
    trainer.edit("l1", 0.1)
    trainer.advance(10)
    trainer.edit("l2", 0.2)
    trainer.seek(15)
    trainer.edit("learning_rate", 0.3)
    assert trainer.recipe.edits == (Edit(10, "l1", 0.1), Edit(15, "learning_rate", 0.3))


def test_looking_at_the_past_forgets_nothing():
    trainer = trainer_at(10)
    trainer.edit("l1", 0.1)
    trainer.advance(10)
    there = trainer.network
    trainer.seek(0)
    assert trainer.recipe.edits == (Edit(10, "l1", 0.1),)
    trainer.seek(20)
    assert same(trainer.network, there)


def test_the_same_field_edited_twice_at_one_epoch_is_one_edit():
    trainer = trainer_at(10)
    for rate in (0.1, 0.2, 0.3):
        trainer.edit("learning_rate", rate)
    assert trainer.recipe.edits == (Edit(10, "learning_rate", 0.3),)


def test_an_edit_before_the_first_epoch_is_another_start():
    trainer, started = trainer_at(0), trainer_at(0, optimiser="adam")
    trainer.edit("optimiser", "adam")
    assert trainer.recipe == started.recipe
    trainer.advance(5)
    started.advance(5)
    assert same(trainer.network, started.network)


def test_edits_a_recipe_starts_with_come_at_their_epochs():
    early = Recipe(
        data="xor", samples=20, hidden=(3,),
        edits=[[0, "weight", 2.0, [0, 1, 1]], [4, "weight", -2.0, [0, 1, 1]]],
    )  # fmt: skip
    trainer = Trainer(early)
    assert trainer.network.weights[0][1, 1] == 2.0
    trainer.seek(3)
    assert trainer.network.weights[0][1, 1] > 0
    trainer.seek(4)
    assert trainer.network.weights[0][1, 1] == -2.0


@pytest.mark.parametrize("epoch", [0, 3])
@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("learning_rate", 99, None),
        ("hidden", (4,), None),
        ("weight", 0.5, None),
        ("weight", 0.5, (9, 0, 0)),
        ("nonsense", 1, None),
    ],
)
def test_a_bad_edit_is_refused_and_leaves_the_run_as_it_was(epoch, field, value, at):
    trainer, untouched = Trainer(SMALL), Trainer(SMALL)
    trainer.advance(epoch)
    with pytest.raises(RecipeError):
        trainer.edit(field, value, at)
    assert trainer.recipe == SMALL
    trainer.advance(5)
    untouched.advance(epoch + 5)
    assert same(trainer.network, untouched.network)


@pytest.mark.parametrize("place", [(1, 0, 1), [1, 0, 1]])  # as people and as JSON write it
def test_a_weight_set_again_at_the_same_epoch_leaves_one_edit(place):
    trainer = trainer_at(4)
    for value in (0.1, 0.2, 0.3):
        trainer.edit("weight", value, place)
    assert trainer.recipe.edits == (Edit(4, "weight", 0.3, (1, 0, 1)),)
