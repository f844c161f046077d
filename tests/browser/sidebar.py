"""The sidebar as a person uses it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

CAN_ACT = 60_000  # ms until Streamlit, too, has found a server that was started anew


def press(stage: Any, slider: str, key: str = "ArrowRight") -> None:
    control = stage.page.get_by_role("slider", name=slider)
    expect(control).to_be_enabled(timeout=CAN_ACT)
    control.focus()
    stage.page.keyboard.press(key)


def choose(stage: Any, box: str, option: str) -> None:
    stage.page.get_by_role("combobox", name=box).click()
    stage.page.keyboard.type(option)  # a long list shows only some of its options
    stage.page.get_by_role("option", name=option, exact=True).click()
