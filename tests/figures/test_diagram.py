"""The diagram: one edge per weight with its sign and thickness, one tile per unit with its map."""

import base64
import io
from collections import defaultdict

import numpy as np
import pytest
from PIL import Image

from nnviz import Network, Recipe, Trainer
from nnviz.analysis.field import Extent, Grid
from nnviz.analysis.units import MAP_RESOLUTION, UnitMaps
from nnviz.choices.palette import SIGN_COLOURS, channels
from nnviz.figures import Wiring, diagram

CLASSES = ("upper", "lower", "third", "fourth")
PIXEL = 1e-6


@pytest.fixture(scope="module")
def trainer():
    trainer = Trainer(Recipe(data="circles", hidden=(5, 3), samples=60))
    trainer.advance(60)
    return trainer


def wiring_of(network, trainer, output="softmax"):
    grid = Grid(Extent.around(trainer.dataset), trainer.preparation)
    maps, scales = UnitMaps(grid).small(network)
    inputs = ["x₁", "x₂"]
    return Wiring(network.weights, maps, scales, inputs, CLASSES[: max(2, network.n_classes)],
                  output)  # fmt: skip


@pytest.fixture(scope="module")
def wiring(trainer):
    return wiring_of(trainer.network, trainer)


def tiles(figure):
    """Middle and side of every tile, by its unit's name."""
    return {
        image.name: (image.x + image.sizex / 2, image.y + image.sizey / 2, image.sizex)
        for image in figure.layout.images
        if image.name != "key"
    }


def edges(figure):
    """(trace, start, end) of every edge; NaN separates them."""
    for trace in figure.data:
        if trace.name.endswith("weights"):
            points = np.column_stack([trace.x, trace.y]).reshape(-1, 3, 2)
            assert np.isnan(points[:, 2]).all()
            yield from ((trace, tuple(a), tuple(b)) for a, b in points[:, :2])


def weight_of_edges(figure, wiring):
    """(weight, trace) of every edge, found by the tiles at its ends."""
    places = tiles(figure)
    starts, ends = {}, {}
    for layer, size in enumerate(wiring.sizes):
        for unit in range(size):
            name = wiring.unit_name(layer, unit)
            if name in places:
                x, y, side = places[name]
                starts[round(x + side / 2, 6), round(y, 6)] = layer, unit
                ends[round(x - side / 2, 6), round(y, 6)] = layer, unit
    found = []
    for trace, a, b in edges(figure):
        layer, unit = starts[tuple(np.round(a, 6))]
        above, to = ends[tuple(np.round(b, 6))]
        assert above == layer + 1
        found.append((wiring.weights[layer][1 + unit, to], trace))
    return found


# --- edges ------------------------------------------------------------------------------


def test_every_weight_is_one_edge(wiring):
    found = weight_of_edges(diagram(wiring), wiring)
    expected = np.concatenate([w[1:].ravel() for w in wiring.weights])
    np.testing.assert_array_equal(sorted(w for w, _ in found), sorted(expected))


def test_larger_weights_have_thicker_edges(wiring):
    found = sorted(weight_of_edges(diagram(wiring), wiring), key=lambda pair: abs(pair[0]))
    widths = [trace.line.width for _, trace in found]
    assert widths == sorted(widths)
    assert widths[-1] > 3 * widths[0]
    scale = max(2, *(np.abs(w).max() for w in wiring.weights))
    by_width = defaultdict(list)
    for w, trace in found:
        by_width[trace.line.width].append(abs(w))
    for alike in by_width.values():  # one of eight thicknesses
        assert np.ptp(alike) <= scale / 8


def test_negative_weights_are_dashed_and_of_another_colour(wiring):
    for w, trace in weight_of_edges(diagram(wiring), wiring):
        sign = "negative" if w < 0 else "positive"
        assert trace.line.color == SIGN_COLOURS[sign]
        assert (trace.line.dash == "solid") == (w >= 0)


def test_many_edges_are_few_traces(trainer):
    rng = np.random.default_rng(0)
    shapes = [(3, 64), (65, 64), (65, 64), (65, 4)]
    wiring = wiring_of(Network([rng.normal(size=shape) for shape in shapes]), trainer)
    figure = diagram(wiring)
    assert 300 < sum(1 for _ in edges(figure)) <= 1500
    assert len(figure.data) <= 4 * 8 + 6
    texts = [a.text for a in figure.layout.annotations]
    shown = sum(name.endswith("[1]") for name in tiles(figure))
    assert texts.count(f"… {64 - shown} more") == 3
    assert len(weight_of_edges(figure, wiring)) == sum(1 for _ in edges(figure))


def test_weights_that_overflowed_still_have_edges(wiring):
    weights = [w.copy() for w in wiring.weights]
    weights[0][:] = [[np.inf], [-np.inf], [np.nan]]
    other = Wiring(weights, wiring.maps, wiring.scales, wiring.inputs, wiring.class_names,
                   "softmax")  # fmt: skip
    assert sum(1 for _ in edges(diagram(other))) == sum(w[1:].size for w in weights)


# --- units ------------------------------------------------------------------------------


def test_every_unit_is_a_tile_of_its_activation(trainer, wiring):
    """At sampled points, the colour of a tile shows the sign of the unit's activation."""
    network, grid_side = trainer.network, MAP_RESOLUTION
    extent = Extent.around(trainer.dataset)
    x1, x2 = np.linspace(*extent.x1, grid_side), np.linspace(*extent.x2, grid_side)
    positive, negative = (np.array(channels(SIGN_COLOURS[s])) for s in ("positive", "negative"))
    pictures = {image.name: image.source for image in diagram(wiring).layout.images}
    rng, checked = np.random.default_rng(1), 0
    for unit in range(5):
        data = base64.b64decode(pictures[wiring.unit_name(1, unit)].split(",")[1])
        pixels = np.asarray(Image.open(io.BytesIO(data)))[::-1, :, :3].astype(int)
        for row, column in rng.integers(0, grid_side, (40, 2)):
            inputs = trainer.preparation.apply(np.array([[x1[column], x2[row]]]))
            z = network.weights[0][0, unit] + inputs[0] @ network.weights[0][1:, unit]
            if abs(z) > 0.1:
                colour = pixels[row, column]
                ends = [np.abs((colour - 255) / (end - 255) - np.mean((colour - 255) / (end - 255)))
                        for end in (negative, positive)]  # fmt: skip
                assert (ends[1].sum() < ends[0].sum()) == (z > 0)
                checked += 1
    assert checked > 100


def test_biases_are_round_where_positive_and_square_where_negative(wiring):
    figure = diagram(wiring)
    biases = np.concatenate([w[0] for w in wiring.weights])
    marks = {t.name: t for t in figure.data if t.name.endswith("biases")}
    assert marks["positive biases"].marker.symbol == "circle"
    assert marks["negative biases"].marker.symbol == "square"
    assert len(marks["positive biases"].x) == (biases >= 0).sum()
    order = np.argsort(np.abs(biases[biases < 0]))
    assert (np.diff(np.array(marks["negative biases"].marker.size)[order]) >= 0).all()


def test_units_layers_and_signs_are_named(wiring):
    texts = [a.text for a in diagram(wiring, size=(900, 700)).layout.annotations]
    assert {"inputs", "layer 1", "layer 2", "softmax"} <= set(texts)
    assert {"x₁", "x₂", "a₁[1]", "a₃[2]", "ŷ₁ upper", "ŷ₂ lower"} <= set(texts)
    assert {"positive weight", "negative"} <= set(texts)


def test_a_single_output_is_for_the_second_class(trainer):
    network = Network([np.array([[0.5], [1.0], [-1.0]])], output="step")
    figure = diagram(wiring_of(network, trainer, "step"))
    texts = [a.text for a in figure.layout.annotations]
    assert {"ŷ lower", "step", "inputs"} <= set(texts)
    assert not any("maps" in text for text in texts)  # no hidden layer
    assert sum(1 for _ in edges(figure)) == 2


def test_a_marked_unit_has_a_thick_frame(wiring):
    plain, marked = diagram(wiring), diagram(wiring, (1, 2))
    (frame,) = [s for s in marked.layout.shapes if s.line.width > 2]
    x, y, side = tiles(marked)["a₃[1]"]
    assert frame.path.startswith(f"M{x - side / 2:.5g},{y - side / 2:.5g}H")
    assert not [s for s in plain.layout.shapes if s.line.width > 2]


@pytest.mark.parametrize("size", [(320, 240), (500, 300), (3840, 2160)])
def test_the_diagram_has_all_units_at_any_size(wiring, size):
    figure = diagram(wiring, size=size, theme="dark", caption="A caption")
    assert (figure.layout.width, figure.layout.height) == size
    assert len(tiles(figure)) == sum(wiring.sizes)
