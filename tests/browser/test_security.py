"""Every flow under the content security policy: nothing is blocked, and no other host is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.export_dialog import QUERY, Dialog, at_moment, dialog_of

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(
  `${event.violatedDirective}: ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`));
"""


def violations(page: Page) -> list[str]:
    return page.evaluate("window.violations")


def test_no_flow_breaks_the_policy_or_asks_another_host(open_stage: Any) -> None:
    with at_moment(open_stage, QUERY, script=LISTEN) as stage:
        look_at_all(stage)
        look_inside(stage.page)
        sweep(stage)
        dialog = dialog_of(stage)
        export_all(dialog)
        opened = player_in_a_tab(dialog)
        stage.page.bring_to_front()
        stage.page.keyboard.press("Escape")  # closes the dialog
        draw_and_compare(stage)
        assert violations(stage.page) == violations(opened) == []


def look_at_all(stage: Any) -> None:
    """A surface, which Plotly draws by WebGL, and every tab beside the plot."""
    views = stage.root.get_by_label("View", exact=True)
    views.select_option("surface")
    stage.wait("stage.querySelector('.nnviz-surface').data?.length")
    views.select_option("blend")
    for name in ("Network", "Warped space", "Starts", "Curves"):
        stage.page.get_by_role("tab", name=name, exact=True).click()
        expect(stage.page.get_by_role("tabpanel", name=name)).to_be_visible()


def look_inside(page: Page) -> None:
    for name in ("Maths of one step", "Activation functions"):
        page.get_by_role("radio", name=name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def sweep(stage: Any) -> None:
    stage.page.get_by_role("radio", name="Sweep").click()
    field = stage.page.get_by_label("Last epoch", exact=True)
    field.fill("5")
    field.press("Enter")
    expect(stage.page.get_by_text("35 runs, about")).to_be_visible()
    stage.page.get_by_role("button", name="Start", exact=True).click()
    expect(stage.page.locator(".pictures img").first).to_be_visible(timeout=60_000)


def draw_and_compare(stage: Any) -> None:
    for name in ("Draw", "Compare"):
        stage.root.get_by_role("button", name=name, exact=True).click()
    expect(stage.root.locator(".nnviz-companion-plane").first).to_be_visible()


def export_all(dialog: Dialog) -> None:
    for label in ("PNG", "SVG (vector)", "WebP", "JPEG"):
        dialog.field("Format").select_option(label=label)
        dialog.download()
    dialog.turn_to("Animation")
    dialog.field("Frames").fill("3")
    dialog.download("Make and download")
    expect(dialog.panel.get_by_role("img", name="The animation")).to_be_visible()
    dialog.turn_to("Share")
    expect(dialog.panel.get_by_role("img", name="QR code of the link")).to_be_visible()


def player_in_a_tab(dialog: Dialog) -> Page:
    """A page that plays the run, which has the policy of the page that opens it."""
    dialog.turn_to("Animation")
    dialog.field("Format").select_option(label="HTML")
    dialog.download("Make and download")
    context = dialog.page.context
    context.add_init_script(LISTEN)
    with context.expect_page() as opened:
        dialog.panel.get_by_role("link", name="Open it in a new tab").click()
    page = opened.value
    assert urlsplit(page.url).scheme == "blob"
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#epoch")).to_contain_text("200")
    return page
