"""The panels under the stage: they follow the run, and their numbers are its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from nnviz.analysis.sample import explain
from nnviz.analysis.step import nearest_training_point
from tests import latex

ONE_LAYER = "?hidden=4&samples=40"


def open_panel(stage: Any, name: str) -> None:
    stage.page.get_by_role("radio", name=name).click()


def expect_figures(stage: Any, epoch: int) -> None:
    expect(stage.page.get_by_text(f"Numbers of epoch {epoch}.")).to_be_visible()


def drawn(stage: Any) -> None:
    """Until no formula has come or changed for half a second: Streamlit sends them one by one."""
    stage.page.evaluate(
        """() => new Promise((done) => {
          let [last, still] = [null, 0];
          const look = () => {
            const all = document.querySelectorAll(".katex-display annotation");
            const now = [...all].map(({ textContent }) => textContent).join();
            still = now === last ? still + 1 : 0;
            last = now;
            still > 30 ? done() : requestAnimationFrame(look);
          };
          look();
        })"""
    )


def formulas(stage: Any, title: str) -> list[str]:
    """LaTeX of all formulas in a part, opened if it is not."""
    room = stage.page.locator("[data-testid=stExpander]").filter(has_text=title)
    if room.locator("details").get_attribute("open") is None:
        room.locator("summary").click()
    expect(room.locator(".katex-display").first).to_be_visible()
    drawn(stage)
    return room.locator(".katex-display annotation").all_text_contents()


def test_the_maths_panel_shows_the_numbers_of_the_run(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    open_panel(stage, "Maths of one step")
    expect_figures(stage, 0)
    stage.play_to(30)
    expect_figures(stage, stage.epoch)
    trainer = stage.trainer()
    data = trainer.dataset
    x = trainer.preparation.apply(data.train[:1])[0]
    found = explain(trainer.network, x, int(data.train_labels[0]))
    first, last = found.layers
    for title, expected in {
        "1 · Target and input": found.y,
        "2 · Layer 1": first.o,
        "2 · Layer 2": last.z,
        "3 · Output": found.y_hat,
        "5 · Slopes of the loss": last.delta,
        "6 · Layer 1": first.delta,
        "7 · Layer 1": first.gradient,
    }.items():
        assert latex.shows(latex.matrices(formulas(stage, title)[-1])[-1], expected), title
    loss, digits = latex.result(formulas(stage, "4 · Loss")[-1])
    assert abs(loss - found.loss) <= digits
    trainer.advance()
    new = latex.matrices(formulas(stage, "8 · Layer 1")[-1])[-1]
    assert latex.shows(new, trainer.network.weights[0])


def test_a_click_on_a_training_point_picks_it_for_the_panel(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    open_panel(stage, "Maths of one step")
    expect_figures(stage, 0)
    wanted = 11
    point = stage.trainer().dataset.train[wanted]
    place = stage.chart(
        "boundary",
        f"(({{ xaxis, yaxis }}) => [xaxis._offset + xaxis.d2p({point[0]}),"
        f" yaxis._offset + yaxis.d2p({point[1]})])(chart._fullLayout)",
    )
    stage.root.locator(".nnviz-boundary").click(position={"x": place[0] + 3, "y": place[1] - 3})
    number = stage.page.get_by_role("spinbutton", name="Training point")
    expect(number).to_have_value(str(wanted + 1))
    pin = "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]"
    np.testing.assert_allclose(stage.chart("boundary", pin), point, rtol=1e-6)
    number.fill("3")
    number.press("Enter")
    other = stage.trainer().dataset.train[2]
    stage.page.wait_for_function(
        "(x) => Math.abs(document.querySelector('.nnviz-boundary').data.at(-1).x[0] - x) < 1e-5",
        arg=float(other[0]),
    )


def test_the_training_point_is_kept_while_another_panel_is_open(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    open_panel(stage, "Maths of one step")
    number = stage.page.get_by_role("spinbutton", name="Training point")
    number.fill("7")
    number.press("Enter")
    expect(stage.page.get_by_text("Point 7:")).to_be_visible()
    open_panel(stage, "Activation functions")
    expect(number).to_have_count(0)
    for epoch in (1, 2):  # each reported to the page, whose script runs without the number
        stage.do("step")
        expect_figures(stage, epoch)
    open_panel(stage, "Maths of one step")
    expect(stage.page.get_by_text("Point 7:")).to_be_visible()
    expect(number).to_have_value("7")


def test_the_pinned_point_keeps_its_place_and_has_its_maths(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    pin = "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]"
    stage.root.locator(".nnviz-boundary").focus()
    for _ in range(4):
        stage.page.keyboard.press("ArrowRight")
    stage.settled()
    before = stage.chart("boundary", pin)
    open_panel(stage, "Maths of one step")
    expect(stage.page.get_by_text("This is no training point")).to_be_visible()
    expect(stage.page.get_by_text("If it were class")).to_have_count(2)
    assert stage.chart("boundary", pin) == before
    open_panel(stage, "Activation functions")
    expect(stage.page.get_by_role("heading", name="All activation functions")).to_be_visible()
    assert stage.chart("boundary", pin) == before
    open_panel(stage, "Maths of one step")
    number = nearest_training_point(stage.trainer(), before) + 1
    stage.page.get_by_role("button", name=f"Show training point {number}, the nearest").click()
    expect(stage.page.get_by_text("This is no training point")).to_have_count(0)
    expect(stage.page.get_by_role("spinbutton", name="Training point")).to_have_value(str(number))
    point = stage.trainer().dataset.train[number - 1]
    stage.page.wait_for_function(
        "(x) => Math.abs(document.querySelector('.nnviz-boundary').data.at(-1).x[0] - x) < 1e-5",
        arg=float(point[0]),
    )


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1280, 800), (1366, 768)])
def test_a_panel_opens_in_view(open_stage: Any, width: int, height: int) -> None:
    stage = open_stage(ONE_LAYER, viewport={"width": width, "height": height})
    for name, title in [("Maths", "Maths of one step"), ("Activation", "Activation functions")] * 2:
        stage.page.evaluate("document.querySelector('.stMain').scrollTo(0, 0)")
        # as it is pressed by a keyboard: no click scrolls to it first
        stage.page.get_by_role("radio", name=name).evaluate("(button) => button.click()")
        heading = stage.page.get_by_role("heading", name=title, exact=True)
        expect(heading).to_be_in_viewport(ratio=1)
        drawn(stage)
        expect(heading).to_be_in_viewport(ratio=1)
        expect(stage.page.get_by_role("radio", name=name)).to_be_in_viewport(ratio=1)


def test_a_formula_wider_than_the_page_shows_that_it_scrolls(open_stage: Any) -> None:
    stage = open_stage("?hidden=10&samples=40", viewport={"width": 390, "height": 844})
    open_panel(stage, "Maths of one step")
    expect_figures(stage, 0)
    expect(stage.page.locator(".katex-display").first).to_be_visible()
    drawn(stage)
    found = stage.page.locator(".katex-display").evaluate_all(
        "(all) => all.map((one) => [one.scrollWidth > one.clientWidth + 1,"
        " getComputedStyle(one).getPropertyValue('--nnviz-right')])"
    )
    assert {wide for wide, _ in found} == {True, False}
    assert all((fades == "48px") == wide for wide, fades in found)


def test_the_panel_follows_the_time_line(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    stage.play_to(20)
    open_panel(stage, "Maths of one step")
    expect_figures(stage, stage.epoch)
    stage.root.get_by_label("Epoch shown").press("Home")
    expect_figures(stage, 0)
    stage.do("step")
    expect_figures(stage, 1)


def test_the_gallery_shows_every_activation_and_the_run_s_layers(open_stage: Any) -> None:
    stage = open_stage("?hidden=6,5&activation=relu")
    open_panel(stage, "Activation functions")
    expect_figures(stage, 0)
    expect(stage.page.locator("[data-testid=stPlotlyChart]")).to_have_count(3)
    text = stage.page.locator("[data-testid=stMain]").inner_text()
    for name in ("tanh", "sigmoid", "ReLU", "ELU", "softplus", "sine", "identity", "step"):
        assert name in text
    assert stage.errors == []


def test_a_panel_opened_again_shows_the_run_of_now(open_stage: Any) -> None:
    stage = open_stage(ONE_LAYER)
    stage.do("step")
    open_panel(stage, "Activation functions")
    expect_figures(stage, 1)
    open_panel(stage, "Activation functions")  # closes it
    stage.do("renew")
    stage.wait_for_url(seed="1")
    stage.do("step")
    stage.wait("stage.dataset.epoch === '1'")
    open_panel(stage, "Activation functions")
    expect_figures(stage, 1)
