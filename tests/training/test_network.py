"""Forward and backward pass against central differences, scikit-learn and numbers by hand."""

import copy
import math
import pickle
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from nnviz import Network
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.outputs import OUTPUTS
from nnviz.training.network import penalty

X = np.random.default_rng(11).normal(size=(7, 2))
Y = np.array([0, 1, 1, 0, 1, 0, 1])


def random_weights(hidden, n_out, seed=12):
    rng = np.random.default_rng(seed)
    sizes = (2, *hidden, n_out)
    return [rng.normal(0, 0.8, (a + 1, b)) for a, b in pairwise(sizes)]


# --- gradients ------------------------------------------------------------------------


def difference(network, layer, place, h=1e-6, **regularised):
    """The slope of the objective by one weight, from the objective on either side of it."""
    sides = []
    for step in (h, -h):
        weights = [w.copy() for w in network.weights]
        weights[layer][place] += step
        moved = Network(weights, network.activation.name, network.output.name)
        sides.append(moved.loss_and_gradients(X, Y, **regularised)[0])
    return (sides[0] - sides[1]) / (2 * h)


# the seeds are chosen once and for all: no z of these networks lies within h of a kink
@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("activation", "hidden"),
    [("tanh", ())] + [(name, hidden) for name in ACTIVATIONS for hidden in ((4,), (4, 3))],
)
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.03, 0.7)])
def test_gradients_are_central_differences_of_the_objective(activation, hidden, output, l1, l2):
    weights = random_weights(hidden, OUTPUTS[output].units(2))
    network = Network(weights, activation, output)
    _, gradients = network.loss_and_gradients(X, Y, l1=l1, l2=l2)
    for layer, gradient in enumerate(gradients):
        expected = np.empty_like(gradient)
        for place in np.ndindex(gradient.shape):
            expected[place] = difference(network, layer, place, l1=l1, l2=l2)
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


def test_a_pass_that_runs_over_warns_of_nothing():
    network = Network([[[1e200], [1e200]], [[0.0, 1.0], [1e200, -1e200]]], "identity")
    with np.errstate(all="raise"):
        run = network.forward([[1e200], [0.0]])
    np.testing.assert_array_equal(run.z[0], [[np.inf, 1e200]])


def test_gradients_that_run_over_warn_of_nothing():
    network = Network(
        [np.full((3, 2), 1e150), np.array([[0, 0], [1e150, 0], [0, -1e150]])], "identity"
    )
    loss, gradients = network.loss_and_gradients([[1e100, 1e100], [-1e100, 0]], [1, 0])
    assert not np.isfinite([loss, *gradients[0].ravel()]).all()


def test_a_loss_that_runs_over_warns_of_nothing():
    network = Network([[[1.5e308, -1.5e308], [0.0, 0.0]]])
    with np.errstate(all="raise"):
        assert network.loss_and_gradients([[0.0]], [1])[0] == np.inf


def test_gradients_of_a_hidden_step_layer_are_zero_below_it():
    network = Network(random_weights((4,), 2), "step")
    _, gradients = network.loss_and_gradients(X, Y)
    np.testing.assert_array_equal(gradients[0], 0.0)
    assert np.abs(gradients[1]).min() > 0


def test_a_worked_example_in_the_notation_of_the_lecture():
    # x = (1, 2, −1)                      with the 1 in front
    # z = ½ ln 3 − 1 + 2 − 1 · 1 = ½ ln 3  and tanh(½ ln 3) = ½, whose slope is 1 − ¼ = ¾
    # logits = (0, ln 3 − 1 + 2 · ½) = (0, ln 3), so s = (¼, ¾); with y = (1, 0): J = −ln ¼
    log3 = math.log(3)
    weights = [[[log3 / 2 - 1], [1], [1]], [[0, log3 - 1], [0, 2]]]
    network = Network(weights, "tanh", "softmax")
    loss, (first, last) = network.loss_and_gradients([[2, -1]], [0])
    np.testing.assert_allclose(network.predict_proba([[2, -1]]), [[1 / 4, 3 / 4]])
    run = network.forward([[2, -1]])
    np.testing.assert_allclose(run.z, [[[log3 / 2]]])
    np.testing.assert_allclose(run.units, [[[1], [1 / 2]]])
    np.testing.assert_allclose(run.logits, [[0], [log3]], atol=1e-15)
    np.testing.assert_allclose(run.outputs, [[1 / 4], [3 / 4]])
    assert loss == pytest.approx(math.log(4))
    # ∂J/∂z = s − y = (−¾, ¾), times (1, ½) from below
    np.testing.assert_allclose(last, [[-3 / 4, 3 / 4], [-3 / 8, 3 / 8]])
    # ∂J/∂a = 2 · ¾ = 3/2, ∂J/∂z = 3/2 · ¾ = 9/8, times (1, 2, −1)
    np.testing.assert_allclose(first, [[9 / 8], [9 / 4], [-9 / 8]])


def test_the_loss_is_a_mean_so_samples_given_twice_change_nothing():
    network = Network(random_weights((3,), 2))
    once, gradients_once = network.loss_and_gradients(X, Y)
    twice, gradients_twice = network.loss_and_gradients(np.tile(X, (2, 1)), np.tile(Y, 2))
    assert twice == pytest.approx(once, rel=1e-12)
    for a, b in zip(gradients_once, gradients_twice, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)


# --- regularisation -------------------------------------------------------------------


def test_biases_are_not_regularised():
    network = Network(random_weights((4,), 3))
    loss, gradients = network.loss_and_gradients(X, Y)
    penalised, regularised = network.loss_and_gradients(X, Y, l1=0.5, l2=0.25)
    for plain, pulled in zip(gradients, regularised, strict=True):
        np.testing.assert_array_equal(plain[0], pulled[0])
        assert (plain[1:] != pulled[1:]).all()
    entries = [w for matrix in network.weights for row in matrix[1:] for w in row]
    penalty = 0.5 * sum(abs(w) for w in entries) + 0.125 * sum(w * w for w in entries)
    assert penalised == pytest.approx(loss + penalty)


def test_a_weight_at_0_feels_no_pull_from_l1():
    _, (gradient,) = Network([np.zeros((3, 2))]).loss_and_gradients(X, Y)
    _, (pulled,) = Network([np.zeros((3, 2))]).loss_and_gradients(X, Y, l1=0.5)
    np.testing.assert_array_equal(gradient, pulled)


@pytest.mark.parametrize(
    ("size", "l1", "l2", "expected"),
    [(1e200, 0, 0, 0), (1e200, 0.5, 0, 1e200), (1e200, 0, 0.1, np.inf), (1e200, 0.5, 0.1, np.inf),
     (1e308, 0, 0, 0), (1e308, 0.5, 0, np.inf)],
)  # fmt: skip
def test_the_penalty_of_weights_whose_sums_overflow_is_a_number(size, l1, l2, expected):
    assert penalty(np.array([[size], [size]]), l1, l2) == expected


# --- predictions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "theirs"), [("tanh", "tanh"), ("relu", "relu"), ("sigmoid", "logistic")]
)
def test_predictions_agree_with_scikit_learn(activation, theirs):
    labels = np.arange(7) % 3
    other = MLPClassifier((5, 4), activation=theirs, solver="lbfgs", max_iter=20_000, alpha=1.0)
    other.fit(X, labels)
    weights = [np.vstack(pair) for pair in zip(other.intercepts_, other.coefs_, strict=True)]
    network = Network(weights, activation, "softmax")
    np.testing.assert_allclose(network.predict_proba(X), other.predict_proba(X), rtol=1e-10)
    loss, _ = network.loss_and_gradients(X, labels)
    assert loss == pytest.approx(log_loss(labels, other.predict_proba(X)))


def test_without_hidden_layers_softmax_is_of_a_linear_function_of_the_inputs():
    (w,) = random_weights((), 3)
    expected = scipy_softmax(w[0] + X @ w[1:], axis=1)
    np.testing.assert_allclose(Network([w]).predict_proba(X), expected, rtol=1e-12)


def test_without_hidden_layers_sigmoid_is_logistic_regression():
    (w,) = random_weights((), 1)
    p = expit(w[0, 0] + X @ w[1:, 0])
    expected = np.column_stack([1 - p, p])
    np.testing.assert_allclose(Network([w], output="sigmoid").predict_proba(X), expected)


def test_the_perceptron_says_only_yes_or_no():
    proba = Network([[[0.0], [1.0], [-1.0]]], output="step").predict_proba([[2, 1], [1, 2], [1, 1]])
    np.testing.assert_array_equal(proba, [[0, 1], [1, 0], [0, 1]])  # z = 0 is a yes


def test_the_perceptrons_gradient_is_its_rule_w_moves_by_a_wrong_sample():
    network = Network([[[0.5], [1.0], [-1.0]]], output="step")
    _, (gradient,) = network.loss_and_gradients([[3, 1]], [0])  # z = 2.5, wrongly a yes
    np.testing.assert_array_equal(gradient[:, 0], [1, 3, 1])
    _, (gradient,) = network.loss_and_gradients([[3, 1]], [1])
    np.testing.assert_array_equal(gradient, 0.0)


@pytest.mark.parametrize("output", OUTPUTS)
def test_probabilities_of_huge_logits_are_finite_and_add_up_to_one(output):
    weights = [w * 1e6 for w in random_weights((3,), OUTPUTS[output].units(2))]
    network = Network(weights, "identity", output)
    proba = network.predict_proba(X)
    assert proba.shape == (7, 2)
    np.testing.assert_allclose(proba.sum(axis=1), 1.0)
    loss, gradients = network.loss_and_gradients(X, Y)
    assert math.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in gradients)


def test_a_prediction_of_one_sample_is_the_same_as_among_many():
    network = Network(random_weights((4,), 3))
    together = network.predict_proba(X)
    for row, alone in zip(together, X, strict=True):
        np.testing.assert_allclose(network.predict_proba([alone])[0], row, rtol=1e-12)


def test_no_samples_are_no_predictions():
    assert Network(random_weights((4,), 3)).predict_proba(np.empty((0, 2))).shape == (0, 3)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_class_predicted_is_the_most_probable_one(k):
    directions = 2 * np.pi * np.arange(k) / k  # logit j is largest in slice j of the plane
    network = Network([[np.zeros(k), np.cos(directions), np.sin(directions)]])
    turns = np.random.default_rng(5).uniform(0, k, 50)
    samples = np.column_stack([np.cos(2 * np.pi * turns / k), np.sin(2 * np.pi * turns / k)])
    np.testing.assert_array_equal(network.predict(samples), np.round(turns).astype(int) % k)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_a_copy_of_a_network_has_weights_of_its_own(copied):
    network = Network(random_weights((4,), 1), "sine", "sigmoid")
    before = network.predict_proba(X)
    other = copied(network)
    np.testing.assert_array_equal(other.predict_proba(X), before)
    for weights in other.weights:
        weights[:] = 0.0
    np.testing.assert_array_equal(network.predict_proba(X), before)
    np.testing.assert_array_equal(other.predict_proba(X), 0.5)


@pytest.mark.parametrize("dtype", [int, np.float32, np.float64])
def test_weights_may_be_numbers_of_any_kind_and_are_held_in_double_precision(dtype):
    network = Network([np.ones((3, 4), dtype), np.ones((5, 2), dtype)])
    assert {w.dtype for w in network.weights} == {np.dtype(np.float64)}


def test_a_network_has_its_own_copy_of_the_weights():
    weights = random_weights((), 2)
    network = Network(weights)
    before = network.predict_proba(X)
    weights[0][:] = 9.0
    np.testing.assert_array_equal(network.predict_proba(X), before)
