"""First weights: their spread, their zeros and where their randomness comes from."""

import math

import numpy as np
import pytest

from nnviz.choices.initialisers import INITIALISERS, initial_weights


def draw(name, sizes, seed=0):
    return initial_weights(INITIALISERS[name], np.random.default_rng(seed), sizes)


@pytest.mark.parametrize("name", INITIALISERS)
def test_there_is_one_matrix_a_layer_with_a_bias_row_of_zeros(name):
    weights = draw(name, (2, 5, 3, 4))
    assert [w.shape for w in weights] == [(3, 5), (6, 3), (4, 4)]
    for w in weights:
        np.testing.assert_array_equal(w[0], 0.0)


# a sample standard deviation of 40,000 draws is within 2 % of the true one
@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("glorot", math.sqrt(2 / (100 + 400))),  # variance 2/(n_in + n_out)
        ("he", math.sqrt(2 / 100)),
        ("normal", 1.0),
        ("zeros", 0.0),
    ],
)
def test_weights_have_the_variance_the_scheme_promises(name, deviation):
    (w,) = draw(name, (100, 400))
    assert w[1:].std() == pytest.approx(deviation, rel=0.02)
    assert w[1:].mean() == pytest.approx(0.0, abs=0.02)


def test_glorot_stays_within_its_bounds_and_comes_close_to_them():
    (w,) = draw("glorot", (30, 70))
    bound = math.sqrt(6 / 100)
    assert 0.99 * bound < np.abs(w[1:]).max() <= bound


@pytest.mark.parametrize("name", ["glorot", "he", "normal"])
def test_the_same_seed_draws_the_same_weights_and_another_seed_others(name):
    first, again, other = (draw(name, (2, 6, 2), seed) for seed in (3, 3, 4))
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.isclose(a[1:], c[1:]).any()


@pytest.mark.parametrize("name", INITIALISERS)
def test_every_record_is_filled_in(name):
    record = INITIALISERS[name]
    assert record.name == name
    assert record.label
    assert record.purpose.endswith(".")
