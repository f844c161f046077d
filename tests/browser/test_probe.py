"""The probabilities of one point: under the cursor, pinned by click, pinned by keyboard."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect


def expected(stage: Any, point: list[float]) -> list[float]:
    trainer = stage.trainer()
    inputs = trainer.preparation.apply(np.array([point]))
    return trainer.network.predict_proba(inputs)[0].tolist()


def pointer(stage: Any, x: float, y: float) -> list[float]:
    """Move the pointer into the plot; the point of the plane it lies on."""
    box = stage.root.locator(".nnviz-boundary").bounding_box()
    stage.page.mouse.move(box["x"] + x, box["y"] + y)
    return stage.chart(
        "boundary",
        f"['xaxis', 'yaxis'].map((name, i) => {{ const axis = chart._fullLayout[name];"
        f" return axis.p2d([{x}, {y}][i] - axis._offset); }})",
    )


def bars(stage: Any) -> list[float]:
    return stage.chart("probabilities", "chart._fullData[0].x")


@pytest.mark.parametrize("query", ["", "?data=iris", "?output=sigmoid"])
def test_the_bars_show_the_networks_own_numbers_under_the_cursor(
    open_stage: Any, query: str
) -> None:
    stage = open_stage(query)
    stage.play_to(40)
    point = pointer(stage, 200, 250)
    wanted = expected(stage, point)
    stage.page.wait_for_function(
        "(wanted) => document.querySelector('.nnviz-probabilities')._fullData[0].x"
        ".every((p, k) => Math.abs(p - wanted[k]) < 1e-4)",
        arg=wanted,
    )
    assert sum(bars(stage)) == pytest.approx(1)
    written = stage.root.locator(".nnviz-bars li span:last-child").all_inner_texts()
    assert [float(text) for text in written] == pytest.approx(wanted, abs=6e-4)


def test_the_bars_follow_the_run(open_stage: Any) -> None:
    stage = open_stage()
    pointer(stage, 300, 300)
    before = bars(stage)
    stage.page.keyboard.press("Space")
    stage.wait("+stage.dataset.epoch > 150")
    assert bars(stage) != before


def test_a_pinned_point_shows_the_networks_own_numbers_at_each_epoch(open_stage: Any) -> None:
    stage = open_stage()
    pointer(stage, 220, 300)
    stage.page.mouse.down()
    stage.page.mouse.up()
    stage.page.mouse.move(5, 5)
    expect(stage.root.locator("[data-show=probe]")).to_contain_text("pinned")
    point = stage.chart("boundary", "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]")
    for epoch in (30, 80):
        stage.play_to(epoch)
        written = stage.root.locator(".nnviz-bars li span:last-child").all_inner_texts()
        assert [float(text) for text in written] == pytest.approx(expected(stage, point), abs=6e-4)
        assert sum(bars(stage)) == pytest.approx(1)


def test_a_click_pins_the_point_and_leaves_the_focus(open_stage: Any) -> None:
    stage = open_stage()
    pointer(stage, 200, 250)
    stage.page.mouse.down()
    stage.page.mouse.up()
    title = stage.root.locator("[data-show=probe]")
    expect(title).to_contain_text("pinned")
    expect(title).to_have_attribute("title", re.compile(r"^x₁ −?\d\.\d+, x₂ −?\d\.\d+$"))
    pinned = title.inner_text()
    pointer(stage, 350, 300)
    expect(title).not_to_contain_text("pinned")  # the point under the cursor comes first
    stage.page.mouse.move(5, 5)
    expect(title).to_have_text(pinned)
    stage.page.keyboard.press("ArrowRight")
    stage.wait("stage.dataset.epoch === '1'")


def test_arrow_keys_move_a_pin_and_escape_lets_it_go(open_stage: Any) -> None:
    stage = open_stage()
    stage.root.locator(".nnviz-boundary").focus()
    stage.page.keyboard.press("ArrowRight")
    title = stage.root.locator("[data-show=probe]")
    expect(title).to_contain_text("pinned")
    first = stage.chart("boundary", "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]")
    stage.page.keyboard.press("ArrowUp")
    stage.page.wait_for_function(
        "(y) => document.querySelector('.nnviz-boundary').data.at(-1).y[0] > y", arg=first[1]
    )
    assert stage.epoch == 0
    stage.page.keyboard.press("Escape")
    expect(title).not_to_contain_text("pinned")
    stage.page.wait_for_function(
        "() => !document.querySelector('.nnviz-boundary').data.at(-1).x.length"
    )
