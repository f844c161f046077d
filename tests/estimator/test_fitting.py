"""Training until the loss settles or the user interrupts it."""

import pickle
import warnings
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning

from nnviz.choices.optimisers import OPTIMISERS
from nnviz.estimator import NeuralNetworkClassifier
from nnviz.estimator.fitting import End, Fitting
from nnviz.training.descent import Descent

X, Y = load_iris(return_X_y=True)
X = X - X.mean(axis=0)


class Scripted(Fitting):
    """A fitting with prescribed losses."""

    longest = 1

    def __init__(self, losses, longest):
        self.losses, self.coming, self.longest = [], iter(losses), longest

    def stride(self, epochs):
        losses = list(islice(self.coming, epochs))
        self.losses += losses
        return losses


@pytest.mark.parametrize("longest", [1, 2, 3, 16])
@pytest.mark.parametrize(
    ("losses", "trained", "end"),
    [
        ([9, 8, 7, 6, 5], 5, End.UNSETTLED),
        ([9, 9, 9, 9, 5], 4, End.SETTLED),
        ([9, 8.5, 8.3, 8.1, 8], 4, End.SETTLED),  # falls of less than 0.6 do not count
        ([9, 9, 9, 8, 5], 5, End.UNSETTLED),
        ([9, 8, 20, 15, 10], 5, End.SETTLED),  # falling, but not below the best
        ([9, 7, 8, 6, 5.9], 5, End.UNSETTLED),
    ],
)
def test_a_loss_settles_when_it_does_not_fall_below_the_best_for_too_long(
    losses, trained, end, longest
):
    fitting = Scripted(losses, longest)
    assert fitting.settle(5, tolerance=0.6, patience=2) is end
    assert fitting.losses == losses[:trained]


def test_a_loss_that_is_not_finite_is_never_recorded():
    # the penalty overflows long before weights and mean loss do
    estimator = NeuralNetworkClassifier((), alpha=1e6, solver="sgd", learning_rate_init=1.0)
    seen = []

    def train_on():
        for _ in range(1000):
            seen.append(estimator.partial_fit(X, Y, np.unique(Y)).loss_)

    with pytest.raises(ValueError, match=r"^the loss must stay finite; got inf in epoch \d+: "):
        train_on()
    assert len(seen) > 10
    assert np.isfinite(seen).all()


# --- several epochs at a time -------------------------------------------------------------


def one_by_one(X, y, max_iter, tol, n_iter_no_change, **parameters):
    """A classifier trained by single epochs until the rule in its docstring ends training.

    Returns also how it ended: "settled", "unsettled", or the message of an error.
    """
    estimator = NeuralNetworkClassifier(**parameters)
    best, last_best = np.inf, 0
    for epoch in range(1, max_iter + 1):
        try:
            loss = estimator.partial_fit(X, y, np.unique(y)).loss_
        except ValueError as error:
            return estimator, str(error)
        if loss <= best - tol:
            last_best = epoch
        best = min(best, loss)
        if epoch - last_best > n_iter_no_change:
            return estimator, "settled"
    return estimator, "unsettled"


def at_once(X, y, **parameters):
    estimator = NeuralNetworkClassifier(**parameters)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            return estimator.fit(X, y), "settled"
        except ConvergenceWarning:
            return estimator, "unsettled"
        except ValueError as error:
            return estimator, str(error)


def bits(estimator):
    return estimator.loss_curve_, estimator._state.tobytes(), estimator.t_, estimator.best_loss_


some_parameters = st.fixed_dictionaries(
    {
        "hidden_layer_sizes": st.sampled_from([(), (3,), (4, 2)]),
        "activation": st.sampled_from(["tanh", "relu", "identity"]),
        "output": st.sampled_from(["auto", "softmax"]),
        "solver": st.sampled_from(list(OPTIMISERS)),
        "learning_rate_init": st.sampled_from([0.01, 0.3, 2.0, 1e3, 1e9]),
        "batch_size": st.none() | st.integers(1, 40),
        "alpha": st.sampled_from([0.0, 0.5, 100.0]),
        "l1": st.sampled_from([0.0, 0.1]),
        "tol": st.sampled_from([0.0, 1e-4, 0.05, 0.5]),
        "n_iter_no_change": st.sampled_from([1, 2, 5, 17, np.inf]),
        "max_iter": st.integers(1, 60),
        "random_state": st.integers(0, 99),
    }
)


@given(parameters=some_parameters, n_classes=st.integers(1, 3), n=st.integers(5, 40))
@settings(deadline=None, max_examples=100)
def test_epochs_in_strides_equal_single_epochs(parameters, n_classes, n):
    chosen = np.flatnonzero(n_classes > Y)[:: -(-50 * n_classes // n)]
    X_, y = X[chosen], Y[chosen]
    if n_classes == 1:
        parameters["output"] = "auto"
    single, expected = one_by_one(X_, y, **parameters)
    strided, end = at_once(X_, y, **parameters)
    assert end == expected
    if end in ("settled", "unsettled"):
        assert bits(strided) == bits(single)
        assert strided.n_iter_ == len(single.loss_curve_)


def test_a_warm_start_in_strides_is_the_same_run():
    parameters = {"warm_start": True, "tol": 0.0, "n_iter_no_change": np.inf, "random_state": 0}
    estimator = NeuralNetworkClassifier(**parameters)
    for epochs in (1, 20, 2, 17):
        with pytest.warns(ConvergenceWarning):
            estimator.set_params(max_iter=epochs).fit(X, Y)
    assert bits(estimator) == bits(after(40))


def test_epochs_are_trained_in_strides_that_end_where_training_may_end(monkeypatch):
    strides = []
    train = Descent.train_for_losses

    def counted(self, settings, seeds, after):
        strides.append(len(seeds))
        return train(self, settings, seeds, after)

    monkeypatch.setattr(Descent, "train_for_losses", counted)
    with pytest.warns(ConvergenceWarning):
        NeuralNetworkClassifier(tol=0.0, n_iter_no_change=np.inf, max_iter=100).fit(X, Y)
    assert sum(strides) == 100
    assert len(strides) == 7
    strides.clear()
    estimator = NeuralNetworkClassifier(random_state=0).fit(X, Y)
    assert sum(strides) == estimator.n_iter_ > 2 * len(strides)


# --- interruptions ------------------------------------------------------------------------


def interrupt_at(monkeypatch, step, before=False):
    """Raise a KeyboardInterrupt after this step has changed the weights, or before."""
    count = iter(range(1, 10_000))
    make_step = Descent._step

    def interrupted(self, *arguments):
        now = next(count) == step
        if not (now and before):
            make_step(self, *arguments)
        if now:
            raise KeyboardInterrupt

    monkeypatch.setattr(Descent, "_step", interrupted)


def after(epochs, **parameters):
    estimator = NeuralNetworkClassifier(random_state=0, **parameters)
    for _ in range(epochs):
        estimator.partial_fit(X, Y, np.unique(Y))
    return estimator


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("whole", [1, 4, 23])  # in the first stride, and in a later one
@pytest.mark.parametrize(("batch_size", "steps"), [(None, 1), (50, 3), (40, 4)])
def test_an_interruption_keeps_the_complete_epochs(monkeypatch, whole, batch_size, steps, verbose):
    expected = after(whole, batch_size=batch_size)
    if batch_size is None:
        interrupt_at(monkeypatch, whole + 1, before=True)
    else:
        interrupt_at(monkeypatch, whole * steps + 2)
    message = f"training was interrupted after {whole} epochs"
    with pytest.warns(UserWarning, match=f"^{message}$"):
        estimator = NeuralNetworkClassifier(
            random_state=0, batch_size=batch_size, verbose=verbose
        ).fit(X, Y)
    assert estimator.n_iter_ == whole
    assert bits(estimator) == bits(expected)


def test_an_interruption_while_losses_are_computed_keeps_the_epochs_before(monkeypatch):
    expected = after(11)
    train, count = Descent.train_for_losses, iter(range(9))

    def interrupted(self, *arguments):
        losses = train(self, *arguments)
        if next(count) == 0:
            raise KeyboardInterrupt
        return losses

    monkeypatch.setattr(Descent, "train_for_losses", interrupted)
    with pytest.warns(UserWarning, match=r"^training was interrupted after 11 epochs$"):
        estimator = NeuralNetworkClassifier(random_state=0).fit(X, Y)
    assert bits(estimator) == bits(expected)


@pytest.mark.parametrize("before", [False, True])
def test_an_interruption_in_the_first_epoch_is_raised(monkeypatch, before):
    interrupt_at(monkeypatch, 1, before)
    estimator = NeuralNetworkClassifier(random_state=0, batch_size=50)
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(X, Y)
    assert not hasattr(estimator, "network_")


# --- printed lines ------------------------------------------------------------------------


def test_with_verbose_every_epoch_is_printed(capsys):
    estimator = NeuralNetworkClassifier(random_state=0, verbose=True)
    for _ in range(2):
        estimator.partial_fit(X, Y, np.unique(Y))
    first, second = estimator.loss_curve_
    assert capsys.readouterr().out == f"epoch 1, loss {first:.8f}\nepoch 2, loss {second:.8f}\n"


def test_an_epoch_is_printed_before_the_next_is_trained(monkeypatch, capsys):
    steps, printed = Descent.steps, []

    def recorded(self, *arguments):
        printed.append(capsys.readouterr().out.count("\n"))
        return steps(self, *arguments)

    monkeypatch.setattr(Descent, "steps", recorded)
    with pytest.warns(ConvergenceWarning):
        NeuralNetworkClassifier(max_iter=4, verbose=True).fit(X, Y)
    assert printed == [0, 1, 1, 1]


def test_by_default_nothing_is_printed(capsys):
    after(2)
    assert capsys.readouterr() == ("", "")


def test_the_best_loss_is_the_smallest():
    estimator = NeuralNetworkClassifier((3,), solver="sgd", learning_rate_init=0.1, random_state=0)
    estimator.partial_fit(X, Y, np.unique(Y)).set_params(learning_rate_init=50.0)
    first = estimator.loss_
    for _ in range(3):
        estimator.partial_fit(X, Y)
    assert estimator.loss_ > first
    assert estimator.best_loss_ == sorted(estimator.loss_curve_)[0] < estimator.loss_


def test_it_knows_whether_it_was_fitted_to_these_samples_and_no_others():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), np.array(["a", "b"] * 15)
    network = NeuralNetworkClassifier(tol=1e-1).fit(X, y)
    assert network.is_fitted_to(X, y)
    assert network.is_fitted_to(X.tolist(), list(y))
    assert not network.is_fitted_to(X[:20], y[:20])
    assert not network.is_fitted_to(X, y[::-1])
    assert pickle.loads(pickle.dumps(network)).is_fitted_to(X, y)
    network.partial_fit(X, y)
    assert network.is_fitted_to(X, y)
    network.partial_fit(X[:20], y[:20])
    assert not network.is_fitted_to(X, y)
    assert network.fit(X, y).is_fitted_to(X, y)
