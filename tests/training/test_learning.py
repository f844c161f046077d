"""What a run learns, and where its randomness comes from."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from nnviz import Recipe, Trainer
from tests.training.runs import same, trained

# --- inputs ---------------------------------------------------------------------------


@pytest.mark.parametrize("standardise", [True, False])
def test_features_have_mean_0_and_variance_1_over_the_training_part_if_asked(standardise):
    trainer = trained(0, data="iris", standardise=standardise)
    train, test = trainer.dataset.train, trainer.dataset.test
    expected = StandardScaler().fit(train).transform(test) if standardise else test
    np.testing.assert_allclose(trainer.preparation.apply(test), expected, rtol=1e-10, atol=1e-12)


# --- learning -------------------------------------------------------------------------


def test_one_epoch_of_gradient_descent_is_a_step_along_the_gradient_of_the_network():
    trainer = Trainer(Recipe(data="iris", learning_rate=0.3, l1=0.01, l2=0.02))
    start, data = trainer.network, trainer.dataset
    _, gradients = start.loss_and_gradients(
        trainer.preparation.apply(data.train), data.train_labels, l1=0.01, l2=0.02
    )
    trainer.advance()
    for w, v, g in zip(trainer.network.weights, start.weights, gradients, strict=True):
        np.testing.assert_allclose(w, v - 0.3 * g, atol=1e-14)


def test_ten_tanh_units_learn_the_circles():
    trainer = trained(500)
    assert trainer.history.test_accuracy[-1] >= 0.95
    assert trainer.history.train_accuracy[-1] >= 0.95
    assert trainer.history.test_accuracy[0] < 0.8


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "iris", "optimiser": "adam", "learning_rate": 0.02},
        {"data": "xor", "optimiser": "momentum", "learning_rate": 0.1},
        {"data": "moons", "optimiser": "nesterov", "learning_rate": 0.1, "output": "sigmoid"},
        {"data": "blobs", "classes": 4, "optimiser": "rmsprop", "learning_rate": 0.01},
        {"data": "spirals", "classes": 2, "noise": 0.0, "hidden": (16, 16), "activation": "elu",
         "init": "he", "optimiser": "adam", "learning_rate": 0.02},
    ],
)  # fmt: skip
def test_other_data_sets_are_learnt_with_other_optimisers(fields):
    assert trained(400, **fields).history.train_accuracy[-1] >= 0.9


def test_a_straight_line_cannot_part_the_circles_but_squares_of_the_features_can():
    straight = {"hidden": (), "output": "sigmoid", "learning_rate": 1.0}
    assert trained(300, **straight).history.train_accuracy[-1] < 0.75
    squares = trained(300, **straight, inputs=["x1sq", "x2sq"])
    assert squares.history.train_accuracy[-1] >= 0.95


@pytest.mark.parametrize("batch_size", [None, 1, 7])
@pytest.mark.parametrize("data_seed", [0, 1])
def test_the_perceptron_makes_no_errors_in_the_end_where_a_line_parts_the_classes(
    batch_size, data_seed
):
    trainer = trained(
        200, data="linear", noise=0.0, samples=100, hidden=(), output="step",
        data_seed=data_seed, batch_size=batch_size,
    )  # fmt: skip
    assert trainer.history.train_accuracy[-1] == 1.0
    assert trainer.history.train_loss[-1] == 0.0
    weights = trainer.network
    trainer.advance(5)
    assert same(weights, trainer.network)  # nothing is left to learn


def test_logistic_regression_ends_at_scikit_learns_optimum():
    trainer = trained(
        3000, data="moons", noise=0.3, hidden=(), output="sigmoid", l2=0.01, learning_rate=1.0
    )
    X = trainer.preparation.apply(trainer.dataset.train)
    y = trainer.dataset.train_labels
    # theirs minimises C Σ loss + ½ Σw², ours the mean loss + ½ λ₂ Σw²
    other = LogisticRegression(C=1 / (0.01 * len(X)), tol=1e-10, max_iter=1000).fit(X, y)
    (w,) = trainer.network.weights
    np.testing.assert_allclose(w[:, 0], [*other.intercept_, *other.coef_[0]], atol=1e-6)
    assert trainer.history.train_loss[-1] == pytest.approx(log_loss(y, other.predict_proba(X)))


def test_hidden_units_that_start_at_zero_stay_the_same_as_each_other():
    first, last = trained(50, init="zeros", data="moons").network.weights
    np.testing.assert_array_equal(first, np.zeros((3, 10)))
    assert np.ptp(last, axis=0).max() > 0


def test_strong_l1_leaves_smaller_weights_than_none():
    plain, pulled = (trained(300, l1=l1).network.weights for l1 in (0.0, 0.05))
    assert np.abs(pulled[0][1:]).sum() < 0.3 * np.abs(plain[0][1:]).sum()


# --- streams of randomness ------------------------------------------------------------


def parts(trainer):
    data = trainer.dataset
    return [data.train, data.train_labels, data.test, data.test_labels]


def equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("data", ["circles", "spirals", "iris"])
def test_another_weights_seed_leaves_data_and_split_but_draws_other_weights(data):
    one, other = trained(0, data=data), trained(0, data=data, seed=1)
    assert equal(parts(one), parts(other))
    assert not same(one.network, other.network)


@pytest.mark.parametrize("data", ["circles", "spirals", "iris"])
def test_another_data_seed_leaves_the_first_weights_but_draws_or_splits_other_data(data):
    one, other = trained(0, data=data), trained(0, data=data, data_seed=1)
    assert same(one.network, other.network)
    assert not equal(parts(one), parts(other))


def test_the_split_and_the_first_weights_do_not_depend_on_the_training_settings():
    settings = {"optimiser": "adam", "learning_rate": 0.01, "batch_size": 3, "l1": 0.1, "l2": 0.1}
    one, other = trained(0), trained(0, **settings)
    assert equal(parts(one), parts(other))
    assert same(one.network, other.network)


def test_more_noise_moves_the_same_points_and_keeps_the_split():
    one, other = trained(0, data="linear", noise=0.0), trained(0, data="linear", noise=0.1)
    assert np.array_equal(one.dataset.test_labels, other.dataset.test_labels)
    assert np.abs(one.dataset.test - other.dataset.test).max() < 0.6
    assert same(one.network, other.network)
