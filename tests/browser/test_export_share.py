"""Links, QR codes and experiment files: they open at the very moment they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from playwright.sync_api import expect

from nnviz.recipe.look import Look
from nnviz.recipe.moment import Moment
from tests.browser.carriers import on_both_carriers
from tests.browser.export_dialog import (
    CLIPBOARD,
    MOMENT,
    NAME,
    SVG,
    Dialog,
    arrived,
    at_moment,
    dialog_of,
)
from tests.browser.visits import MODULES


def test_a_link_opens_paused_at_the_very_moment_and_shows_what_was_seen(open_stage: Any) -> None:
    with at_moment(open_stage, permissions=CLIPBOARD) as stage:
        stage.do("step")
        stage.wait("stage.dataset.epoch === '201'")
        stage.root.get_by_label("View", exact=True).select_option("regions")
        stage.root.locator(".nnviz-boundary").press("ArrowRight")
        stage.settled()
        dialog = dialog_of(stage, "Share")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Link copied.")
        link = stage.page.evaluate("navigator.clipboard.readText()")
        assert link == dialog.field("Link to this moment").input_value()
        with at_moment(open_stage, "?" + urlsplit(link).query) as other:
            assert other.data("state") == "paused"
            assert (other.epoch, other.picture) == (201, stage.picture)
            assert "pinned" in stage.shown("probe")
            assert other.shown("probe") == stage.shown("probe")


def moment_of(dialog: Dialog) -> Moment:
    """What the link says."""
    link = dialog.field("Link to this moment").input_value()
    return Moment.from_query(urlsplit(link).query)


# those of which it is said that other devices can't open them
HOSTS = (
    f"async () => {{ const {{ leadsToItself }} = {MODULES}['export/share.js'];"
    """
  return ['localhost', 'nnviz.localhost', '127.0.0.1', '127.1.2.3', '0.0.0.0', '[::1]',
    'localhost.org', '10.127.0.1', '192.168.1.127', 'lecture.example', 'mylocalhost',
    '[2001:db8::1]'].filter(leadsToItself); }"""
)


def test_link_code_and_file_are_of_what_is_seen_when_the_dialog_opens(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Share")
        expect(dialog.panel.get_by_role("img", name="QR code of the link")).to_be_visible()
        expect(dialog.panel.get_by_text("Other devices can’t open this address")).to_be_visible()
        assert stage.page.evaluate(HOSTS) == [
            "localhost", "nnviz.localhost", "127.0.0.1", "127.1.2.3", "0.0.0.0", "[::1]",
        ]  # fmt: skip
        name, plain = dialog.download()
        assert name == f"{NAME}-qr.svg"
        assert ElementTree.fromstring(plain).tag == f"{SVG}svg"
        assert moment_of(dialog) == MOMENT
        stage.page.keyboard.press("Escape")
        stage.root.get_by_label("View", exact=True).select_option("threshold")
        stage.root.get_by_label("Points", exact=True).select_option("test")
        stage.root.locator(".nnviz-boundary").press("ArrowRight")
        stage.settled()

        stage.do("export")
        _, code = dialog.download()
        assert code != plain
        moment = moment_of(dialog)
        assert moment.look == Look(view="threshold", points="test", probe=moment.look.probe)
        assert moment.look.probe is not None
        assert Moment.from_json(dialog.download("Save experiment")[1]) == moment
        dialog.turn_to("Data")
        assert Moment.from_json(dialog.download("Download Experiment, to open again")[1]) == moment


DRAG = """(type) => { // a file that is no experiment, over the plot
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['hello'], 'notes.json'));
  document.querySelector('.nnviz-boundary').dispatchEvent(
    new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@on_both_carriers
def test_an_experiment_is_saved_and_opened(open_stage: Any, tmp_path: Path) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage, "Share")
        name, file = dialog.download("Save experiment")
        assert name == f"{NAME}.nnviz.json"
        picture = stage.picture
        stage.page.keyboard.press("Escape")
        invitation = stage.root.locator(".nnviz-drop")
        stage.page.evaluate(DRAG, "dragover")
        expect(invitation).to_be_visible()
        stage.page.evaluate(DRAG, "dragleave")
        expect(invitation).to_be_hidden()
        stage.page.evaluate(DRAG, "dragover")
        stage.page.evaluate(DRAG, "drop")
        expect(invitation).to_be_hidden()
        stage.wait("stage.querySelector('[data-show=message]').textContent")
        assert stage.shown("message") == (
            "notes.json is not an experiment. Drop a file made by Export, “Save experiment”, or "
            "a table (.csv, .xlsx)."
        )
        stage.do("renew")
        stage.wait_for_url(seed="1")
        stage.settled()
        assert stage.picture != picture

        stage.do("export")
        saved, large = tmp_path / name, tmp_path / "large.json"
        saved.write_bytes(file)
        large.write_bytes(b" " * 300_000)
        chooser = dialog.panel.locator("[type=file]")
        chooser.set_input_files(large)
        expect(dialog.says).to_have_text(
            "an experiment must have 250 kB at most; got 300 kB in large.json"
        )
        chooser.set_input_files(saved)
        expect(dialog.element).to_be_hidden()
        arrived(stage, MOMENT)
        assert stage.data("state") == "paused"
        assert stage.picture == picture
