"""One step of an epoch, looked at."""

import numpy as np
import pytest

from nnviz import Network
from nnviz.choices.optimisers import OPTIMISERS
from tests.training.descents import X, Y, agree, descent_of, settings


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("size", [None, 3, 7])
def test_looking_at_a_step_leaves_the_run_as_it_was_to_the_bit(name, size):
    descent, other = descent_of(7), descent_of(7)
    for each in (descent, other):
        each.epoch(settings(name, batch_size=size), (0,))
    before = descent.state.tobytes()
    descent.step_with(4, settings(name, batch_size=size), (1,))
    assert descent.state.tobytes() == before
    rows = [each.train(settings(name, batch_size=size), [(1,), (2,)]) for each in (descent, other)]
    np.testing.assert_array_equal(*rows)
    assert descent.state.tobytes() == other.state.tobytes()


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("penalties", [{}, {"l1": 0.02, "l2": 0.1}])
def test_the_step_of_a_whole_batch_ends_where_the_epoch_ends(name, penalties):
    descent = descent_of(7)
    chosen = settings(name, 0.05, **penalties)
    descent.epoch(chosen, (0,))
    step = descent.step_with(2, chosen, (1,))
    assert (step.batch, step.n_batches, step.t) == (1, 1, 2)
    np.testing.assert_array_equal(step.samples, np.arange(7))
    for w, before in zip(descent.weights, step.before, strict=True):
        np.testing.assert_array_equal(w, before)
    _, gradients = Network(descent.weights).loss_and_gradients(X[:7], Y[:7], **penalties)
    assert agree(step.gradient, gradients)
    memory = descent.state[descent._n_weights :].copy()
    descent.epoch(chosen, (1,))
    for w, after in zip(descent.weights, step.after, strict=True):
        np.testing.assert_array_equal(w, after)
    slots = len(step.memory_before)
    assert slots == OPTIMISERS[name].slots == len(step.memory_after)
    for copied, state in (
        (step.memory_before, memory),
        (step.memory_after, descent.state[descent._n_weights :]),
    ):
        flat = [np.concatenate([m.ravel() for m in slot]) for slot in copied]
        n = descent._n_weights
        for slot, values in enumerate(flat):
            np.testing.assert_array_equal(values, state[slot * n : (slot + 1) * n])


@pytest.mark.parametrize("size", [1, 3, 6])
def test_the_steps_of_all_samples_together_are_the_epoch(size):
    descent = descent_of(7)
    chosen = settings("momentum", batch_size=size, l2=0.1)
    steps = {}
    for sample in range(7):
        step = descent.step_with(sample, chosen, (3,))
        assert sample in step.samples
        first = steps.setdefault(step.batch, step)
        np.testing.assert_array_equal(step.samples, first.samples)
    assert sorted(steps) == list(range(1, -(-7 // size) + 1))
    assert {step.n_batches for step in steps.values()} == {len(steps)}
    assert sorted(np.concatenate([step.samples for step in steps.values()])) == list(range(7))
    at = [w.copy() for w in descent.weights]
    for number in sorted(steps):  # each goes on where the last one ended
        step = steps[number]
        assert step.t == number
        for w, before in zip(at, step.before, strict=True):
            np.testing.assert_array_equal(w, before)
        _, gradients = Network(at).loss_and_gradients(X[step.samples], Y[step.samples], l2=0.1)
        assert agree(step.gradient, gradients)
        at = step.after
    descent.epoch(chosen, (3,))
    for w, after in zip(descent.weights, at, strict=True):
        np.testing.assert_array_equal(w, after)
