"""The buffers of a pass: shared or kept, and the same numbers in them."""

import copy
import pickle
from itertools import pairwise

import numpy as np
import pytest

from nnviz import Network
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.outputs import OUTPUTS
from nnviz.training import network as module
from nnviz.training.network import Pass, aligned

X = np.random.default_rng(11).normal(size=(7, 2))
Y = np.array([0, 1, 1, 0, 1, 0, 1])

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
