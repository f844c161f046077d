"""Softmax, cross-entropy and the three output layers."""

import math
import re

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import log_loss

from nnviz.choices.outputs import (
    OUTPUTS,
    cross_entropy,
    cross_entropy_slope,
    one_hot,
    softmax,
    softmax_jacobian,
)
from tests.thresholds import REFUSED

RNG = np.random.default_rng(5)
Z = RNG.normal(0, 2, (6, 3))  # (n_samples, k)
LABELS = np.array([0, 2, 1, 1, 0, 2])


# --- the lecture's formulas -----------------------------------------------------------


def test_softmax_of_a_worked_example():
    # e^0 : e^(ln 3) : e^(ln 4) = 1 : 3 : 4
    np.testing.assert_allclose(softmax([0, math.log(3), math.log(4)]), [1 / 8, 3 / 8, 4 / 8])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_agrees_with_scipy_along_any_axis(axis):
    np.testing.assert_allclose(softmax(Z, axis=axis), scipy_softmax(Z, axis=axis), rtol=1e-14)


def test_softmax_of_extreme_logits_is_one_and_zeros():
    np.testing.assert_array_equal(softmax([1e4, -1e4, 0.0]), [1.0, 0.0, 0.0])


def test_softmax_shifts_each_sample_by_its_own_largest_logit():
    np.testing.assert_allclose(softmax([[0.0, 0.0], [1e4, 1e4]]), np.full((2, 2), 0.5))


def test_formulas_work_in_double_precision_whatever_they_are_given():
    single = np.array([0.1, 0.7, 0.2], np.float32)
    double = single.astype(float)
    np.testing.assert_array_equal(softmax(single), softmax(double))
    assert cross_entropy(np.eye(3)[1], single) == -math.log(double[1])
    small = np.array([0, 1, 0], np.uint8)  # −1 is no uint8
    np.testing.assert_array_equal(cross_entropy_slope(small, single), [0, -1 / double[1], 0])


def test_softmax_jacobian_is_the_central_difference():
    z, h = Z[0], 1e-6
    steps = h * np.eye(3)
    expected = np.column_stack(
        [(scipy_softmax(z + d) - scipy_softmax(z - d)) / 2 / h for d in steps]
    )
    np.testing.assert_allclose(softmax_jacobian(z), expected, atol=1e-9)


def test_softmax_jacobian_wants_one_sample():
    sentence = "z must be one sample of shape (k,); got shape (6, 3)"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        softmax_jacobian(Z)


def test_one_hot_marks_the_column_of_the_label():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize(("labels", "got"), [([0, 3], "0…3"), ([-1, 2], "-1…2")])
def test_one_hot_refuses_labels_there_is_no_class_for(labels, got):
    with pytest.raises(ValueError, match=f"^labels must be 0…2; got {got}$"):
        one_hot(labels, 3)


def test_cross_entropy_is_the_sum_that_scikit_learn_gives():
    y_hat = scipy_softmax(Z, axis=1)
    expected = log_loss(LABELS, y_hat, normalize=False)
    assert cross_entropy(one_hot(LABELS, 3), y_hat) == pytest.approx(expected, rel=1e-12)


def test_cross_entropy_counts_0_log_0_as_0_and_a_denied_truth_as_infinite():
    assert cross_entropy([[1, 0]], [[1.0, 0.0]]) == 0
    assert cross_entropy([[0, 1]], [[1.0, 0.0]]) == math.inf


def test_cross_entropy_slope_is_the_central_difference():
    y, y_hat, h = np.array([[0.0, 1.0, 0.0]]), np.array([[0.2, 0.5, 0.3]]), 1e-6
    steps = h * np.eye(3)
    expected = [
        (cross_entropy(y, y_hat + d) - cross_entropy(y, y_hat - d)) / (2 * h) for d in steps
    ]
    np.testing.assert_allclose(cross_entropy_slope(y, y_hat)[0], expected, atol=1e-8)


def test_jacobian_and_slope_of_the_lecture_chain_to_prediction_minus_truth():
    y, y_hat = one_hot([2], 3)[0], scipy_softmax(Z[0])
    slope_by_logits = softmax_jacobian(Z[0]) @ cross_entropy_slope(y, y_hat)
    np.testing.assert_allclose(slope_by_logits, y_hat - y, atol=1e-15)


# --- output layers: samples in columns ------------------------------------------------


def run(name, logits, labels, n_classes):
    """Outputs and each sample's loss, for logits of shape (units, n_samples)."""
    output = OUTPUTS[name]
    z = np.array(logits, dtype=float)
    with np.errstate(over="ignore"):  # e^z may run over: 1/∞ is the 0 that is meant
        y_hat = output.activate(z, np.empty_like(z))
    return y_hat, output.losses(z, y_hat, output.targets(np.array(labels), n_classes))


def test_softmax_losses_agree_with_scikit_learn():
    y_hat, losses = run("softmax", Z.T, LABELS, 3)
    np.testing.assert_allclose(y_hat.T, scipy_softmax(Z, axis=1), rtol=1e-14)
    assert losses.mean() == pytest.approx(log_loss(LABELS, y_hat.T), rel=1e-12)


def test_sigmoid_losses_agree_with_scikit_learn():
    logits, labels = Z[:, :1].T, np.array([0, 1, 1, 0, 1, 0])
    y_hat, losses = run("sigmoid", logits, labels, 2)
    np.testing.assert_allclose(y_hat[0], [1 / (1 + math.exp(-z)) for z in logits[0]])
    assert losses.mean() == pytest.approx(log_loss(labels, y_hat[0]), rel=1e-12)


def test_a_softmax_of_two_is_a_sigmoid_of_the_difference():
    labels = np.array([0, 1, 1, 0, 1, 0])
    two, losses_of_two = run("softmax", Z[:, :2].T, labels, 2)
    one, losses_of_one = run("sigmoid", (Z[:, 1] - Z[:, 0])[None], labels, 2)
    np.testing.assert_allclose(two[1], one[0], rtol=1e-12)
    np.testing.assert_allclose(losses_of_two, losses_of_one, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "logits", "labels", "losses"),
    [
        # being wrong by a margin of z costs z, being right by it costs nothing
        ("softmax", [[1e4, 1e4, -1e4], [-1e4, -1e4, 1e4]], [0, 1, 0], [0, 2e4, 2e4]),
        ("softmax", [[1e4, 1e4], [1e4, 1e4]], [0, 1], [math.log(2), math.log(2)]),
        ("sigmoid", [[1e4, 1e4, -1e4, -1e4, 0]], [1, 0, 1, 0, 1], [0, 1e4, 1e4, 0, math.log(2)]),
        ("step", [[1e4, 1e4, -1e4, -1e4]], [1, 0, 1, 0], [0, 1e4, 1e4, 0]),
    ],
)
def test_losses_at_extreme_logits_are_right_to_the_last_digits(name, logits, labels, losses):
    y_hat, got = run(name, logits, labels, 2)
    assert np.isfinite(y_hat).all()
    np.testing.assert_allclose(got, losses, rtol=1e-12, atol=1e-12)


def test_losses_of_classes_as_good_as_impossible_are_still_exact():
    # the second and third sample share one batch with a loss that is no larger than log 3
    z = np.array([[900.0, 900, 0, -900], [900, 0, 0, -900], [-900, -900, 0, 0]])
    _, losses = run("softmax", z, [2, 2, 2, 0], 3)
    np.testing.assert_allclose(losses, logsumexp(z, axis=0) - z[[2, 2, 2, 0], range(4)])


@pytest.mark.parametrize(("kind", "tolerance"), [(np.float32, 2e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("units", [2, 3, 7])
def test_softmax_agrees_with_scipy_however_large_the_logits(units, sign, kind, tolerance):
    # e^88 is the last whole power a float32 holds, e^709 the last of a float64
    for size in [0.1, 5, 20, 39, 41, 60, 87, 89, 95, 110, 200, 700, 720, 1500, 1e5]:
        alone, beside = np.zeros((2, units, 4))
        alone[0, 0] = size  # one large logit, all others 0
        beside[:] = size * np.linspace(0.9, 1.0, units)[:, None]
        beside[:, 1] *= 0.01  # small ones beside large ones
        beside[0, 2] = beside[-1, 3] = 0.0
        for z in (sign * alone.astype(kind), sign * beside.astype(kind)):
            with np.errstate(over="ignore"):
                got = OUTPUTS["softmax"].activate(z, np.empty_like(z))
            expected = scipy_softmax(z.astype(float), axis=0)
            np.testing.assert_allclose(got, expected, rtol=tolerance, atol=1e-30)


def test_the_perceptron_pays_only_for_wrong_samples_and_by_their_distance():
    y_hat, losses = run("step", [[2.0, -3.0, 0.5, -0.25]], [1, 0, 0, 1], 2)
    np.testing.assert_array_equal(y_hat, [[1, 0, 1, 0]])
    np.testing.assert_allclose(losses, [0, 0, 0.5, 0.25])


@pytest.mark.parametrize("name", OUTPUTS)
def test_slope_of_the_loss_by_the_logits_is_prediction_minus_truth(name):
    labels, h = np.array([0, 1, 1, 0]), 1e-6
    logits = np.array([[1.3, 0.4, -0.7, -2.0], [-0.3, 0.9, -1.1, 0.8]])
    logits = logits[: OUTPUTS[name].units(2)]
    y_hat, _ = run(name, logits, labels, 2)
    for unit in range(len(logits)):
        shift = h * (np.arange(len(logits)) == unit)[:, None]
        above, below = (
            run(name, logits + shift, labels, 2)[1],
            run(name, logits - shift, labels, 2)[1],
        )
        expected = (above - below) / (2 * h)
        got = (y_hat - OUTPUTS[name].targets(labels, 2))[unit]
        np.testing.assert_allclose(got, expected, atol=1e-8)


@pytest.mark.parametrize("name", OUTPUTS)
def test_probabilities_have_a_row_a_class_and_add_up_to_one(name):
    logits = Z.T[: OUTPUTS[name].units(3)]
    outputs = OUTPUTS[name].activate(logits, np.empty_like(logits))
    probabilities = OUTPUTS[name].probabilities(outputs)
    assert probabilities.shape == (2 if OUTPUTS[name].one_unit else 3, 6)
    np.testing.assert_allclose(probabilities.sum(axis=0), 1.0)


@pytest.mark.parametrize(
    ("name", "logits", "classes"),
    [
        ("softmax", [[1, 2, 3], [2, 1, 3]], [1, 0, 0]),  # a tie goes to the lower class
        ("softmax", [[1, 5, 0, 4], [2, 1, 0, 4], [3, 0, 0, 1]], [2, 0, 0, 0]),
        ("sigmoid", [[-0.1, 0.0, 0.1]], [0, 1, 1]),
        ("step", [[-0.1, 0.0, 0.1]], [0, 1, 1]),
    ],
)
def test_the_predicted_class_is_the_one_with_the_largest_logit(name, logits, classes):
    np.testing.assert_array_equal(OUTPUTS[name].classes(np.array(logits, dtype=float)), classes)


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_predicted_classes_are_indices(name, n_classes):
    output = OUTPUTS[name]
    classes = output.classes(np.zeros((output.units(n_classes), 4)))
    assert np.array(["a", "b", "c"])[classes].tolist() == ["b" if output.one_unit else "a"] * 4


@pytest.mark.parametrize("threshold", [0.02, 0.3, 0.5, 0.7, 0.98])
@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
def test_class_1_is_predicted_where_its_probability_is_above_the_threshold(name, threshold):
    difference = np.linspace(-6, 6, 98)  # of the two logits
    p = scipy_softmax([np.zeros(98), difference], axis=0)[1]
    shift = np.linspace(3, -2, 98)  # changes no probability
    logits = [difference] if name == "sigmoid" else [shift, difference + shift]
    output = OUTPUTS[name]
    got = output.classes(np.array(logits), output.log_odds(threshold))
    assert 0 < (p > threshold).sum() < 98
    np.testing.assert_array_equal(got, p > threshold)


@pytest.mark.parametrize(("threshold", "got"), REFUSED)
@pytest.mark.parametrize("name", OUTPUTS)
def test_a_threshold_that_is_not_between_0_and_1_is_refused(name, threshold, got):
    sentence = f"threshold must lie between 0 and 1; got {got}"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        OUTPUTS[name].log_odds(threshold)


def test_a_perceptron_says_the_same_on_either_side_of_every_threshold():
    assert [OUTPUTS["step"].log_odds(t) for t in (0.01, 0.5, 0.99)] == [0, 0, 0]


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("size", [1.0, 100.0])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_outputs_are_written_where_the_caller_wants_them(name, size, n_classes):
    z = size * Z.T[: OUTPUTS[name].units(n_classes)]
    out = np.empty_like(z)
    assert OUTPUTS[name].activate(z, out) is out


def test_targets_are_one_hot_columns_or_a_single_row_for_one_unit():
    labels = np.array([1, 0, 1])
    np.testing.assert_array_equal(OUTPUTS["softmax"].targets(labels, 2), [[0, 1, 0], [1, 0, 1]])
    np.testing.assert_array_equal(OUTPUTS["sigmoid"].targets(labels, 2), [[1, 0, 1]])


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("z", [0.0, 0.3, -1.7, 900.0, -900.0])
@pytest.mark.parametrize("label", [0, 1])
def test_the_code_written_down_is_what_the_output_does(name, z, label):
    output = OUTPUTS[name]
    y = output.targets(np.array([label]), 2)[:, 0]
    logits = np.array([z]) if output.one_unit else np.array([z, 0.4])
    written = {"np": np, "z": logits, "y": y}
    exec(output.code + "\n" + output.loss_code, written)
    with np.errstate(over="ignore"):
        y_hat = output.activate(logits[:, None], np.empty((len(logits), 1)))
    np.testing.assert_allclose(written["y_hat"], y_hat[:, 0], rtol=1e-12, atol=1e-15)
    loss = output.losses(logits[:, None], y_hat, y[:, None])[0]
    assert written["J"] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_code_for_columns_is_what_the_output_does_to_many_samples(name):
    output, labels = OUTPUTS[name], np.array([0, 1, 1, 0])
    z = np.random.default_rng(5).normal(0, 3, (output.units(2), 4))
    y = output.targets(labels, 2)
    written = {"np": np, "z": z, "y": y}
    code = output.columns_code or output.code
    exec(code + "\n" + (output.columns_loss_code or output.loss_code), written)
    y_hat = output.activate(z, np.empty_like(z))
    np.testing.assert_allclose(written["y_hat"], y_hat, rtol=1e-12)
    assert written["J"] == pytest.approx(output.losses(z, y_hat, y).sum(), rel=1e-12)


# --- slopes of the last layer -----------------------------------------------------------


def outputs_at(output, z):
    return output.activate(z[:, None], np.empty((len(z), 1)))[:, 0]


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
@pytest.mark.parametrize("label", [0, 1])
def test_slopes_are_central_differences(name, label):
    output, h = OUTPUTS[name], 1e-6
    z = np.array([0.3, -1.2, 0.8])[: output.units(3)]
    y = output.targets(np.array([label]), 2 if output.one_unit else 3)[:, 0]
    y_hat, steps = outputs_at(output, z), h * np.eye(len(z))
    jacobian = [(outputs_at(output, z + s) - outputs_at(output, z - s)) / (2 * h) for s in steps]
    np.testing.assert_allclose(output.slopes.jacobian(z, y_hat).T, jacobian, atol=1e-9)

    def loss(p):  # of probabilities; a single one is that of class 1
        return -math.log(p[label]) if len(p) > 1 else -math.log(p[0] if label else 1 - p[0])

    slope = [(loss(y_hat + s) - loss(y_hat - s)) / (2 * h) for s in steps]
    np.testing.assert_allclose(output.slopes.loss(y_hat, y), slope, atol=1e-7)


def test_slopes_of_a_certain_answer_are_those_at_the_limit():
    y_hat, right, wrong = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    slope = OUTPUTS["softmax"].slopes.loss
    np.testing.assert_array_equal(slope(y_hat, right), [-1.0, 0.0])
    np.testing.assert_array_equal(slope(y_hat, wrong), [0.0, -np.inf])
    slope = OUTPUTS["sigmoid"].slopes.loss
    np.testing.assert_array_equal(slope(np.array([0.0]), np.array([1.0])), [-np.inf])
    np.testing.assert_array_equal(slope(np.array([1.0]), np.array([0.0])), [np.inf])


def test_a_step_has_no_slopes():
    assert OUTPUTS["step"].slopes is None


def test_softmax_of_two_classes_is_the_output_of_the_difference_of_their_logits():
    softmax, z = OUTPUTS["softmax"], np.random.default_rng(6).normal(0, 3, (2, 9))
    other = OUTPUTS[softmax.of_difference]
    assert other.one_unit
    one = other.activate(z[1:] - z[:1], np.empty((1, 9)))
    np.testing.assert_allclose(softmax.activate(z, np.empty_like(z))[1:], one, rtol=1e-12)


def test_a_softmax_of_two_is_the_same_to_the_bit_wherever_it_is_written():
    z = np.random.default_rng(8).normal(size=(2, 37)) * np.logspace(-3, 3, 37)
    z[:, 0], z[:, 1], z[:, 2] = (np.inf, 1.0), (-np.inf, 1.0), (0.0, -0.0)
    activate = OUTPUTS["softmax"].activate
    with np.errstate(over="ignore"):
        expected = 1.0 / (1.0 + np.exp(z[::-1] - z))
        apart = np.zeros((2, 74))[:, ::2]
        for out in (np.zeros_like(z), apart):
            np.testing.assert_array_equal(activate(z, out), expected)
