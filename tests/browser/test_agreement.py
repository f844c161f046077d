"""Page, stage and server in a real browser: what people do counts, where they did it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from nnviz import Edit
from tests.browser.sidebar import CAN_ACT, choose, press, unfold
from tests.serving import Server


def turn_to(stage: Any, tab: str) -> None:
    stage.page.get_by_role("tab", name=tab).click()


def type_weight(stage: Any, value: str) -> None:
    """The first hidden unit's bias, by keys."""
    stage.root.locator(".nnviz-unit[data-layer='1'][data-unit='0']").focus()
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Enter")
    field = stage.root.get_by_role("textbox", name="bias of")
    field.fill(value)
    stage.page.keyboard.press("Enter")
    expect(field).to_be_hidden()


def wait_for_edits(stage: Any, count: int) -> tuple[Edit, ...]:
    stage.page.wait_for_function(
        "(count) => new URLSearchParams(location.search).get('edits')?.split(',').length === count",
        arg=count,
        timeout=CAN_ACT,
    )
    return stage.recipe.edits


def test_what_is_done_while_the_server_is_away_counts_and_reaches_the_address(
    open_stage: Any,
) -> None:
    with Server() as first:
        stage = open_stage("?hidden=4", url=first.url)
        turn_to(stage, "Network")
        stage.play_to(40)
        epoch, before = stage.epoch, stage.picture
        first.stop()
        stage.wait("stage.dataset.state === 'offline'")
        type_weight(stage, "3")
        with Server(port=first.port):
            stage.wait("stage.dataset.state === 'paused'")
            weight = Edit(epoch, "weight", 3.0, (0, 0, 0))
            assert wait_for_edits(stage, 1) == (weight,)
            stage.settled()
            assert stage.epoch == epoch
            assert stage.picture != before
            press(stage, "Learning rate η", "ArrowRight")
            (_, rate) = wait_for_edits(stage, 2)
            assert (rate.epoch, rate.field) == (epoch, "learning_rate")
            picture = stage.picture
            stage.page.reload()
            stage.charted()
            assert stage.recipe.edits == (weight, rate)
            stage.play_to(epoch)
            field = stage.root.locator("[data-field=epoch]")
            field.fill(str(epoch))
            field.press("Enter")
            stage.wait(f"stage.dataset.epoch === '{epoch}'")
            stage.settled()
            assert stage.picture == picture


def test_the_first_change_of_the_sidebar_after_a_restart_counts(open_stage: Any) -> None:
    with Server() as first:
        stage = open_stage(url=first.url)
        first.stop()
        stage.wait("stage.dataset.state === 'offline'")
        with Server(port=first.port):
            # Streamlit itself loses what is changed before that, and the slider goes back
            stage.page.locator("[data-test-connection-state=CONNECTED]").wait_for()
            unfold(stage, "the data")
            press(stage, "Samples", "ArrowRight")
            stage.wait_for_url(samples="210")
            expect(stage.page.get_by_role("slider", name="Samples")).to_have_value("210")
            stage.play_to(10)
            assert stage.recipe.samples == 210
            loss = stage.trainer().history[-1].train_loss
            assert abs(float(stage.shown("train_loss")) - loss) < 1e-3


def test_another_data_set_while_the_network_is_shown_goes_on_playing(open_stage: Any) -> None:
    stage = open_stage("?data=iris&hidden=6")
    turn_to(stage, "Network")
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 50")
    choose(stage, "Data set", "Circles")
    stage.wait_for_url(data="circles")
    stage.wait("+stage.dataset.epoch < 50")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 50")
    assert stage.shown("message") == ""
    expect(stage.root.locator(".nnviz-unit[data-layer='2']")).to_have_count(2)


def test_fewer_units_while_the_warped_space_shows_the_last_go_on_playing(open_stage: Any) -> None:
    stage = open_stage("?hidden=4")
    turn_to(stage, "Warped space")
    stage.root.get_by_label("Unit up").select_option(index=3)
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 50")
    press(stage, "Units in layer 1", "ArrowDown")
    stage.wait_for_url(hidden="3")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 20")
    assert stage.shown("message") == ""
    expect(stage.root.get_by_label("Unit up").locator("option")).to_have_count(3)


def test_of_two_points_picked_quickly_the_second_stays(open_stage: Any) -> None:
    stage = open_stage("?hidden=4&samples=40")
    stage.page.get_by_role("radio", name="Maths of one step").click()
    expect(stage.page.get_by_text("Numbers of epoch 0.")).to_be_visible()
    number = stage.page.get_by_role("spinbutton", name="Training point")
    points = stage.trainer().dataset.train
    x, y = points.T
    apart = [i for i in range(len(points)) if sum(abs(x - x[i]) + abs(y - y[i]) < 0.2) == 1]
    first, second, *_ = sorted(apart, key=lambda i: y[i])  # the lowest: the page has scrolled
    for sample in (first, second):
        spot = stage.page.evaluate(
            """([x, y]) => {
              const chart = document.querySelector('.nnviz-boundary');
              const box = chart.getBoundingClientRect();
              const { xaxis, yaxis } = chart._fullLayout;
              const [left, top] = [box.left + xaxis._offset, box.top + yaxis._offset];
              return [left + xaxis.d2p(x), top + yaxis.d2p(y)];
            }""",
            points[sample].tolist(),
        )
        stage.page.mouse.click(*spot)
    expect(number).to_have_value(str(second + 1))
    expect(stage.page.get_by_text(f"Point {second + 1}:")).to_be_visible()
    pinned = stage.chart("boundary", "[chart.data.at(-1).x[0], chart.data.at(-1).y[0]]")
    assert [round(value, 4) for value in pinned] == [round(v, 4) for v in points[second]]
    expect(number).to_have_value(str(second + 1))


def test_play_and_a_setting_during_a_far_replay_count_from_its_end(open_stage: Any) -> None:
    stage = open_stage("?hidden=10,10&epoch=150000", fresh=True)
    stage.page.set_default_timeout(120_000)  # longer than the replay takes on a busy machine
    message = stage.root.locator("[data-show=message]")
    expect(message).to_have_text("Replaying the run to epoch 150000.")
    stage.do("play")
    press(stage, "Learning rate η", "ArrowRight")
    expect(message).to_have_text("Replaying the run to epoch 150000.")
    (edit,) = wait_for_edits(stage, 1)
    assert (edit.epoch, edit.field) == (150_000, "learning_rate")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 150000")
    expect(message).to_have_text("")
    stage.do("play")
    stage.settled()
    loss = stage.trainer().history[-1].train_loss
    assert abs(float(stage.shown("train_loss")) - loss) < 1e-3
