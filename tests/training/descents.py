"""Descents on a few samples, and their steps by hand, for tests."""

import numpy as np

from nnviz import Network
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.initialisers import INITIALISERS, initial_weights
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.choices.outputs import OUTPUTS
from nnviz.training.descent import Descent, Settings

RNG = np.random.default_rng(21)
X = RNG.normal(size=(9, 2))
Y = np.array([0, 1, 2, 2, 1, 0, 0, 1, 2])
START = initial_weights(INITIALISERS["glorot"], RNG, (2, 4, 3))


def descent_of(n_train, weights=START, labels=Y):
    return Descent(
        weights=weights,
        activation=ACTIVATIONS["tanh"],
        output=OUTPUTS["softmax"],
        inputs=np.vstack([np.ones(len(X)), X.T]),
        labels=labels,
        n_train=n_train,
        n_classes=3,
    )


def settings(optimiser="sgd", learning_rate=0.3, batch_size=None, l1=0.0, l2=0.0):
    return Settings(OPTIMISERS[optimiser], learning_rate, batch_size, l1, l2)


def step_by_hand(weights, rows, rate, **regularised):
    """Plain gradient descent on some samples, with the gradients of ``Network``."""
    _, gradients = Network(weights).loss_and_gradients(X[rows], Y[rows], **regularised)
    return [w - rate * g for w, g in zip(weights, gradients, strict=True)]


def agree(weights, expected):
    pairs = zip(weights, expected, strict=True)
    return all(np.allclose(w, e, rtol=1e-10, atol=1e-12) for w, e in pairs)
