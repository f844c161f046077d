"""Update rules against scikit-learn's and against steps worked by hand."""

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from nnviz.choices.optimisers import MOST_SLOTS, OPTIMISERS

RATE = 0.05


def steps(name, gradients, rate=RATE):
    """Weights after each step from 0 along the given gradients."""
    n = len(gradients[0])
    w, memory, path = np.zeros(n), np.zeros((MOST_SLOTS, n)), []
    for t, gradient in enumerate(gradients, start=1):
        OPTIMISERS[name].update(w, np.array(gradient, dtype=float), memory, rate, t)
        path.append(w.copy())
    return np.array(path)


def steps_with(optimiser, w, gradients):
    path = []
    for gradient in gradients:
        optimiser.update_params([w], [gradient])
        path.append(w.copy())
    return np.array(path)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("sgd", {"momentum": 0.0, "nesterov": False}),
        ("momentum", {"momentum": 0.9, "nesterov": False}),
        ("nesterov", {"momentum": 0.9, "nesterov": True}),
    ],
)
def test_gradient_descent_with_and_without_momentum_agrees_with_scikit_learn(name, options):
    gradients = np.random.default_rng(1).normal(size=(40, 5))
    w = np.zeros(5)
    theirs = SGDOptimizer([w], learning_rate_init=RATE, **options)
    expected = steps_with(theirs, w, gradients)
    np.testing.assert_allclose(steps(name, gradients), expected, rtol=1e-12, atol=1e-15)


def test_adam_agrees_with_scikit_learn():
    gradients = np.random.default_rng(2).normal(size=(40, 5))
    w = np.zeros(5)
    theirs = AdamOptimizer([w], learning_rate_init=RATE)
    # theirs adds ε before the bias is taken out, which changes the last digits only
    np.testing.assert_allclose(
        steps("adam", gradients), steps_with(theirs, w, gradients), rtol=1e-5, atol=1e-7
    )


def test_adam_adds_epsilon_after_the_bias_is_taken_out():
    # algorithm 1 with g = ε: m̂ = ε and √v̂ = ε, so the first step is η ε / (ε + ε)
    np.testing.assert_allclose(steps("adam", [[1e-8]])[0], -RATE / 2)


def test_rmsprop_follows_two_steps_worked_by_hand():
    # s₁ = 0.1 · 3² = 0.9                      w₁ = −0.05 · 3 / √0.9 = −0.158114
    # s₂ = 0.9 · 0.9 + 0.1 · (−1)² = 0.91      w₂ = w₁ + 0.05 / √0.91 = −0.105700
    path = steps("rmsprop", [[3.0], [-1.0]])
    np.testing.assert_allclose(path[:, 0], [-0.158114, -0.105700], atol=1e-6)


def test_rmsprop_stands_still_where_the_gradient_is_zero():
    np.testing.assert_array_equal(steps("rmsprop", [[0.0], [0.0]]), 0.0)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_rule_goes_down_a_bowl(name):
    w, memory = np.array([3.0, -2.0]), np.zeros((MOST_SLOTS, 2))
    for t in range(1, 401):
        OPTIMISERS[name].update(w, 2 * w, memory, RATE, t)  # the slope of w²
    assert np.abs(w).max() < 0.1


@pytest.mark.parametrize("name", OPTIMISERS)
def test_memory_is_all_a_rule_remembers(name):
    gradients = np.random.default_rng(3).normal(size=(6, 4))
    update, w, memory = OPTIMISERS[name].update, np.zeros(4), np.zeros((MOST_SLOTS, 4))
    for t in range(1, 4):
        update(w, gradients[t - 1].copy(), memory, RATE, t)
    copied_w, copied_memory = w.copy(), memory.copy()
    for t in range(4, 7):
        update(w, gradients[t - 1].copy(), memory, RATE, t)
        update(copied_w, gradients[t - 1].copy(), copied_memory, RATE, t)
    np.testing.assert_array_equal(w, copied_w)
    np.testing.assert_array_equal(steps(name, gradients)[-1], w)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_rule_uses_as_many_slots_as_it_says(name):
    record = OPTIMISERS[name]
    memory = np.full((MOST_SLOTS, 1), 0.5)
    record.update(np.ones(1), np.ones(1), memory, RATE, 1)
    used = memory[:, 0] != 0.5
    np.testing.assert_array_equal(used, np.arange(MOST_SLOTS) < record.slots)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_record_is_filled_in(name):
    record = OPTIMISERS[name]
    assert record.name == name
    assert record.label
    assert [rule.target for rule in record.rules] == [*record.memory, "w"]
    assert record.purpose.endswith(".")


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_rules_written_down_are_what_the_update_does(name):
    optimiser = OPTIMISERS[name]
    rng = np.random.default_rng(4)
    w, memory = rng.normal(size=3), np.zeros((MOST_SLOTS, 3))
    written = {"np": np, "eta": RATE, "w": w.copy()} | {m: np.zeros(3) for m in optimiser.memory}
    for t in range(1, 6):
        gradient = rng.normal(size=3)
        optimiser.update(w, gradient.copy(), memory, RATE, t)
        written |= {"g": gradient, "t": t}
        for rule in optimiser.rules:
            written[rule.target] = eval(rule.code, written)
        np.testing.assert_allclose(written["w"], w, rtol=1e-9)
        for slot, symbol in zip(memory, optimiser.memory, strict=False):
            np.testing.assert_allclose(written[symbol], slot, rtol=1e-9, atol=1e-15)
