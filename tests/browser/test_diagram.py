"""The network's diagram: looking at units and weights, changing them, layers too wide to show."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from nnviz.analysis.field import Extent, Grid
from nnviz.analysis.units import UnitMaps
from nnviz.recipe.edits import Edit
from tests.browser.carriers import on_both_carriers
from tests.browser.test_views import pixels

Place = tuple[int, int, int]  # matrix, row, column


@pytest.fixture
def open_network(open_stage: Callable[..., Any]) -> Callable[..., Any]:
    """A stage with the diagram turned to, and its numbers there."""

    def open_one(query: str = "", **options: Any) -> Any:
        stage = open_stage(query, **options)
        stage.page.get_by_role("tab", name="Network").click()
        numbered(stage)
        stage.settled()
        return stage

    return open_one


def numbered(stage: Any) -> None:
    """Until the units' names tell their biases."""
    stage.wait(
        "[...stage.querySelectorAll('.nnviz-unit')].length && "
        "[...stage.querySelectorAll('.nnviz-unit:not([data-layer=\"0\"])')]"
        ".every((unit) => /bias −?\\d/.test(unit.ariaLabel))"
    )


def unit(stage: Any, layer: int, number: int) -> Locator:
    return stage.root.locator(f".nnviz-unit[data-layer='{layer}'][data-unit='{number}']")


def box(element: Locator) -> Any:
    """Where it is; the diagram may be drawn anew just then, which takes an element away."""
    while (found := element.bounding_box()) is None:
        expect(element).to_be_visible()
    return found


def middle(stage: Any, place: Place) -> tuple[float, float]:
    """Where a weight is drawn: the middle of an edge, a bias at its unit's lower left corner."""
    matrix, row, column = place
    above = box(unit(stage, matrix + 1, column))
    if row == 0:
        return above["x"] - 4, above["y"] + above["height"] - 3
    below = box(unit(stage, matrix, row - 1))
    left = below["x"] + below["width"], below["y"] + below["height"] / 2
    right = above["x"], above["y"] + above["height"] / 2
    return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def weight(stage: Any, place: Place) -> float:
    """What the engine has there."""
    matrix, row, column = place
    return float(stage.trainer().network.weights[matrix][row, column])


def map_of(stage: Any, layer: int, number: int) -> Any:
    """The engine's map of a unit, in −1…1 of its scale, first row at the bottom."""
    trainer, size = stage.trainer(), pixels(stage)[1].shape[::-1]
    grid = Grid(Extent.around(trainer.dataset), trainer.preparation, size)
    return UnitMaps(grid).large(trainer.network, layer, number)[0]


def drawn_map(stage: Any) -> Any:
    """The big plot's colours, in −1…1: purple below 0, green above, the stronger the larger."""
    colours, alpha = pixels(stage)
    return np.where(colours[..., 1] > colours[..., 2], 1, -1) * alpha


def edits(stage: Any) -> tuple[Edit, ...]:
    """Those of the page's URL, once it has some."""
    stage.page.wait_for_function("() => new URLSearchParams(location.search).has('edits')")
    return stage.recipe.edits


@on_both_carriers
@pytest.mark.parametrize("by", ["pointer", "keyboard"])
def test_a_unit_looked_at_takes_the_place_of_the_big_plot(open_network: Any, by: str) -> None:
    stage = open_network()
    stage.play_to(40)
    field = stage.picture
    shown = stage.root.locator("[data-show=unit]")
    if by == "pointer":
        unit(stage, 1, 2).hover()
    else:
        unit(stage, 1, 2).focus()
    expect(shown).to_contain_text("a₃[1], bias")
    stage.settled()
    expected, drawn = map_of(stage, 1, 2), drawn_map(stage)
    clear = np.abs(expected) > 0.05
    assert np.array_equal(np.sign(drawn[clear]), np.sign(expected[clear]))
    assert np.corrcoef(np.abs(drawn[clear]), np.abs(expected[clear]))[0, 1] > 0.95
    name, bias = unit(stage, 1, 2).get_attribute("aria-label").split(", bias ")
    assert name == "a₃[1]"
    assert number(bias) == pytest.approx(weight(stage, (0, 0, 2)), rel=5e-4)
    expect(shown).to_contain_text(bias)
    if by == "pointer":
        stage.page.mouse.move(5, 5)
    else:
        stage.page.keyboard.press("Escape")
    expect(shown).to_be_empty()
    stage.settled()
    assert stage.picture == field


def test_a_click_keeps_a_unit_in_the_big_plot_until_the_next(open_network: Any) -> None:
    stage = open_network()
    shown = stage.root.locator("[data-show=unit]")
    stage.root.locator("[data-do=step]").focus()
    unit(stage, 1, 4).click()
    stage.page.mouse.move(5, 5)
    expect(shown).to_contain_text("a₅[1]")
    stage.page.keyboard.press("ArrowRight")  # the focus has stayed where it was
    stage.wait("stage.dataset.epoch === '1'")
    expect(shown).to_contain_text("a₅[1]")
    unit(stage, 1, 4).click()
    expect(shown).to_be_empty()


@pytest.mark.parametrize("place", [(0, 1, 0), (0, 2, 9), (1, 0, 1)])
def test_an_edge_or_bias_under_the_pointer_shows_its_weight_to_four_digits(
    open_network: Any, place: Place
) -> None:
    stage = open_network()
    stage.play_to(30)
    stage.page.mouse.move(*middle(stage, place))
    tip = stage.root.locator(".nnviz-tip")
    expect(tip).to_be_visible()
    name, text = tip.inner_text().removesuffix(" ↕").split(": ")
    names = {(0, 1, 0): "x₁ → a₁[1]", (0, 2, 9): "x₂ → a₁₀[1]", (1, 0, 1): "bias of ŷ₂"}
    assert name == names[place]
    assert number(text) == pytest.approx(weight(stage, place), rel=5e-4)
    assert len(re.sub(r"^[−0.]*|e.*|\.", "", text)) == 4
    stage.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


@pytest.mark.parametrize("place", [(0, 1, 0), (1, 0, 0)])
def test_a_number_typed_at_epoch_0_moves_the_boundary_and_is_in_the_recipe(
    open_network: Any, place: Place
) -> None:
    stage = open_network()
    before = stage.picture
    stage.page.mouse.click(*middle(stage, place))
    field = stage.root.get_by_role("textbox", name="bias of" if place[1] == 0 else "weight from")
    expect(field).to_be_focused()
    field.fill("−2.75")  # a real minus is as good as a hyphen
    stage.page.keyboard.press("Enter")
    expect(field).to_be_hidden()
    assert edits(stage) == (Edit(0, "weight", -2.75, place),)
    stage.settled()
    assert (stage.epoch, stage.data("state")) == (0, "paused")
    assert weight(stage, place) == -2.75
    changed = stage.picture
    assert changed != before
    stage.page.reload()
    stage.charted()
    stage.settled()
    assert stage.picture == changed


@on_both_carriers
@pytest.mark.parametrize("place", [(0, 1, 0), (1, 0, 1)])
def test_dragging_changes_the_boundary_at_once_and_is_one_edit(
    open_network: Any, place: Place
) -> None:
    stage = open_network()
    before, start = stage.picture, weight(stage, place)
    x, y = middle(stage, place)
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    stage.page.mouse.move(x, y - 150, steps=5)
    stage.page.wait_for_function(
        "(before) => document.querySelector('.nnviz-below canvas').toDataURL() !== before",
        arg=before,
    )
    stage.page.mouse.move(x, y - 200, steps=5)
    stage.page.mouse.up()
    assert edits(stage) == (Edit(0, "weight", pytest.approx(start + 2, abs=0.006), place),)
    stage.settled()
    assert weight(stage, place) == stage.recipe.edits[0].value
    expect(stage.root.locator(".nnviz-edit")).to_be_hidden()  # it was no click


@pytest.mark.parametrize("text", ["1e999", "1000001", "0x10", "1,5", ""])
def test_a_bad_number_gets_a_sentence_and_changes_nothing(open_network: Any, text: str) -> None:
    stage = open_network()
    before = stage.picture
    stage.page.mouse.click(*middle(stage, (0, 1, 0)))
    field = stage.root.get_by_role("textbox", name="weight from x₁ to a₁[1]")
    field.fill(text)
    stage.page.keyboard.press("Enter")
    sentence = f"weight must be a number −1,000,000…1,000,000; got {text or 'nothing'}"
    expect(stage.root.locator(".nnviz-edit").get_by_role("alert")).to_have_text(sentence)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    stage.page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    stage.settled()
    assert stage.picture == before
    assert "edits" not in stage.query


def test_a_number_left_as_it_is_or_left_behind_changes_nothing(open_network: Any) -> None:
    stage = open_network()
    field = stage.root.get_by_role("textbox", name="weight from x₁ to a₁[1]")
    stage.page.mouse.click(*middle(stage, (0, 1, 0)))
    stage.page.keyboard.press("Enter")
    expect(field).to_be_hidden()
    stage.page.mouse.click(*middle(stage, (0, 1, 0)))
    field.fill("3")
    stage.root.locator("[data-do=play]").focus()
    expect(field).to_be_hidden()
    stage.settled()
    assert weight(stage, (0, 1, 0)) != 3
    assert "edits" not in stage.query


@on_both_carriers
def test_keys_walk_through_units_and_weights_and_change_them(open_network: Any) -> None:
    stage = open_network()
    press = stage.page.keyboard.press
    shown, slider = stage.root.locator("[data-show=unit]"), stage.root.locator(".nnviz-weight")
    stage.page.get_by_role("tab", name="Network").focus()
    press("Tab")
    expect(unit(stage, 0, 0)).to_be_focused()
    press("ArrowDown")
    expect(shown).to_contain_text("x₂")
    for key in ("ArrowRight", "ArrowRight"):
        press(key)
    expect(shown).to_contain_text("ŷ₂, inner")
    press("Enter")
    expect(slider).to_have_attribute("aria-label", "bias of ŷ₂")
    press("ArrowDown")
    press("ArrowDown")
    expect(slider).to_have_attribute("aria-label", "weight from a₂[1] to ŷ₂")
    expect(slider).to_have_role("slider")
    start = weight(stage, (1, 2, 1))
    assert float(slider.get_attribute("aria-valuenow")) == pytest.approx(start, rel=5e-4)
    press("ArrowRight")
    press("ArrowRight")
    press("Shift+ArrowLeft")
    assert edits(stage) == (Edit(0, "weight", pytest.approx(start + 0.19, abs=2e-4), (1, 2, 1)),)
    assert stage.epoch == 0  # → was the slider's, not the stage's
    press("Enter")
    field = stage.root.get_by_role("textbox", name="weight from a₂[1] to ŷ₂")
    field.fill("0.5")
    press("Enter")
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuenow", "0.5")
    stage.wait_for_url(edits="0:weight:0.5:1.2.1")
    press("Escape")
    expect(unit(stage, 2, 1)).to_be_focused()
    press("Escape")
    expect(shown).to_be_empty()


@pytest.mark.parametrize("on", ["unit", "weight"])
def test_space_plays_wherever_the_focus_is_in_the_diagram(open_network: Any, on: str) -> None:
    stage = open_network()
    unit(stage, 1, 0).focus()
    if on == "weight":
        stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Space")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 5")


def test_the_diagram_is_one_stop_of_the_tab_key_with_a_visible_focus(open_network: Any) -> None:
    stage = open_network("?hidden=64,64")
    assert stage.root.locator(".nnviz-network [tabindex='0']").count() == 1
    assert stage.root.locator(".nnviz-network button:not([tabindex='-1'])").count() == 0
    stage.page.get_by_role("tab", name="Network").focus()
    stage.page.keyboard.press("Tab")
    outline = "(unit) => getComputedStyle(unit).outlineStyle"
    assert unit(stage, 0, 0).evaluate(outline) == "solid"


def test_a_wide_layer_says_how_many_more_there_are_and_shows_them(open_network: Any) -> None:
    stage = open_network("?hidden=64")
    shown = stage.root.locator(".nnviz-unit[data-layer='1']")
    count = shown.count()
    assert 8 <= count < 64
    more = stage.root.get_by_role("button", name=f"{64 - count} more units of layer 1 below")
    expect(more).to_contain_text(f"+{64 - count} more")
    more.click()
    expect(unit(stage, 1, count)).to_be_visible()
    expect(unit(stage, 1, 0)).to_have_count(0)
    numbered(stage)
    label = unit(stage, 1, count).get_attribute("aria-label")
    assert number(label.split("bias ")[1]) == pytest.approx(weight(stage, (0, 0, count)), abs=1e-4)
    stage.root.get_by_role("button", name=f"{count} more units of layer 1 above").click()
    expect(unit(stage, 1, 0)).to_be_visible()


def test_keys_reach_the_last_unit_of_a_wide_layer(open_network: Any) -> None:
    stage = open_network("?hidden=64")
    unit(stage, 1, 0).focus()
    for _ in range(63):
        stage.page.keyboard.press("ArrowDown")
    expect(unit(stage, 1, 63)).to_be_focused()
    expect(stage.root.locator("[data-show=unit]")).to_contain_text("a₆₄[1], bias")
    stage.page.keyboard.press("PageUp")
    expect(unit(stage, 1, 63)).to_have_count(0)
    assert stage.epoch == 0


def test_a_tap_looks_at_a_unit_and_a_second_lets_go(open_network: Any) -> None:
    stage = open_network(viewport={"width": 390, "height": 844}, has_touch=True)
    shown = stage.root.locator("[data-show=unit]")
    unit(stage, 1, 2).tap()
    expect(shown).to_contain_text("a₃[1]")
    unit(stage, 1, 2).tap()
    expect(shown).to_be_empty()
    stage.page.touchscreen.tap(*middle(stage, (0, 1, 0)))
    expect(stage.root.get_by_role("textbox", name="weight from x₁ to a₁[1]")).to_be_focused()


@pytest.mark.parametrize(
    "query",
    ["?hidden=none&data=linear&output=step", "?hidden=64,64,64,64,64,64", "?data=iris"],
)
@pytest.mark.parametrize("viewport", [(390, 844), (1280, 800), (1920, 1080)])
def test_every_unit_has_its_place_in_the_panel(
    open_network: Any, query: str, viewport: tuple[int, int]
) -> None:
    stage = open_network(query, viewport=dict(zip(("width", "height"), viewport, strict=True)))
    panel = stage.root.locator(".nnviz-network").bounding_box()
    boxes = [each.bounding_box() for each in stage.root.locator(".nnviz-unit").all()]
    for box in boxes:
        assert panel["x"] <= box["x"]
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]
        assert panel["y"] <= box["y"]
        assert box["y"] + box["height"] <= panel["y"] + panel["height"]
    corners = {(round(box["x"]), round(box["y"])) for box in boxes}
    assert len(corners) == len(boxes)


def test_another_network_is_drawn_in_the_place_of_the_old(open_network: Any) -> None:
    stage = open_network()
    unit(stage, 1, 4).click()
    stage.page.get_by_role("spinbutton", name="Hidden layers").focus()
    stage.page.keyboard.press("ArrowUp")
    expect(stage.root.locator(".nnviz-unit[data-layer='3']")).to_have_count(2)
    numbered(stage)
    expect(stage.root.locator("[data-show=unit]")).to_be_empty()
    stage.page.mouse.move(*middle(stage, (0, 1, 0)))
    tip = stage.root.locator(".nnviz-tip")
    expect(tip).to_contain_text("x₁ → a₁[1]")
    assert number(tip.inner_text().removesuffix(" ↕").split(": ")[1]) == pytest.approx(
        weight(stage, (0, 1, 0)), rel=5e-4
    )
