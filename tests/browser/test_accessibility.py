"""axe-core finds nothing, in both themes and at two widths, wherever people can get."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from nnviz import Moment, Recipe
from tests.browser.axe import Audit
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.export_dialog import dialog_of
from tests.browser.sidebar import choose

SIZES = pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
EDITED = Moment(Recipe(data="moons", hidden=(6, 5), samples=40, edits=[[2, "l1", 0.1]]), 20)
MISTAKEN = "?samples=7&activation=tahn&noise=3&view=nonsense&colour=red"


@SIZES
def test_the_stage(open_stage: Any, size: Any) -> None:
    stage = open_stage("?" + EDITED.to_query(), viewport=size, fresh=True)
    stage.settled()
    audit = Audit(stage.page)
    audit.look("curves")
    stage.root.locator(".nnviz-mark").click()
    expect(stage.root.get_by_role("dialog", name="Changes made here")).to_be_visible()
    audit.look("changes", ".nnviz")
    stage.page.keyboard.press("Escape")
    stage.root.locator(".nnviz-rules summary").click()
    stage.root.locator("[data-rule=epoch]").fill("soon")
    stage.page.keyboard.press("Enter")
    audit.look("a rule that is none", ".nnviz")
    stage.root.locator(".nnviz-rules summary").click()
    stage.root.locator(".nnviz-keyboard summary").click()
    audit.look("keys", ".nnviz")
    stage.root.locator(".nnviz-keyboard summary").click()
    view = stage.root.get_by_label("View", exact=True)
    view.select_option("threshold")
    stage.settled()
    audit.look("threshold", ".nnviz")
    stage.root.get_by_role("tab", name="Warped space").click()
    stage.settled()
    audit.look("warped space", ".nnviz")
    stage.root.get_by_role("tab", name="Starts").click()
    expect(stage.root.locator(".nnviz-starts-grid button")).to_have_count(25)
    stage.settled()
    audit.look("starts", ".nnviz")
    stage.root.get_by_role("tab", name="Network").click()
    stage.settled()
    audit.look("network", ".nnviz")
    stage.root.locator(".nnviz-unit[data-layer='1']").first.click()
    stage.settled()
    audit.look("a unit", ".nnviz")
    stage.root.locator(".nnviz-unit[data-layer='1']").first.press("Enter")
    expect(stage.root.locator(".nnviz-weight")).to_be_focused()
    stage.page.keyboard.press("Enter")
    stage.root.locator(".nnviz-edit input").fill("much")
    stage.page.keyboard.press("Enter")
    expect(stage.root.locator(".nnviz-edit [role=alert]")).not_to_be_empty()
    audit.look("a number that is none", ".nnviz")
    stage.page.keyboard.press("Escape")
    stage.root.get_by_role("tab", name="Curves").click()
    stage.do("renew")
    stage.wait_for_url(seed="1")
    expect(stage.root.locator(".nnviz-ghosts li")).to_be_visible()
    audit.look("an earlier run", ".nnviz")
    view.select_option("surface")  # last: it makes everything slower
    stage.settled()
    audit.look("surface", ".nnviz")
    audit.verdict()


@SIZES
def test_the_export_dialog(open_stage: Any, size: Any) -> None:
    stage = open_stage(viewport=size, fresh=True)
    dialog = dialog_of(stage)
    audit = Audit(stage.page)
    for tab in ("Picture", "Animation", "Data", "Code", "Share"):
        dialog.turn_to(tab)
        expect(dialog.panel).to_be_visible()
        audit.look(tab)
    audit.verdict()


@SIZES
def test_the_panels(open_stage: Any, size: Any) -> None:
    stage = open_stage("?hidden=12,3&samples=40&activation=relu", viewport=size, fresh=True)
    audit = Audit(stage.page)
    stage.page.get_by_role("radio", name="Maths of one step").click()
    expect(stage.page.get_by_text("Numbers of epoch 0.")).to_be_visible()
    parts = stage.page.locator("[data-testid=stExpander]")
    for title in ("2 · Layer 2", "9 · Check", "Copy as NumPy"):
        part = parts.filter(has_text=title)
        part.locator("summary").click()
        expect(part.locator("[data-testid=stExpanderDetails]")).not_to_be_empty()
    expect(stage.page.locator("[data-testid=stCode]")).to_be_visible()
    audit.look("maths")
    stage.page.get_by_role("radio", name="Activation functions").click()
    expect(stage.page.locator("[data-testid=stPlotlyChart] .main-svg").last).to_be_visible()
    audit.look("gallery", "[data-testid=stMain]")
    audit.verdict()


@SIZES
def test_the_sidebar(open_stage: Any, size: Any) -> None:
    stage = open_stage(MISTAKEN, viewport=size, fresh=True)
    audit = Audit(stage.page)
    sidebar = stage.page.locator("[data-testid=stSidebar]")
    if size is PHONE:
        audit.look("what was wrong with the link")
        stage.page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar.get_by_role("combobox").first).to_be_in_viewport()
    audit.look("open")
    sidebar.get_by_role("combobox").first.click()
    expect(stage.page.get_by_role("listbox", name="Data set")).to_be_visible()
    audit.look("a list of choices")
    stage.page.keyboard.press("Escape")
    choose(stage, "Activation", "step")
    expect(sidebar.get_by_text("⚠")).to_be_visible()
    sidebar.get_by_role("button", name="Why a hidden layer?").click()
    expect(stage.page.get_by_text("two classes is a straight line")).to_be_visible()
    audit.look("an answer")
    stage.page.keyboard.press("Escape")
    for fold in sidebar.locator("summary").all():
        fold.click()
    rate = sidebar.get_by_role("textbox", name="Learning rate")
    rate.fill("fast")
    rate.press("Enter")
    expect(sidebar.get_by_role("alert").filter(has_text="learning rate must be")).to_be_visible()
    audit.look("unfolded, with a warning and a problem", "[data-testid=stSidebar]")
    sidebar.hover()
    sidebar.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(stage.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    stage.settled()  # charts have their new width
    audit.look("closed")
    audit.verdict()
