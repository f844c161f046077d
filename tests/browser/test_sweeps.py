"""Sweeps: the panel of the page, and the report as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from nnviz import Moment, Recipe
from nnviz.sweeps.plan import make_plan
from nnviz.sweeps.portrait import portrait_of
from nnviz.sweeps.report import report
from nnviz.sweeps.run import row_of
from nnviz.sweeps.summary import Summary, summarise
from tests.browser.axe import Audit
from tests.browser.carriers import on_both_carriers
from tests.browser.conftest import Stage
from tests.browser.export_dialog import arrived, dialog_of, open_experiment
from tests.serving import Server

SMALL = Recipe(samples=30, hidden=(2,))

# where a heat map's cell is: its centre in pixels of the page
CELL = """([chart, column, row]) => {
  const { _fullLayout: { xaxis, yaxis } } = chart;
  const { left, top } = chart.getBoundingClientRect();
  return [left + xaxis._offset + xaxis.c2p(column), top + yaxis._offset + yaxis.c2p(row)];
}"""


def fill(stage: Any, label: str, text: str) -> None:
    field = stage.page.get_by_label(label, exact=True).filter(visible=True)  # no closed dialog's
    field.fill(text)
    field.press("Enter")


def expect_run(stage: Any, recipe: Recipe, epoch: int) -> None:
    stage.wait_for_url(seed=str(recipe.seed), learning_rate=f"{recipe.learning_rate:g}")
    stage.wait(f"stage.dataset.epoch === '{epoch}'")
    assert stage.recipe == recipe


def test_a_sweep_in_the_page_fills_its_cells_and_opens_its_runs(open_stage: Any) -> None:
    stage = open_stage("?" + SMALL.to_query())
    page, mark = stage.page, "document.querySelector('.nnviz').isSame"
    page.evaluate(f"{mark} = true")
    page.get_by_role("radio", name="Sweep").click()
    fill(stage, "Learning rate η: values", "0.1,1")
    fill(stage, "Weight seeds", "2")
    fill(stage, "Last epoch", "30")
    expect(page.get_by_text("4 runs, about")).to_be_visible()
    audit = Audit(page)
    audit.look("the form of a sweep", ".st-key-panel_open")
    page.get_by_role("button", name="Start", exact=True).click()
    pictures = page.locator(".pictures img")
    expect(pictures).to_have_count(4)
    expect(page.get_by_role("button", name="New sweep")).to_be_visible()
    audit.look("a sweep", ".st-key-panel_open")
    audit.verdict()

    with page.expect_download() as download:
        page.get_by_role("button", name="Results (.csv)").click()
    assert Path(download.value.path()).read_text("utf-8").count("\n") == 5

    link = page.get_by_role("link", name=re.compile("learning rate 0.1, seed 1: "))
    link.first.focus()
    page.keyboard.press("Enter")
    expect_run(stage, Recipe(samples=30, hidden=(2,), learning_rate=0.1, seed=1), 30)
    expect(pictures).to_have_count(4)  # the panel is still there, and so is the stage
    assert page.evaluate(mark)

    chart = page.locator(".stPlotlyChart .js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    page.mouse.click(*chart.evaluate(f"(chart) => ({CELL})([chart, 0, 1])"))
    expect_run(stage, Recipe(samples=30, hidden=(2,), learning_rate=1.0, seed=0), 30)
    page.go_back()
    expect_run(stage, Recipe(samples=30, hidden=(2,), learning_rate=0.1, seed=1), 30)

    move_axes(page)
    assert stage.errors == []
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name="New sweep").click()  # for the next visit of this page
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def move_axes(page: Page) -> None:
    """Parallel axes are moved by the mouse and by keys, and their lines with them."""
    titles = page.locator(".nnviz-parallel button")
    in_order = (
        "(all) => all.sort((a, b) => a.offsetLeft - b.offsetLeft).map((one) => one.innerText)"
    )
    names = ["learning rate", "seed", "test loss", "test accuracy"]
    expect(titles).to_have_count(4)
    assert titles.evaluate_all(in_order) == names
    titles.first.scroll_into_view_if_needed()
    (x0, y), (x1, _) = (middle(page, name) for name in (names[0], names[2]))
    page.mouse.move(x0, y)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, y, steps=3)
    page.mouse.move(x1, y, steps=3)
    expect(page.get_by_label("learning rate, axis 3 of 4")).to_be_visible()
    page.mouse.up()
    expect(titles.first).to_have_accessible_name("seed, axis 1 of 4")  # where Tab goes first
    assert titles.evaluate_all(in_order) == [names[1], names[2], names[0], names[3]]
    accuracy = page.get_by_label("test accuracy, axis 4 of 4")
    accuracy.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("test accuracy, axis 3 of 4")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_label("test accuracy, axis 1 of 4")).to_be_focused()
    told = page.locator(".nnviz-parallel .js-plotly-plot").evaluate(
        "({ data }) => data.find(({ text }) => text.length).text.slice(0, 5)"
    )
    read = [text.rsplit(" ", 1)[0] for text in told[:4]]
    assert read == ["test accuracy", "seed", "test loss", "learning rate"]


def middle(page: Page, name: str) -> tuple[float, float]:
    box = page.locator(".nnviz-parallel button", has_text=name).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_long_sweep_is_paused_and_stopped(open_stage: Any) -> None:
    stage = open_stage("?samples=500&hidden=16,16&batch_size=1")
    page = stage.page
    page.get_by_role("radio", name="Sweep").click()
    fill(stage, "Last epoch", "1000000")
    page.get_by_text("Yes, start more than").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile("0 of .* runs, paused"))).to_be_visible()
    page.reload()  # finds it again
    page.get_by_role("radio", name="Sweep").click()
    expect(page.get_by_text(re.compile("0 of .* runs, paused"))).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Stop", exact=True).press("Enter")
    expect(page.get_by_text(re.compile("0 of .* runs, stopped"))).to_be_visible()
    page.get_by_role("button", name="New sweep").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


@pytest.fixture
def open_report(browser: Browser, server: Server, tmp_path: Path) -> Iterator[Any]:
    """``open_report(recipe)`` gives the report of four runs of it, and the page with that."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})

    def opened(recipe: Recipe, requests: list[str] | None = None) -> tuple[Summary, Page]:
        plan = make_plan(recipe, {"learning_rate": [0.1, 1.0]}, seeds=2, epoch=20, page=server.url)
        summary = summarise(plan.completed(row_of(run)) for run in plan)
        path = tmp_path / "report.html"
        path.write_bytes(report(summary, {run.key: portrait_of(run) for run in plan}))
        page = context.new_page()
        if requests is not None:
            page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-drawn=true]", timeout=60_000)
        return summary, page

    yield opened
    context.close()


def expect_opened(opened: Page, moment: Moment) -> None:
    """A page shows a moment."""
    stage = Stage(opened)
    stage.painted()
    assert Moment.from_query(opened.url.partition("?")[2]) == moment
    stage.wait(f"stage.dataset.epoch === '{moment.epoch}'")


def test_the_report_is_drawn_without_a_network_and_its_marks_open_their_runs(
    open_report: Any,
) -> None:
    requests: list[str] = []
    _, page = open_report(SMALL, requests)
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.locator(".chart .main-svg").count() >= 4
    assert page.locator(".pictures img").evaluate_all(
        "(all) => all.every((one) => one.naturalWidth)"
    )

    chart = page.locator("#loss")
    chart.scroll_into_view_if_needed()
    with page.context.expect_page() as opened:
        page.mouse.click(*chart.evaluate(f"(chart) => ({CELL})([chart, 1, 0])"))
    expect_opened(opened.value, Moment(replace(SMALL, learning_rate=0.1, seed=1), 20))


def test_a_line_on_axes_to_be_dragged_opens_its_run_and_a_drag_opens_none(
    open_report: Any,
) -> None:
    summary, page = open_report(SMALL)
    chart, label = page.locator("#parallel"), page.locator(".run-label")
    chart.scroll_into_view_if_needed()
    run, losses = 1, summary.metrics["test_loss"]
    assert (summary.recipes[run].learning_rate, summary.recipes[run].seed) == (0.1, 1)
    seeds = [recipe.seed for recipe in summary.recipes]
    place = clear_place(page, (1, seeds), (2, losses.tolist()), run)
    page.mouse.move(*place)
    expect(label).to_contain_text(f"test loss {losses[run]:.4g}")
    expect(label).to_contain_text("learning rate 0.1\nseed 1")
    with page.context.expect_page() as opened:
        page.mouse.click(*place)
    expect_opened(opened.value, Moment(replace(SMALL, learning_rate=0.1, seed=1), 20))
    opened.value.close()

    page.bring_to_front()
    axis = brushes(page)[0]
    x, third = axis["x"] + axis["width"] / 2, axis["height"] / 3
    count = page.locator("#count")
    page.mouse.click(x, axis["y"] + 2)  # on a value, where lines cross the axis: it is chosen
    expect(count).to_have_text("2")
    page.mouse.click(x, axis["y"] + axis["height"] / 2)  # between values: all are
    expect(count).to_have_text("4")
    drag(page, (x, axis["y"] + third), (0, 2 - third))
    chosen = ["1, 0", "1, 1"]  # learning rate and seed
    read = "(rows) => rows.map(({ cells: [a, b] }) => `${a.innerText}, ${b.innerText}`).sort()"
    rows = page.locator(".runs tbody tr:not([hidden])")
    expect(count).to_have_text("2")
    assert rows.evaluate_all(read) == chosen
    page.mouse.click(*place)  # a line that is not among them
    expect(label).to_be_hidden()

    title = chart.locator(".axis-title").first.bounding_box()
    assert title
    drag(page, (title["x"] + 5, title["y"] + 5), (brushes(page)[1]["x"] - axis["x"] + 60, 0))
    moved = "document.getElementById('parallel').data[0].dimensions[1].label"
    page.wait_for_function(f"{moved} === 'learning rate'")
    assert rows.evaluate_all(read) == chosen
    assert page.context.pages == [page]


def own_data(n_rows: int) -> Recipe:
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(n_rows, 2)), rng.integers(2, size=n_rows)
    return Recipe.from_table(points, labels, name="my own.csv", hidden=(2,))


def test_links_of_own_data_are_put_together_in_the_report(open_report: Any) -> None:
    recipe = own_data(100)
    _, page = open_report(recipe)
    chart = page.locator("#loss")
    chart.scroll_into_view_if_needed()
    with page.context.expect_page() as opened:
        page.mouse.click(*chart.evaluate(f"(chart) => ({CELL})([chart, 1, 0])"))
    expect_opened(opened.value, Moment(replace(recipe, learning_rate=0.1, seed=1), 20))
    opened.value.close()
    page.get_by_role("link", name=re.compile("learning rate 1, seed 0: ")).press("Enter")
    expect_opened(page, Moment(replace(recipe, learning_rate=1.0, seed=0), 20))


def test_a_run_too_long_for_a_link_is_saved_by_its_mark_and_by_its_row(
    open_report: Any,
) -> None:
    recipe = own_data(4000)
    summary, page = open_report(recipe)
    chart = page.locator("#loss")
    chart.scroll_into_view_if_needed()
    with page.expect_download() as saved:
        page.mouse.click(*chart.evaluate(f"(chart) => ({CELL})([chart, 1, 0])"))
    moment = Moment(replace(recipe, learning_rate=0.1, seed=1), 20)
    text = Path(saved.value.path()).read_text("utf-8")
    assert Moment.from_json(text) == moment
    name = saved.value.suggested_filename
    expect(page.locator("#saved")).to_have_text(
        f"Saved {name}: drop it on the plot of the page to open the run."
    )
    rows = page.locator(".runs tbody tr")
    expect(rows.get_by_role("link")).to_have_text(["save"] * 4)
    with page.expect_download() as saved:
        rows.first.get_by_role("link").press("Enter")
    best = summary.moment(int(rows.first.get_attribute("data-run")))
    assert Moment.from_json(Path(saved.value.path()).read_text("utf-8")) == best
    assert page.context.pages == [page]


@on_both_carriers
def test_a_run_too_long_for_a_link_opens_in_the_panel(open_stage: Any) -> None:
    stage = open_stage("?hidden=2")
    page, recipe = stage.page, own_data(3000)
    open_experiment(stage, dialog_of(stage, "Share"), Moment(recipe, 3))
    button = page.get_by_role("button", name="Sweep", exact=True)  # of the page of static files
    page.get_by_role("radio", name="Sweep").or_(button).click()
    fill(stage, "Learning rate η: values", "0.1,1")
    fill(stage, "Weight seeds", "2")
    fill(stage, "Last epoch", "20")
    expect(page.get_by_text("4 runs, about")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".runs tbody tr")).to_have_count(4, timeout=120_000)  # all is drawn
    page.get_by_role("link", name=re.compile("learning rate 0.1, seed 1: ")).first.press("Enter")
    moment = Moment(replace(recipe, learning_rate=0.1, seed=1), 20)
    assert moment.too_long
    arrived(stage, moment)
    expect(page.get_by_text("does not hold it")).to_have_count(0)
    page.get_by_role("button", name="New sweep").click()  # for the next visit of this page


def brushes(page: Page) -> list[dict[str, float]]:
    """The boxes around axes in which the mouse chooses, in pixels of the page."""
    found: list[dict[str, float]] = page.locator("#parallel .axis-brush .background").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    return found


def clear_place(
    page: Page, left: tuple[int, list[float]], right: tuple[int, list[float]], run: int
) -> tuple[float, float]:
    """Where between two axes, each a number and values, the line of a run is far from others."""
    boxes = [brushes(page)[axis] for axis, _ in (left, right)]
    (x0, x1) = (box["x"] + box["width"] / 2 for box in boxes)
    heights = [
        box["bottom"] - (np.array(values) - min(values)) / np.ptp(values) * box["height"]
        for box, (_, values) in zip(boxes, (left, right), strict=True)
    ]
    shares = np.linspace(0.2, 0.8, 61)[:, None]
    lines = (1 - shares) * heights[0] + shares * heights[1]
    gaps = np.abs(np.delete(lines, run, axis=1) - lines[:, [run]]).min(axis=1)
    best = int(gaps.argmax())
    assert gaps[best] > 10
    return x0 + float(shares[best, 0]) * (x1 - x0), float(lines[best, run])


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()
