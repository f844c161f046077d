"""Training until the loss settles, or somebody stops it."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

from nnviz.descent import Descent
from nnviz.estimator import NeuralNetworkClassifier
from nnviz.estimator.fitting import End, Fitting

X, Y = load_iris(return_X_y=True)
X = X - X.mean(axis=0)


class Scripted(Fitting):
    """A fitting whose losses are given."""

    def __init__(self, losses):
        self.losses, self.coming = [], iter(losses)

    def epoch(self):
        self.losses.append(next(self.coming))
        return self.losses[-1]


@pytest.mark.parametrize(
    ("losses", "trained", "end"),
    [
        ([9, 8, 7, 6, 5], 5, End.UNSETTLED),
        ([9, 9, 9, 9, 5], 4, End.SETTLED),
        ([9, 8.5, 8.3, 8.1, 8], 4, End.SETTLED),  # a fall of 0.6 would do, of less not
        ([9, 9, 9, 8, 5], 5, End.UNSETTLED),
        ([9, 8, 20, 15, 10], 5, End.SETTLED),  # falling, but not below the best
        ([9, 7, 8, 6, 5.9], 5, End.UNSETTLED),
    ],
)
def test_a_loss_settles_when_it_does_not_fall_below_the_best_for_too_long(losses, trained, end):
    fitting = Scripted(losses)
    assert fitting.settle(5, tolerance=0.6, patience=2) is end
    assert fitting.losses == losses[:trained]


def test_a_loss_that_is_not_finite_is_never_noted():
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


def interrupt_at(monkeypatch, epoch):
    """Have the step of that epoch change the weights, and then a key pressed."""
    count = iter(range(1, 1000))
    train = Descent.train

    def interrupted(self, *arguments):
        rows = train(self, *arguments)
        if next(count) == epoch:
            raise KeyboardInterrupt
        return rows

    monkeypatch.setattr(Descent, "train", interrupted)


def after(epochs):
    estimator = NeuralNetworkClassifier(random_state=0)
    for _ in range(epochs):
        estimator.partial_fit(X, Y, np.unique(Y))
    return estimator


def test_an_interruption_keeps_the_last_whole_epoch(monkeypatch):
    expected = after(4)
    interrupt_at(monkeypatch, 5)
    with pytest.warns(UserWarning, match=r"^training was interrupted after 4 epochs$"):
        estimator = NeuralNetworkClassifier(random_state=0).fit(X, Y)
    assert estimator.n_iter_ == 4
    assert estimator.loss_curve_ == expected.loss_curve_
    np.testing.assert_array_equal(estimator.coefs_[0], expected.coefs_[0])


def test_an_interruption_before_the_first_epoch_is_one(monkeypatch):
    interrupt_at(monkeypatch, 1)
    estimator = NeuralNetworkClassifier(random_state=0)
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(X, Y)
    assert not hasattr(estimator, "network_")


def test_every_epoch_is_printed_where_asked(capsys):
    estimator = NeuralNetworkClassifier(random_state=0, verbose=True)
    for _ in range(2):
        estimator.partial_fit(X, Y, np.unique(Y))
    first, second = estimator.loss_curve_
    assert capsys.readouterr().out == f"epoch 1, loss {first:.8f}\nepoch 2, loss {second:.8f}\n"


def test_nothing_is_printed_otherwise(capsys):
    after(2)
    assert capsys.readouterr() == ("", "")


def test_the_best_loss_is_the_least_and_not_the_last():
    estimator = NeuralNetworkClassifier((3,), solver="sgd", learning_rate_init=0.1, random_state=0)
    estimator.partial_fit(X, Y, np.unique(Y)).set_params(learning_rate_init=50.0)
    first = estimator.loss_
    for _ in range(3):
        estimator.partial_fit(X, Y)
    assert estimator.loss_ > first
    assert estimator.best_loss_ == sorted(estimator.loss_curve_)[0] < estimator.loss_
