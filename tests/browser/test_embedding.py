"""The served page within another one."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect

from nnviz import Moment
from tests import pyodide
from tests.browser.carriers import LAPTOP
from tests.browser.contexts import page_of_its_own
from tests.browser.test_site import NOTES
from tests.serving import Server

READY = "heard.some(({ nnviz }) => nnviz === 'ready')"


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


def test_lecture_notes_on_another_origin_open_moments_in_it(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "notes.html").write_text(NOTES.format(address=server.url))
    with ExitStack() as pages:
        page = page_of_its_own(pages, browser, {"viewport": LAPTOP})
        notes = pages.enter_context(pyodide.served(tmp_path))
        page.goto(f"{notes.replace('127.0.0.1', 'localhost')}notes.html")
        frame = page.frame_locator("#run")
        page.wait_for_function(READY)
        stage = frame.get_by_test_id("nnviz-stage")
        units = frame.locator(".st-key-few_controls").get_by_role("spinbutton").nth(1)
        for epoch, hidden in ((12, "3"), (7, "5")):
            query = f"data=xor&hidden={hidden}&epoch={epoch}"
            page.evaluate("(query) => { heard.length = 0; say({ nnviz: 'open', query }); }", query)
            page.wait_for_function(READY)
            expect(stage).to_have_attribute("data-epoch", str(epoch))
            expect(units).to_have_value(hidden)  # its controls stay
            page.evaluate("say({ nnviz: 'moment' })")
            page.wait_for_function("heard.at(-1)?.nnviz === 'moment'")
            moment = Moment.from_query(page.evaluate("heard.at(-1).query"))
            assert (moment.recipe.hidden, moment.epoch) == ((int(hidden),), epoch)
