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
from nnviz.training import network as module
from nnviz.training.network import Pass, aligned, penalty

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


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda it: pickled(it)])
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


# --- buffers --------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3, 7), (2, 4, 5), (1, 1), (10, 0)])
def test_buffers_start_at_a_cache_line_and_are_zeros_to_be_written(shape, dtype):
    held = [aligned(shape, dtype) for _ in range(9)]  # wherever memory happens to be free
    for buffer in held:
        assert buffer.ctypes.data % 64 == 0 or not buffer.size
        assert (buffer.shape, buffer.dtype) == (shape, dtype)
        assert buffer.flags.c_contiguous
        assert not buffer.any()
        buffer += 1  # which reaches no other


# --- buffers of a pass ------------------------------------------------------------------

SIZES = (2, 5, 3, 6, 1, 4, 3)


def pickled(run):
    return pickle.loads(pickle.dumps(run))


def buffers(run):
    return [*run.z, *run.units, run.logits, run.outputs]


def passed(activation, **options):
    """Logits and gradients of two passes over other samples, one after the other."""
    rng = np.random.default_rng(6)
    weights = [rng.normal(size=(n_in + 1, n_out)) for n_in, n_out in pairwise(SIZES)]
    run = Pass(SIZES, 7, ACTIVATIONS[activation], OUTPUTS["softmax"], **options)
    found = []
    for _ in range(2):
        inputs = np.vstack([np.ones(7), rng.normal(size=(2, 7))])
        gradients = [np.zeros_like(w) for w in weights]
        run.forward(weights, inputs)
        if run.learn:
            run.backward(weights, inputs, np.eye(3)[:, rng.integers(0, 3, run.learn)], gradients)
        found += [run.logits.copy(), *gradients]
    return found


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("learn", [5, 7])
def test_layers_that_share_buffers_learn_what_layers_with_their_own_do(activation, learn):
    shared, own = (passed(activation, learn=learn, keep=keep) for keep in (False, True))
    for one, two in zip(shared, own, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_pass_that_only_looks_says_the_same_with_shared_buffers(activation):
    shared, own = (passed(activation, learn=0, keep=keep) for keep in (False, True))
    for one, two in zip(shared, own, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("block", [3, 7, 100])
def test_layers_multiplied_in_blocks_give_the_same(monkeypatch, block):
    whole = passed("sine", learn=5)
    monkeypatch.setattr(module, "SMALL", 0)
    for one, two in zip(passed("sine", learn=5, block=block), whole, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "block", "widths"),
    [
        (501, 128, [128, 128, 128, 117]),
        (512, 128, [128] * 4),
        (500, 128, []),  # 50 · 40 · 500 multiplications are a million
        (600, 600, []),
        (601, 600, [600, 1]),
    ],
)
def test_blocks_are_made_of_more_than_a_million_multiplications(n, block, widths):
    run = Pass((2, 49, 40, 2), n, ACTIVATIONS["tanh"], OUTPUTS["softmax"], block=block)
    run.units[0][:] = run.z[1][0] = np.arange(n)
    first, second = run._blocks
    assert first == []
    assert [(part.shape, out.shape) for part, out in second] == [
        ((50, width), (40, width)) for width in widths
    ]
    for blocks in zip(*second, strict=True):  # one after the other
        np.testing.assert_array_equal(np.concatenate(blocks, axis=1)[0], np.arange(n))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled], ids=lambda f: f.__name__)
@pytest.mark.parametrize("learn", [0, 5])
def test_a_copy_of_a_pass_goes_its_own_way(copied, learn):
    rng = np.random.default_rng(7)
    weights = [rng.normal(size=(n_in + 1, n_out)) for n_in, n_out in pairwise(SIZES)]
    inputs, targets = (
        np.vstack([np.ones(7), rng.normal(size=(2, 7))]),
        np.eye(3)[:, [0, 1, 2, 1, 0]],
    )
    run = Pass(SIZES, 7, ACTIVATIONS["tanh"], OUTPUTS["softmax"], learn=learn, keep=True, block=3)
    run.forward(weights, inputs)
    other = copied(run)
    for one, two in zip(buffers(run), buffers(other), strict=True):
        np.testing.assert_array_equal(one, two)
        assert not np.shares_memory(one, two)
    if learn:
        gradients = [[np.empty_like(w) for w in weights] for _ in range(2)]
        run.backward(weights, inputs, targets, gradients[0])
        other.backward(weights, inputs, targets, gradients[1])
        for one, two in zip(*gradients, strict=True):
            np.testing.assert_array_equal(one, two)
        assert other.share == run.share == 1 / 5
    before = run.logits.copy()
    other.forward([2 * w for w in weights], inputs)
    assert not np.array_equal(other.logits, before)
    np.testing.assert_array_equal(run.logits, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_buffers_of_a_pass_have_its_type(dtype):
    run = Pass(SIZES, 7, ACTIVATIONS["tanh"], OUTPUTS["softmax"], dtype=dtype)
    assert {each.dtype for each in [*buffers(run), *run._errors]} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    ("activation", "learn", "shared_z", "shared_units"),
    [("tanh", 7, True, False), ("sine", 7, False, False), ("sine", 0, True, True)],
)
def test_layers_share_what_memory_they_can(activation, learn, shared_z, shared_units):
    run = Pass(SIZES, 7, ACTIVATIONS[activation], OUTPUTS["softmax"], learn=learn)
    assert np.shares_memory(run.z[0], run.z[1]) == shared_z
    assert np.shares_memory(run.units[0], run.units[2]) == shared_units
    assert not np.shares_memory(run.units[0], run.units[1])  # one is read, the next is written
    errors = run._errors
    assert {error.shape[1] for error in errors} == {learn}  # none where nothing is learnt
    assert np.shares_memory(errors[0], errors[2]) == (learn > 0)
    assert not np.shares_memory(errors[0], errors[1])


def test_a_pass_to_be_looked_at_keeps_every_layer():
    network = Network([np.ones((n_in + 1, n_out)) for n_in, n_out in pairwise(SIZES)])
    run = network.forward(np.zeros((4, 2)))
    layers = [*run.z, *run.units]
    assert not any(np.shares_memory(one, two) for i, one in enumerate(layers) for two in layers[:i])
    for z, units in zip(run.z, run.units, strict=True):
        np.testing.assert_array_equal(units, np.vstack([np.ones(4), np.tanh(z)]))


def test_a_pass_goes_by_what_is_in_the_weights_now():
    run = Pass((1, 2), 1, ACTIVATIONS["tanh"], OUTPUTS["softmax"])
    weights, inputs = [np.zeros((2, 2))], np.ones((2, 1))
    run.forward(weights, inputs)
    views = run._turned
    weights[0][:] = [[1.0, 2.0], [3.0, 5.0]]  # in place
    run.forward(weights, inputs)
    assert run._turned is views  # which cost as much as a small batch
    np.testing.assert_array_equal(run.logits, [[4.0], [7.0]])
    run.forward([np.array([[0.0, 1.0], [2.0, 3.0]])], inputs)  # another list
    np.testing.assert_array_equal(run.logits, [[2.0], [4.0]])


@pytest.mark.parametrize(
    ("l1", "l2", "expected"),
    [(0, 0, 0), (0.5, 0, 5e199), (0, 0.1, np.inf), (0.5, 0.1, np.inf)],
)
def test_the_penalty_of_weights_whose_square_overflows_is_a_number(l1, l2, expected):
    assert penalty(np.array([[1e200]]), l1, l2) == expected
