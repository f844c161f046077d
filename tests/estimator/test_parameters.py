"""Valid parameters of the classifier, and the errors for others."""

import re

import numpy as np
import pytest
from sklearn.datasets import load_iris

from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.estimator import NeuralNetworkClassifier
from nnviz.estimator.parameters import RULES, hidden_units, output_name, samples_per_step

X, Y = load_iris(return_X_y=True)

BATCH = "batch_size must be None for all samples, auto, or a whole number 1 or above"
BROKEN = [
    ({"activation": "swish"}, f"activation must be one of {', '.join(ACTIVATIONS)}, logistic"),
    ({"activation": ["tanh"]}, f"activation must be one of {', '.join(ACTIVATIONS)}, logistic"),
    ({"output": "step"}, "output must be one of auto, softmax, sigmoid"),
    ({"solver": "lbfgs"}, f"solver must be one of {', '.join(OPTIMISERS)}"),
    ({"init": "ones"}, "init must be one of glorot, he, normal, zeros"),
    *(({"learning_rate_init": v}, "learning_rate_init must be a number above 0")
      for v in (0, -1.0, np.nan, np.inf, "0.1", True)),
    *(({"batch_size": v}, BATCH) for v in (0, 2.5, "all", False, np.array([1, 2]))),
    *(({"max_iter": v}, "max_iter must be a whole number 1 or above") for v in (0, 10.0, True)),
    *(({name: v}, f"{name} must be a number 0 or above")
      for name in ("alpha", "l1", "tol") for v in (-1e-9, np.nan, None)),
    *(({"n_iter_no_change": v}, "n_iter_no_change must be a whole number 1 or above, or infinity")
      for v in (0, 1.5, -np.inf)),
    ({"warm_start": 1}, "warm_start must be true or false"),
    ({"verbose": -1}, "verbose must be true or false, or a whole number 0 or above"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "rule"), BROKEN)
def test_an_invalid_parameter_raises_when_the_fit_begins(parameters, rule):
    (offender,) = parameters.values()
    estimator = NeuralNetworkClassifier(**parameters)  # no error yet: scikit-learn's convention
    for call in (estimator.fit, lambda X, y: estimator.partial_fit(X, y, np.unique(y))):
        with pytest.raises(ValueError, match=f"^{re.escape(f'{rule}; got {offender}')}$"):
            call(X, Y)


def test_every_rule_is_broken_above():
    assert {name for parameters, _ in BROKEN for name in parameters} == set(RULES)


def test_every_parameter_is_checked():
    names = set(NeuralNetworkClassifier().get_params())
    assert names - set(RULES) == {"hidden_layer_sizes", "random_state"}


def test_the_error_names_all_invalid_parameters():
    message = "solver must be one of .*; got newton; max_iter must be .*; got 0$"
    with pytest.raises(ValueError, match=message):
        NeuralNetworkClassifier(solver="newton", max_iter=0).fit(X, Y)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "logistic"])
@pytest.mark.parametrize("solver", OPTIMISERS)
def test_every_name_of_the_tables_trains(activation, solver):
    estimator = NeuralNetworkClassifier(
        (3,), activation, solver=solver, learning_rate_init=np.float32(0.01)
    )
    for _ in range(2):
        estimator.partial_fit(X, Y, np.unique(Y))
    assert np.isfinite(estimator.loss_)
    name = "sigmoid" if activation == "logistic" else activation
    assert estimator.network_.activation.name == name


@pytest.mark.parametrize(
    ("value", "units"),
    [(7, (7,)), ((), ()), ([4, 3], (4, 3)), (np.array([5, 2]), (5, 2)), (np.int64(6), (6,))],
)
def test_hidden_units(value, units):
    assert hidden_units(value) == units


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((3, 0), "hidden_layer_sizes must be whole numbers 1 or above; got 0 in layer 2"),
        (2.5, "hidden_layer_sizes must be whole numbers 1 or above; got 2.5 in layer 1"),
        ("10", "hidden_layer_sizes must be a whole number or a sequence of them; got 10"),
        (None, "hidden_layer_sizes must be a whole number or a sequence of them; got None"),
    ],
)
def test_invalid_hidden_units_raise(value, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        NeuralNetworkClassifier(value).fit(X, Y)


@pytest.mark.parametrize(
    ("value", "n_classes", "name"),
    [("auto", 1, "sigmoid"), ("auto", 2, "sigmoid"), ("auto", 3, "softmax"),
     ("softmax", 2, "softmax"), ("sigmoid", 2, "sigmoid"), ("softmax", 5, "softmax")],
)  # fmt: skip
def test_the_output_depends_on_the_number_of_classes(value, n_classes, name):
    assert output_name(value, n_classes) == name


@pytest.mark.parametrize(
    ("value", "n_samples", "size"),
    [(None, 500, 500), ("auto", 500, 200), ("auto", 50, 50), (32, 500, 32), (32, 20, 20)],
)
def test_samples_per_step(value, n_samples, size):
    assert samples_per_step(value, n_samples) == size
