"""Bars: the probabilities given, each with its number, its name and its class's colour."""

import numpy as np
import pytest

from nnviz.analysis.field import Extent
from nnviz.choices.palette import CLASS_STYLES
from nnviz.figures import bars, headings_at
from nnviz.figures.bars import coordinate
from nnviz.figures.sheet import SMALL, text_width

NAMES = ("setosa", "versicolor", "virginica")
P = np.array([0.0714, 0.9, 0.0286])


def test_bars_are_the_probabilities_in_class_colours():
    (trace,) = bars(P, NAMES).data
    np.testing.assert_array_equal(trace.y, P)
    assert list(trace.text) == ["0.071", "0.900", "0.029"]
    assert trace.marker.color == tuple(style.colour for style in CLASS_STYLES[:3])


def test_classes_are_named_below_their_bars():
    axis = bars(P, NAMES).layout.xaxis
    assert axis.tickvals == (0, 1, 2)
    assert axis.ticktext == NAMES


def test_nan_has_no_bar():
    (trace,) = bars(np.array([np.nan, np.nan]), ("outer", "inner")).data
    assert list(trace.y) == [0, 0]
    assert list(trace.text) == ["–", "–"]


@pytest.mark.parametrize("size", [(320, 240), (480, 380), (1280, 720)])
@pytest.mark.parametrize(
    "names", [NAMES, tuple(f"class {i}" for i in range(6)), ("a very long name indeed",) * 6]
)
def test_names_side_by_side_never_overlap(size, names):
    figure = bars(np.full(len(names), 1 / len(names)), names, size=size)
    axis = figure.layout.xaxis
    place = (axis.domain[1] - axis.domain[0]) * size[0] / len(names)
    lines = [line for text in axis.ticktext for line in text.split("<br>")]
    if axis.tickangle == -90:
        assert place > SMALL
        assert max(text_width(line, SMALL) for line in lines) < 50  # what is left below the bars
    else:
        assert max(text_width(line, axis.tickfont.size) for line in lines) < place


def test_names_are_vertical_if_bars_are_too_narrow_for_them():
    names = tuple(f"class {i}" for i in range(5))
    figure = bars(np.full(5, 0.2), names, size=(170, 200))
    assert figure.layout.xaxis.tickangle == figure.data[0].textangle == -90
    assert figure.layout.xaxis.ticktext == names


@pytest.mark.parametrize("size", [(200, 150), (320, 240), (480, 380)])
def test_a_number_above_a_certain_class_stays_below_the_heading(size):
    figure = bars(np.array([1.0, 0.0]), ("outer", "inner"), size=size)
    low, high = figure.layout.yaxis.domain
    pixels = (high - low) * size[1]
    assert pixels * (1 - 1 / figure.layout.yaxis.range[1]) > 18


# --- the heading ------------------------------------------------------------------------

EXTENT = Extent((-1.5, 1.5), (10.0, 40.0))


def test_the_heading_names_output_features_and_numbers():
    headings = headings_at("softmax", ("x₁", "ash"), (0.531, 20.34), EXTENT)
    assert headings[0] == "Softmax at x₁ 0.53, ash 20.3"
    assert headings[1] == "Softmax at (0.53, 20.3)"


def test_the_longest_heading_that_fits_is_shown():
    headings = headings_at("softmax", ("nonflavanoid phenols", "ash"), (0.531, 20.34), EXTENT)

    def heading(width):
        (text,) = bars(P, NAMES, headings, size=(width, 240)).layout.annotations
        return text.text

    assert heading(600) == headings[0]
    assert heading(220) == headings[1]
    assert heading(120) == headings[2]


@pytest.mark.parametrize(
    ("value", "ends", "text"),
    [
        (0.531, (-1.5, 1.5), "0.53"),
        (-0.209, (-1.5, 1.5), "−0.21"),
        (-0.001, (-1.5, 1.5), "0.00"),
        (731.4, (200, 1700), "731"),
        (0.1234567, (0.1, 0.2), "0.123"),
    ],
)
def test_coordinates_have_decimals_for_a_hundredth_of_the_axis(value, ends, text):
    assert coordinate(value, ends) == text
