"""The sidebar: what leads, what is folded away, what stays in its place, and the dials."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from nnviz import Recipe
from nnviz.choices.activations import ACTIVATIONS
from nnviz.choices.datasets import SOURCES
from nnviz.choices.optimisers import OPTIMISERS
from tests.browser.sidebar import CAN_ACT, choose, press, unfold
from tests.proxy import Link
from tests.serving import Server

SMALL = {"width": 1280, "height": 720}

# in the page: layout shifts of parts of the sidebar, from the first picture of the page on
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { sources } of list.getEntries()) {
    for (const { node, previousRect, currentRect } of sources) {
      const part = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (part?.closest?.("[data-testid=stSidebar]")) {
        window.shifts.push([part.outerHTML.slice(0, 200), previousRect.y, currentRect.y]);
      }
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def rate(stage: Any, role: str = "textbox") -> Any:
    return stage.page.get_by_role(role, name="Learning rate")


# --- what leads ---------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["10", "4,4,4"])
def test_the_first_choices_are_in_view_on_a_small_laptop(open_stage: Any, hidden: str) -> None:
    stage = open_stage(f"?hidden={hidden}", viewport=SMALL)
    for role, name in [
        ("combobox", "Data set"), ("spinbutton", "Hidden layers"),
        ("spinbutton", "Units in layer 1"), ("combobox", "Activation"),
        ("slider", "Learning rate"), ("combobox", "Optimiser"), ("slider", "Batch size"),
    ]:  # fmt: skip
        expect(stage.page.get_by_role(role, name=name)).to_be_in_viewport(ratio=1)  # type: ignore[arg-type]


def test_the_rest_is_folded_away_and_stays_as_the_visitor_has_it(open_stage: Any) -> None:
    with Server() as first:
        stage = open_stage("?l2=0.1", url=first.url)
        noise = stage.page.get_by_role("slider", name="Noise")
        expect(stage.page.get_by_role("slider", name="L2")).to_be_visible()  # set by the link
        expect(noise).to_be_hidden()
        unfold(stage, "the data")
        unfold(stage, "training")
        expect(noise).to_be_visible()
        choose(stage, "Data set", "Moons")
        stage.wait_for_url(data="moons")
        expect(noise).to_be_visible()
        first.stop()
        stage.wait("stage.dataset.state === 'offline'")
        with Server(port=first.port):
            stage.wait("stage.dataset.state === 'paused'")
            stage.page.locator("[data-test-connection-state=CONNECTED]").wait_for()
            expect(noise).to_be_enabled(timeout=CAN_ACT)
            press(stage, "Noise", "ArrowRight")
            stage.wait_for_url(noise="0.11")
            expect(noise).to_be_visible()
            expect(stage.page.get_by_role("slider", name="L2")).to_be_hidden()


def test_few_stops_of_the_tab_key_lead_to_play(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stops = []
    while "Play" not in stops:
        stage.page.keyboard.press("Tab")
        stops.append(stage.page.evaluate("document.activeElement.textContent.trim()"))
        assert len(stops) <= 18
    assert stage.page.locator("[data-testid=stSidebar] [data-testid=stTooltipIcon]").count() == 0


def test_why_a_hidden_layer_is_answered_where_it_is_chosen(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.get_by_role("button", name="Why a hidden layer?").click()
    expect(stage.page.get_by_text("two classes is a straight line")).to_be_visible()


# --- what stays in its place --------------------------------------------------------------


def test_nothing_in_the_sidebar_moves_by_itself(open_stage: Any) -> None:
    stage = open_stage(script=SHIFTS, viewport=SMALL)
    choose(stage, "Data set", "Iris")
    stage.wait_for_url(data="iris")
    choose(stage, "Activation", "ReLU")
    stage.wait_for_url(activation="relu")
    stage.play_to(20)
    press(stage, "Learning rate", "ArrowRight")
    choose(stage, "Optimiser", "Adam")
    expect(stage.page.get_by_text("Changed during the run: ")).to_contain_text("adam from epoch")
    stage.settled()
    assert stage.page.evaluate("window.shifts") == []


def test_there_is_room_for_the_longest_sentence(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    tables = {"data": SOURCES, "activation": ACTIVATIONS, "optimiser": OPTIMISERS}
    warns = {"step"}
    for field, table in tables.items():
        sentences = [("⚠ " if name in warns else "") + table[name].purpose for name in table]
        heights = stage.page.evaluate(
            """([field, sentences]) => sentences.map((sentence) => {
              const part = document.querySelector(`.st-key-field_${field}`);
              part.querySelector('[data-testid=stCaptionContainer] p').textContent = sentence;
              return part.getBoundingClientRect().height;
            })""",
            [field, sentences],
        )
        assert len(set(heights)) == 1, (field, dict(zip(sentences, heights, strict=True)))


def test_what_changed_during_the_run_stands_below_everything(open_stage: Any) -> None:
    stage = open_stage("?edits=20:l2:0.1", fresh=True)
    sentence = stage.page.get_by_text("Changed during the run").bounding_box()
    last = stage.page.locator("[data-testid=stSidebar] details").last.bounding_box()
    assert sentence["y"] >= last["y"] + last["height"]


# --- Streamlit's own parts --------------------------------------------------------------


def test_the_header_lets_clicks_through_and_opens_the_sidebar(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.get_by_test_id("stSidebar").hover()
    stage.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    opener = stage.page.get_by_test_id("stExpandSidebarButton")
    expect(opener).to_be_visible()
    covered = stage.page.evaluate(
        """() => {
          const header = document.querySelector('[data-testid=stHeader]');
          const opener = document.querySelector('[data-testid=stExpandSidebarButton]');
          const covered = new Set();
          for (let x = 0; x < innerWidth; x += 4) for (let y = 0; y < 80; y += 4) {
            const there = document.elementFromPoint(x, y);
            if (header.contains(there) && !opener.contains(there)) covered.add(there.outerHTML);
          }
          return [...covered];
        }"""
    )
    assert covered == []
    opener.click()
    expect(stage.page.get_by_role("combobox", name="Data set")).to_be_in_viewport()


def test_streamlits_menu_and_status_are_not_shown(open_stage: Any) -> None:
    stage = open_stage()
    for part in ("MainMenu", "StatusWidget", "ToolbarActions", "Decoration", "AppDeployButton"):
        expect(stage.page.get_by_test_id(f"st{part}")).to_be_hidden()


# --- dials --------------------------------------------------------------------------------


def test_a_learning_rate_can_be_typed_exactly(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    at = stage.epoch
    rate(stage).fill("0.123456789")
    rate(stage).press("Enter")
    stage.wait_for_url(edits=f"{at}:learning_rate:0.123456789")
    expect(rate(stage, "slider")).to_have_attribute("aria-valuetext", "0.123456789")
    press(stage, "Learning rate", "ArrowRight")
    stage.wait_for_url(edits=f"{at}:learning_rate:0.2")
    expect(rate(stage)).to_have_value("0.2")
    assert stage.epoch == at
    assert stage.errors == []


def test_what_is_wrong_with_a_value_is_said_and_what_was_typed_stays(open_stage: Any) -> None:
    stage = open_stage()
    rate(stage).fill("fast")
    rate(stage).press("Enter")
    problem = stage.page.get_by_role("alert").filter(has_text="learning rate")
    expect(problem).to_have_text("learning rate must be 1e-05…10; got fast")
    expect(rate(stage)).to_have_attribute("aria-invalid", "true")
    stage.page.keyboard.press("Tab")
    expect(rate(stage)).to_have_value("fast")
    assert stage.recipe == Recipe()
    rate(stage).press("Escape")
    expect(rate(stage)).to_have_value("0.5")
    expect(problem).to_have_count(0)


def test_a_batch_size_can_be_full(open_stage: Any) -> None:
    stage = open_stage("?batch_size=7")
    field = stage.page.get_by_role("textbox", name="Batch size")
    expect(field).to_have_value("7")
    field.fill("full")
    field.press("Enter")
    stage.wait_for_url(batch_size="full")


def test_dials_follow_links_and_other_runs(open_stage: Any) -> None:
    stage = open_stage("?learning_rate=0.07&edits=9:l1:0.02")
    expect(rate(stage)).to_have_value("0.07")
    expect(stage.page.get_by_role("textbox", name="L1")).to_have_value("0.02")
    press(stage, "Learning rate", "ArrowLeft")
    stage.wait_for_url(learning_rate="0.03")
    stage.page.go_back()
    stage.wait_for_url(learning_rate="0.07")
    expect(rate(stage)).to_have_value("0.07")


def test_a_dial_works_while_the_server_is_away(open_stage: Any) -> None:
    with Server() as first:
        stage = open_stage(url=first.url)
        stage.play_to(20)
        at = stage.epoch
        first.stop()
        stage.wait("stage.dataset.state === 'offline'")
        press(stage, "Learning rate", "ArrowLeft")
        press(stage, "Learning rate", "ArrowLeft")
        expect(rate(stage)).to_have_value("0.2")
        with Server(port=first.port):
            stage.wait("stage.dataset.state === 'paused'")
            stage.page.wait_for_function(
                "(edits) => new URLSearchParams(location.search).get('edits') === edits",
                arg=f"{at}:learning_rate:0.2",
                timeout=CAN_ACT,
            )
            expect(rate(stage)).to_have_value("0.2")


# in the page: what was requested of the live socket
SENT = """
window.sent = [];
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (text) {
  if (this.url.endsWith('/live')) window.sent.push(JSON.parse(text));
  send.call(this, text);
};
"""


def test_a_dial_changes_the_run_at_once_however_far_the_server_is(
    server: Server, open_stage: Any
) -> None:
    with Link(server.port, 0.2) as link:
        stage = open_stage(url=link.url, script=SENT)
        stage.do("play")
        stage.wait("+stage.dataset.epoch > 40")
        epoch, requests = stage.page.evaluate(
            """() => {
              window.sent = [];
              const range = document.querySelector('.nnviz-dial [type=range]');
              range.stepDown();
              range.dispatchEvent(new Event('input', { bubbles: true }));
              return [+document.querySelector('.nnviz').dataset.epoch, window.sent];
            }"""
        )
        assert (requests[0]["op"], requests[0]["epoch"]) == ("edit", epoch)
        stage.do("play")
        stage.wait_for_url(edits=f"{epoch}:learning_rate:0.3")


def test_the_slider_of_a_dial_is_dragged_over_its_stops(open_stage: Any) -> None:
    stage = open_stage()
    stage.play_to(20)
    at = stage.epoch
    box = rate(stage, "slider").bounding_box()
    y = box["y"] + box["height"] / 2
    stage.page.mouse.move(box["x"] + 0.64 * box["width"], y)
    stage.page.mouse.down()
    for share in (0.5, 0.3, 0.02):
        stage.page.mouse.move(box["x"] + share * box["width"], y)
    stage.page.mouse.up()
    stage.wait_for_url(edits=f"{at}:learning_rate:1e-05")  # one edit, whatever lay between
    expect(rate(stage)).to_have_value("0.00001")


def test_dials_are_large_enough_for_fingers(open_stage: Any) -> None:
    stage = open_stage(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    stage.page.get_by_test_id("stExpandSidebarButton").click()
    for role in ("textbox", "slider"):
        expect(rate(stage, role)).to_be_in_viewport()
        assert rate(stage, role).bounding_box()["height"] >= 44
