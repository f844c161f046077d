"""Sweeps on the page of static files, trained in web workers."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from plotly.offline import get_plotlyjs

from nnviz import Recipe
from tests.browser.axe import Audit
from tests.browser.carriers import ready
from tests.browser.conftest import PHONE
from tests.browser.test_sweeps import CELL, expect_run, fill

# numbers in marks, which Plotly writes in black or white by the mark's colour
BUT_MARKS = {"include": [["#site-panels"]], "exclude": [[".heatmap-label"], [".bartext"]]}


def test_a_sweep_fills_its_cells_opens_its_runs_and_survives_its_workers(site_visits: Any) -> None:
    stage = site_visits.visit("?samples=30&hidden=2")
    page, panel = stage.page, stage.page.locator("#site-panels")
    panel.get_by_role("button", name="Sweep", exact=True).click()
    fill(stage, "Learning rate η: values", "0.1,1")
    fill(stage, "Weight seeds", "2")
    fill(stage, "Last epoch", "30")
    expect(panel).to_contain_text("4 runs, about")
    audit = Audit(page)
    audit.look("the form of a sweep", "#site-panels")
    with page.expect_worker() as started:
        panel.get_by_role("button", name="Start", exact=True).click()
    expect(panel).to_contain_text("0 of 4 runs, Python is starting")
    started.value.evaluate("setTimeout(() => { throw new Error('ended by a test'); })")
    expect(panel).to_contain_text("0 of 4 runs, paused")
    expect(panel).to_contain_text("no run is lost")
    panel.get_by_role("button", name="Go on").click()
    expect(panel.get_by_role("button", name="New sweep")).to_be_visible(timeout=120_000)
    pictures = panel.locator(".pictures img")
    expect(pictures).to_have_count(4)
    charts = panel.locator(".js-plotly-plot")
    expect(charts).to_have_count(5)
    audit.look("a sweep", BUT_MARKS)
    audit.verdict()

    with page.expect_download() as download:
        panel.get_by_role("button", name="Results (.csv)").click()
    assert Path(download.value.path()).read_text("utf-8").count("\n") == 5

    with page.expect_download() as download:
        panel.get_by_role("button", name="Report (.html)").click()
    report = Path(download.value.path()).read_text("utf-8")
    (script,) = re.findall('id="plotly">(.*?)</script>', report)
    assert gzip.decompress(base64.b64decode(script)).decode() == get_plotlyjs()
    assert report.count("data:image/png") == 4

    panel.get_by_role("link", name=re.compile("learning rate 0.1, seed 1: ")).first.press("Enter")
    expect_run(stage, Recipe(samples=30, hidden=(2,), learning_rate=0.1, seed=1), 30)
    expect(pictures).to_have_count(4)  # the panel is still there

    page.workers[0].evaluate("setTimeout(() => { throw new Error('ended by a test'); })")
    expect(page.locator("#site-loading")).to_be_visible()
    expect(page.locator("#site-loading")).to_be_hidden(timeout=120_000)
    expect(pictures).to_have_count(4)  # though Python has been replaced
    charts.first.scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    page.mouse.click(*charts.first.evaluate(f"(chart) => ({CELL})([chart, 0, 1])"))
    expect_run(stage, Recipe(samples=30, hidden=(2,), learning_rate=1.0, seed=0), 30)

    page.reload()
    ready(page)
    panel.get_by_role("button", name="Sweep", exact=True).click()
    expect(pictures).to_have_count(4)
    page.set_viewport_size(PHONE)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel.get_by_role("button", name="New sweep").click()
    expect(panel.get_by_role("button", name="Start", exact=True)).to_be_visible()
