"""Pictures of a snapshot: each can be drawn at any size, and agrees with the page."""

import json
import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.choices.palette import THEMES
from nnviz.export import pictures
from nnviz.export.pictures import PICTURES, Shot, picture
from nnviz.recipe.look import Look

RECIPES = {
    "circles": Recipe(data="circles", samples=80),
    "iris": Recipe(data="iris", hidden=(16, 16, 16), inputs=("x1", "x2", "x1sq", "sinx2")),
    "wide": Recipe(data="spirals", classes=5, samples=60, hidden=(64,) * 6),
    "wine": Recipe(data="wine", test_share=0.0,
                   features=("nonflavanoid phenols", "alcalinity of ash")),
    "perceptron": Recipe(data="linear", hidden=(), output="step"),
    "wild": Recipe(data="moons", samples=60, hidden=(16, 16, 16), activation="relu",
                   learning_rate=10.0, standardise=False),
    "drawing": Recipe(data="drawing", classes=2),
}  # fmt: skip


@pytest.fixture(scope="module")
def snapshots():
    found = {}
    for name, recipe in RECIPES.items():
        trainer = Trainer(recipe)
        trainer.advance(12)
        found[name] = Snapshot(trainer)
    return found


@pytest.fixture
def coarse(monkeypatch):
    """The plane on a grid of few points, where all else of a picture is tested."""
    monkeypatch.setattr(pictures, "MOST_SIDE", 80)


def bars(figure):
    (found,) = [trace for trace in figure.data if trace.type == "bar"]
    return found


def texts(figure):
    return " ".join(a.text for a in figure.layout.annotations).replace("\N{NO-BREAK SPACE}", " ")


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("size", [(320, 240), None])
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_picture_can_be_drawn_of_every_run(snapshots, recipe, name, size):
    theme = "dark" if size is None else "light"
    figure = picture(snapshots[recipe], name, Shot(size=size, theme=theme))
    assert (figure.layout.width, figure.layout.height) == (size or PICTURES[name].size)
    assert figure.layout.paper_bgcolor == THEMES[theme].paper
    json.loads(figure.to_json(), parse_constant=refuse)
    assert "epoch 12" in texts(figure)


SIDES = st.integers(200, 1600)


@pytest.mark.usefixtures("coarse")
@settings(max_examples=12, deadline=None)
@pytest.mark.parametrize("name", PICTURES)
@given(
    recipe=st.sampled_from(sorted(RECIPES)), size=st.tuples(SIDES, SIDES),
    view=st.sampled_from(["blend", "surface"]),
    caption=st.none() | st.text(max_size=400) | st.sampled_from(["x" * 500, "word " * 2000]),
)  # fmt: skip
@example(recipe="circles", size=(300, 200), view="blend", caption="x" * 500)
@example(recipe="wide", size=(200, 200), view="surface", caption="word " * 2000)
def test_pictures_can_have_any_size_and_caption(snapshots, name, recipe, size, view, caption):
    shot = Shot(Look(view), size=size, caption=caption)
    figure = picture(snapshots[recipe], name, shot)
    assert (figure.layout.width, figure.layout.height) == size


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("recipe", ["circles", "wide"])
def test_all_in_one_can_be_very_large(snapshots, recipe):
    figure = picture(snapshots[recipe], "composed", Shot(size=(3840, 2160)))
    assert (figure.layout.width, figure.layout.height) == (3840, 2160)


def test_the_caption_can_be_replaced_or_empty(snapshots):
    figure = picture(snapshots["circles"], "losses", Shot(caption="My own caption"))
    assert "My own caption" in texts(figure)
    assert "epoch 12" not in texts(figure)
    assert "seeds" not in texts(picture(snapshots["circles"], "losses", Shot(caption="")))


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("name", ["probabilities", "composed"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_bars_are_the_networks_probabilities_at_the_probe(snapshots, recipe, name):
    snapshot = snapshots[recipe]
    (x0, x1), (y0, y1) = snapshot.extent.x1, snapshot.extent.x2
    probe = x0 + 0.3 * (x1 - x0), y0 + 0.6 * (y1 - y0)
    inputs = snapshot.preparation.apply(np.array([probe]))
    figure = picture(snapshot, name, Shot(Look(probe=probe)))
    np.testing.assert_array_equal(bars(figure).y, snapshot.network.predict_proba(inputs)[0])


def test_without_a_probe_bars_are_of_the_centre_as_in_the_heading(snapshots):
    snapshot = snapshots["circles"]
    figure = picture(snapshot, "probabilities", Shot())
    np.testing.assert_array_equal(bars(figure).y, snapshot.probabilities(snapshot.centre))
    groups = re.search("Softmax at x₁ (.*), x₂ (.*)", texts(figure)).groups()
    numbers = [float(number.replace("−", "-")) for number in groups]
    assert numbers == pytest.approx(snapshot.centre, abs=0.005)


def pins(figure):
    return [(t.x[0], t.y[0]) for t in figure.data if t.name == "pin"]


def test_the_point_of_the_bars_is_marked_beside_them(snapshots):
    snapshot = snapshots["circles"]
    assert pins(picture(snapshot, "boundary", Shot())) == []
    assert pins(picture(snapshot, "boundary", Shot(Look(probe=(0.1, 0.2))))) == [(0.1, 0.2)]
    assert pins(picture(snapshot, "composed", Shot(Look(probe=(0.1, 0.2))))) == [(0.1, 0.2)]
    assert pins(picture(snapshot, "composed", Shot())) == [snapshot.centre]


def test_a_surface_is_drawn_as_a_surface(snapshots):
    shot = Shot(look=Look(view="surface", class_index=2), eye=(1, 2, 3))
    for name in ("boundary", "composed"):
        figure = picture(snapshots["iris"], name, shot)
        (surface,) = [trace for trace in figure.data if trace.type == "surface"]
        assert surface.z[0][0] == pytest.approx(snapshots["iris"].field.probabilities[2, 0, 0])
        assert figure.layout.scene.camera.eye.z == 3
    over_unit = Shot(look=Look(view="surface", unit=(1, 0)))
    assert not [t for t in picture(snapshots["iris"], "boundary", over_unit).data
                if t.type == "surface"]  # fmt: skip


def test_a_unit_replaces_the_field_and_an_output_is_its_class(snapshots):
    def source(look):
        return picture(snapshots["circles"], "boundary", Shot(look=look)).layout.images[0].source

    assert source(Look(unit=(1, 3))) != source(Look())
    assert source(Look(unit=(2, 1))) == source(Look(view="class", class_index=1))


def test_the_unit_on_the_plane_is_framed_in_the_network(snapshots):
    def frames(look):
        figure = picture(snapshots["circles"], "composed", Shot(look=look))
        return [shape for shape in figure.layout.shapes if shape.line.width > 3]

    assert len(frames(Look(unit=(1, 3)))) == 1
    assert frames(Look()) == []


def test_accuracies_are_labelled_at_one_half_if_the_look_has_another_threshold(snapshots):
    look = Look(view="threshold", threshold=0.3)
    figure = picture(snapshots["circles"], "losses", Shot(look=look))
    assert "accuracy at ½" in texts(figure)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("look", "text"),
    [
        (Look("confidence"), "· Confidence"),
        (Look(unit=(1, 2)), "map of a₃[1]"),
        (Look("threshold", threshold=0.3), "Threshold: 0.30"),
    ],
)
def test_a_caption_names_the_view_if_the_picture_has_a_plane(snapshots, name, look, text):
    shown = texts(picture(snapshots["circles"], name, Shot(look)))
    assert (text in shown) == (name in ("boundary", "composed"))
    assert ("accuracy at 0.30:" in shown) == (look.view == "threshold")


def test_accuracies_at_one_half_have_no_threshold_in_their_label(snapshots):
    shown = texts(picture(snapshots["circles"], "losses", Shot(Look("threshold"))))
    assert "accuracy at" not in shown


def test_axes_can_be_logarithmic(snapshots):
    figure = picture(snapshots["circles"], "losses", Shot(Look(log_loss=True, log_epochs=True)))
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")


def test_one_legend_has_the_classes_and_one_the_lines(snapshots):
    figure = picture(snapshots["iris"], "composed", Shot())
    names = [trace.name for trace in figure.data if trace.showlegend]
    assert names == ["setosa", "versicolor", "virginica", "test: hollow", "train", "test"]


def test_the_run_s_activation_is_marked_if_there_is_a_caption():
    snapshot = Snapshot(Trainer(Recipe(samples=40, activation="relu")))
    titles = [
        [a.text for a in picture(snapshot, "activations", Shot(caption=c)).layout.annotations]
        for c in (None, "")
    ]
    assert "<b>ReLU (this run)</b>" in titles[0]
    assert "ReLU" in titles[1]
