"""The batches of an epoch: which samples they hold, and that they are laid out once."""

import numpy as np
import pytest

from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.outputs import OUTPUTS
from nnviz.training.batches import Batches
from nnviz.training.network import Pass

RNG = np.random.default_rng(8)
INPUTS = np.vstack([np.ones(9), RNG.normal(size=(2, 9))])
TARGETS = np.eye(3)[:, RNG.integers(0, 3, 9)]


def pass_over(size):
    return Pass((2, 4, 3), size, ACTIVATIONS["tanh"], OUTPUTS["softmax"])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8, 9])
def test_each_batch_holds_the_next_samples_of_the_order_and_its_own_pass(size):
    batches = Batches(size, INPUTS, TARGETS, pass_over)
    assert batches.size == size
    for _ in range(2):  # every epoch fills them anew
        order = RNG.permutation(9)
        batches.shuffle(order)
        starts = range(0, 9, size)
        for start, (run, inputs, targets) in zip(starts, batches, strict=True):
            samples = order[start : start + size]
            np.testing.assert_array_equal(inputs, INPUTS[:, samples])
            np.testing.assert_array_equal(targets, TARGETS[:, samples])
            assert run.learn == len(samples)


@pytest.mark.parametrize(("size", "sizes"), [(3, [3]), (4, [4, 1])])
def test_batches_of_one_size_share_a_pass(size, sizes):
    made = []
    Batches(size, INPUTS, TARGETS, lambda n: made.append(n) or pass_over(n))
    assert made == sizes


def test_the_targets_of_a_batch_lie_together():
    for _, _, targets in Batches(4, INPUTS, TARGETS, pass_over):
        assert targets.flags.c_contiguous
