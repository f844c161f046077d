"""The served page within another one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def test_it_shows_the_stage_alone_and_keeps_the_address(open_stage: Any) -> None:
    stage = open_stage("?data=moons&embed=1", fresh=True)
    expect(stage.root.get_by_role("button", name="Play")).to_be_visible()
    expect(stage.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    expect(stage.root.locator(".nnviz-title")).to_be_hidden()
    expect(stage.page.locator(".st-key-panel")).to_be_hidden()
    stage.play_to(10)
    assert stage.query["data"] == ["moons"]
    assert stage.query["embed"] == ["1"]
    assert stage.errors == []


def test_it_shows_the_controls_that_the_address_names(open_stage: Any) -> None:
    stage = open_stage("?data=moons&hidden=4&embed=1&controls=hidden,activation", fresh=True)
    few = stage.page.locator(".st-key-few_controls")
    expect(few.get_by_role("spinbutton")).to_have_count(2)  # how many layers, and their units
    expect(few.get_by_role("combobox")).to_have_count(1)
    few.get_by_role("spinbutton").nth(1).fill("7")
    stage.page.keyboard.press("Enter")
    stage.wait_for_url(hidden="7")
    assert stage.query["controls"] == ["hidden,activation"]
    assert stage.query["data"] == ["moons"]
    expect(stage.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    assert stage.errors == []
