"""What the doors of a network refuse, in which words."""

import math
import re

import numpy as np
import pytest

from nnviz import Network
from nnviz.choices.outputs import OUTPUTS
from tests.thresholds import REFUSED

ACTIVATIONS = "tanh, sigmoid, relu, leaky_relu, elu, softplus, sine, identity, step"
Z = np.zeros


@pytest.mark.parametrize(
    ("weights", "names", "sentence"),
    [
        ([], {}, "weights must hold at least one matrix; got none"),
        ([Z(3)], {}, "weights must be (n_in + 1, n_out) matrices; got (3,) in layer 1"),
        (
            [Z((3, 4)), Z((1, 2))],
            {},
            "weights must be (n_in + 1, n_out) matrices; got (1, 2) in layer 2",
        ),
        (
            [Z((3, 4)), Z((4, 2))],
            {},
            "layer 2 must have 5 rows, one for the bias and one for each unit below; got 4",
        ),
        ([Z((3, 1))], {}, "the last layer must have 2 or more units for softmax; got 1"),
        (
            [Z((3, 2))],
            {"output": "sigmoid"},
            "the last layer must have 1 unit for a sigmoid output; got 2",
        ),
        (
            [Z((3, 4)), Z((5, 3))],
            {"output": "sigmoid"},
            "the last layer must have 1 unit for a sigmoid output; got 3",
        ),
        (
            [Z((3, 3))],
            {"output": "step"},
            "the last layer must have 1 unit for a step output; got 3",
        ),
        (
            [Z((3, 2))],
            {"activation": "cube"},
            f"activation must be one of {ACTIVATIONS}; got 'cube'",
        ),
        (
            [Z((3, 2))],
            {"output": "tanh"},
            "output must be one of softmax, sigmoid, step; got 'tanh'",
        ),
    ],
)
def test_weights_that_make_no_network_are_refused(weights, names, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Network(weights, **names)


@pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 2, 2)])
def test_samples_of_another_shape_are_refused(shape):
    network, sentence = Network([Z((3, 4))]), f"X must have shape (n_samples, 2); got {shape}"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        network.predict_proba(Z(shape))
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        network.forward(Z(shape))
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        network.loss_and_gradients(Z(shape), [0])


@pytest.mark.parametrize(("threshold", "got"), REFUSED)
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_threshold_that_is_not_between_0_and_1_is_refused(output, threshold, got):
    network = Network([Z((3, OUTPUTS[output].units(3)))], output=output)
    sentence = f"^{re.escape(f'threshold must lie between 0 and 1; got {got}')}$"
    with pytest.raises(ValueError, match=sentence):
        network.predict(Z((4, 2)), threshold)


@pytest.mark.parametrize("threshold", [np.float32(0.25), np.array(0.25), 5e-324, 1 - 2.0**-53])
def test_a_threshold_may_be_any_number_between_0_and_1(threshold):
    network = Network([[[0.0], [2.0]]], output="sigmoid")
    t = float(threshold)
    odds = math.log(t) - math.log1p(-t)
    assert network.output.log_odds(threshold) == pytest.approx(odds)
    at = odds / 2
    np.testing.assert_array_equal(network.predict([[at - 1.0], [at + 1.0]], threshold), [0, 1])


@pytest.mark.parametrize(
    ("X", "y", "sentence"),
    [
        (Z((3, 2)), [0, 1], "y must have shape (3,); got (2,)"),
        (Z((3, 2)), [[0], [1], [1]], "y must have shape (3,); got (3, 1)"),
        (Z((3, 2)), [0.0, 1.0, 1.0], "y must hold integer labels; got float64"),
        (Z((3, 2)), [0, 1, 2], "labels must be 0…1; got 0…2"),
        (Z((3, 2)), [-1, 0, 1], "labels must be 0…1; got -1…1"),
        (Z((0, 2)), np.array([], dtype=int), "X must hold at least one sample; got 0"),
    ],
)
def test_labels_that_do_not_fit_the_samples_are_refused(X, y, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Network([Z((3, 2))]).loss_and_gradients(X, y)
