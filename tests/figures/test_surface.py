"""The surface: one class's probability over the plane as height."""

import numpy as np

from nnviz.analysis.field import Field
from nnviz.choices.palette import CLASS_STYLES
from nnviz.figures import surface


def field_of(n):
    rng = np.random.default_rng(0)
    p = rng.dirichlet([1, 1, 1], (n, n)).transpose(2, 0, 1)
    return Field(np.linspace(-1, 1, n), np.linspace(3, 5, n), p, np.log(p))


def test_heights_are_the_probabilities_of_the_class_at_their_places():
    field = field_of(40)
    (trace,) = surface(field, 2, ("x₁", "x₂"), "virginica").data
    assert (trace.x[0], trace.x[-1], trace.y[0], trace.y[-1]) == (-1, 1, 3, 5)
    for row, y in enumerate(trace.y):
        for column, x in enumerate(trace.x):
            i, j = np.argmin(np.abs(field.x2 - y)), np.argmin(np.abs(field.x1 - x))
            assert trace.z[row][column] == field.probabilities[2, i, j]
    assert trace.colorscale[-1][1] == CLASS_STYLES[2].colour
    assert (trace.cmin, trace.cmax) == (0, 1)


def test_the_camera_is_at_the_given_position():
    figure = surface(field_of(9), 0, ("x₁", "x₂"), "setosa", eye=(1, 2, 3))
    assert figure.layout.scene.camera.eye.to_plotly_json() == {"x": 1, "y": 2, "z": 3}


def test_axes_and_class_are_named():
    figure = surface(field_of(9), 0, ("alcohol", "ash"), "grower 1")
    scene = figure.layout.scene
    assert (scene.xaxis.title.text, scene.yaxis.title.text) == ("alcohol", "ash")
    assert [a.text for a in figure.layout.annotations] == ["Probability of grower 1"]


def test_points_lie_where_the_surface_is_to_pass():
    points = [np.array([[0.0, 4.0]]), np.array([[0.5, 3.5], [1.0, 3.0]])]
    figure = surface(field_of(9), 1, ("x₁", "x₂"), "b", points=points)
    first, second = figure.data[1:]
    assert (list(first.x), list(first.y), list(first.z)) == ([0.0], [4.0], [0.0])
    assert list(second.z) == [1.0, 1.0]
    assert figure.layout.scene.zaxis.title.text == "p(b)"
