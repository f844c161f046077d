"""The page across a slow network: what is shown is the truth, and what is done counts at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.test_diagram import middle
from tests.proxy import Link
from tests.serving import Server

ROUND_TRIP = 0.2  # seconds

# in the page: requests whose replies have not come, and every epoch painted
WATCH = """() => {
  window.underWay = [];
  window.most = {};
  window.asked = [];
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    if (this.url.endsWith('/live')) {
      if (!this.isWatched) this.addEventListener('message', () => window.underWay.shift());
      this.isWatched = true;
      const request = JSON.parse(text);
      const op = request.epochs ? 'frame' : request.op;
      window.underWay.push(op);
      window.asked.push(request);
      const number = window.underWay.filter((other) => other === op).length;
      window.most[op] = Math.max(window.most[op] ?? 0, number);
    }
    send.call(this, text);
  };
}"""
PAINTED = """() => {
  const stage = document.querySelector('[data-testid=nnviz-stage]');
  window.painted = [+stage.dataset.epoch];
  new MutationObserver(() => {
    if (+stage.dataset.epoch !== window.painted.at(-1)) window.painted.push(+stage.dataset.epoch);
  }).observe(stage, { attributes: true, attributeFilter: ['data-epoch'] });
}"""


@pytest.fixture
def far(server: Server, browser: Any, open_stage: Any) -> Iterator[Any]:
    """``far(query)`` opens the page across the network, with all that it sends watched."""
    with Link(server.port, ROUND_TRIP) as link:

        def open_far(query: str = "") -> Any:
            stage = open_stage(query, url=link.url, script=f"({WATCH})()")
            stage.page.evaluate(PAINTED)
            return stage

        yield open_far


def idle(stage: Any) -> None:
    """Until every request has its reply, and what came of it is painted."""
    stage.page.wait_for_function("() => window.underWay.length === 0")
    stage.settled()


def test_frames_are_under_way_ahead_and_a_pause_rests_on_the_picture_shown(far: Any) -> None:
    stage = far()
    stage.root.locator("select[data-do=pace]").select_option("5")
    stage.do("play")
    stage.wait("+stage.dataset.epoch >= 200")
    stage.page.wait_for_function("() => window.most.frame > 3")
    shown = stage.page.evaluate(
        """() => {
          const stage = document.querySelector('[data-testid=nnviz-stage]');
          stage.querySelector('button[data-do=play]').click();
          return +stage.dataset.epoch;
        }"""
    )
    assert stage.data("state") == "paused"
    idle(stage)
    assert stage.epoch == shown
    assert stage.page.evaluate("window.most.frame") > 3
    painted = stage.page.evaluate("window.painted")
    assert painted == sorted(painted)
    assert painted[-1] == shown
    stage.do("step")
    stage.wait(f"+stage.dataset.epoch === {shown + 1}")
    idle(stage)
    assert stage.page.evaluate("window.painted.at(-1)") == shown + 1


def test_a_setting_changed_while_playing_counts_from_the_epoch_shown(far: Any) -> None:
    stage = far()
    stage.do("play")
    stage.wait("+stage.dataset.epoch >= 100")
    rate = stage.page.get_by_role("slider", name="Learning rate")
    rate.focus()
    stage.page.keyboard.press("ArrowRight")
    stage.page.wait_for_function("() => window.asked.some(({ op }) => op === 'edit')")
    edit, following = stage.page.evaluate(
        "() => { const at = window.asked.findIndex(({ op }) => op === 'edit');"
        " return window.asked.slice(at, at + 2); }"
    )
    stage.wait(f"+stage.dataset.epoch > {edit['epoch']} + 50")
    stage.do("play")
    idle(stage)
    assert following["op"] == "frame"  # without waiting for the edit's reply
    assert [made.epoch for made in stage.recipe.edits] == [edit["epoch"]]
    assert edit["epoch"] in stage.page.evaluate("window.painted")


def test_a_weight_dragged_across_the_network_follows_the_hand(far: Any) -> None:
    stage = far("?hidden=2")
    stage.page.get_by_role("tab", name="Network").click()
    idle(stage)
    stage.do("play")
    stage.wait("+stage.dataset.epoch >= 50")
    x, y = middle(stage, (0, 1, 0))
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    for step in range(1, 16):
        stage.page.mouse.move(x, y - 10 * step)
        stage.page.evaluate("new Promise(requestAnimationFrame)")
    assert stage.data("state") == "paused"
    stage.page.mouse.up()
    idle(stage)
    assert stage.page.evaluate("window.most.edit") == 1  # never a backlog
    (edit,) = stage.recipe.edits
    assert edit.epoch == stage.epoch


def test_scrubbing_across_the_network_shows_a_picture_for_many_of_the_epochs(far: Any) -> None:
    stage = far()
    stage.play_to(300, "10")
    idle(stage)
    before = int(stage.data("frames"))
    stage.page.evaluate(
        """async () => {
          const range = document.querySelector('.nnviz-track input');
          for (let frame = 0; frame < 180; frame++) {
            range.value = Math.round(236 * frame / 179);
            range.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    stage.wait("+stage.dataset.epoch === 236")
    idle(stage)
    assert stage.epoch == 236
    assert int(stage.data("frames")) - before > 45  # one request at a time would show 15
