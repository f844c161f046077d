"""Fitted classifiers, and the samples they are fitted to."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import StandardScaler

from nnviz.estimator import NeuralNetworkClassifier

NEVER_SETTLE = {"tol": 0.0, "n_iter_no_change": np.inf}  # train to the last epoch
PAGE = {"solver": "sgd", "learning_rate_init": 0.5}  # the page's defaults


def scaled(load):
    X, y = load(return_X_y=True)
    return StandardScaler().fit_transform(X), y


IRIS = scaled(load_iris)
TUMOURS = scaled(load_breast_cancer)


def fitted(X, y, epochs=20, **parameters):
    """A classifier after this number of epochs, settled or not."""
    estimator = NeuralNetworkClassifier(
        max_iter=epochs, **{"random_state": 0, **NEVER_SETTLE, **PAGE, **parameters}
    )
    with pytest.warns(ConvergenceWarning):
        return estimator.fit(X, y)


def fit_again(estimator, X, y):
    with pytest.warns(ConvergenceWarning):
        return estimator.fit(X, y)


def assert_same(one, other):
    for a, b in zip(one.network_.weights, other.network_.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert one.loss_curve_ == other.loss_curve_
