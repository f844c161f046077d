"""Drawing on the plot in a real browser: by mouse while the run plays, and by keys alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import expect

from nnviz.recipe.edits import POINTS
from nnviz.recipe.strokes import marks_of


def strokes(stage: Any) -> list[Any]:
    return [edit for edit in stage.recipe.edits if edit.field == POINTS]


def place(stage: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the window, by shares of the plot's sides."""
    box = stage.root.locator(".nnviz-boundary").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_points_drawn_while_the_run_plays_are_replayed_by_its_link(open_stage: Any) -> None:
    stage = open_stage()
    boxes = [stage.root.locator(f".nnviz-{part}").bounding_box() for part in ("plane", "time")]
    stage.root.get_by_role("button", name="Draw").click()
    after = [stage.root.locator(f".nnviz-{part}").bounding_box() for part in ("plane", "time")]
    assert after == boxes
    stage.page.keyboard.press("2")
    mouse = stage.page.mouse
    stage.root.locator("[data-do=play]").click()
    mouse.move(*place(stage, 0.4, 0.3))
    mouse.down()
    stage.wait("+stage.dataset.epoch > 20")
    mouse.move(*place(stage, 0.6, 0.3), steps=10)
    stage.wait("+stage.dataset.epoch > 60")
    mouse.up()
    stage.wait("+stage.dataset.epoch > 80")
    stage.root.locator("[data-do=play]").click()
    stage.settled()

    assert len(strokes(stage)) > 1
    trainer = stage.trainer()
    n = len(trainer.dataset.framed)
    drawn = [number for number in trainer.dataset.numbers.tolist() if number >= n]
    assert len(drawn) >= 5
    assert sorted(drawn) == list(range(n, n + len(drawn)))
    assert float(stage.shown("train_loss")) == np.float64(f"{trainer.history[-1].train_loss:.4f}")
    assert stage.root.locator(".nnviz-points path").count() == 4

    stage.root.get_by_role("button", name="Undo").click()
    expect(stage.root.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    stage.settled()
    assert set(stage.trainer().dataset.numbers) == set(range(n))
    stage.root.get_by_role("button", name="Done").click()


def test_keys_alone_draw_and_erase(open_stage: Any) -> None:
    stage = open_stage("?data=iris")
    stage.charted()
    stage.root.get_by_role("button", name="Draw").focus()
    keys = stage.page.keyboard
    keys.press("Enter")
    expect(stage.root.get_by_role("button", name="Pen")).to_be_focused()
    stage.root.locator(".nnviz-boundary").focus()
    for key in ("3", "ArrowLeft", "ArrowLeft", "ArrowUp", "Enter"):
        keys.press(key)
    stage.settled()
    (stroke,) = strokes(stage)
    (mark,) = marks_of(stroke.value)
    assert (mark.number, mark.class_index) == (150, 2)
    keys.press("Delete")
    stage.settled()
    assert 150 not in stage.trainer().dataset.numbers
    stage.root.get_by_role("button", name="Done").click()
