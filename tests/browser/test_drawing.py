"""Drawing on the plot in a real browser: by mouse while the run plays, and by keys alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import expect

from nnviz.recipe.edits import POINTS
from nnviz.recipe.strokes import marks_of
from tests.browser.carriers import on_both_carriers
from tests.browser.conftest import PHONE


def strokes(stage: Any) -> list[Any]:
    return [edit for edit in stage.recipe.edits if edit.field == POINTS]


def place(stage: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the window, by shares of the plot's sides."""
    box = stage.root.locator(".nnviz-boundary").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


@on_both_carriers
def test_points_drawn_while_the_run_plays_are_replayed_by_its_link(open_stage: Any) -> None:
    stage = open_stage()
    boxes = [stage.root.locator(f".nnviz-{part}").bounding_box() for part in ("plane", "time")]
    stage.root.get_by_role("button", name="Draw").click()
    after = [stage.root.locator(f".nnviz-{part}").bounding_box() for part in ("plane", "time")]
    assert after == boxes
    stage.page.keyboard.press("2")
    mouse = stage.page.mouse
    symbols = stage.root.locator(".nnviz-points path")
    symbols.evaluate_all("(paths) => paths.forEach((path) => path.classList.add('early'))")
    stage.root.locator("[data-do=play]").click()
    mouse.move(*place(stage, 0.4, 0.3))
    mouse.down()
    stage.wait("+stage.dataset.epoch > 20")
    mouse.move(*place(stage, 0.6, 0.3), steps=10)
    stage.wait("+stage.dataset.epoch > 60")
    mouse.up()
    stage.wait("+stage.dataset.epoch > 80")
    stage.root.locator("[data-do=play]").click()
    stage.page.wait_for_function("() => new URLSearchParams(location.search).has('edits')")
    stage.settled()

    assert len(strokes(stage)) > 1
    trainer = stage.trainer()
    n = len(trainer.dataset.framed)
    drawn = [number for number in trainer.dataset.numbers.tolist() if number >= n]
    assert len(drawn) >= 5
    assert sorted(drawn) == list(range(n, n + len(drawn)))
    assert float(stage.shown("train_loss")) == np.float64(f"{trainer.history[-1].train_loss:.4f}")
    assert symbols.count() == len(trainer.dataset.numbers)
    early = stage.root.locator(".nnviz-points path.early")
    assert early.count() == n  # those of the start were not drawn again

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


def test_a_drawing_begins_empty_and_gets_another_class(open_stage: Any) -> None:
    stage = open_stage()
    field = stage.page.locator(".nnviz-data")
    field.locator("summary").click()
    field.get_by_role("button", name="Draw your own").click()
    expect(stage.root.get_by_role("button", name="Pen")).to_have_attribute("aria-pressed", "true")
    stage.wait_for_url(data="drawing", classes="2")
    mouse = stage.page.mouse
    mouse.click(*place(stage, 0.4, 0.4))
    stage.page.keyboard.press("2")
    mouse.click(*place(stage, 0.6, 0.6))
    stage.root.get_by_role("button", name="One more class").click()
    stage.wait_for_url(classes="3")
    stage.settled()  # before its first picture, there is nothing to draw on
    mouse.click(*place(stage, 0.4, 0.6))
    stage.settled()
    (stroke,) = strokes(stage)
    assert [(m.number, m.class_index) for m in marks_of(stroke.value)] == [(0, 0), (1, 1), (2, 2)]
    expect(stage.page.get_by_role("combobox", name="Data set")).to_have_value("Your own drawing")


def test_a_finger_draws_on_a_phone(open_stage: Any) -> None:
    stage = open_stage(viewport=PHONE, has_touch=True)
    stage.root.get_by_role("button", name="Draw").tap()
    expect(stage.root.locator("[data-show=hint]")).to_contain_text("Tap or drag in the plot")
    stage.root.get_by_role("button", name="Class inner").tap()
    stage.page.touchscreen.tap(*place(stage, 0.4, 0.4))
    stage.page.wait_for_function("() => new URLSearchParams(location.search).has('edits')")
    stage.settled()
    (mark,) = [mark for stroke in strokes(stage) for mark in marks_of(stroke.value)]
    assert (mark.number, mark.class_index) == (200, 1)
    stage.root.get_by_role("button", name="Done").tap()

    # and a table, from a file
    stage.page.get_by_test_id("stExpandSidebarButton").tap()
    field = stage.page.locator(".nnviz-data")
    field.locator("summary").tap()
    rows = "".join(f"{i % 7},{i % 5},{'ab'[i % 2]}\n" for i in range(40))
    file = {"name": "few.csv", "mimeType": "text/csv", "buffer": f"x,y,k\n{rows}".encode()}
    field.locator("[type=file]").set_input_files(file)
    step = stage.page.get_by_role("dialog", name="Your data")
    expect(step.get_by_text("few.csv, 40 rows, 2 classes")).to_be_visible()
    place_of_step = step.bounding_box()
    assert place_of_step["x"] >= 0
    assert place_of_step["x"] + place_of_step["width"] <= PHONE["width"]
    step.get_by_role("button", name="Use these data").tap()
    expect(step).to_have_count(0)
    stage.settled()
    assert stage.recipe.table.name == "few.csv"
