"""Training of the classifier: scikit-learn's numbers, the page's runs, continuing, ending."""

import copy
import pickle
import re

import numpy as np
import pytest
from classifiers import IRIS, NEVER_SETTLE, PAGE, TUMOURS, assert_same, fit_again, fitted
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from nnviz import Recipe, Trainer
from nnviz.choices import optimisers
from nnviz.estimator import NeuralNetworkClassifier


def sentence(text):
    return f"^{re.escape(text)}$"


# --- compared with scikit-learn's network from the same weights ---------------------------

TINY = 1e-30  # scikit-learn's Adam adds ε elsewhere, so it must be negligible
SOLVERS = {
    "sgd": {"solver": "sgd", "momentum": 0.0},
    "momentum": {"solver": "sgd", "nesterovs_momentum": False},
    "nesterov": {"solver": "sgd"},
    "adam": {"solver": "adam", "epsilon": TINY},
}


def sklearn_network(X, y, epochs, **parameters):
    """A trained MLPClassifier and its initial weights."""
    shared = {"tol": 0.0, "n_iter_no_change": np.inf, "random_state": 1, "warm_start": True}
    other = MLPClassifier(max_iter=epochs, **shared, **parameters)
    other.partial_fit(X, y, classes=np.unique(y))
    first = [c.copy() for c in other.coefs_], [b.copy() for b in other.intercepts_]
    other.loss_curve_.clear()
    with pytest.warns(ConvergenceWarning):
        other.fit(X, y)  # a new optimiser, from these weights
    return other, first


def started_from(first, X, y, **parameters):
    estimator = NeuralNetworkClassifier(warm_start=True, **parameters).fit(X, y)
    for own, theirs in zip(
        estimator.coefs_ + estimator.intercepts_, [*first[0], *first[1]], strict=True
    ):
        own[:] = theirs
    return estimator


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    ("data", "ours", "theirs"),
    [(IRIS, "tanh", "tanh"), (IRIS, "logistic", "logistic"), (TUMOURS, "relu", "relu")],
)
def test_losses_and_weights_are_those_of_scikit_learn(monkeypatch, solver, data, ours, theirs):
    monkeypatch.setattr(optimisers, "EPSILON", TINY)
    X, y = data
    rate = 0.01 if solver == "adam" else 0.1
    other, first = sklearn_network(
        X, y, 60, hidden_layer_sizes=(7, 5), activation=theirs, alpha=2.0,
        batch_size=len(X), learning_rate_init=rate, **SOLVERS[solver],
    )  # fmt: skip
    # the first epoch only creates a network to write into, by an optimiser without memory
    estimator = started_from(
        first, X, y, hidden_layer_sizes=(7, 5), activation=ours, alpha=2.0,
        solver="sgd", learning_rate_init=rate, max_iter=1, **NEVER_SETTLE,
    )  # fmt: skip
    estimator.set_params(solver=solver, max_iter=60).fit(X, y)

    # scikit-learn computes the loss before a step, we after it
    np.testing.assert_allclose(estimator.loss_curve_[1:-1], other.loss_curve_[1:], atol=1e-11)
    for own, their in zip(estimator.coefs_, other.coefs_, strict=True):
        assert own.shape == their.shape
        np.testing.assert_allclose(own, their, atol=1e-10)
    for own, their in zip(estimator.intercepts_, other.intercepts_, strict=True):
        np.testing.assert_allclose(own, their, atol=1e-10)
    np.testing.assert_allclose(estimator.predict_proba(X), other.predict_proba(X), atol=1e-10)
    for name in ("n_layers_", "n_outputs_", "out_activation_", "n_iter_", "n_features_in_"):
        assert getattr(estimator, name) == getattr(other, name)


def test_alpha_means_the_same_in_batches():
    # all samples are equal, so that shuffles do not matter
    X, y = np.tile([0.3, -1.2], (12, 1)), np.full(12, 2)
    other = MLPClassifier(
        (4,), "tanh", solver="sgd", momentum=0.0, alpha=3.0, batch_size=4, learning_rate_init=0.1
    ).partial_fit(X, y, classes=[0, 1, 2])
    first = [c.copy() for c in other.coefs_], [b.copy() for b in other.intercepts_]
    other.partial_fit(X, y)
    estimator = NeuralNetworkClassifier(
        (4,), alpha=3.0, batch_size=4, solver="sgd", learning_rate_init=0.1
    )
    estimator.partial_fit(X, y, [0, 1, 2])
    for own, theirs in zip(
        estimator.coefs_ + estimator.intercepts_, [*first[0], *first[1]], strict=True
    ):
        own[:] = theirs
    estimator.partial_fit(X, y)
    for own, theirs in zip(estimator.coefs_, other.coefs_, strict=True):
        np.testing.assert_allclose(own, theirs, atol=1e-14)


def test_the_loss_is_the_mean_cross_entropy_plus_the_penalties_of_the_current_weights():
    X, y = IRIS
    estimator = fitted(X, y, alpha=3.0, l1=0.5, batch_size=30)
    squares = sum(np.sum(w**2) for w in estimator.coefs_)
    sizes = sum(np.abs(w).sum() for w in estimator.coefs_)
    expected = log_loss(y, estimator.predict_proba(X)) + (1.5 * squares + 0.5 * sizes) / 30
    assert estimator.loss_ == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("fields", [{"data": "circles"}, {"data": "iris", "batch_size": 16}])
def test_the_run_is_the_same_as_the_page_s(fields):
    trainer = Trainer(Recipe(test_share=0.0, optimiser="adam", seed=5, **fields))
    trainer.advance(30)
    X, y = trainer.preparation.apply(trainer.dataset.train), trainer.dataset.train_labels
    estimator = fitted(
        X, y, 30, output="softmax", solver="adam", batch_size=fields.get("batch_size"),
        random_state=5,
    )  # fmt: skip
    np.testing.assert_array_equal(estimator.loss_curve_, trainer.history.train_loss[1:])
    for own, their in zip(estimator.network_.weights, trainer.network.weights, strict=True):
        np.testing.assert_array_equal(own, their)


def test_the_network_s_defaults_are_the_page_s():
    estimator, recipe = NeuralNetworkClassifier(), Recipe()
    for name, field in {
        "hidden_layer_sizes": "hidden", "activation": "activation", "init": "init",
        "batch_size": "batch_size", "alpha": "l2", "l1": "l1",
    }.items():  # fmt: skip
        assert getattr(estimator, name) == getattr(recipe, field)


@pytest.mark.parametrize("features", [slice(None), slice(2, None)], ids=["all four", "petals"])
@pytest.mark.parametrize("seed", range(3))
def test_the_defaults_learn_iris_without_scaling(features, seed):
    X, y = load_iris(return_X_y=True)
    estimator = NeuralNetworkClassifier(random_state=seed).fit(X[:, features], y)
    assert estimator.score(X[:, features], y) > 0.95


# --- continuing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters", [{}, {"solver": "adam", "learning_rate_init": 0.05}, {"batch_size": 32}]
)
def test_partial_fits_equal_one_fit(parameters):
    X, y = IRIS
    estimator = NeuralNetworkClassifier(random_state=0, **PAGE | parameters)
    estimator.partial_fit(X, y, classes=[2, 1, 0])
    for _ in range(19):
        estimator.partial_fit(X, y)
    assert_same(estimator, fitted(X, y, 20, **parameters))
    assert estimator.t_ == 20 * len(X)
    assert estimator.n_iter_ == 1


def test_a_warm_start_continues_from_the_last_fit():
    X, y = IRIS
    estimator = fitted(X, y, 8, solver="adam", warm_start=True)
    fit_again(estimator.set_params(max_iter=12), X, y)
    assert_same(estimator, fitted(X, y, 20, solver="adam"))
    assert estimator.n_iter_ == 12
    assert estimator.t_ == 20 * len(X)


def test_without_a_warm_start_fit_starts_with_new_weights():
    X, y = IRIS
    estimator = fitted(X, y, 8)
    assert_same(fit_again(estimator, X, y), fitted(X, y, 8))
    assert estimator.t_ == 8 * len(X)


def test_another_solver_starts_with_an_empty_memory():
    X, y = IRIS
    plain, other = (fitted(X, y, 5, solver=s, warm_start=True) for s in ("sgd", "adam"))
    for own, their in zip(other.network_.weights, plain.network_.weights, strict=True):
        own[:] = their
    for estimator in (plain, other):
        fit_again(estimator.set_params(solver="momentum"), X, y)
    np.testing.assert_array_equal(plain.coefs_[0], other.coefs_[0])


def test_partial_fit_need_not_see_every_class_at_once():
    X, y = IRIS
    estimator = NeuralNetworkClassifier(random_state=0).partial_fit(X[:50], y[:50], [0, 1, 2])
    for _ in range(300):
        for part in np.split(np.random.default_rng(1).permutation(150), 3):
            estimator.partial_fit(X[part], y[part])
    assert estimator.score(X, y) > 0.95


def test_data_or_parameters_that_do_not_fit_the_network_raise():
    X, y = IRIS
    estimator = fitted(X, y, 2, warm_start=True)
    before = estimator.network_
    cases = [
        (lambda: estimator.fit(X, y % 2),
         "y must hold the classes 0, 1, 2 for a warm start; got 0, 1"),
        (lambda: estimator.partial_fit(X, y, classes=[0, 1]),
         "classes must be 0, 1, 2 as in the first call; got 0, 1"),
        (lambda: estimator.partial_fit(X, y + 1), "y must hold classes of 0, 1, 2; got 3"),
        (lambda: NeuralNetworkClassifier().partial_fit(X, y),
         "classes must be passed on the first call to partial_fit; got None"),
        (lambda: clone(estimator).set_params(output="sigmoid").fit(X, y),
         "output must be softmax for 3 classes; got sigmoid"),
        (lambda: estimator.set_params(hidden_layer_sizes=4).fit(X, y),
         "hidden_layer_sizes must be (10,) to continue with the same network; got (4,)"),
    ]  # fmt: skip
    for call, message in cases:
        with pytest.raises(ValueError, match=sentence(message)):
            call()
    assert estimator.network_ is before


def test_the_output_cannot_change_in_a_warm_start():
    X, y = TUMOURS
    estimator = fitted(X, y, 2, warm_start=True).set_params(output="softmax")
    message = "output must be sigmoid to continue with the same network; got softmax"
    with pytest.raises(ValueError, match=sentence(message)):
        estimator.fit(X, y)


# --- when training ends -------------------------------------------------------------------


def test_a_loss_that_settles_ends_training_without_a_warning():
    X, y = IRIS
    estimator = NeuralNetworkClassifier(random_state=0).fit(X, y)
    improved = [
        loss <= min(estimator.loss_curve_[:i], default=np.inf) - 1e-4
        for i, loss in enumerate(estimator.loss_curve_)
    ]
    assert estimator.n_iter_ == len(improved) < 1000
    assert improved[-12:] == [True] + 11 * [False]


def test_a_loss_that_does_not_settle_warns():
    message = "the loss has not settled after max_iter=3 epochs"
    with pytest.warns(ConvergenceWarning, match=sentence(message)):
        NeuralNetworkClassifier(max_iter=3).fit(*IRIS)


def test_a_loss_that_diverges_raises_and_leaves_the_estimator_unchanged():
    X, y = IRIS
    estimator = fitted(X, y, 3)
    before = dict(vars(estimator))
    estimator.set_params(activation="identity", learning_rate_init=1e9, max_iter=100)
    with pytest.raises(ValueError, match=r"^the loss must stay finite; got (inf|nan) in epoch "):
        estimator.fit(X, y)
    for name in ("network_", "loss_curve_", "classes_", "n_iter_", "t_", "_state"):
        assert vars(estimator)[name] is before[name]


# --- copies -----------------------------------------------------------------------------


def through_pickle(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("solver", ["adam", "nesterov"])
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, through_pickle])
def test_a_copy_and_the_original_continue_independently(copied, solver):
    X, y = load_iris(return_X_y=True)
    parameters = {"solver": solver, "batch_size": 16, "random_state": 0}
    original, plain = (NeuralNetworkClassifier(**parameters) for _ in range(2))
    for each in (original, plain):
        for _ in range(3):
            each.partial_fit(X, y, classes=[0, 1, 2])
    twin = copied(original)
    twin.partial_fit(X, y)
    twin.coefs_[0][:] = 0.0
    assert_same(original, plain)
    assert original.loss_curve_ == plain.loss_curve_
    twin = copied(original)
    for each in (twin, plain):
        each.partial_fit(X, y)
    assert_same(twin, plain)
    assert twin.loss_curve_ == plain.loss_curve_
    original.partial_fit(X, y)
    assert_same(original, plain)
