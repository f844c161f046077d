"""Every flow under the content security policy: nothing is blocked, and no other host is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.export_dialog import QUERY, at_moment, dialog_of

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(
  `${event.violatedDirective}: ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`));
"""


def violations(page: Page) -> list[str]:
    return page.evaluate("window.violations")


def test_no_flow_breaks_the_policy_or_asks_another_host(open_stage: Any) -> None:
    with at_moment(open_stage, QUERY, script=LISTEN) as stage:
        stage.play_to(210)
        look_at_all(stage)
        look_inside(stage.page)
        export_all(stage)
        opened = player_in_a_tab(stage)
        assert violations(stage.page) == violations(opened) == []


def look_at_all(stage: Any) -> None:
    """A surface, which Plotly draws by WebGL, and every tab beside the plot."""
    views = stage.root.get_by_label("View", exact=True)
    views.select_option("surface")
    expect(stage.root.locator(".nnviz-surface canvas").first).to_be_visible()
    views.select_option("blend")
    for name in ("Network", "Warped space", "Curves"):
        stage.page.get_by_role("tab", name=name, exact=True).click()
        expect(stage.page.get_by_role("tabpanel", name=name)).to_be_visible()


def look_inside(page: Page) -> None:
    for name in ("Maths of one step", "Activation functions"):
        page.get_by_role("radio", name=name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def export_all(stage: Any) -> None:
    dialog = dialog_of(stage)
    for label in ("PNG", "SVG (vector)", "WebP", "JPEG"):
        dialog.field("Format").select_option(label=label)
        dialog.download()
    dialog.turn_to("Animation")
    dialog.field("Frames").fill("3")
    dialog.download("Make and download")
    expect(dialog.panel.get_by_role("img", name="The animation")).to_be_visible()
    dialog.turn_to("Share")
    expect(dialog.panel.get_by_role("img", name="QR code of the link")).to_be_visible()
    stage.page.keyboard.press("Escape")


def player_in_a_tab(stage: Any) -> Page:
    """A page that plays the run, which has the policy of the page that opens it."""
    dialog = dialog_of(stage)
    dialog.turn_to("Animation")
    dialog.field("Format").select_option(label="HTML")
    dialog.download("Make and download")
    stage.page.context.add_init_script(LISTEN)
    with stage.page.context.expect_page() as opened:
        dialog.panel.get_by_role("link", name="Open it in a new tab").click()
    page = opened.value
    assert urlsplit(page.url).scheme == "blob"
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#epoch")).to_contain_text("210")
    return page
