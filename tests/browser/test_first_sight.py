"""What a visitor sees before doing anything."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from nnviz import Recipe
from tests.browser.conftest import LAPTOP, PHONE
from tests.serving import Server


def test_circles_with_ten_units_wait_untrained_with_play_in_plain_view(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    assert (stage.epoch, stage.data("state")) == (0, "paused")
    assert stage.recipe == Recipe()
    assert stage.boundary.path.startswith("M")
    assert stage.picture.startswith("data:image/png")
    expect(stage.root.get_by_role("button", name="Play")).to_be_in_viewport()
    expect(stage.root.get_by_text("Press play")).to_be_in_viewport()


def test_the_stage_and_the_first_controls_fit_a_small_laptop(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    box = stage.root.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= LAPTOP["height"]
    assert box["x"] + box["width"] <= LAPTOP["width"]
    for part in ("boundary", "probabilities", "history"):
        expect(stage.root.locator(f".nnviz-{part}")).to_be_in_viewport(ratio=1)
    expect(stage.page.get_by_role("combobox").first).to_be_in_viewport()


def test_nothing_is_asked_of_another_host_and_nothing_fails(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stage.play_to(20)
    own = urlsplit(stage.page.url).netloc
    strangers = [
        url for url in stage.requests
        if urlsplit(url).scheme.startswith("http") and urlsplit(url).netloc != own
    ]  # fmt: skip
    assert strangers == []
    assert stage.errors == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_stage_is_there_before_streamlit_can_mount_it(
    browser: Browser, server: Server, theme: Any
) -> None:
    context = browser.new_context(viewport=LAPTOP, color_scheme=theme)
    page, held = context.new_page(), list[Any]()
    page.route("**/BidiComponent.*.js", lambda route: held.append(route))
    page.goto(server.url, wait_until="commit")
    root = page.get_by_test_id("nnviz-stage")
    play = root.get_by_role("button", name="Play")
    expect(root).not_to_have_attribute("data-frames", "0", timeout=30_000)
    play.click()
    expect(root).to_have_attribute("data-state", "running")
    root.get_by_role("button", name="Pause").click()
    colours = "(part) => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor]"
    before = root.bounding_box(), play.evaluate(colours)
    for route in held:
        route.continue_()
    page.locator(".stBidiComponent [data-testid=nnviz-stage]").wait_for(timeout=30_000)
    expect(root).to_have_count(1)
    assert (root.bounding_box(), play.evaluate(colours)) == before
    expect(play).to_be_focused()
    expect(root.locator(".js-plotly-plot")).to_have_count(3, timeout=30_000)
    play.click()
    expect(root).to_have_attribute("data-state", "running")
    context.close()


def test_axes_are_named_after_the_features(open_stage: Any) -> None:
    stage = open_stage("?data=iris")
    assert stage.chart("boundary", "chart.layout.xaxis.title.text") == "petal length (cm)"
    assert stage.chart("boundary", "chart.layout.yaxis.title.text") == "petal width (cm)"


def test_axes_of_one_unit_are_equal(open_stage: Any) -> None:
    stage = open_stage()
    scale = "(axis) => axis._length / (axis.range[1] - axis.range[0])"
    across, up = stage.chart(
        "boundary", f"['xaxis', 'yaxis'].map((name) => ({scale})(chart._fullLayout[name]))"
    )
    assert across == pytest.approx(up, rel=0.01)


def test_a_network_of_identities_is_said_to_stay_straight(open_stage: Any) -> None:
    hint = open_stage("?activation=identity&hidden=4").root.locator(".nnviz-hint")
    expect(hint).to_contain_text("without a bend in its activation the boundary stays straight")


def test_every_class_has_a_colour_and_a_symbol_of_its_own(open_stage: Any) -> None:
    stage = open_stage("?data=blobs&classes=6")
    markers = stage.chart(
        "boundary", "chart.data.slice(0, 6).map(({ marker }) => [marker.color, marker.symbol])"
    )
    assert len({colour for colour, _ in markers}) == 6
    assert len({symbol for _, symbol in markers}) == 6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stage_follows_the_theme(open_stage: Any, scheme: str) -> None:
    stage = open_stage(color_scheme=scheme)
    red = re.search(r"\d+", stage.root.locator(".nnviz-line").get_attribute("stroke"))
    assert (int(red[0]) > 128) == (scheme == "dark")  # the boundary is drawn in the theme's ink


def test_a_change_of_theme_redraws_the_stage(open_stage: Any) -> None:
    stage = open_stage(color_scheme="light", fresh=True)
    line = stage.root.locator(".nnviz-line")
    ink = line.get_attribute("stroke")
    stage.page.emulate_media(color_scheme="dark")
    expect(line).not_to_have_attribute("stroke", ink)


def test_a_phone_shows_one_column_and_works_by_touch(open_stage: Any) -> None:
    stage = open_stage(viewport=PHONE, has_touch=True, is_mobile=True)
    boundary = stage.root.locator(".nnviz-boundary").bounding_box()
    bars = stage.root.locator(".nnviz-probabilities").bounding_box()
    assert bars["y"] >= boundary["y"] + boundary["height"]
    assert bars["y"] + bars["height"] <= PHONE["height"]  # in view without scrolling
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    stage.root.get_by_role("button", name="Play").tap()
    stage.wait("+stage.dataset.epoch > 5")
    stage.page.touchscreen.tap(boundary["x"] + 150, boundary["y"] + 150)
    expect(stage.root.locator("[data-show=probe]")).to_contain_text("pinned")


@pytest.mark.parametrize("box", ["rules", "keyboard"])
def test_a_box_of_the_time_line_fits_a_phone(open_stage: Any, box: str) -> None:
    stage = open_stage(viewport=PHONE, has_touch=True, is_mobile=True)
    stage.root.locator(f".nnviz-{box} summary").tap()
    place = stage.root.locator(f".nnviz-{box} > div").bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= PHONE["width"]
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_bad_link_opens_with_defaults_and_says_so(open_stage: Any) -> None:
    stage = open_stage("?samples=7&activation=tahn&noise=0.2&colour=red", fresh=True)
    text = stage.page.inner_text("body")
    assert "samples must be a whole number 10…5000; got 7" in text
    assert "activation must be one of tanh, sigmoid" in text
    assert "got tahn" in text
    assert "a recipe has no field 'colour'" in text
    assert stage.recipe == Recipe(noise=0.2)
