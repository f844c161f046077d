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
