"""What stands in for the boundary chart until Plotly has come: seen, played with, then replaced."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

# the box of an element in the page
BOX = "(element) => { const { x, y, width, height } = element.getBoundingClientRect();"
BOX += " return [x, y, width, height]; }"

FIELD = ".nnviz-below canvas"
COLOURS = "(canvas) => new Set(new Uint32Array(canvas.getContext('2d')"
COLOURS += ".getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"


def box(stage: Any, selector: str) -> list[float]:
    return stage.root.locator(selector).evaluate(BOX)


def test_the_untrained_picture_is_there_before_plotly(open_stage: Any) -> None:
    stage = open_stage(hold_plotly=True)
    expect(stage.root.locator(".nnviz-sketch")).to_be_visible()
    assert stage.root.locator(FIELD).evaluate(COLOURS) > 20
    assert stage.path("line").startswith("M")
    expect(stage.root.locator("[data-show=train_loss]")).to_contain_text(".")
    assert (stage.epoch, stage.data("state")) == (0, "paused")


@pytest.mark.parametrize("query", ["", "?data=wine", "?data=blobs&classes=3"])
def test_plotly_takes_over_with_the_same_picture_in_the_same_place(
    open_stage: Any, query: str
) -> None:
    stage = open_stage(query, hold_plotly=True)
    sketch = stage.root.locator(".nnviz-sketch")
    expect(sketch).to_be_visible()
    before = stage.picture, stage.boundary
    area, field = box(stage, ".nnviz-sketch"), box(stage, FIELD)
    stage.release_plotly()
    expect(stage.root.locator(FIELD)).to_have_count(1)
    assert sketch.count() == 0
    assert (stage.picture, stage.boundary) == before
    assert box(stage, FIELD) == pytest.approx(field, abs=1)
    axes = stage.chart(
        "boundary", "[chart._fullLayout.xaxis._length, chart._fullLayout.yaxis._length]"
    )
    assert axes == pytest.approx(area[2:], abs=1)


def test_one_can_play_and_pin_before_plotly_and_nothing_of_it_is_lost(open_stage: Any) -> None:
    stage = open_stage(hold_plotly=True)
    untrained = stage.picture
    stage.play_to(30)
    assert stage.picture != untrained
    at = stage.root.locator(".nnviz-boundary").bounding_box()
    stage.page.mouse.click(at["x"] + 250, at["y"] + 300)
    title = stage.root.locator("[data-show=probe]")
    expect(title).to_contain_text("pinned")
    pinned, epoch = title.inner_text(), stage.epoch
    stage.release_plotly()
    stage.page.mouse.move(5, 5)
    expect(title).to_have_text(pinned)
    x, y = stage.chart("boundary", "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]")
    place = "['xaxis', 'yaxis'].map((name, i) => chart._fullLayout[name].p2d([250, 300][i]"
    place += " - chart._fullLayout[name]._offset))"
    assert [x, y] == pytest.approx(stage.chart("boundary", place), abs=0.01)
    assert stage.epoch == epoch
    assert len(stage.chart("history", "chart.data[0].y")) == epoch + 1


def test_without_plotly_the_page_says_so_and_the_picture_stays(open_stage: Any) -> None:
    stage = open_stage(hold_plotly=True)
    stage.refuse_plotly()
    expect(stage.root.locator("[data-show=message]")).to_contain_text("Plotly could not be loaded")
    stage.play_to(10)
    expect(stage.root.locator(".nnviz-sketch")).to_be_visible()
