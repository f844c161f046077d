"""Figures of activation functions: every curve, the run's activation marked, histogram of z."""

import numpy as np
import pytest

from nnviz.choices.activations import ACTIVATIONS
from nnviz.figures import functions, gallery, layer

RNG = np.random.default_rng(8)


def curves(figure, name):
    return [trace for trace in figure.data if trace.name.startswith(name)]


def bars(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


# --- the gallery ------------------------------------------------------------------------


def test_the_gallery_shows_value_and_slope_of_every_activation_on_its_own_axes():
    figure = gallery("relu")
    titles = [annotation.text for annotation in figure.layout.annotations]
    values, slopes = curves(figure, "φ(z)"), curves(figure, "φ′")
    for i, activation in enumerate(ACTIVATIONS.values()):
        assert activation.label in titles[i]
        z = values[i].x
        np.testing.assert_array_equal(values[i].y, activation.value(z.copy(), None))
        h = 1e-6
        plain = (activation.value(z + h, None) - activation.value(z - h, None)) / (2 * h)
        off = np.abs(z) > 1e-3  # away from the corner
        np.testing.assert_allclose(slopes[i].y[off], plain[off], atol=1e-8)
        assert values[i].xaxis == slopes[i].xaxis
    assert len({trace.xaxis for trace in values}) == len(ACTIVATIONS)


def test_slopes_are_dashed_and_values_are_not():
    figure = gallery()
    assert {trace.line.dash for trace in curves(figure, "φ′")} == {"dash"}
    assert {trace.line.dash for trace in curves(figure, "φ(z)")} == {None}
    assert len([trace for trace in figure.data if trace.showlegend]) == 2


@pytest.mark.parametrize("figure", [gallery(), functions()], ids=["page", "picture"])
def test_curves_keep_all_their_points(figure):
    assert {trace.line.simplify for trace in figure.data} == {False}


def test_all_panels_share_their_axes():
    figure = gallery()
    names = [name for name in figure.layout if name.startswith(("xaxis", "yaxis"))]
    assert len(names) == 2 * len(ACTIVATIONS)
    for letter in "xy":
        assert len({figure.layout[n].range for n in names if n.startswith(letter)}) == 1


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_activation_of_the_run_is_framed(name):
    figure = gallery(name)
    marked = [a.text for a in figure.layout.annotations if "this run" in a.text]
    assert marked == [f"<b>{ACTIVATIONS[name].label} (this run)</b>"]
    (frame,) = figure.layout.shapes
    own = curves(figure, "φ(z)")[list(ACTIVATIONS).index(name)]
    assert frame.xref == f"{own.xaxis} domain"
    assert len(gallery().layout.shapes) == 0


# --- a layer ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_z_is_in_the_histogram_under_the_curves(name):
    z = RNG.normal(scale=5, size=(6, 50))
    figure = layer(ACTIVATIONS[name], z)
    assert sum(trace.y.sum() for trace in bars(figure)) == pytest.approx(100)
    low, high = figure.layout.xaxis.range
    assert low <= z.min()
    assert z.max() <= high
    x = np.concatenate([trace.x for trace in bars(figure)])
    y = np.concatenate([trace.y for trace in bars(figure)])
    width = bars(figure)[0].width
    for middle, share in zip(x, y, strict=True):
        inside = np.mean((z > middle - width / 2 - 1e-9) & (z < middle + width / 2 + 1e-9))
        assert share == pytest.approx(100 * inside, abs=0.7)


def flat_share(name, z):
    flat = [t for t in bars(layer(ACTIVATIONS[name], np.array(z))) if "flat" in t.name]
    return sum(trace.y.sum() for trace in flat)


@pytest.mark.parametrize(
    ("name", "z", "share"),
    [
        ("relu", [-3.0, -2.0, -1.0, 2.0], 75),
        ("tanh", [-3.0, 0.0, 1.0, 3.0], 50),
        ("identity", [-90.0, 90.0], 0),
        ("step", [-1.0, 1.0], 100),
    ],
)
def test_bars_where_the_slope_is_flat_stand_out(name, z, share):
    assert flat_share(name, z) == pytest.approx(share)


def test_a_layer_whose_z_are_all_equal_has_a_figure():
    figure = layer(ACTIVATIONS["tanh"], np.zeros((3, 4)))
    assert sum(trace.y.sum() for trace in bars(figure)) == pytest.approx(100)
    assert figure.layout.xaxis.range == (-4, 4)


def test_a_layer_whose_z_overflowed_has_a_figure():
    figure = layer(ACTIVATIONS["relu"], np.array([[np.inf, -np.inf, np.nan, 1e307, -1e307, 1.0]]))
    assert np.isfinite(figure.layout.xaxis.range).all()
    assert sum(trace.y.sum() for trace in bars(figure)) == pytest.approx(100 * 3 / 6)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_of_all_functions_has_each_with_its_slope(theme):
    figure = functions("relu", size=(900, 600), theme=theme, caption="All of them")
    assert (figure.layout.width, figure.layout.height) == (900, 600)
    assert len(figure.data) == 2 * len(ACTIVATIONS)
    z = np.array(figure.data[0].x)
    for curve, activation in zip(figure.data[::2], ACTIVATIONS.values(), strict=True):
        np.testing.assert_allclose(curve.y, activation.value(z, None))
    texts = [annotation.text for annotation in figure.layout.annotations]
    assert "<b>ReLU (this run)</b>" in texts
    assert "tanh" in texts
    assert "All of them" in texts
