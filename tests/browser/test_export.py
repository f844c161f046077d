"""The Export dialog: it pauses the run, is used by keyboard alone, and fits a phone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.export_dialog import Dialog, at_moment, dialog_of


def test_the_dialog_pauses_the_run_and_is_used_by_keyboard_alone(open_stage: Any) -> None:
    stage = open_stage()
    page = stage.page
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 20")
    assert not _loaded_the_dialog(stage)
    button = stage.root.get_by_role("button", name="Export")
    button.focus()
    page.keyboard.press("Enter")
    dialog = Dialog(page)
    dialog.previewed()
    assert _loaded_the_dialog(stage)
    stage.settled()
    epoch = stage.epoch
    expect(dialog.element).to_have_accessible_description(
        f"The run is paused at epoch {epoch}, so that picture, caption and link agree."
    )
    expect(dialog.element.get_by_role("tab", name="Picture")).to_be_focused()
    for key in (" ", "r", "ArrowRight"):  # the stage's own keys, were the dialog not open
        page.keyboard.press(key)
    expect(dialog.element.get_by_role("tab", name="Animation")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dialog.field("Format")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowLeft")
    stage.settled()
    assert (stage.epoch, stage.data("state")) == (epoch, "paused")
    page.keyboard.press("Escape")
    expect(dialog.element).to_be_hidden()
    expect(button).to_be_focused()
    assert stage.errors == []


def test_on_a_phone_the_dialog_takes_the_page_and_needs_no_sideways_scroll(open_stage: Any) -> None:
    with at_moment(open_stage, viewport=PHONE, has_touch=True, is_mobile=True) as stage:
        dialog = dialog_of(stage)
        assert dialog.element.bounding_box()["width"] == PHONE["width"]
        for name in ("Picture", "Animation", "Data", "Code", "Share"):
            dialog.turn_to(name)
            expect(dialog.panel.get_by_role("button").last).to_be_enabled()
            wide = dialog.element.evaluate(
                """(dialog) => [dialog, ...dialog.querySelectorAll('*')]
                  .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth
                    && !part.matches('pre, input, select, svg *'))
                  .map((part) => part.className || part.tagName)"""
            )
            assert wide == [], name


def _loaded_the_dialog(stage: Any) -> bool:
    return any("/export/dialog." in url for url in stage.requests)
