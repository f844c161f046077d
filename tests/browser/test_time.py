"""The time line: any epoch again, marks of edits, earlier runs beside this one, stop rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from nnviz import Recipe, Trainer
from tests.browser.carriers import on_both_carriers


def losses_shown(stage: Any) -> tuple[str, str]:
    return stage.shown("train_loss"), stage.shown("test_loss")


def go_to(stage: Any, epoch: int) -> None:
    field = stage.root.get_by_label("Epoch", exact=True)
    field.fill(str(epoch))
    field.press("Enter")
    stage.wait(f"stage.dataset.epoch === '{epoch}'")
    stage.settled()


def lower_the_learning_rate(stage: Any) -> float:
    slider = stage.page.get_by_role("slider", name="Learning rate")
    slider.focus()
    slider.press("ArrowLeft")
    stage.wait_for_url(learning_rate="0.5")
    stage.page.wait_for_function("() => location.search.includes('edits=')")
    stage.settled()
    return stage.recipe.edits[0].value


def known(stage: Any) -> int:
    """The last epoch of the time line."""
    return int(stage.root.get_by_label("Epoch shown").get_attribute("max"))


# --- scrubbing --------------------------------------------------------------------------


@on_both_carriers
def test_scrubbing_back_shows_exactly_the_earlier_moment(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(40)
    epoch, losses = stage.epoch, losses_shown(stage)
    boundary, picture = stage.boundary, stage.picture
    stage.play_to(epoch + 60)
    last = stage.epoch
    go_to(stage, epoch)
    assert (losses_shown(stage), stage.boundary, stage.picture) == (losses, boundary, picture)
    assert known(stage) == last


def test_playing_on_from_an_earlier_epoch_gives_the_same_history(open_stage: Any) -> None:
    stage = open_stage("?batch_size=20")  # shuffled: the replay has to shuffle alike
    stage.play_to(100)
    curves = "chart.data.slice(0, 4).map(({ x, y }) => [x, y])"
    before, boundary, last = stage.chart("history", curves), stage.boundary, stage.epoch
    go_to(stage, 30)
    assert stage.chart("history", curves) == before  # the future is kept
    for _ in range(3):
        stage.do("step")
    stage.wait("stage.dataset.epoch === '33'")
    go_to(stage, last)
    assert (stage.chart("history", curves), stage.boundary) == (before, boundary)


def test_an_epoch_can_be_typed_over_the_one_shown_while_the_run_plays(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    stage.do("play")
    field = stage.root.get_by_label("Epoch", exact=True)
    field.select_text()
    at = stage.epoch
    stage.wait(f"+stage.dataset.epoch > {at + 20}")
    stage.page.keyboard.type("3")
    expect(field).to_have_value("3")
    stage.page.keyboard.press("Enter")
    stage.wait("stage.dataset.epoch === '3' && stage.dataset.state === 'paused'")


def test_the_range_scrubs_by_keys_and_pauses(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(50)
    last = stage.epoch
    stage.do("play")
    stage.wait(f"+stage.dataset.epoch > {last}")
    time_line = stage.root.get_by_label("Epoch shown")
    time_line.press("Home")
    stage.wait("stage.dataset.epoch === '0' && stage.dataset.state === 'paused'")
    time_line.press("ArrowRight")
    stage.wait("stage.dataset.epoch === '1'")
    stage.settled()
    assert stage.shown("epoch") == "1"
    assert float(stage.shown("train_loss")) == pytest.approx(
        stage.trainer().history.train_loss[1], abs=1e-4
    )


@pytest.mark.parametrize("text", ["99999", "-1", "1e999", "ten", "2.5"])
def test_an_epoch_beyond_the_run_gets_a_sentence_and_changes_nothing(
    open_stage: Any, text: str
) -> None:
    stage = open_stage()
    stage.play_to(10)
    last = stage.epoch
    field = stage.root.get_by_label("Epoch", exact=True)
    field.fill(text)
    field.press("Enter")
    expect(stage.root.locator("#nnviz-epoch-problem")).to_have_text(
        f"epoch must be 0…{last}, as far as this run has come; got {text}"
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    assert stage.epoch == last
    field.press("Escape")
    expect(field).to_have_value(str(last))
    expect(stage.root.locator("#nnviz-epoch-problem")).to_have_text("")


# --- edits ------------------------------------------------------------------------------


@on_both_carriers
def test_an_edit_is_marked_can_be_read_and_taken_back(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(40)
    at = stage.epoch
    assert lower_the_learning_rate(stage) == 0.3
    stage.play_to(at + 40)
    last = stage.epoch
    mark = stage.root.get_by_role("button", name=f"At epoch {at}: Learning rate η 0.3")
    mark.click()
    note = stage.root.get_by_role("dialog", name="Changes made here")
    expect(note).to_contain_text(f"Changed at epoch {at}")
    note.get_by_role("button", name="Remove: Learning rate η 0.3").click()
    stage.page.wait_for_function("() => !location.search.includes('edits=')")
    expect(stage.page.get_by_role("slider", name="Learning rate")).to_have_attribute(
        "aria-valuetext", "0.5"
    )
    stage.wait(f"stage.dataset.epoch === '{last}'")
    stage.settled()
    expect(mark).to_have_count(0)
    trainer = Trainer(Recipe())
    trainer.seek(last)
    assert float(stage.shown("train_loss")) == pytest.approx(
        trainer.history.train_loss[-1], abs=1e-4
    )


def test_an_edit_in_the_past_makes_another_future(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(60)
    go_to(stage, 20)
    lower_the_learning_rate(stage)
    stage.settled()
    assert known(stage) == 20
    assert stage.recipe.edits[0].epoch == 20
    stage.play_to(40)
    epochs, losses = stage.chart("history", "[chart.data[0].x, chart.data[0].y]")
    assert losses == pytest.approx(stage.trainer().history.train_loss[epochs], rel=1e-4)


def set_bias(stage: Any, value: str) -> None:
    """The bias of the first hidden unit, by keys."""
    stage.root.get_by_role("tab", name="Network").click()
    unit = stage.root.locator(".nnviz-unit[aria-label^='a₁[1]']")
    unit.focus()
    for _ in range(2):
        stage.page.keyboard.press("Enter")  # into its weights, then the field
    field = stage.root.locator(".nnviz-edit input")
    field.fill(value)
    field.press("Enter")


@on_both_carriers
def test_an_edit_taken_back_and_made_again_is_in_the_url_again(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    at = stage.epoch
    for _ in range(2):
        set_bias(stage, "2")
        stage.wait_for_url(edits=f"{at}:weight:2:0.0.0")
        stage.root.locator(".nnviz-mark").click()
        stage.root.get_by_role("button", name="Remove:").click()
        stage.page.wait_for_function("() => !location.search.includes('edits=')")
    assert stage.recipe == Recipe()


def test_a_mark_keeps_its_focus_while_the_run_plays(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    at = stage.epoch
    set_bias(stage, "1")
    stage.wait_for_url(edits=f"{at}:weight:1:0.0.0")
    stage.do("play")
    stage.wait(f"+stage.dataset.epoch > {at + 30}")
    stage.root.locator(".nnviz-mark").focus()
    stage.wait(f"+stage.dataset.epoch > {stage.epoch + 20}")  # frames go by under the finger
    stage.page.keyboard.press("Enter")
    note = stage.root.get_by_role("dialog", name="Changes made here")
    expect(note).to_contain_text("bias of a₁[1] set to 1")


# --- earlier runs -----------------------------------------------------------------------


def ghosts(stage: Any) -> list[str]:
    return stage.root.locator(".nnviz-ghosts li").all_inner_texts()


def test_an_earlier_run_stays_as_a_faint_line_that_says_what_differed(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(60)
    history = stage.trainer().history
    earlier = history.train_loss
    stage.do("renew")
    stage.wait_for_url(seed="1")
    stage.play_to(30)
    expect(stage.root.locator(".nnviz-ghosts li")).to_have_text(["weights seed 0"])
    line = stage.chart("history", "(({ x, y, opacity }) => ({ x, y, opacity }))(chart.data[4])")
    assert line["opacity"] < 1
    assert line["x"][-1] == len(earlier) - 1
    assert line["y"] == pytest.approx(earlier[line["x"]], rel=1e-4)
    accuracy = stage.chart("history", "(({ y, yaxis }) => ({ y, yaxis }))(chart.data[8])")
    assert accuracy["yaxis"] == "y2"
    assert accuracy["y"] == pytest.approx(history.train_accuracy[line["x"]], rel=1e-4)
    stage.root.get_by_role("button", name="Clear").click()
    stage.settled()
    assert ghosts(stage) == []
    assert stage.chart("history", "chart.data.length") == 4


def test_five_earlier_runs_are_kept_and_no_more(open_stage: Any) -> None:
    stage = open_stage("?samples=20&seed=10")
    for seed in range(10, 17):
        stage.do("step")
        stage.wait("stage.dataset.epoch === '1'")
        stage.do("step")
        stage.wait("stage.dataset.epoch === '2'")
        stage.do("renew")
        stage.wait_for_url(seed=str(seed + 1))
        stage.wait("stage.dataset.epoch === '0'")
    stage.settled()
    assert ghosts(stage) == [f"weights seed {seed}" for seed in range(12, 17)]
    for item in stage.root.locator(".nnviz-ghosts li").all():
        expect(item).to_be_in_viewport(ratio=1)


def test_a_reset_to_the_same_run_leaves_no_ghost(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    stage.do("reset")
    stage.wait("stage.dataset.epoch === '0'")
    stage.settled()
    assert ghosts(stage) == []


def test_axes_can_be_logarithmic(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(200, pace="20")
    stage.root.get_by_label("loss", exact=True).check()
    stage.root.get_by_label("epochs", exact=True).check()
    stage.settled()
    kinds = "['xaxis', 'yaxis', 'yaxis2'].map((name) => chart._fullLayout[name].type)"
    assert stage.chart("history", kinds) == ["log", "log", "linear"]
    epochs, losses = stage.chart("history", "[chart.data[0].x, chart.data[0].y]")
    assert epochs[-1] == stage.epoch
    assert len(set(epochs)) == len(epochs) > 50
    assert losses == pytest.approx(stage.trainer().history.train_loss[epochs], rel=1e-4)


def test_an_axis_is_logarithmic_that_was_chosen_before_plotly(open_stage: Any) -> None:
    stage = open_stage(hold_plotly=True)
    stage.root.get_by_label("loss", exact=True).check()
    stage.release_plotly()
    kinds = "['xaxis', 'yaxis'].map((name) => chart._fullLayout[name].type)"
    assert stage.chart("history", kinds) == ["linear", "log"]


def test_the_epoch_field_left_before_the_first_frame_says_0(browser: Any, server: Any) -> None:
    page = browser.new_page()
    page.route_web_socket("**/live", lambda socket: None)  # a server that does not answer
    page.goto(server.url)
    field = page.get_by_test_id("nnviz-stage").get_by_label("Epoch", exact=True)
    field.focus()
    field.press("5")
    field.blur()
    expect(field).to_have_value("0")
    page.close()


# --- stop rules -------------------------------------------------------------------------


def rule(stage: Any, name: str, text: str) -> None:
    stage.root.locator(".nnviz-rules summary").click()
    field = stage.root.locator(f"[data-rule={name}]")
    field.fill(text)
    field.press("Tab")


@on_both_carriers
def test_a_run_stops_at_an_epoch_whatever_its_pace(open_stage: Any) -> None:
    stage = open_stage()
    rule(stage, "epoch", "33")
    stage.root.locator("select[data-do=pace]").select_option("10")
    stage.do("play")
    stage.wait("stage.dataset.epoch === '33' && stage.dataset.state === 'paused'")
    stage.settled()
    assert (stage.epoch, known(stage)) == (33, 33)
    assert stage.shown("message") == "Stopped at epoch 33, as set."
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 50")  # and can go on


def test_a_stop_on_the_way_leaves_the_known_future(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(80)
    last = stage.epoch
    go_to(stage, 0)
    rule(stage, "epoch", "50")
    stage.do("play")
    stage.wait("stage.dataset.epoch === '50' && stage.dataset.state === 'paused'")
    stage.settled()
    assert known(stage) == last


def test_without_a_test_part_patience_has_nothing_to_wait_for(open_stage: Any) -> None:
    stage = open_stage("?test_share=0")
    rule(stage, "patience", "5")
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 60")
    assert stage.shown("message") == "This rule needs a test part; this run has none."


def test_a_rule_that_is_past_says_so(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    rule(stage, "epoch", "5")
    stage.do("play")
    expect(stage.root.locator("[data-show=message]")).to_have_text(
        "Epoch 5 is past: the run will not stop there."
    )


def test_a_run_stops_where_the_loss_has_come_down(open_stage: Any) -> None:
    stage = open_stage()
    rule(stage, "loss", "0.3")
    stage.do("play")
    stage.wait("stage.dataset.state === 'paused' && +stage.dataset.epoch > 0")
    stage.settled()
    losses = stage.trainer().history.train_loss
    assert losses[-1] <= 0.3 < losses[-2]
    assert "the training loss has come down to 0.3" in stage.shown("message")


@on_both_carriers
def test_a_run_without_a_better_test_loss_goes_back_to_its_best(open_stage: Any) -> None:
    query = "?data=moons&samples=60&noise=0.4&hidden=32&learning_rate=2&seed=1"
    stage = open_stage(query)
    rule(stage, "patience", "40")
    stage.root.locator("select[data-do=pace]").select_option("20")
    stage.do("play")
    stage.wait(
        "stage.querySelector('[data-show=message]').textContent.includes('Back to the best')"
    )
    stage.settled()
    trainer = Trainer(stage.recipe)
    trainer.advance(stage.epoch + 40)
    losses = trainer.history.test_loss.astype("f4")
    assert stage.epoch == int(np.argmin(losses))
    assert f"epoch {stage.epoch}." in stage.shown("message")
    assert float(stage.shown("test_loss")) == pytest.approx(losses[stage.epoch], abs=1e-4)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("epoch", "1.5", "the epoch to stop at must be a whole number 1…1000000; got 1.5"),
        ("loss", "1e999", "the loss to stop at must be a number, 0 or more; got 1e999"),
        ("patience", "0", "the epochs to wait must be a whole number 1…1000000; got 0"),
    ],
)
def test_a_rule_that_makes_no_sense_gets_a_sentence(
    open_stage: Any, name: str, text: str, sentence: str
) -> None:
    stage = open_stage()
    rule(stage, name, text)
    expect(stage.root.locator(f"#nnviz-stop-{name}")).to_have_text(sentence)
    expect(stage.root.locator(f"[data-rule={name}]")).to_have_attribute("aria-invalid", "true")
