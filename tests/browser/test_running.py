"""Play, pause, step, reset, new start; keys; what must not move."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.carriers import on_both_carriers
from tests.browser.sidebar import unfold


def test_play_trains_and_paints_until_paused(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    before = stage.boundary, stage.picture
    stage.play_to(50)
    assert stage.epoch >= 50
    assert int(stage.data("frames")) > 5
    assert stage.boundary != before[0]
    assert stage.picture != before[1]


def test_a_network_without_a_boundary_leaves_none_of_the_one_before(open_stage: Any) -> None:
    stage = open_stage("?data=moons&samples=210&test_share=0.25&noise=0.11&data_seed=1&hidden=11,11"
                       "&activation=sigmoid&output=sigmoid&init=he&seed=1")  # fmt: skip
    paths = "[...chart.querySelectorAll('.nnviz-line path')]"
    length = f"{paths}.reduce((sum, path) => sum + path.getTotalLength(), 0)"
    assert stage.chart("boundary", length) > 1  # in data units
    stage.do("renew")
    stage.wait_for_url(seed="2")
    stage.settled()
    assert stage.chart("boundary", length) == 0


def test_circles_with_ten_tanh_units_pass_95_percent(open_stage: Any) -> None:
    stage = open_stage()
    stage.root.locator("select[data-do=pace]").select_option("10")
    stage.do("play")
    for epoch in (20, 60, 300):  # it goes on and on; before 300 the accuracy still goes up and down
        stage.wait(f"+stage.dataset.epoch > {epoch}")
    percent = "parseFloat(stage.querySelector('[data-show={}]').textContent) > 95"
    stage.wait(" && ".join(percent.format(part) for part in ("train_accuracy", "test_accuracy")))
    stage.do("play")
    stage.settled()
    last = stage.trainer().history[-1]
    assert min(last.train_accuracy, last.test_accuracy) > 0.95


@on_both_carriers
def test_the_numbers_shown_are_those_of_the_epoch_shown(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(60)
    last = stage.trainer().history[-1]
    assert stage.shown("epoch") == str(stage.epoch)
    assert float(stage.shown("train_loss")) == pytest.approx(last.train_loss, abs=1e-4)
    assert float(stage.shown("test_loss")) == pytest.approx(last.test_loss, abs=1e-4)
    for part in ("train_accuracy", "test_accuracy"):
        shown, percent = stage.shown(part).split(" ")
        assert percent == "%"
        # 96.25 may become 96.2 or 96.3
        assert float(shown) == pytest.approx(100 * last[part], abs=0.05 + 1e-9)


def test_the_curves_end_at_the_epoch_shown(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(300, pace="20")
    history = stage.trainer().history
    for trace, name in enumerate(history.dtype.names):
        epochs, values = stage.chart("history", f"[chart.data[{trace}].x, chart.data[{trace}].y]")
        assert epochs[-1] == stage.epoch
        assert values == pytest.approx(history[name][epochs], rel=1e-4)


def test_step_goes_one_epoch(open_stage: Any) -> None:
    stage = open_stage()
    stage.do("step")
    stage.wait("stage.dataset.epoch === '1'")
    stage.do("step")
    stage.do("step")
    stage.wait("stage.dataset.epoch === '3'")


def test_reset_goes_back_to_the_same_start(open_stage: Any) -> None:
    stage = open_stage()
    start = stage.boundary, stage.picture
    stage.play_to(30)
    stage.do("reset")
    stage.wait("stage.dataset.epoch === '0'")
    stage.settled()
    assert (stage.boundary, stage.picture) == start
    assert stage.data("state") == "paused"


def test_new_start_takes_the_next_seed_and_other_weights_for_the_same_data(open_stage: Any) -> None:
    stage = open_stage("?seed=3")
    start = stage.boundary
    outlines = "[...chart.querySelectorAll('.nnviz-points path')].map((p) => p.getAttribute('d'))"
    points = stage.chart("boundary", outlines)
    assert len(points) == 200
    stage.do("renew")
    stage.wait_for_url(seed="4")
    stage.settled()
    assert stage.boundary != start
    assert stage.chart("boundary", outlines) == points
    unfold(stage, "the network")
    expect(stage.page.get_by_role("spinbutton", name="Weights seed")).to_have_value("4")


def test_quick_new_starts_end_with_one_seed_everywhere(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    for _ in range(4):
        stage.do("renew")
    stage.wait_for_url(seed="4")
    unfold(stage, "the network")
    expect(stage.page.get_by_role("spinbutton", name="Weights seed")).to_have_value("4")
    stage.settled()
    boundary = stage.boundary
    stage.do("reset")
    stage.settled()
    assert stage.boundary == boundary
    stage.page.reload()
    stage.charted()
    stage.settled()  # the plot has its final size
    assert stage.boundary == boundary


@on_both_carriers
def test_keys_play_step_and_reset(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.keyboard.press("Space")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 5")
    stage.page.keyboard.press("Space")
    stage.settled()
    epoch = stage.epoch
    stage.page.keyboard.press("ArrowRight")
    stage.wait(f"stage.dataset.epoch === '{epoch + 1}'")
    stage.page.keyboard.press("r")
    stage.wait("stage.dataset.epoch === '0'")


def test_keys_are_left_to_an_input_with_the_focus(open_stage: Any) -> None:
    stage = open_stage()
    stage.root.locator("select[data-do=pace]").focus()
    stage.page.keyboard.press("ArrowRight")
    stage.page.get_by_role("slider", name="Learning rate").focus()
    stage.page.keyboard.press("Space")
    unfold(stage, "the data")
    stage.page.get_by_role("spinbutton", name="Data seed").focus()
    stage.page.keyboard.press("ArrowRight")
    unfold(stage, "the network")
    stage.page.get_by_role("button", name="x₁", exact=True).focus()
    stage.page.keyboard.press("ArrowRight")
    stage.page.keyboard.press("Space")
    stage.settled()
    assert (stage.epoch, stage.data("state")) == (0, "paused")


FORMULA = """() => { const formula = document.createElement('div');
  formula.tabIndex = 0;
  formula.style.cssText = 'overflow: auto; width: 100px';
  formula.innerHTML = '<div style="width: 900px">x</div>';
  document.querySelector('[data-testid=stMainBlockContainer]').append(formula);
  formula.focus(); }"""


def test_keys_are_left_to_what_lies_beside_the_stage(open_stage: Any) -> None:
    stage = open_stage("?hidden=20,20&samples=40", fresh=True)  # too large for a formula
    page = stage.page
    page.get_by_role("radio", name="Maths of one step").click()
    page.locator("summary").filter(has_text="2 · Layer 2").click()
    page.locator(".nnviz-table").first.click(position={"x": 60, "y": 50})
    assert not page.evaluate("document.activeElement === document.body")
    pressed(page)
    page.evaluate(FORMULA)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.scrollLeft > 0")  # it scrolls, as it would
    pressed(page)
    unfold(stage, "the network")
    page.get_by_role("button", name="x₁", exact=True).focus()
    page.keyboard.press("r")
    stage.settled()
    assert (stage.epoch, stage.data("state")) == (0, "paused")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    stage.wait("stage.dataset.epoch === '1'")
    stage.root.locator("h2").click()  # on no control: the focus goes to what scrolls the page
    page.keyboard.press("Space")
    stage.wait("stage.dataset.state === 'running'")
    stage.root.locator("[data-do=renew]").focus()
    page.keyboard.press("r")
    stage.wait("stage.dataset.epoch === '0'")


def pressed(page: Any) -> None:
    for key in ("ArrowRight", "r", "Space"):
        page.keyboard.press(key)


def test_letters_as_keys_can_be_switched_off_and_stay_so(open_stage: Any) -> None:
    stage = open_stage()
    reset = stage.root.locator("[data-do=reset]")
    letters = stage.root.get_by_label("Letters and ? as keys")
    stage.root.get_by_label("Keys", exact=True).click()
    expect(letters).to_be_checked()
    expect(reset).to_have_attribute("aria-keyshortcuts", "r")
    letters.uncheck()
    stage.page.keyboard.press("Escape")
    expect(letters).to_be_hidden()
    stage.page.reload()
    stage.charted()
    expect(reset).not_to_have_attribute("aria-keyshortcuts", "r")
    title = "Back to epoch 0 with the same initial weights; points drawn stay"
    expect(reset).to_have_attribute("title", title)
    stage.page.keyboard.press("ArrowRight")
    stage.wait("stage.dataset.epoch === '1'")
    stage.page.keyboard.press("r")
    stage.settled()
    assert stage.epoch == 1

    stage.root.get_by_label("Keys", exact=True).click()
    letters.check()
    stage.page.keyboard.press("Escape")
    stage.page.keyboard.press("r")
    stage.wait("stage.dataset.epoch === '0'")


def test_tab_reaches_every_control_with_a_visible_focus(open_stage: Any) -> None:
    stage = open_stage()
    stage.root.locator("[data-do=play]").focus()
    reached = []
    for _ in range(21):
        reached.append(
            stage.page.evaluate(
                """() => { const { dataset, className, tagName } = document.activeElement;
                const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                const name = dataset.do ?? dataset.field ?? dataset.tab ?? (className || tagName);
                return [name, outlineStyle, parseFloat(outlineWidth)]; }"""
            )
        )
        stage.page.keyboard.press("Tab")
    names = [name for name, *_ in reached]
    assert names == [
        *("play", "step", "reset", "renew", "export", "pace", "view", "points", "rings"),
        *("draw", "nnviz-boundary js-plotly-plot", "INPUT", "epoch", "SUMMARY", "curves"),
        *("log_loss", "log_epochs", "compare", "SUMMARY", "projector", "SUMMARY"),
    ]
    assert all(style == "solid" and width >= 2 for _, style, width in reached[1:])


def test_nothing_jumps_when_a_run_starts(open_stage: Any) -> None:
    stage = open_stage()
    parts = "button, select, dd, .nnviz-boundary, .nnviz-probabilities, .nnviz-history"
    boxes = """(all) => all.map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [x, y, width, height];
    })"""
    before = stage.root.locator(parts).evaluate_all(boxes)
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 100")
    assert stage.root.locator(parts).evaluate_all(boxes) == before


def test_state_changes_are_announced_at_most_once_a_second(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.evaluate(
        """() => { window.said = [];
          const region = document.querySelector('.nnviz [role=status]');
          new MutationObserver(() => said.push([performance.now(), region.textContent]))
            .observe(region, { childList: true, characterData: true, subtree: true }); }"""
    )
    for _ in range(4):
        stage.do("play")
        stage.do("play")
    stage.do("play")
    stage.page.wait_for_function("() => said.length && said.at(-1)[1].startsWith('running')")
    times = [time for time, _ in stage.page.evaluate("said")]
    assert all(later - sooner >= 900 for sooner, later in pairwise(times))


@on_both_carriers
def test_a_run_that_blows_up_stops_and_says_why(open_stage: Any) -> None:
    stage = open_stage("?activation=relu&hidden=64,64,64&learning_rate=10&init=normal")
    stage.do("play")
    stage.wait("stage.dataset.state === 'diverged'")
    stage.settled()
    message = stage.shown("message")
    assert f"no longer finite at epoch {stage.epoch + 1}" in message
    assert "learning rate 10 is probably too large for ReLU" in message
    said = stage.root.get_by_role("status")
    expect(said).to_contain_text(f"diverged at epoch {stage.epoch}. The loss is no longer finite")
    expect(stage.root.locator("[data-do=play]")).to_have_attribute("aria-disabled", "true")
    stage.do("reset")
    stage.wait("stage.dataset.state === 'paused' && stage.dataset.epoch === '0'")
    assert stage.shown("message") == ""
    expect(said).to_have_text("paused at epoch 0.")
    expect(stage.root.locator("[data-do=play]")).to_have_attribute("aria-disabled", "false")
