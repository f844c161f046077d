"""Numbers as LaTeX, as text and as NumPy source."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnviz import notation
from tests import latex

NUMBERS = [
    (0.0, "0", "0"),
    (-0.0, "0", "0"),
    (1.0, "1", "1"),
    (-1.0, "-1", "−1"),
    (0.5, "0.5", "0.5"),
    (160, "160", "160"),
    (1234.0, "1234", "1234"),
    (1 / 3, "0.3333", "0.3333"),
    (0.5 + 1e-9, "0.5000", "0.5000"),
    (1 + 1e-9, "1.000", "1.000"),
    (-12.3456, "-12.35", "−12.35"),
    (9999.4, "9999", "9999"),
    (9999.6, r"1.000 \cdot 10^{4}", "1.000 · 10⁴"),
    (0.00123456, "0.001235", "0.001235"),
    (0.00099996, "0.001000", "0.001000"),
    (0.00099, r"9.9 \cdot 10^{-4}", "9.9 · 10⁻⁴"),
    (-1.23456e-5, r"-1.235 \cdot 10^{-5}", "−1.235 · 10⁻⁵"),
    (1e-8, "10^{-8}", "10⁻⁸"),
    (-1e20, "-10^{20}", "−10²⁰"),
    (-2e300, r"-2 \cdot 10^{300}", "−2 · 10³⁰⁰"),
    (math.inf, r"\infty", "∞"),
    (-math.inf, r"-\infty", "−∞"),
    (math.nan, r"\text{NaN}", "NaN"),
]


@pytest.mark.parametrize(("value", "latex", "text"), NUMBERS, ids=[row[2] for row in NUMBERS])
def test_a_number_has_four_digits_a_minus_sign_and_a_power_of_ten_if_needed(value, latex, text):
    assert notation.number(value) == latex
    assert notation.plain(value) == text


@given(st.floats(-1e308, 1e308))
def test_numbers_are_rounded_to_four_digits(value):
    text = notation.number(value)
    again, _ = latex.number(text)
    assert again == pytest.approx(value, rel=5.01e-4, abs=1e-320)
    if len(text.lstrip("-").replace(".", "")) < 4:
        assert again == value


def test_a_factor_is_in_brackets_if_needed():
    assert [notation.factor(v) for v in (0.5, -0.5, 1e-8)] == [
        "0.5",
        "(-0.5)",
        "(10^{-8})",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.9, "0.9"),
        (1.0, "1"),
        (0.5, "0.5"),
        (1 - 3.332e-5, r"(1 - 3.332 \cdot 10^{-5})"),
        (0.99912, r"(1 - 8.800 \cdot 10^{-4})"),
        (0.0, "0"),
    ],
)
def test_a_number_close_to_1_is_not_written_as_1(value, text):
    assert notation.near_one(value) == text


def test_more_digits_on_request():
    assert notation.number(1 / 3, 8) == "0.33333333"


def test_a_vector_is_a_column_and_a_matrix_has_its_rows():
    column = r"\begin{bmatrix*}[r] 1 \\ -0.5 \end{bmatrix*}"
    assert notation.matrix([1, -0.5]) == notation.matrix([[1], [-0.5]]) == column
    assert notation.matrix([[1, 2], [3, 4]]) == r"\begin{bmatrix*}[r] 1 & 2 \\ 3 & 4 \end{bmatrix*}"
    assert notation.symbols(["1", "x_1"]) == r"\begin{bmatrix} 1 \\ x_1 \end{bmatrix}"


def test_each_number_of_a_vector_or_matrix_has_its_digits():
    assert notation.matrix([[1 / 3, 2 / 3]], [[6, 2]]) == (
        r"\begin{bmatrix*}[r] 0.333333 & 0.67 \end{bmatrix*}"
    )
    assert notation.matrix([1 / 3, 2 / 3], [1, 5]) == (
        r"\begin{bmatrix*}[r] 0.3 \\ 0.66667 \end{bmatrix*}"
    )


def test_operands_are_rounded_to_the_digits_shown():
    found = notation.rounded([[1 / 3, -12345678.9], [2, 1.5e-7]])
    np.testing.assert_array_equal(found, [[0.333333, -12345700.0], [2.0, 1.5e-7]])
    np.testing.assert_array_equal(notation.rounded([1 / 3, 2 / 3], 2), [0.33, 0.67])
    assert notation.rounded(np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize(
    ("value", "recomputed", "digits"),
    [
        (1.23412, 1.23412, 4),
        (1.23412, 1.23443, 4),  # both 1.234
        (1.23412, 1.23312, 3),  # 1.23
        (1.23412, 1.21212, 2),
        (1.23412, 1.41212, 1),
        (1.23412, 2.0, 4),  # no digit is the same
        (1.23412, 12.3412, 4),
    ],
)
def test_results_have_the_digits_that_a_calculation_by_hand_ends_in(value, recomputed, digits):
    found = notation.agreeing([[value, -value, 0.0]], [[recomputed, -recomputed, 0.0]])
    np.testing.assert_array_equal(found, [[digits, digits, 4]])
    assert found.dtype == np.intp


def test_no_results_have_no_digits():
    assert notation.agreeing(np.empty((2, 0)), np.empty((2, 0))).shape == (2, 0)


def test_a_template_takes_symbols_or_numbers():
    template = r"<w> - <eta> \cdot <g>"
    assert notation.fill(template, {"w": "w", "eta": r"\eta", "g": "g"}) == r"w - \eta \cdot g"
    with pytest.raises(KeyError):
        notation.fill(template, {"w": "w"})


def test_a_number_close_to_1_has_as_many_digits_as_asked_for():
    assert notation.near_one(1 - 1.234567e-4, 6) == r"(1 - 1.23457 \cdot 10^{-4})"
    assert notation.near_one(0.1234567, 6) == "0.123457"


def test_a_factor_has_as_many_digits_as_asked_for():
    assert notation.factor(0.123456, 2) == "0.12"
    assert notation.factor(-0.123456, 2) == "(-0.12)"


def test_a_single_thing_is_in_the_singular():
    assert [notation.counted(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
    assert notation.counted(2, "process") == "2 processes"


def test_names_of_units():
    assert notation.unit(3, 1) == "a₃[1]"
    assert notation.unit(64, 6) == "a₆₄[6]"
    assert [notation.output(2, 3), notation.output(1, 1)] == ["ŷ₂", "ŷ"]


@given(arrays(np.float64, st.sampled_from([(3,), (2, 3), (1, 1)])))
def test_numpy_source_gives_exactly_the_same_numbers(values):
    again = eval(notation.literal(values), {"np": np})
    np.testing.assert_array_equal(again, values)
    assert again.dtype == np.float64
    assert again.shape == values.shape


def test_a_matrix_in_source_has_one_line_per_row():
    assert notation.literal([[0.1, -1.0], [2.0, 3.0]]) == (
        "np.array([\n    [0.1, -1.0],\n    [2.0, 3.0],\n])"
    )
    assert notation.literal([0.1, np.inf]) == "np.array([0.1, np.inf])"
    assert notation.literal([1, 2]) == "np.array([1.0, 2.0])"  # whole numbers are floats too
