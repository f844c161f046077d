"""When the server goes and comes back; where the server is mounted; what bytes it sends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import Audit
from tests.browser.visits import MODULES
from tests.serving import ROOT, Server

VECTOR = json.loads((Path(__file__).parents[1] / "live" / "frame-vector.json").read_text())


@pytest.mark.parametrize("playing", [False, True], ids=["paused", "running"])
def test_a_server_that_restarts_loses_nothing(open_stage: Any, playing: bool) -> None:
    with Server() as first:
        stage = open_stage("?seed=2", url=first.url)
        stage.play_to(40)
        epoch, boundary = stage.epoch, stage.boundary
        if playing:
            stage.do("play")
            stage.wait(f"+stage.dataset.epoch > {epoch + 20}")
        first.stop()
        stage.wait("stage.dataset.state === 'offline'")
        assert "can’t be reached" in stage.shown("message")
        expect(stage.root.locator("[data-show=epoch]")).to_have_text(stage.data("epoch"))
        epoch = stage.epoch if playing else epoch
        with Server(port=first.port):
            stage.wait(f"stage.dataset.state === '{'running' if playing else 'paused'}'")
            if playing:
                stage.wait(f"+stage.dataset.epoch > {epoch + 20}")
                stage.do("play")
                stage.settled()
            else:
                stage.do("step")
                stage.wait(f"stage.dataset.epoch === '{epoch + 1}'")
                assert stage.boundary != boundary
            assert stage.epoch > epoch
            loss = stage.trainer().history[-1].train_loss
            assert float(stage.shown("train_loss")) == pytest.approx(loss, abs=1e-4)
            assert stage.shown("message") == ""


def test_a_page_of_an_older_server_says_so_and_reloads_at_its_moment(
    open_stage: Any, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "nnviz", tmp_path / "nnviz")
    script = Path(shutil.copy(ROOT / "app.py", tmp_path))
    with Server(script, PYTHONPATH=str(tmp_path)) as old:
        stage = open_stage("?hidden=4", url=old.url)
        stage.play_to(40)
        epoch, picture = stage.epoch, stage.picture
        old.stop()
        stage.wait("stage.dataset.state === 'offline'")
        with (tmp_path / "nnviz" / "stage" / "look.js").open("a") as file:
            file.write("// a later version")
        with Server(script, port=old.port, PYTHONPATH=str(tmp_path)):
            notice = stage.page.locator("#nnviz-newer")
            expect(notice).to_contain_text("nnviz has been updated on this server.")
            assert (stage.epoch, stage.picture) == (epoch, picture)
            audit = Audit(stage.page)
            audit.look("the notice", "#nnviz-newer")
            audit.verdict()
            notice.get_by_role("button", name="Reload at this moment").click()
            expect(notice).to_have_count(0)
            stage.wait(f"stage.dataset.epoch === '{epoch}'")
            assert stage.picture == picture


SEEN = """() => {
  window.seen = { dialogs: 0, blurs: 0 };
  new MutationObserver(() => {
    for (const dialog of document.querySelectorAll('[data-testid=stDialog]')) {
      if (dialog.textContent.includes('Connection error')) seen.dialogs += 1;
    }
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusout', () => (seen.blurs += 1));
}"""


def test_streamlits_own_dialog_does_not_lie_over_a_stage_without_a_server(open_stage: Any) -> None:
    with Server() as first:
        stage = open_stage("?seed=2", url=first.url)
        page = stage.page
        field = stage.root.locator("[data-field=epoch]")
        field.fill("7")
        page.evaluate(SEEN)
        first.stop()
        page.wait_for_function("() => seen.dialogs > 0", timeout=60_000)
        expect(page.get_by_test_id("stDialog")).to_have_count(0)
        assert "can’t be reached" in stage.shown("message")
        expect(stage.root.locator("[data-show=message]")).to_be_in_viewport()
        expect(field).to_be_focused()
        expect(field).to_have_value("7")
        assert page.evaluate("seen.blurs") == 0
        assert page.evaluate("document.querySelector('#root').closest('[aria-hidden]')") is None
        assert page.evaluate("getComputedStyle(document.documentElement).overflow") != "hidden"
        stage.root.locator(".nnviz-rules summary").click()  # nothing lies over it
        expect(stage.root.locator("[data-rule=epoch]")).to_be_visible()


def test_other_dialogs_of_the_page_stay(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stage.page.evaluate(
        """() => { const dialog = document.createElement('div');
          dialog.dataset.testid = 'stDialog';
          dialog.innerHTML = '<section role="dialog"><button aria-label="Close">x</button>'
            + '<h2 slot="title">Clear caches</h2>Connection error</section>';
          document.body.append(dialog); }"""
    )
    stage.settled()
    expect(stage.page.get_by_text("Clear caches")).to_be_visible()


def test_a_dropped_socket_comes_back_by_itself(open_stage: Any) -> None:
    stage = open_stage()
    stage.page.evaluate(
        """() => { const send = WebSocket.prototype.send;
          WebSocket.prototype.send = function (...args) {
            if (this.url.endsWith('/live')) { WebSocket.prototype.send = send; this.close(); }
            return send.apply(this, args);
          }; }"""
    )
    stage.do("play")
    stage.wait("stage.dataset.state === 'offline'")
    stage.wait("stage.dataset.state === 'running' && +stage.dataset.epoch > 20")


# requests that never arrive, and a clock that has not to be waited for
HALF_OPEN = """() => {
  const { send } = WebSocket.prototype;
  const { setTimeout } = window;
  window.isDeaf = true;
  WebSocket.prototype.send = function (...args) {
    if (!isDeaf || !this.url.endsWith('/live')) send.apply(this, args);
  };
  window.setTimeout = (call, wait, ...args) =>
    setTimeout(call, isDeaf && wait === 15000 ? 0 : wait, ...args);
}"""


def test_a_half_open_connection_is_noticed_and_made_anew(open_stage: Any) -> None:
    stage = open_stage(fresh=True)
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 20")
    stage.page.evaluate(HALF_OPEN)
    stage.wait("stage.dataset.state === 'offline'")
    expect(stage.root.locator("[data-show=message]")).to_contain_text(
        "The server has not answered for 15 seconds."
    )
    epoch = stage.epoch
    stage.page.evaluate("window.isDeaf = false")
    stage.wait(f"stage.dataset.state === 'running' && +stage.dataset.epoch > {epoch + 20}")
    assert stage.shown("message") == ""
    assert stage.errors == []


def test_the_stage_works_under_a_sub_path(open_stage: Any) -> None:
    with Server(base="/sub/app") as server:
        stage = open_stage(url=server.url)
        stage.play_to(10)
        assert stage.epoch >= 10
        assert stage.errors == []


def test_the_browser_reads_the_bytes_that_python_writes(open_stage: Any) -> None:
    stage = open_stage()
    read = stage.page.evaluate(
        f"async (base64) => {{ const {{ unpack }} = {MODULES}['transport/codec.js'];"
        """
          const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
          const { header, arrays } = await unpack(bytes.buffer);
          const plain = Object.entries(arrays).map(([name, { data, shape }]) =>
            [name, { kind: data.constructor.name, shape, data: [...data] }]);
          return { header, arrays: Object.fromEntries(plain) };
        }""",
        VECTOR["reply"],
    )
    assert read["header"] == VECTOR["header"]
    kinds = {"f32": "Float32Array", "u32": "Uint32Array", "u8": "Uint8Array"}
    assert set(read["arrays"]) == set(VECTOR["arrays"])
    for name, array in VECTOR["arrays"].items():
        assert read["arrays"][name]["kind"] == kinds[array["type"]]
        assert read["arrays"][name]["shape"] == array["shape"]
        assert read["arrays"][name]["data"] == pytest.approx(array["values"])
