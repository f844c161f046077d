"""Runs side by side in one picture: planes in a row, titles, and one legend."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.snapshot import Snapshot
from nnviz.export.pictures import Shot, picture, size_of
from nnviz.export.render import render
from nnviz.recipe.companions import Companion
from nnviz.recipe.look import Look

CIRCLES = Recipe(samples=60)
ADAM = replace(CIRCLES, optimiser="adam")
IRIS = Recipe(data="iris")
SIZE = (600, 200)  # which takes less time than the default


def taken(recipe, look, epoch=20):
    """A snapshot with those of the runs that the look names."""

    def at(run, **more):
        trainer = Trainer(run)
        trainer.seek(epoch)
        return Snapshot(trainer, **more)

    return at(recipe, look=look, beside=[at(run.recipe) for run in look.beside if run.recipe])


def drawn(recipe, *beside, **look):
    shown = Look(beside=beside, **look)
    return picture(taken(recipe, shown), "boundary", Shot(look=shown, size=SIZE))


def texts(figure):
    return [a.text.replace("\N{NO-BREAK SPACE}", " ") for a in figure.layout.annotations]


def entries(figure):
    return [(trace.name, trace.legend) for trace in figure.data if trace.showlegend]


def test_each_run_has_a_plane_and_a_title_in_its_place():
    figure = drawn(CIRCLES, Companion(ADAM, "Quick"), Companion())
    assert (figure.layout.width, figure.layout.height) == SIZE
    assert size_of("boundary", 1) == (800, 430)
    assert len(figure.layout.images) == 2
    assert texts(figure)[-2:] == ["Quick: Adam", "Run 2: SGD"]
    left, right = figure.layout.xaxis.domain, figure.layout.xaxis2.domain
    assert left[1] < right[0]
    own = [trace for trace in figure.data if trace.xaxis == "x2"]
    train = Trainer(CIRCLES).dataset.train
    assert sum(len(trace.x) for trace in own[:2]) == len(train)


def test_one_legend_is_enough_for_the_same_classes():
    figure = drawn(CIRCLES, Companion(ADAM))
    assert entries(figure) == [(name, "legend") for name in ("outer", "inner", "test: hollow")]
    other = drawn(CIRCLES, Companion(IRIS))
    assert [name for name, _ in entries(other)].count("test: hollow") == 2
    assert {"outer", "setosa"} <= {name for name, _ in entries(other)}


def test_the_caption_is_what_they_have_in_common():
    def caption(*beside):
        return texts(drawn(CIRCLES, *map(Companion, beside)))[0]

    same = "Circles, 60 points, noise 0.1 · epoch 20 · seeds: data 0, weights 0"
    assert caption(ADAM) == same
    assert caption(replace(ADAM, seed=1)) == "Circles, 60 points, noise 0.1 · epoch 20"
    assert caption(IRIS) == "epoch 20 · seeds: data 0, weights 0"


def test_a_run_that_has_ended_says_where():
    diverging = Recipe(samples=30, activation="identity", learning_rate=10.0, init="normal")
    shown = Look(beside=(Companion(), Companion(diverging)))
    snapshot = taken(replace(diverging, learning_rate=0.1), shown, epoch=3000)
    (other,) = snapshot.beside
    title = texts(picture(snapshot, "boundary", Shot(look=shown, size=(1200, 200))))[-1]
    assert title == f"Run 2: learning rate η 10, ended at epoch {other.epoch}"


@pytest.mark.parametrize(
    "look", [{"view": "threshold"}, {"view": "surface"}, {"unit": (1, 3)}, {"rings": True}]
)
def test_a_look_that_others_cannot_show_is_fitted(look):
    assert len(drawn(CIRCLES, Companion(IRIS), **look).layout.images) >= 2


def test_other_pictures_are_of_the_run_alone():
    shown = Look(beside=(Companion(ADAM),))
    snapshot = taken(CIRCLES, shown)
    for name in ("losses", "network"):
        figure = picture(snapshot, name, Shot(look=shown))
        alone = picture(taken(CIRCLES, Look()), name, Shot())
        assert (figure.layout.width, len(figure.data)) == (alone.layout.width, len(alone.data))


def test_a_browser_draws_it():
    svg = render(drawn(CIRCLES, Companion(ADAM, "Größe & Co"), probe=(0.5, 0.5)), "svg")
    root = ET.fromstring(svg)
    assert (float(root.get("width")), float(root.get("height"))) == SIZE
    found = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Größe & Co: Adam", "Run 1: SGD", "outer", "test: hollow"} <= found
    places = [float(image.get("x")) for image in root.iter("{http://www.w3.org/2000/svg}image")]
    assert len(places) == 2
    assert np.ptp(places) > 200
