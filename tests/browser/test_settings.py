"""The sidebar and the URL: what restarts, what goes on, what a link brings back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from nnviz import Moment, Recipe
from nnviz.analysis.snapshot import Plane
from nnviz.recipe.look import Look
from tests.browser.sidebar import choose, press


def test_another_network_restarts_from_epoch_0(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(30)
    press(stage, "Units in layer 1", "ArrowUp")
    stage.wait("stage.dataset.epoch === '0'")
    stage.wait_for_url(hidden="11")
    stage.settled()
    assert stage.boundary.path != ""


def test_a_running_network_goes_on_running_after_a_restart(open_stage: Any) -> None:
    stage = open_stage()
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 100")
    press(stage, "Units in layer 1", "ArrowUp")
    stage.wait("+stage.dataset.epoch < 100")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 100")


def test_the_axes_are_those_of_the_field_whatever_data_were_there_before(open_stage: Any) -> None:
    stage = open_stage()
    for label, name in (("XOR", "xor"), ("Moons", "moons"), ("Spirals", "spirals")):
        choose(stage, "Data set", label)
        stage.wait_for_url(data=name)
        stage.wait("stage.dataset.epoch === '0'")
        stage.settled()
        extent = Plane(stage.trainer()).extent
        axes = "['xaxis', 'yaxis'].map((name) => chart._fullLayout[name])"
        ranges = stage.chart("boundary", f"{axes}.map(({{ range }}) => range)")
        assert np.array(ranges) == pytest.approx(np.array([extent.x1, extent.x2]), rel=1e-6)
        across, up = stage.chart("boundary", f"{axes}.map((axis) => axis._length)")
        layer = stage.root.locator(".nnviz-below").bounding_box()
        assert (layer["width"], layer["height"]) == pytest.approx((across, up), abs=0.1)
        assert across / np.ptp(extent.x1) == pytest.approx(up / np.ptp(extent.x2), rel=1e-3)


def test_iris_shows_three_classes(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    choose(stage, "Data set", "Iris")
    stage.wait_for_url(data="iris")
    stage.page.wait_for_function(
        "() => document.querySelector('.nnviz-probabilities').data[0].y.length === 3"
    )
    stage.play_to(100)
    assert stage.chart("probabilities", "chart.data[0].y") == [
        "setosa", "versicolor", "virginica",
    ]  # fmt: skip
    assert stage.trainer().history[-1].test_accuracy > 0.8
    assert stage.errors == []


def test_a_new_learning_rate_goes_on_as_a_timed_edit(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(40)
    at = stage.epoch
    press(stage, "Learning rate", "ArrowLeft")
    stage.wait_for_url(edits=f"{at}:learning_rate:0.3")
    stage.settled()
    assert stage.epoch == at
    assert stage.recipe == Recipe().with_edit(stage.recipe.edits[0])
    stage.play_to(at + 60)
    replayed = stage.trainer().history[-1]
    assert abs(float(stage.shown("train_loss")) - replayed.train_loss) < 1e-4


def test_two_edits_at_different_epochs_are_both_kept(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(10)
    first = stage.epoch
    press(stage, "Learning rate", "ArrowLeft")
    stage.wait_for_url(edits=f"{first}:learning_rate:0.3")
    stage.play_to(first + 10)
    second = stage.epoch
    choose(stage, "Optimiser", "Adam")
    stage.wait_for_url(edits=f"{first}:learning_rate:0.3,{second}:optimiser:adam")
    assert stage.epoch == second


def test_reset_after_an_edit_starts_with_what_the_sidebar_shows(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(10)
    press(stage, "Learning rate", "ArrowLeft")
    stage.wait_for_url(edits=f"{stage.epoch}:learning_rate:0.3")
    stage.do("reset")
    stage.wait("stage.dataset.epoch === '0'")
    stage.wait_for_url(learning_rate="0.3")
    stage.page.wait_for_function("() => !location.search.includes('edits')")


def test_reload_and_a_shared_link_give_the_same_start(open_stage: Any) -> None:
    stage = open_stage("?data=moons&seed=5")
    press(stage, "Units in layer 1", "ArrowUp")
    stage.wait_for_url(hidden="11")
    stage.settled()
    start, recipe = stage.boundary, stage.recipe
    stage.page.reload()
    stage.charted()
    assert (stage.boundary, stage.recipe) == (start, recipe)
    other = open_stage("?" + stage.page.url.partition("?")[2])
    assert other.boundary == start
    expect(other.page.get_by_role("spinbutton", name="Units in layer 1")).to_have_value("11")


def test_a_link_with_edits_replays_them(open_stage: Any) -> None:
    recipe = Recipe(edits=[[20, "learning_rate", 3.0], [30, "weight", 2.5, [0, 1, 0]]])
    stage = open_stage("?" + recipe.to_query(), fresh=True)
    stage.play_to(50)
    assert stage.recipe == recipe
    assert abs(float(stage.shown("train_loss")) - stage.trainer().history[-1].train_loss) < 1e-4


def test_a_change_before_a_links_edits_puts_what_the_sidebar_shows_in_force(
    open_stage: Any,
) -> None:
    stage = open_stage("?edits=310:learning_rate:0.01,505:l2:0.1", fresh=True)
    expect(stage.page.get_by_text("0.01 from epoch 310")).to_be_visible()
    stage.play_to(10)
    at = stage.epoch
    press(stage, "L1", "ArrowRight")
    stage.wait_for_url(edits=f"{at}:l1:0.0001,{at}:learning_rate:0.01,{at}:l2:0.1")
    stage.play_to(at + 30)
    assert abs(float(stage.shown("train_loss")) - stage.trainer().history[-1].train_loss) < 1e-4


def test_back_returns_to_the_recipe_before(open_stage: Any) -> None:
    stage = open_stage("?data=moons", fresh=True)
    choose(stage, "Data set", "XOR")
    stage.wait_for_url(data="xor")
    stage.page.go_back()
    stage.wait_for_url(data="moons")
    expect(stage.page.get_by_role("combobox", name="Data set")).to_have_value("Moons")


def test_a_hidden_step_says_that_it_cannot_learn(open_stage: Any) -> None:
    stage = open_stage()
    choose(stage, "Activation", "step")
    expect(stage.page.get_by_text("Its slope is 0 everywhere, so hidden layers")).to_be_visible()
    expect(stage.root.locator("[data-show=hint]")).to_contain_text("Layer 1 cannot learn")


def test_a_link_brings_back_tab_pace_axes_and_where_to_stop(open_stage: Any) -> None:
    look = Look(tab="space", pace=20, log_loss=True, stop_epoch=40, stop_loss=0.01)
    stage = open_stage()
    stage.page.goto(
        stage.page.url.split("?")[0] + "?" + Moment(Recipe(hidden=[4]), 10, look).to_query()
    )
    expect(stage.page.get_by_role("tab", name="Warped space")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(stage.root.locator(".nnviz-warp .warped")).to_be_visible()
    expect(stage.root.get_by_label("Epochs per frame")).to_have_value("20")
    rules = stage.root.locator(".nnviz-rules summary")
    expect(rules).to_have_attribute("data-count", "2")
    rules.click()
    expect(stage.root.locator("[data-rule=epoch]")).to_have_value("40")
    expect(stage.root.locator("[data-rule=loss]")).to_have_value("0.01")
    stage.do("play")
    stage.wait("stage.dataset.epoch === '40' && stage.dataset.state === 'paused'")
    stage.page.get_by_role("tab", name="Curves").click()
    expect(stage.root.get_by_label("loss", exact=True)).to_be_checked()
    stage.page.wait_for_function(
        "() => document.querySelector('.nnviz-history').layout?.yaxis.type === 'log'"
    )
