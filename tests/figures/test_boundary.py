"""The picture of the boundary: pixels, points, rings, legend."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from nnviz import Recipe, Trainer
from nnviz.analysis.field import Extent, Grid, boundary_lines
from nnviz.choices.palette import CLASS_STYLES, THEMES, channels
from nnviz.figures import boundary, static_layer
from nnviz.figures.plane import MARGIN
from nnviz.figures.sheet import text_width
from nnviz.recipe.look import Look


def run(epochs, **recipe):
    trainer = Trainer(Recipe(**recipe))
    trainer.advance(epochs)
    return trainer


@pytest.fixture(scope="module")
def iris():
    return run(40, data="iris")


def drawn(trainer, **more):
    extent = Extent.around(trainer.dataset)
    field = Grid(extent, trainer.preparation).field(trainer.network)
    return boundary(trainer.dataset, extent, field, boundary_lines(field), **more)


@pytest.mark.parametrize("theme", THEMES)
def test_pixels_are_the_class_colours_over_the_paper(iris, theme):
    """Recomputed at sampled points: colours mixed by probability, opacity by certainty."""
    (image,) = drawn(iris, theme=theme).layout.images
    assert image.xref == "x"
    assert image.layer == "below"
    data = base64.b64decode(image.source.split(",")[1])
    layer = Image.open(io.BytesIO(data)).convert("RGBA")
    paper = Image.new("RGBA", layer.size, THEMES[theme].paper)
    seen = np.asarray(Image.alpha_composite(paper, layer))[::-1, :, :3].astype(float)
    left, high = image.x, image.y
    step = image.sizex / layer.width, image.sizey / layer.height
    colours = np.array([channels(style.colour) for style in CLASS_STYLES[:3]])
    for row, column in np.random.default_rng(3).integers(0, 100, (200, 2)):
        # the point of the plane in the middle of the pixel
        point = left + (column + 0.5) * step[0], high - image.sizey + (row + 0.5) * step[1]
        p = iris.network.predict_proba(iris.preparation.apply(np.array([point])))[0]
        share = 0.62 * (p.max() - 1 / 3) / (2 / 3)
        expected = (1 - share) * np.array(channels(THEMES[theme].paper)) + share * (p @ colours)
        np.testing.assert_allclose(seen[row, column], expected, atol=3)


def test_points_have_the_colour_and_symbol_of_their_class(iris):
    figure = drawn(iris)
    data = iris.dataset
    for k, name in enumerate(data.class_names):
        (train,) = [t for t in figure.data if t.name == name]
        np.testing.assert_array_equal(
            np.column_stack([train.x, train.y]), data.train[data.train_labels == k]
        )
        assert train.marker.color == CLASS_STYLES[k].colour
        assert train.marker.symbol == CLASS_STYLES[k].symbol
    hollow = [t for t in figure.data if t.marker.color == "#FFFFFF"]
    assert sum(len(t.x) for t in hollow) == len(data.test)


@pytest.mark.parametrize(("parts", "count"), [("train", "train"), ("test", "test")])
def test_only_the_chosen_part_is_shown(iris, parts, count):
    figure = drawn(iris, look=Look(points=parts))
    assert sum(len(t.x) for t in figure.data) == len(getattr(iris.dataset, count))


def test_rings_go_around_the_points_of_another_class():
    trainer = run(3, data="moons", samples=80)
    data = trainer.dataset
    samples = np.concatenate([data.train, data.test])
    predicted = trainer.network.predict(trainer.preparation.apply(samples))
    wrong = samples[predicted != np.concatenate([data.train_labels, data.test_labels])]
    figure = drawn(trainer, look=Look(rings=True), predicted=predicted)
    rings = figure.layout.shapes[-1].path
    assert 0 < rings.count("M") == len(wrong)
    assert len(drawn(trainer, predicted=predicted).layout.shapes) == 1


def test_the_pin_is_at_its_point(iris):
    (pin,) = [t for t in drawn(iris, pin=(4.5, 1.5)).data if t.name == "pin"]
    assert (pin.x, pin.y) == ((4.5,), (1.5,))


def test_features_of_one_unit_have_one_scale_on_both_axes():
    layout = drawn(run(1, data="circles"), size=(900, 500)).layout
    lengths = [
        (axis.domain[1] - axis.domain[0]) * pixels / (axis.range[1] - axis.range[0])
        for axis, pixels in ((layout.xaxis, 900), (layout.yaxis, 500))
    ]
    assert lengths[0] == pytest.approx(lengths[1])


# --- the legend -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(240, 240), (320, 300), (400, 400), (680, 690), (1600, 600)])
@pytest.mark.parametrize("recipe", [{"data": "wine"}, {"data": "spirals", "classes": 5}])
def test_a_legend_longer_than_the_sheet_takes_more_rows_above_the_plane(size, recipe):
    figure = drawn(run(0, **recipe), size=size)
    shown = [t for t in figure.data if t.showlegend]
    top = (1 - figure.layout.yaxis.domain[1]) * size[1]
    for name in {t.legend for t in shown}:
        entries = [t.name for t in shown if t.legend == name]
        legend = figure.layout[name]
        width = sum(text_width(entry) + 44 for entry in entries)
        assert len(entries) == 1 or legend.x * size[0] + width <= size[0]
        assert (1 - legend.y) * size[1] + 20 <= top
    assert len(shown) == len({t.name for t in shown}) >= 4
    rows = {figure.layout[t.legend].y for t in shown}
    assert len(rows) > 1 if size[0] < 350 else len(rows) <= 2


def test_the_plane_is_in_the_same_place_in_the_static_layer_and_the_whole_picture(iris):
    extent = Extent.around(iris.dataset)
    for size in ((320, 300), (680, 690)):
        layer, box = static_layer(iris.dataset, extent, size=size)
        whole = drawn(iris, size=size)
        assert layer.layout.xaxis.domain == whole.layout.xaxis.domain
        assert layer.layout.yaxis.domain == whole.layout.yaxis.domain
        assert box.left == pytest.approx(layer.layout.xaxis.domain[0] * size[0])
        assert box.left >= MARGIN["left"]
        assert len(layer.layout.images) == len(layer.layout.shapes) == 0


def test_points_at_one_place_have_a_larger_symbol():
    trainer = Trainer(Recipe(data="iris"))
    figure = drawn(trainer)
    for trace, k in zip(figure.data, range(3), strict=False):
        points = trainer.dataset.train[trainer.dataset.train_labels == k]
        counts = [(points == point).all(axis=1).sum() for point in points]
        expected = 9 * np.sqrt(np.minimum(counts, 4))
        np.testing.assert_allclose(trace.marker.size, expected, atol=0.01)
        assert max(counts) > 1


@pytest.mark.parametrize("theme", THEMES)
def test_hollow_points_are_light_inside_in_both_themes(theme):
    figure = drawn(Trainer(Recipe()), theme=theme)
    hollow = next(trace for trace in figure.data if trace.name == "test: hollow")
    assert sum(channels(hollow.marker.color)) > 3 * 200


@pytest.mark.parametrize(
    ("view", "ends"), [("entropy", ["entropy 0", "log 3"]), ("confidence", ["confidence 1/3", "1"])]
)
def test_a_view_of_a_quantity_has_a_scale(iris, view, ends):
    figure = drawn(iris, look=Look(view=view))
    assert [label.text for label in figure.layout.annotations] == ends
    _, scale = figure.layout.images
    data = base64.b64decode(scale.source.split(",")[1])
    row = np.asarray(Image.open(io.BytesIO(data)))[10, 1:-1, 0].astype(int)
    darkest = round(0.62 * channels(THEMES["light"].ink)[0] + 0.38 * 255)
    assert (row[0], row[-1], row.min()) == (255, 255, darkest)
    begin, end = np.flatnonzero(row < 255)[[0, -1]]
    assert (np.diff(row[begin : end + 1]) <= 0).all()
    assert len(drawn(iris).layout.images) == 1


def test_symbols_of_many_points_are_smaller():
    for samples, scale in ((100, 1), (500, 1), (5000, 0.5)):
        figure = drawn(Trainer(Recipe(samples=samples)))
        assert figure.data[0].marker.size == pytest.approx(9 * scale, abs=0.05)
