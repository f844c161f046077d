"""The gallery panel: figures of this run's layers, and a sentence where units do not learn."""

import json

import numpy as np
import pytest

from nnviz import Recipe, Trainer
from nnviz.analysis.health import pre_activations
from nnviz.choices.activations import ACTIVATIONS
from nnviz.ui import gallery, panels


def opened(visit, epoch=0, **query):
    page = visit(**{"samples": "30", "hidden": "5,3"} | query)
    page.open("gallery")
    if epoch:
        page.report(epoch=epoch, sample=None)
    return page


def charts(page):
    found = [e.proto for e in page.app.main if e.type == "plotly_chart"]
    return [(json.loads(chart.spec), chart) for chart in found]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_layer_has_its_figure_and_all_functions_have_one(visit, activation):
    page = opened(visit, epoch=3, activation=activation)
    *layers, everything = charts(page)
    trainer = Trainer(Recipe.from_query(page.url))
    trainer.advance(3)
    X = trainer.preparation.apply(trainer.dataset.train)
    for (spec, _), z in zip(layers, pre_activations(trainer.network, X), strict=True):
        low, high = spec["layout"]["xaxis"]["range"]
        assert low == min(z.min(), -4)
        assert high == max(z.max(), 4)
    titles = [a["text"] for a in everything[0]["layout"]["annotations"]]
    assert f"<b>{ACTIVATIONS[activation].label} (this run)</b>" in titles
    assert len(titles) == len(ACTIVATIONS)


def test_figures_have_alternative_texts(visit):
    for _, chart in charts(opened(visit)):
        assert len(chart.alt) > 60


def test_dead_units_get_a_sentence(visit):
    page = opened(visit, epoch=100, activation="relu", hidden="8", learning_rate="10", seed="1",
                  samples="200")  # fmt: skip
    trainer = Trainer(Recipe.from_query(page.url))
    trainer.advance(100)
    X = trainer.preparation.apply(trainer.dataset.train)
    dead = np.all(pre_activations(trainer.network, X)[0] <= 0, axis=1).sum()
    assert dead > 4
    assert [w for w in page.warnings if w.startswith("Layer 1: ")]


def test_a_healthy_network_gets_none(visit):
    assert opened(visit).warnings == []


def test_a_step_gets_a_sentence_for_each_layer_and_in_the_sidebar(visit):
    warnings = [w for w in opened(visit, activation="step").warnings if w.startswith("Layer ")]
    assert [w.partition(":")[0] for w in warnings] == ["Layer 1", "Layer 2"]
    assert all("none of its" in w for w in warnings)


def test_a_network_without_hidden_layers_uses_no_activation(visit):
    page = opened(visit, hidden="none")
    ((spec, _),) = charts(page)
    assert not any("this run" in a["text"] for a in spec["layout"]["annotations"])
    assert any("no hidden layers" in e.value for e in page.app.main.markdown)


def test_the_stage_follows_the_panel_without_a_point(visit):
    data = opened(visit).data
    assert (data["follow"], data["sample"]) == (True, None)


def test_another_panel_does_not_draw_the_gallery(visit, monkeypatch):
    def fail(*_):
        raise AssertionError("nothing is to be worked out")

    monkeypatch.setattr(gallery, "pre_activations", fail)
    page = visit()
    page.open("maths")
    assert charts(page) == []
    assert set(panels.PANELS) == {"maths", "gallery", "sweep"}


def test_a_run_that_diverges_has_its_figures(visit):
    page = opened(visit, epoch=1500, activation="relu", learning_rate="10", l2="1")
    assert len(charts(page)) == 3
