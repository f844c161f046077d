"""One epoch at a time: batches, their means, regularisation and the state."""

import pickle
from itertools import permutations

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from nnviz import Network
from nnviz.choices.optimisers import OPTIMISERS
from nnviz.training import descent as module
from tests.training.descents import START, X, Y, agree, descent_of, settings, step_by_hand

# --- batches --------------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, 6, 7, 2000])
def test_a_whole_batch_is_one_step_on_the_training_part(size):
    descent = descent_of(6)
    descent.epoch(settings(batch_size=size), (0,))
    assert agree(descent.weights, step_by_hand(START, np.arange(6), 0.3))
    assert descent._batches is None  # and no samples are gathered for it


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_batches_go_through_all_samples_once_and_a_short_last_one_has_its_own_mean(size):
    descent = descent_of(5)
    descent.epoch(settings(batch_size=size), (0,))
    found = 0
    for order in permutations(range(5)):  # whatever the shuffle was, it is one of these
        expected = START
        for start in range(0, 5, size):
            expected = step_by_hand(expected, list(order[start : start + size]), 0.3)
        found += agree(descent.weights, expected)
    assert found > 0


def test_the_shuffle_is_a_function_of_its_seed():
    ends = []
    for seed in ((3, 1), (3, 1), (3, 2)):
        descent = descent_of(9)
        descent.epoch(settings(batch_size=2), seed)
        ends.append(descent.state.copy())
    np.testing.assert_array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])


def test_batches_of_another_size_go_on_where_the_last_ones_ended():
    sizes = [2, 4, None, 3, 2]
    going = descent_of(7)
    for epoch, size in enumerate(sizes):
        anew = descent_of(7)
        anew.load(going.state)
        for each in (going, anew):
            each.epoch(settings("momentum", batch_size=size), (epoch,))
        np.testing.assert_array_equal(going.state, anew.state)


@pytest.mark.parametrize("size", [None, 2])
def test_the_test_part_is_never_learnt_from(size):
    other_labels = np.where(np.arange(9) < 5, Y, (Y + 1) % 3)
    one, other = descent_of(5), descent_of(5, labels=other_labels)
    for epoch in range(4):
        one.epoch(settings(batch_size=size), (epoch,))
        other.epoch(settings(batch_size=size), (epoch,))
    np.testing.assert_array_equal(one.state, other.state)
    assert one.evaluate()[1] != other.evaluate()[1]


def test_batches_are_laid_out_once_for_all_epochs_that_have_their_size():
    descent = descent_of(7)
    held = []
    for epoch, size in enumerate([2, 2, 3, 3]):
        descent.epoch(settings(batch_size=size), (epoch,))
        held.append(descent._batches)
    assert held[0] is held[1] is not held[2] is held[3]


@pytest.mark.parametrize("size", [None, 4])
def test_looking_at_the_metrics_changes_nothing(size):
    recorded, unrecorded = descent_of(7), descent_of(7)
    for epoch in range(5):
        recorded.evaluate()
        for each in (recorded, unrecorded):
            each.epoch(settings("adam", batch_size=size), (epoch,))
    np.testing.assert_array_equal(recorded.state, unrecorded.state)


# --- optimisers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "theirs", "tolerance"),
    [
        ("sgd", {"solver": "sgd", "momentum": 0.0}, 1e-12),
        ("momentum", {"solver": "sgd", "nesterovs_momentum": False}, 1e-12),
        ("nesterov", {"solver": "sgd", "nesterovs_momentum": True}, 1e-12),
        ("adam", {"solver": "adam"}, 1e-4),  # they place ε differently
    ],
)
def test_thirty_epochs_with_l2_end_where_scikit_learns_end(name, theirs, tolerance):
    n, rate, l2 = len(X), 0.05, 0.2

    def after(epochs, rate):
        other = MLPClassifier((4,), "tanh", learning_rate_init=rate, batch_size=n, alpha=l2 * n,
                              random_state=0, **theirs)  # fmt: skip
        for _ in range(epochs):
            other.partial_fit(X, Y, classes=[0, 1, 2])
        return [np.vstack(pair) for pair in zip(other.intercepts_, other.coefs_, strict=True)]

    descent = descent_of(n, after(1, rate=1e-300))  # a step too short to leave the start
    for epoch in range(30):
        descent.epoch(settings(name, rate, l2=l2), (epoch,))
    for w, expected in zip(descent.weights, after(30, rate), strict=True):
        np.testing.assert_allclose(w, expected, atol=tolerance)


def test_forgetting_clears_the_memory_of_the_optimiser_but_no_weight():
    descent = descent_of(9)
    for epoch in range(3):
        descent.epoch(settings("adam"), (epoch,))
    weights = [w.copy() for w in descent.weights]
    descent.forget()
    assert agree(descent.weights, weights)
    descent.epoch(settings("adam", 0.1), (3,))
    afresh = descent_of(9, weights)
    afresh.epoch(settings("adam", 0.1), (3,))
    np.testing.assert_array_equal(descent.state, afresh.state)


# --- regularisation -------------------------------------------------------------------


@pytest.mark.parametrize("size", [None, 4])
@pytest.mark.parametrize("regularised", [{"l1": 0.2}, {"l2": 0.9}])
def test_weights_are_regularised_and_biases_are_not(size, regularised):
    plain, pulled = descent_of(4), descent_of(4)
    plain.epoch(settings(batch_size=size), (0,))
    pulled.epoch(settings(batch_size=size, **regularised), (0,))
    for w, v in zip(plain.weights, pulled.weights, strict=True):
        np.testing.assert_array_equal(w[0], v[0])
        assert (w[1:] != v[1:]).all()


def test_one_step_with_both_penalties_follows_the_gradient_of_the_objective():
    descent = descent_of(9)
    descent.epoch(settings(l1=0.02, l2=0.3), (0,))
    assert agree(descent.weights, step_by_hand(START, np.arange(9), 0.3, l1=0.02, l2=0.3))


def test_l1_lets_a_weight_cross_0_and_leave_it_again():
    # one epoch of L1 moves a weight by η λ₁ = 0.03, so from 0.01 past 0 and back again; with
    # zeros above it, hardly any of the loss's own gradient gets here
    descent = descent_of(9, [w * 0 for w in START])
    descent.set_weight(0, 1, 0, 0.01)
    path = []
    for epoch in range(3):
        descent.epoch(settings(l1=0.1), (epoch,))
        path.append(descent.weights[0][1, 0])
    np.testing.assert_allclose(path, [-0.02, 0.01, -0.02], atol=0.004)


def test_l1_holds_no_weight_at_0_against_the_slope_of_the_loss():
    descent = descent_of(9, [np.zeros((3, 3))])
    descent.epoch(settings(l1=1.0), (0,))
    assert (descent.weights[0][1:] != 0).all()


# --- metrics and state ----------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 6, 8])
def test_metrics_are_those_of_the_network_on_each_part(n):
    descent = descent_of(n)
    descent.epoch(settings(), (0,))
    network = Network(descent.weights)
    classes = network.predict_proba(X).argmax(axis=1)
    expected = (
        network.loss_and_gradients(X[:n], Y[:n])[0],
        network.loss_and_gradients(X[n:], Y[n:])[0],
        np.mean(classes[:n] == Y[:n]),
        np.mean(classes[n:] == Y[n:]),
    )
    np.testing.assert_allclose(descent.evaluate(), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("numbers", "longest"), [(27 * 5, 5), (27 * 6 - 1, 5), (0, 1), (10**6, 16)]
)
def test_as_many_epochs_are_recorded_together_as_their_logits_have_room(
    monkeypatch, numbers, longest
):
    monkeypatch.setattr(module, "RECORDED_NUMBERS", numbers)
    assert descent_of(6).longest == longest  # of 9 samples with 3 logits each


@pytest.mark.parametrize("size", [None, 4])
def test_epochs_recorded_together_have_the_metrics_of_each_alone(size):
    together, alone = descent_of(7), descent_of(7)
    seeds = [(epoch,) for epoch in range(6)]
    rows = together.train(settings(batch_size=size), seeds)
    for row, seed in zip(rows, seeds, strict=True):
        alone.epoch(settings(batch_size=size), seed)
        np.testing.assert_array_equal(row, alone.evaluate())
    np.testing.assert_array_equal(together.state, alone.state)


@pytest.mark.parametrize("n_train", [7, 9])  # with a test part, and without
@pytest.mark.parametrize("size", [None, 4])
def test_training_for_the_losses_alone_is_the_same_run(n_train, size):
    recorded, other = descent_of(n_train), descent_of(n_train)
    seeds = [(epoch,) for epoch in range(6)]
    seen = []
    losses = other.train_for_losses(
        settings("adam", batch_size=size), seeds, lambda: seen.append(other.weights[0].copy())
    )
    rows = recorded.train(settings("adam", batch_size=size), seeds)
    np.testing.assert_array_equal(losses, rows[:, 0])
    np.testing.assert_array_equal(other.state, recorded.state)
    alone = descent_of(n_train)
    for w, seed in zip(seen, seeds, strict=True):
        alone.epoch(settings("adam", batch_size=size), seed)
        np.testing.assert_array_equal(w, alone.weights[0])


@pytest.mark.parametrize("n_train", [7, 9])
def test_losses_of_samples_that_are_as_good_as_impossible_are_the_same_too(n_train):
    recorded, other = (descent_of(n_train, [1e5 * w for w in START]) for _ in range(2))
    losses = other.train_for_losses(settings(), [(0,), (1,)])
    np.testing.assert_array_equal(losses, recorded.train(settings(), [(0,), (1,)])[:, 0])
    assert losses.min() > 1000  # the probability of some sample's class is no positive float64


@pytest.mark.parametrize("size", [None, 1, 3, 7, 8])
def test_whole_epochs_are_counted_from_a_copied_state(size):
    descent = descent_of(7)
    descent.epoch(settings(batch_size=size), (0,))
    before = descent.state.copy()
    assert descent.epochs_since(before, settings(batch_size=size)) == 0
    for epoch in range(1, 4):
        descent.epoch(settings(batch_size=size), (epoch,))
        assert descent.epochs_since(before, settings(batch_size=size)) == epoch


@pytest.mark.parametrize("steps", range(12))
def test_an_epoch_broken_off_is_not_counted(steps):
    descent, before = descent_of(7), descent_of(7).state.copy()
    for epoch in range(steps // 3):  # of three batches
        descent.epoch(settings(batch_size=3), (epoch,))
    descent.state[-1] += steps % 3
    counted = descent.epochs_since(before, settings(batch_size=3))
    assert (counted, type(counted)) == (steps // 3, int)


def test_epochs_are_counted_whatever_the_weights_are():
    descent = descent_of(7, weights=[w + 5 for w in START])
    before = descent.state.copy()
    descent.epoch(settings(), (0,))
    assert descent.epochs_since(before, settings()) == 1


@pytest.mark.parametrize(
    ("n_train", "finite"), [(6, [True, False, False]), (9, [True, False, True])]
)
def test_a_run_is_finite_while_its_losses_are_on_every_part_it_has(n_train, finite):
    descent = descent_of(n_train)
    losses = [(1.0, 2.0), (np.inf, 2.0), (1.0, np.nan)]
    rows = [np.array([[train, test, np.nan, np.nan]]) for train, test in losses]
    assert [descent.is_finite(row) for row in rows] == finite


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_run_is_finite_while_its_weights_are(value):
    descent = descent_of(6)
    assert descent.are_finite(np.zeros(1))
    descent.set_weight(0, 1, 2, value)
    with np.errstate(invalid="ignore"):
        assert not descent.are_finite(np.zeros(1))


@pytest.mark.parametrize("size", [None, 4])
def test_a_pickled_run_goes_on_as_the_run_itself(size):
    descent = descent_of(6)
    descent.train(settings("adam", batch_size=size), [(0,), (1,)])
    other = pickle.loads(pickle.dumps(descent))
    expected = descent.train(settings("adam", batch_size=size), [(2,), (3,)])
    np.testing.assert_array_equal(
        other.train(settings("adam", batch_size=size), [(2,), (3,)]), expected
    )
    np.testing.assert_array_equal(other.state, descent.state)


def test_without_a_test_part_its_metrics_are_nan():
    assert np.isnan(descent_of(9).evaluate()).tolist() == [False, True, False, True]


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("size", [None, 4])
def test_a_copied_state_is_a_copy_of_the_run(name, size):
    descent = descent_of(7)
    descent.epoch(settings(name, batch_size=size), (0,))
    copied = descent.state.copy()
    descent.evaluate()
    descent.epoch(settings(name, batch_size=size), (1,))
    ended = descent.state.copy()
    for other in (descent, descent_of(7)):  # gone back, or another run altogether
        other.load(copied)
        other.epoch(settings(name, batch_size=size), (1,))
        np.testing.assert_array_equal(other.state, ended)


def test_metrics_after_a_weight_is_set_are_those_of_the_new_weight():
    descent = descent_of(9)
    descent.evaluate()
    descent.set_weight(1, 2, 1, 5.0)
    expected, _ = Network(descent.weights).loss_and_gradients(X, Y)
    assert descent.weights[1][2, 1] == 5.0
    assert descent.evaluate()[0] == pytest.approx(expected)
