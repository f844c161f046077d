"""Values against closed forms from other hands, slopes against central differences."""

import math

import numpy as np
import pytest

from nnviz.choices.activations import ACTIVATIONS, LEAK

# both sides of every kink and bend, none of them at one
Z = np.array([-3.7, -1.3, -0.4, -0.01, 0.02, 0.6, 1.9, 4.2])

# each written with Python's own mathematics, one number at a time
CLOSED_FORMS = {
    "tanh": lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "relu": lambda z: z if z > 0 else 0.0,
    "leaky_relu": lambda z: z if z > 0 else z / 100,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "sine": lambda z: math.cos(z - math.pi / 2),
    "identity": lambda z: z,
    "step": lambda z: 1.0 if z >= 0 else 0.0,
}


def test_there_is_a_closed_form_to_test_every_activation_against():
    assert set(CLOSED_FORMS) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_value_is_the_closed_form(name):
    expected = [CLOSED_FORMS[name](z) for z in Z]
    np.testing.assert_allclose(ACTIVATIONS[name].value(Z), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_central_difference_of_the_closed_form(name):
    phi, h = CLOSED_FORMS[name], 1e-6
    expected = [(phi(z + h) - phi(z - h)) / (2 * h) for z in Z]
    a = ACTIVATIONS[name].value(Z)
    np.testing.assert_allclose(ACTIVATIONS[name].slope(Z, a), expected, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_results_are_written_into_out_and_leave_the_arguments_alone(name):
    activation, z = ACTIVATIONS[name], Z.reshape(2, 4).copy()
    a, slope = np.full_like(z, np.nan), np.full_like(z, np.nan)
    assert activation.value(z, a) is a
    np.testing.assert_array_equal(a, activation.value(z))
    before = a.copy()
    assert activation.slope(z, a, slope) is slope
    np.testing.assert_array_equal(slope, activation.slope(z, a))
    np.testing.assert_array_equal(z, Z.reshape(2, 4))
    np.testing.assert_array_equal(a, before)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_kind_of_number_is_kept(name, dtype):
    z = Z.astype(dtype)
    a = ACTIVATIONS[name].value(z)
    assert a.dtype == dtype
    assert ACTIVATIONS[name].slope(z, a).dtype == dtype


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nothing_overflows_at_extreme_z(name):
    z = np.array([-1e4, -800.0, 800.0, 1e4])  # e^800 is past the largest number there is
    a = ACTIVATIONS[name].value(z)
    slope = ACTIVATIONS[name].slope(z, a)
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_bounded_says_whether_the_values_have_a_limit(name):
    largest = np.abs(ACTIVATIONS[name].value(np.linspace(-1e4, 1e4, 1001))).max()
    assert ACTIVATIONS[name].bounded == (largest <= 1)


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("relu", 0.0, 0.0),
        ("leaky_relu", 0.0, LEAK),
        ("elu", 0.0, 1.0),
        ("step", 1.0, 0.0),
        ("tanh", 0.0, 1.0),
        ("sigmoid", 0.5, 0.25),
        ("softplus", math.log(2), 0.5),
    ],
)
def test_at_0_each_has_the_value_and_slope_the_notes_give_it(name, value, slope):
    z = np.zeros(1)
    a = ACTIVATIONS[name].value(z)
    np.testing.assert_allclose(a, value)
    np.testing.assert_allclose(ACTIVATIONS[name].slope(z, a), slope)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_record_is_filled_in(name):
    record = ACTIVATIONS[name]
    assert record.name == name
    assert record.label
    assert record.latex.startswith(r"\varphi(z) = ")
    assert record.slope_latex.startswith(r"\varphi'(z) = ")
    assert record.purpose.endswith(".")


def test_the_record_of_step_warns_that_hidden_ones_cannot_learn():
    assert "cannot learn" in ACTIVATIONS["step"].purpose


@pytest.mark.parametrize(("name", "low"), [("tanh", -1), ("sigmoid", 0)])
def test_squashing_functions_end_on_the_right_side_whatever_the_size_of_z(name, low):
    z = np.concatenate([np.logspace(2, 308, 2000), [np.inf]])
    np.testing.assert_array_equal(ACTIVATIONS[name].value(z), 1)
    np.testing.assert_array_equal(ACTIVATIONS[name].value(-z), low)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_what_is_not_a_number_stays_none(name):
    with np.errstate(invalid="ignore"):
        assert np.isnan(ACTIVATIONS[name].value(np.array([np.nan]))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_code_written_down_is_what_the_function_does(name):
    activation = ACTIVATIONS[name]
    z = np.array([-30.0, -2.5, -1e-9, 0.0, 1e-9, 0.7, 30.0])
    a = eval(activation.code, {"np": np, "z": z})
    np.testing.assert_allclose(a, activation.value(z, None), rtol=1e-12, atol=1e-15)
    slope = eval(activation.slope_code, {"np": np, "z": z, "a": a})
    np.testing.assert_allclose(slope, activation.slope(z, a, None), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_it_says_whether_it_has_a_kink_and_whether_a_gradient_passes(name):
    activation, h = ACTIVATIONS[name], 1e-9
    z = np.array([-h, h])
    a = activation.value(z, None)
    slopes = activation.slope(z, a, None)
    bends = abs(slopes[1] - slopes[0]) > 1e-6 or abs(a[1] - a[0]) > 1e-6
    assert activation.kinked == bends
    everywhere = np.linspace(-3, 3, 50)
    slopes = activation.slope(everywhere, activation.value(everywhere, None), None)
    assert activation.passes_gradient == bool(slopes.any())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_it_says_whether_it_is_straight(name):
    a = ACTIVATIONS[name].value(np.linspace(-3, 3, 50), None)
    assert ACTIVATIONS[name].straight == np.allclose(np.diff(a), a[1] - a[0])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_reads_z_only_where_its_record_says_so(name):
    activation = ACTIVATIONS[name]
    z = np.array([-4.0, -0.3, -1e-320, -0.0, 0.0, 1e-320, 0.3, 4.0])
    a = activation.value(z, None)
    expected = activation.slope(z, a, None)
    forgotten = np.full_like(z, 0.1)
    same = np.array_equal(activation.slope(forgotten, a, forgotten), expected)
    assert same == (not activation.slope_reads_z)
