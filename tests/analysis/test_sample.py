"""One sample's numbers against the engine, central differences, autograd and pen and paper."""

import math
from itertools import pairwise

import numpy as np
import pytest

from nnviz import Network
from nnviz.analysis.sample import explain, finite_difference, nudged_losses
from nnviz.choices.activations import ACTIVATIONS

RNG = np.random.default_rng(5)
X = np.array([0.8, -1.3])
CORNERED = {"step", "relu", "leaky_relu"}  # where φ has a corner a difference may straddle it


def network(output, activation="tanh", hidden=(3, 4)):
    sizes = [2, *hidden, 3 if output == "softmax" else 1]
    weights = [RNG.normal(size=(a + 1, b)) for a, b in pairwise(sizes)]
    return Network(weights, activation, output)


def every_weight(net):
    for layer, w in enumerate(net.weights):
        for row, column in np.ndindex(w.shape):
            yield layer, row, column


# --- the numbers hang together ----------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", ["softmax", "sigmoid", "step"])
@pytest.mark.parametrize("label", [0, 1])
def test_loss_and_gradients_are_the_engines(activation, output, label):
    net = network(output, activation)
    explanation = explain(net, X, label)
    loss, gradients = net.loss_and_gradients([X], [label])
    assert explanation.loss == pytest.approx(loss, rel=1e-12)
    for layer, gradient in zip(explanation.layers, gradients, strict=True):
        np.testing.assert_allclose(layer.gradient, gradient, rtol=1e-12, atol=1e-15)
    if output != "step":
        ours = (
            explanation.y_hat
            if output == "softmax"
            else [1 - explanation.y_hat[0], explanation.y_hat[0]]
        )
        np.testing.assert_allclose(ours, net.predict_proba([X])[0], rtol=1e-12)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_the_chain_rule_through_the_jacobian_gives_y_hat_minus_y(output):
    for label in (0, 1):
        explanation = explain(network(output), X, label)
        np.testing.assert_allclose(
            explanation.jacobian.T @ explanation.loss_slope, explanation.y_hat - explanation.y
        )
        np.testing.assert_allclose(explanation.layers[-1].delta, explanation.y_hat - explanation.y)


def test_every_layers_input_is_the_output_below_with_a_1_in_front():
    explanation = explain(network("softmax"), X, 2)
    np.testing.assert_array_equal(explanation.layers[0].x, [1, *X])
    for below, above in pairwise(explanation.layers):
        np.testing.assert_array_equal(above.x, [1, *below.o])
        np.testing.assert_allclose(below.delta, above.W[1:] @ above.delta * below.slope)


def test_the_shift_leaves_the_softmax_as_it_is():
    explanation = explain(network("softmax"), X, 0)
    assert explanation.shift == explanation.layers[-1].z.max()
    np.testing.assert_allclose(
        explanation.exponentials / explanation.exponentials.sum(), explanation.y_hat
    )
    plain = np.exp(explanation.layers[-1].z)
    np.testing.assert_allclose(explanation.y_hat, plain / plain.sum())


# --- against something else -------------------------------------------------------------


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS) - CORNERED))
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_gradients_are_what_central_differences_say(activation, output):
    net = network(output, activation)
    explanation = explain(net, X, 1)
    for layer, row, column in every_weight(net):
        difference = finite_difference(net, X, 1, (layer, row, column))
        assert explanation.layers[layer].gradient[row, column] == pytest.approx(
            difference, rel=1e-5, abs=1e-8
        )


def test_gradients_are_those_of_autograd():
    torch = pytest.importorskip("torch", reason="compares with PyTorch where that is installed")
    net = network("softmax")
    weights = [torch.tensor(w, requires_grad=True) for w in net.weights]
    o = torch.tensor(X)
    for w in weights:
        z = w[0] + o @ w[1:]
        o = torch.tanh(z)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(2))
    loss.backward()
    explanation = explain(net, X, 2)
    assert explanation.loss == pytest.approx(loss.item(), rel=1e-12)
    for layer, w in zip(explanation.layers, weights, strict=True):
        np.testing.assert_allclose(layer.gradient, w.grad, rtol=1e-10, atol=1e-14)


def test_a_scene_worked_by_hand():
    # x = (1, 2, 1), one sigmoid unit a = σ(0) = ½, then z = (ln 2, 0) and ŷ = (⅔, ⅓)
    first = [[-3.0], [1.0], [1.0]]
    second = [[0.0, -1.0], [2 * math.log(2), 2.0]]
    explanation = explain(Network([first, second], "sigmoid"), [2.0, 1.0], 0)
    hidden, last = explanation.layers
    np.testing.assert_allclose(hidden.z, [0])
    np.testing.assert_allclose(hidden.o, [1 / 2])
    np.testing.assert_allclose(hidden.slope, [1 / 4])
    np.testing.assert_allclose(last.z, [math.log(2), 0], atol=1e-15)
    np.testing.assert_allclose(explanation.exponentials, [1, 1 / 2])
    np.testing.assert_allclose(explanation.y_hat, [2 / 3, 1 / 3])
    assert explanation.loss == pytest.approx(math.log(3 / 2))
    np.testing.assert_allclose(explanation.loss_slope, [-3 / 2, 0])
    np.testing.assert_allclose(explanation.jacobian, [[2 / 9, -2 / 9], [-2 / 9, 2 / 9]])
    np.testing.assert_allclose(last.delta, [-1 / 3, 1 / 3])
    np.testing.assert_allclose(last.gradient, [[-1 / 3, 1 / 3], [-1 / 6, 1 / 6]])
    delta = (2 * math.log(2) * -1 / 3 + 2 / 3) / 4
    np.testing.assert_allclose(hidden.delta, [delta])
    np.testing.assert_allclose(hidden.gradient, [[delta], [2 * delta], [delta]])


# --- at the edge ------------------------------------------------------------------------


def test_numbers_that_run_over_leave_loss_and_gradient_right():
    sure = Network([[[0.0, 0.0], [1e4, 0.0], [0.0, 0.0]]])
    explanation = explain(sure, [1.0, 0.0], 1)
    assert explanation.loss == 1e4
    np.testing.assert_array_equal(explanation.layers[0].delta, [1, -1])
    np.testing.assert_array_equal(explanation.loss_slope, [0, -np.inf])


def test_a_step_has_no_slope_to_show():
    explanation = explain(network("step", hidden=()), X, 1)
    assert explanation.loss_slope is None
    assert explanation.jacobian is None
    assert explanation.shift is None


@pytest.mark.parametrize(
    ("x", "label", "sentence"),
    [
        ([1.0], 0, r"x must have shape \(2,\); got \(1,\)"),
        ([[1.0, 2.0]], 0, r"x must have shape \(2,\); got \(1, 2\)"),
        (X, 3, "label must be 0…2; got 3"),
        (X, -1, "label must be 0…2; got -1"),
    ],
)
def test_what_does_not_fit_the_network_is_refused(x, label, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        explain(network("softmax"), x, label)


def test_a_difference_leaves_the_network_as_it_is():
    net = network("softmax")
    before = [w.copy() for w in net.weights]
    finite_difference(net, X, 0, (1, 0, 2))
    for w, old in zip(net.weights, before, strict=True):
        np.testing.assert_array_equal(w, old)
    with pytest.raises(IndexError):
        finite_difference(net, X, 0, (1, 9, 0))


def test_a_finite_difference_goes_the_step_it_is_given():
    net = network("softmax")
    wide = finite_difference(net, X, 0, (1, 0, 0), h=0.5)
    above, below = nudged_losses(net, X, 0, (1, 0, 0), h=0.5)
    assert wide == above - below
    assert wide != finite_difference(net, X, 0, (1, 0, 0))
