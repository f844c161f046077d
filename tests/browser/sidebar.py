"""The sidebar as a person uses it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

CAN_ACT = 60_000  # ms until Streamlit, too, has found a server that was started anew


def unfold(stage: Any, about: str) -> None:
    """Open a group of settings: ``the data``, ``the network`` or ``training``."""
    stage.page.get_by_test_id("stSidebar").get_by_text(f"More about {about}").click()


def press(stage: Any, name: str, key: str) -> None:
    """Press a key in a slider or a field for a number."""
    roles = (stage.page.get_by_role(role, name=name) for role in ("slider", "spinbutton"))
    control = next(roles).or_(next(roles))
    expect(control).to_be_enabled(timeout=CAN_ACT)
    control.focus()
    stage.page.keyboard.press(key)


def choose(stage: Any, box: str, option: str) -> None:
    stage.page.get_by_role("combobox", name=box).click()
    stage.page.keyboard.type(option)  # a long list shows only some of its options
    stage.page.get_by_role("option", name=option, exact=True).click()
