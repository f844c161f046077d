"""Links, QR codes and experiment files: they open at the very moment they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from playwright.sync_api import expect

from nnviz.moments import Moment
from tests.browser.export_dialog import CLIPBOARD, MOMENT, NAME, SVG, at_moment, dialog_of


def test_a_link_opens_paused_at_the_very_moment(open_stage: Any) -> None:
    with at_moment(open_stage, permissions=CLIPBOARD) as stage:
        stage.do("step")
        stage.wait("stage.dataset.epoch === '201'")
        stage.settled()
        dialog = dialog_of(stage)
        dialog.turn_to("Share")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Link copied.")
        link = stage.page.evaluate("navigator.clipboard.readText()")
        assert link == dialog.field("Link to this moment").input_value()
        code = dialog.panel.get_by_role("img", name="QR code of the link")
        expect(code).to_be_visible()
        name, file = dialog.download()
        assert name == "circles-2-10-2-tanh-epoch-201-qr.svg"
        assert ElementTree.fromstring(file).tag == f"{SVG}svg"
        with at_moment(open_stage, "?" + urlsplit(link).query) as other:
            assert other.data("state") == "paused"
            assert (other.epoch, other.picture) == (201, stage.picture)


LISTEN = """() => { // what is asked for of links and experiments
  window.sent = [];
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const request = this.url.endsWith('/live') ? JSON.parse(text) : {};
    if (['link', 'experiment'].includes(request.what)) window.sent.push(request);
    return send.call(this, text);
  }; }"""


HOSTS = """async () => { // those of which it is said that other devices can't open them
  const { leadsToItself } = await import('/stage/take-share.js');
  return ['localhost', 'nnviz.localhost', '127.0.0.1', '127.1.2.3', '0.0.0.0', '[::1]',
    'localhost.org', '10.127.0.1', '192.168.1.127', 'lecture.example', 'mylocalhost',
    '[2001:db8::1]'].filter(leadsToItself); }"""


def test_a_code_that_leads_a_phone_to_itself_says_so(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Share")
        expect(dialog.panel.get_by_text("Other devices can’t open this address")).to_be_visible()
        assert stage.page.evaluate(HOSTS) == [
            "localhost", "nnviz.localhost", "127.0.0.1", "127.1.2.3", "0.0.0.0", "[::1]",
        ]  # fmt: skip


def test_the_link_is_asked_for_with_what_is_seen_and_renewed_with_it(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        stage.page.evaluate(LISTEN)
        dialog = dialog_of(stage)
        dialog.turn_to("Share")
        dialog.download("Save experiment")
        stage.page.keyboard.press("Escape")
        stage.root.get_by_label("View", exact=True).select_option("threshold")
        stage.root.locator(".nnviz-boundary").press("ArrowRight")
        stage.do("take")
        dialog.download("Save experiment")
        sent = stage.page.evaluate("window.sent")
        seen = [
            (request["what"], request["look"]["view"], bool(request["probe"])) for request in sent
        ]
        assert seen == [
            ("link", "blend", False), ("experiment", "blend", False),
            ("link", "threshold", True), ("experiment", "threshold", True),
        ]  # fmt: skip


DROP = """() => { // a file that is no experiment, on the plot
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['hello'], 'notes.txt'));
  document.querySelector('.nnviz-boundary').dispatchEvent(
    new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}"""


def test_an_experiment_is_saved_and_opened(open_stage: Any, tmp_path: Path) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Share")
        name, file = dialog.download("Save experiment")
        assert name == f"{NAME}.nnviz.json"
        picture, boundary = stage.picture, stage.boundary
    saved, large = tmp_path / name, tmp_path / "large.json"
    saved.write_bytes(file)
    large.write_bytes(b" " * 300_000)
    stage = open_stage("?data=iris")
    stage.page.evaluate(DROP)
    stage.wait("stage.querySelector('[data-show=message]').textContent")
    assert stage.shown("message") == (
        "an experiment must be a JSON object; got “hello” in notes.txt"
    )
    dialog = dialog_of(stage)
    dialog.turn_to("Share")
    chooser = dialog.panel.locator("[type=file]")
    chooser.set_input_files(large)
    expect(dialog.says).to_have_text(
        "an experiment must have 250 kB at most; got 300 kB in large.json"
    )
    chooser.set_input_files(saved)
    expect(dialog.element).to_be_hidden()
    stage.wait("stage.dataset.epoch === '200'")
    stage.settled()
    assert stage.data("state") == "paused"
    assert (stage.picture, stage.boundary) == (picture, boundary)
    assert Moment.from_query(urlsplit(stage.page.url).query) == MOMENT
    assert stage.errors == []
