"""Scaling, derived inputs, and the shapes handed to the network."""

import math

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from nnviz.choices.inputs import INPUTS, Preparation

RNG = np.random.default_rng(7)
TRAIN = RNG.normal([5.0, -40.0], [0.3, 12.0], (50, 2))
TEST = RNG.normal([6.0, 0.0], [1.0, 1.0], (20, 2))
BOTH = ("x1", "x2")


def test_standardising_agrees_with_scikit_learn_on_both_parts():
    preparation = Preparation.fit(TRAIN, BOTH, standardise=True)
    scaler = StandardScaler().fit(TRAIN)
    np.testing.assert_allclose(preparation.apply(TRAIN), scaler.transform(TRAIN), rtol=1e-12)
    np.testing.assert_allclose(preparation.apply(TEST), scaler.transform(TEST), rtol=1e-12)


def test_the_training_part_comes_out_with_mean_0_and_variance_1():
    prepared = Preparation.fit(TRAIN, BOTH, standardise=True).apply(TRAIN)
    np.testing.assert_allclose(prepared.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(prepared.var(axis=0), 1.0)


def test_without_standardising_the_features_pass_as_they_are():
    preparation = Preparation.fit(TRAIN, BOTH, standardise=False)
    np.testing.assert_array_equal(preparation.apply(TEST), TEST)


def test_a_constant_feature_becomes_0_rather_than_a_division_by_0():
    train = np.column_stack([np.full(10, 3.0), np.arange(10.0)])
    prepared = Preparation.fit(train, BOTH, standardise=True).apply(train)
    np.testing.assert_array_equal(prepared[:, 0], 0.0)


def test_a_constant_feature_keeps_its_unit():
    train = np.column_stack([np.full(10, 3.0), np.arange(10.0)])
    preparation = Preparation.fit(train, BOTH, standardise=True)
    assert preparation.apply([[3.5, 0.0]])[0, 0] == 0.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x1", 0.5),
        ("x2", -2.0),
        ("x1sq", 0.25),
        ("x2sq", 4.0),
        ("x1x2", -1.0),
        ("sinx1", math.sin(0.5)),
        ("sinx2", math.sin(-2.0)),
    ],
)
def test_each_input_of_the_point_a_half_and_minus_two(name, value):
    np.testing.assert_allclose(Preparation((name,)).apply([[0.5, -2.0]]), [[value]])


def test_there_are_seven_inputs_to_choose_from():
    assert list(INPUTS) == ["x1", "x2", "x1sq", "x2sq", "x1x2", "sinx1", "sinx2"]


def test_inputs_are_derived_from_the_scaled_features_in_the_order_asked_for():
    preparation = Preparation(("x2", "x1sq"), shift=(1.0, 10.0), scale=(2.0, 5.0))
    # (7, 0) scales to (3, −2)
    np.testing.assert_allclose(preparation.apply([[7.0, 0.0]]), [[-2.0, 9.0]])


def test_columns_are_the_transpose_with_the_constant_1_in_front():
    preparation = Preparation.fit(TRAIN, ("x1", "x2", "x1x2"), standardise=True)
    columns = preparation.columns(TEST)
    assert columns.shape == (4, 20)
    np.testing.assert_array_equal(columns[0], 1.0)
    np.testing.assert_array_equal(columns[1:], preparation.apply(TEST).T)


def test_columns_come_in_the_kind_of_number_asked_for():
    assert Preparation(BOTH).columns(TEST).dtype == np.float64
    assert Preparation(BOTH).columns(TEST, dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize("name", INPUTS)
def test_the_code_written_down_is_what_the_input_does(name):
    x1, x2 = np.random.default_rng(7).normal(size=(2, 20))
    written = eval(INPUTS[name].code, {"np": np, "x1": x1, "x2": x2})
    np.testing.assert_array_equal(written, INPUTS[name].derive(x1, x2))


def test_samples_may_be_numbers_of_any_kind():
    numbers = [["1", "2.5"], ["-3", "1e2"]]
    np.testing.assert_array_equal(Preparation(BOTH).apply(numbers), [[1.0, 2.5], [-3.0, 100.0]])
