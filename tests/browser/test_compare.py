"""Runs side by side: made, named, trained, exported, kept by a link, and taken away again."""

from __future__ import annotations

import io
import itertools
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from nnviz import Recipe, Trainer
from nnviz.recipe.companions import Companion
from nnviz.recipe.moment import Moment
from tests.browser.axe import Audit
from tests.browser.carriers import on_both_carriers
from tests.browser.conftest import PHONE
from tests.browser.export_dialog import SVG, dialog_of

PLANES = ".nnviz-companion-plane"
MOONS = Recipe(data="moons", samples=80, hidden=[4])
QUERY = "?data=moons&samples=80&hidden=4"


def told(stage: Any) -> list[str]:
    """What is said of each run, in their order."""
    heads = stage.root.locator(".nnviz-planes .nnviz-run-head:visible")
    texts = heads.evaluate_all(
        "(all) => all.map((head) => [head.querySelector('input').value, "
        "head.querySelector('.nnviz-run-differs').textContent].filter(Boolean).join(': '))"
    )
    return list(texts)


def legend(stage: Any) -> list[str]:
    """The classes above the planes."""
    entries = stage.root.locator(".nnviz-classes span span")
    return [text.strip() for text in entries.all_inner_texts()]


def colours_of_heads(stage: Any) -> list[str]:
    """Of the marks of all runs, in their order."""
    marks = stage.root.locator(".nnviz-planes .nnviz-run-head:visible svg path:last-child")
    return list(marks.evaluate_all("(all) => all.map((mark) => mark.getAttribute('fill'))"))


def colours_of_bars(stage: Any) -> list[str]:
    return list(stage.chart("probabilities", "chart.data.map(({marker}) => marker.color)"))


def colour_of_own_curve(stage: Any) -> str:
    """Of the widest lines, those of the active run."""
    lines = "chart.data.filter(({line}) => line?.width === 3).map(({line}) => line.color)"
    colours = set(stage.chart("history", lines))
    assert len(colours) == 1
    return str(colours.pop())


def loss_of(recipe: Recipe, epoch: int) -> str:
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    loss, _, _, accuracy = trainer.rows(epoch)[0]
    share = math.floor(1000 * accuracy + 0.5) / 10  # a half is rounded up
    return f"train loss {loss:.4f}, test accuracy {share:.1f} %"


def linked(stage: Any) -> Moment:
    return Moment.from_query(stage.page.url.partition("?")[2])


def pixels(stage: Any, canvas: str) -> str:
    return str(stage.root.locator(f"{canvas} canvas").first.evaluate("(c) => c.toDataURL()"))


@on_both_carriers
def test_runs_side_by_side(open_stage: Any) -> None:
    stage = open_stage(QUERY)
    stage.root.get_by_role("button", name="Compare", exact=True).click()
    expect(stage.root.locator(PLANES)).to_have_count(1)
    assert told(stage) == ["the same settings"] * 2
    rate = stage.page.get_by_role("textbox", name="Learning rate")
    rate.fill("3")
    rate.press("Enter")
    stage.wait_for_url(learning_rate="3")
    assert told(stage) == ["learning rate η 3", "learning rate η 0.5"]
    stage.play_to(60)
    epoch = stage.epoch
    other = stage.root.locator(PLANES)
    expect(other).to_contain_text(loss_of(MOONS, epoch))
    assert pixels(stage, ".nnviz-boundary") != pixels(stage, PLANES)
    assert other.locator("path[d^=M]").count() >= 2  # the boundary and the points
    bars = stage.root.locator(".nnviz-probabilities")
    expect(bars).to_have_attribute("aria-label", re.compile(r"\. Run 2: upper .*, lower "))
    curves = stage.chart("history", "chart.data.map(({x}) => x.length)")
    assert len(curves) == 8 + 8
    assert legend(stage) == ["upper", "lower", "test: hollow"]

    name = stage.root.get_by_label("Name of Run 2")
    name.fill("slow & safe")
    name.press("Enter")
    expect(stage.root.get_by_label("Name of slow & safe")).to_be_visible()
    stage.page.wait_for_url("**slow*")
    fast = replace(MOONS, learning_rate=3.0)
    assert linked(stage) == Moment(fast, look=linked(stage).look)
    assert linked(stage).look.beside == (Companion(), Companion(MOONS, "slow & safe"))

    colours = colours_of_heads(stage)
    assert len(set(colours)) == 2
    assert colours == colours_of_bars(stage)
    other.focus()
    stage.page.keyboard.press("Enter")  # makes it the active one, at the same epoch
    stage.wait_for_url(learning_rate="0.5")
    stage.settled()
    assert colours_of_heads(stage) == colours
    assert colours_of_bars(stage) == colours
    assert colour_of_own_curve(stage) == colours[1]
    assert (stage.epoch, stage.recipe) == (epoch, MOONS)
    expect(stage.root.locator(PLANES)).to_contain_text(loss_of(fast, epoch))
    assert told(stage) == ["learning rate η 3", "slow & safe: learning rate η 0.5"]
    expect(stage.page.get_by_role("textbox", name="Learning rate")).to_have_value("0.5")

    stage.page.reload()  # the address has all of it
    stage.page.wait_for_selector(PLANES)
    stage.settled()
    assert told(stage) == ["learning rate η 3", "slow & safe: learning rate η 0.5"]
    assert stage.recipe == MOONS
    stage.root.locator(".nnviz-companion .nnviz-run-differs").click()  # its head is its own, too
    stage.wait_for_url(learning_rate="3")
    assert colour_of_own_curve(stage) == colours[0]
    stage.root.locator(PLANES).click()
    stage.wait_for_url(learning_rate="0.5")
    stage.root.get_by_role("button", name="Remove Run 1").click()
    expect(stage.root.locator(PLANES)).to_have_count(0)
    stage.page.wait_for_url(lambda url: "beside" not in url)


@on_both_carriers
def test_a_preset_its_picture_and_a_link(open_stage: Any) -> None:
    stage = open_stage(QUERY)
    stage.root.locator(".nnviz-presets summary").click()
    stage.root.get_by_role("button", name="Same start, other optimisers").click()
    expect(stage.root.locator(PLANES)).to_have_count(3)
    assert told(stage) == ["SGD", "momentum", "RMSProp", "Adam"]
    expect(stage.root.get_by_role("button", name="Compare", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    stage.play_to(30)
    audit = Audit(stage.page)
    audit.look("four runs", ".nnviz")
    audit.verdict()
    dialog = dialog_of(stage)
    dialog.choose("Format", "svg")
    name, file = dialog.download()
    assert name.endswith(".svg")
    root = ET.fromstring(file)
    texts = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert {"Run 1: SGD", "Run 2: momentum", "Run 3: RMSProp", "Run 4: Adam"} <= texts
    dialog.turn_to("Animation")
    dialog.field("Frames").fill("3")
    _, gif = dialog.download("Make and download")
    with Image.open(io.BytesIO(gif)) as reel:
        assert (reel.format, reel.n_frames) == ("GIF", 3)
    dialog.turn_to("Share")
    expect(dialog.field("Link to this moment")).to_have_value(re.compile("beside="))
    link = dialog.field("Link to this moment").input_value()
    moment = Moment.from_query(link.partition("?")[2])
    others = [run.recipe for run in moment.look.beside if run.recipe]
    kinds = ("momentum", "rmsprop", "adam")
    assert others == [replace(MOONS, optimiser=kind) for kind in kinds]
    assert moment.epoch == stage.epoch


def test_on_a_phone_the_planes_stack(open_stage: Any) -> None:
    stage = open_stage(QUERY, viewport=PHONE, has_touch=True)
    stage.do("compare")
    stage.do("compare")
    heads = stage.root.locator(".nnviz-planes .nnviz-run-head:visible")
    expect(heads).to_have_count(3)
    stage.settled()
    boxes = [head.bounding_box() for head in heads.all()]
    assert len({round(box["x"]) for box in boxes}) == 1
    tops = [box["y"] for box in boxes]
    assert all(after - before > 200 for before, after in itertools.pairwise(tops))  # planes between
    assert all(box["x"] + box["width"] <= PHONE["width"] for box in boxes)
    heads.nth(1).tap(position={"x": 15, "y": 15})
    expect(stage.root.get_by_role("status")).to_contain_text("Run 2")
