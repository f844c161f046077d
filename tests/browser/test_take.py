"""What is taken away: files through real downloads, read again by real readers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from nnviz import Recipe, Trainer
from nnviz.export.pictures import Shot, picture
from nnviz.export.snapshot import Snapshot
from nnviz.moments import Moment
from nnviz.palette import CLASS_STYLES, THEMES, channels
from nnviz.programs import differences
from nnviz.views import Look
from tests.browser.conftest import PHONE

MOMENT = Moment(Recipe(), 200)
NAME = "circles-2-10-2-tanh-epoch-200"
QUERY = "?" + MOMENT.to_query()
FIELDS = ("combobox", "textbox", "checkbox")
SVG = "{http://www.w3.org/2000/svg}"


class Dialog:
    """The dialog as a test uses it."""

    def __init__(self, page: Page):
        self.page = page
        self.element = page.get_by_role("dialog", name="Export")
        self.says = self.element.locator(".nnviz-take-says")

    def turn_to(self, name: str) -> None:
        self.element.get_by_role("tab", name=name).click()

    def field(self, label: str) -> Any:
        kinds = [self.panel.get_by_role(kind, name=label, exact=True) for kind in FIELDS]
        return reduce(lambda one, other: one.or_(other), kinds)

    @property
    def panel(self) -> Any:
        return self.element.locator("[role=tabpanel]:not([hidden])")

    def press(self, button: str) -> None:
        self.panel.get_by_role("button", name=button, exact=True).click()

    def download(self, button: str = "Download") -> tuple[str, bytes]:
        """Name and bytes of the file that a button gives."""
        with self.page.expect_download() as download:
            self.press(button)
        file = download.value
        expect(self.says).to_contain_text(f"Saved {file.suggested_filename}")
        return file.suggested_filename, Path(file.path()).read_bytes()

    def previewed(self) -> None:
        expect(self.panel.locator("[aria-busy=false] > img[src]")).to_be_visible()

    def choose(self, label: str, option: str) -> None:
        self.field(label).select_option(option)
        self.previewed()


def dialog_of(stage: Any) -> Dialog:
    stage.do("take")
    dialog = Dialog(stage.page)
    dialog.previewed()
    return dialog


@contextmanager
def at_moment(open_stage: Any, query: str = QUERY, **options: Any) -> Iterator[Any]:
    """A stage at the moment of a link; nothing fails on it, and no other host is asked."""
    stage = open_stage(query, **options)
    stage.wait(f"stage.dataset.epoch === '{Moment.from_query(query).epoch}'")
    stage.settled()
    yield stage
    assert stage.errors == []
    hosts = {urlsplit(url).netloc for url in stage.requests if url.startswith("http")}
    assert hosts == {urlsplit(stage.page.url).netloc}


def trained() -> Trainer:
    trainer = Trainer(MOMENT.recipe)
    trainer.seek(MOMENT.epoch)
    return trainer


# --- pictures -------------------------------------------------------------------------


def samples(trainer: Trainer, scale: float) -> Iterator[tuple[int, int, int]]:
    """Pixels of the picture, well away from points and boundary, and the class the engine calls."""
    shot = Shot(look=Look(view="regions"))
    layout = picture(Snapshot(trainer), "boundary", shot).layout
    axes = ((layout.xaxis, layout.width, False), (layout.yaxis, layout.height, True))

    def pixel(point: Any) -> Any:
        places = []
        for (axis, length, is_up), value in zip(axes, point, strict=True):
            low, high = axis.range
            start, end = axis.domain
            share = start + (end - start) * (value - low) / (high - low)
            places.append((1 - share if is_up else share) * length)
        return np.array(places)

    data = trainer.dataset
    marks = np.array([pixel(point) for point in np.concatenate([data.train, data.test])])
    near = np.array([[dx, dy] for dx in (-0.06, 0, 0.06) for dy in (-0.06, 0, 0.06)])
    (x0, x1), (y0, y1) = layout.xaxis.range, layout.yaxis.range
    for x in np.linspace(x0, x1, 25)[1:-1]:
        for y in np.linspace(y0, y1, 25)[1:-1]:
            around = trainer.preparation.apply(near + np.array([x, y]))
            called = set(trainer.network.predict(around).tolist())
            place = pixel((x, y))
            if len(called) == 1 and np.hypot(*(marks - place).T).min() > 14:
                across, down = np.rint(place * scale).astype(int)
                yield int(across), int(down), called.pop()


def test_pictures_have_the_engines_colours_at_any_scale_in_any_format(open_stage: Any) -> None:
    trainer = trained()
    with at_moment(open_stage) as stage:
        stage.root.get_by_label("View", exact=True).select_option("regions")
        dialog = dialog_of(stage)
        for form, suffix, scale, theme, tolerance in (
            ("png", "png", 2, "light", 2),
            ("webp", "webp", 1, "dark", 12),
            ("jpeg", "jpg", 3, "dark", 12),
        ):
            dialog.choose("Format", form)
            dialog.choose("Size", str(scale))
            dialog.choose("Colours", theme)
            name, file = dialog.download()
            assert name == f"{NAME}.{suffix}"
            image = Image.open(io.BytesIO(file))
            assert image.format == form.upper()
            assert image.size == (680 * scale, 690 * scale)
            pixels = np.asarray(image.convert("RGB")).astype(float)
            paper = np.array(channels(THEMES[theme].paper))
            seen = set()
            for across, down, klass in samples(trainer, scale):
                colour = np.array(channels(CLASS_STYLES[klass].colour))
                expected = paper + 0.62 * 0.8 * (colour - paper)
                assert pixels[down, across] == pytest.approx(expected, abs=tolerance)
                seen.add(klass)
            assert seen == {0, 1}


def test_an_svg_holds_the_boundary_as_a_path_and_the_caption_chosen(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.choose("Format", "svg")
        expect(dialog.field("Size")).to_be_disabled()
        own = dialog.field("Words of the caption").input_value()
        assert own == Snapshot(trained()).caption
        name, file = dialog.download()
        assert name == f"{NAME}.svg"
        svg = ElementTree.fromstring(file)
        boundary = [
            path for path in svg.iterfind(f".//{SVG}g[@class='shapelayer']//{SVG}path")
            if path.get("d", "").count("L") > 50
        ]  # fmt: skip
        assert boundary
        (image,) = [
            image for image in svg.iter(f"{SVG}image")
            if image.get("{http://www.w3.org/1999/xlink}href", "").startswith("data:image/png")
        ]  # fmt: skip
        assert float(image.get("width", 0)) > 400
        assert "epoch 200" in "".join(svg.itertext())

        dialog.field("Words of the caption").fill("Rings & <b>what</b> parts them")
        _, file = dialog.download()
        words = "".join(ElementTree.fromstring(file).itertext())
        assert "Rings & <b>what</b> parts them" in words
        assert "epoch 200" not in words

        dialog.field("Caption").uncheck()
        _, file = dialog.download()
        assert "Rings" not in "".join(ElementTree.fromstring(file).itertext())

        dialog.choose("Picture", "losses")
        assert dialog.download()[0] == f"{NAME}-losses.svg"


REFUSE = "() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException()); }"


def test_pictures_go_to_the_clipboard_or_it_is_said_why_not(open_stage: Any) -> None:
    with at_moment(open_stage, permissions=["clipboard-read", "clipboard-write"]) as stage:
        dialog = dialog_of(stage)
        dialog.choose("Size", "1")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Picture copied, as PNG.")
        kind, size = stage.page.evaluate(
            """async () => {
              const [item] = await navigator.clipboard.read();
              const picture = await createImageBitmap(await item.getType('image/png'));
              return [item.types, [picture.width, picture.height]];
            }"""
        )
        assert (kind, size) == (["image/png"], [680, 690])
        dialog.choose("Format", "svg")
        dialog.press("Copy")
        expect(dialog.says).to_have_text("SVG copied as text.")
        assert stage.page.evaluate("navigator.clipboard.readText()").startswith("<svg")
        stage.page.evaluate(REFUSE)
        dialog.press("Copy")
        expect(dialog.says).to_have_text(
            "The browser does not let this page copy. Allow the clipboard for this site, "
            "or download the file."
        )


# --- animations -----------------------------------------------------------------------


def test_an_animation_is_made_and_plays_and_can_be_cancelled(open_stage: Any) -> None:
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Animation")
        assert dialog.field("Last epoch").input_value() == "200"
        dialog.field(
            "Frames",
        ).fill("twelve")
        dialog.press("Make and download")
        expect(dialog.says).to_have_text("frames must be a whole number; got twelve")
        expect(dialog.field("Frames")).to_be_focused()
        dialog.field("Frames").fill("9999")
        dialog.press("Make and download")
        expect(dialog.says).to_have_text("frames must be a whole number 1…600; got 9999")

        dialog.field("Frames").fill("12")
        dialog.field("Frames per second").fill("10")
        dialog.field("Size").select_option("other")
        dialog.field("Width").fill("320")
        dialog.field("Height").fill("300")
        name, file = dialog.download("Make and download")
        assert name == f"{NAME}.gif"
        film = Image.open(io.BytesIO(file))
        assert (film.format, film.size) == ("GIF", (320, 300))
        assert film.n_frames == 12
        first = np.asarray(film.convert("RGB")).astype(int)
        film.seek(6)
        assert film.info["duration"] == 100
        film.seek(11)
        assert np.abs(np.asarray(film.convert("RGB")).astype(int) - first).max() > 60
        expect(dialog.panel.get_by_role("img", name="The animation")).to_be_visible()
        assert stage.epoch == 200

        dialog.field("Frames").fill("600")
        dialog.field("Last epoch").fill("6000")
        dialog.press("Make and download")
        expect(dialog.panel.get_by_role("progressbar")).to_be_visible()
        dialog.press("Cancel")
        expect(dialog.says).to_have_text("Cancelled.")
        expect(dialog.panel.get_by_role("progressbar")).to_be_hidden()


# --- data and code ----------------------------------------------------------------------


LOSE = """() => { // the live socket, with the next request
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...args) {
    if (!this.url.endsWith('/live')) return send.apply(this, args);
    WebSocket.prototype.send = send;
    this.close();
  }; }"""


def test_the_numbers_are_those_of_the_engine_and_a_lost_server_is_said(open_stage: Any) -> None:
    trainer = trained()
    with at_moment(open_stage) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Data")
        name, file = dialog.download("Download Points (CSV)")
        assert name == f"{NAME}-points.csv"
        rows = list(csv.reader(io.StringIO(file.decode())))
        data = trainer.dataset
        points = np.array([row[:2] for row in rows[1:]], dtype=float)
        assert (points == np.concatenate([data.train, data.test])).all()

        _, file = dialog.download("Download Losses and accuracies (CSV)")
        *_, last = csv.DictReader(io.StringIO(file.decode()))
        assert last["epoch"] == "200"
        assert float(last["train_loss"]) == pytest.approx(trainer.history[-1].train_loss, rel=1e-9)

        _, file = dialog.download("Download Weights (NumPy)")
        with np.load(io.BytesIO(file)) as stored:
            for layer, matrix in enumerate(trainer.network.weights, start=1):
                assert stored[f"W{layer}"] == pytest.approx(matrix, abs=1e-12)
        _, file = dialog.download("Download Weights (JSON)")
        assert np.shape(json.loads(file)["weights"][0]) == trainer.network.weights[0].shape

        stage.page.evaluate(LOSE)
        dialog.press("Download Points (CSV)")
        expect(dialog.says).to_have_text(
            "The server can’t be reached. Try again when the run is back."
        )
        stage.wait("stage.dataset.state === 'paused'")
        dialog.download("Download Points (CSV)")
        assert stage.epoch == 200


def test_scripts_say_what_differs_and_which_runs_they_cannot_make(open_stage: Any) -> None:
    adam, elu = Moment(Recipe(optimiser="adam"), 20), Moment(Recipe(activation="elu"), 20)
    clipboard = ["clipboard-read", "clipboard-write"]
    with at_moment(open_stage, "?" + adam.to_query(), permissions=clipboard) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Code")
        script = dialog.panel.get_by_role("region", name="Script")
        names = dialog.field("For").evaluate("list => [...list.options].map((o) => o.value)")
        for flavour in names:
            dialog.field("For").select_option(flavour)
            expect(script).to_contain_text("import")
            expect(dialog.panel.get_by_role("button", name="Copy")).to_be_enabled()
            name, file = dialog.download()
            assert name == f"{adam.name}-{flavour}.py"
            compile(file, name, "exec")
            assert file.decode() == script.text_content()
            told = dialog.panel.get_by_role("listitem").all_inner_texts()
            assert told == differences(adam.recipe, adam.epoch, flavour)
        dialog.press("Copy")
        expect(dialog.says).to_have_text("Script copied.")
        assert stage.page.evaluate("navigator.clipboard.readText()") == file.decode()
    with at_moment(open_stage, "?" + elu.to_query()) as stage:
        dialog = dialog_of(stage)
        dialog.turn_to("Code")
        dialog.field("For").select_option("sklearn")
        expect(dialog.panel.get_by_text("MLPClassifier has no ELU activation")).to_be_visible()
        expect(dialog.panel.get_by_role("button", name="Download")).to_be_disabled()


# --- sharing ----------------------------------------------------------------------------


def test_a_link_opens_paused_at_the_very_moment(open_stage: Any) -> None:
    with at_moment(open_stage, permissions=["clipboard-read", "clipboard-write"]) as stage:
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


# --- the dialog -------------------------------------------------------------------------


def test_the_dialog_pauses_the_run_and_is_used_by_keyboard_alone(open_stage: Any) -> None:
    stage = open_stage()
    page = stage.page
    stage.do("play")
    stage.wait("+stage.dataset.epoch > 20")
    assert not any("take-dialog" in url or "take.html" in url for url in stage.requests)
    button = stage.root.get_by_role("button", name="Export")
    button.focus()
    page.keyboard.press("Enter")
    dialog = Dialog(page)
    dialog.previewed()
    stage.settled()
    epoch = stage.epoch
    expect(dialog.element).to_have_accessible_description(
        f"The run is paused at epoch {epoch}, so that picture, caption and link agree."
    )
    expect(dialog.element.get_by_role("tab", name="Picture")).to_be_focused()
    for key in (" ", "r", "ArrowRight"):  # the stage's own keys, were the dialog not open
        page.keyboard.press(key)
    expect(dialog.element.get_by_role("tab", name="Animation")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dialog.field("Format")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowLeft")
    stage.settled()
    assert (stage.epoch, stage.data("state")) == (epoch, "paused")
    page.keyboard.press("Escape")
    expect(dialog.element).to_be_hidden()
    expect(button).to_be_focused()
    assert stage.errors == []


def test_on_a_phone_the_dialog_takes_the_page_and_needs_no_sideways_scroll(open_stage: Any) -> None:
    with at_moment(open_stage, viewport=PHONE, has_touch=True, is_mobile=True) as stage:
        dialog = dialog_of(stage)
        assert dialog.element.bounding_box()["width"] == PHONE["width"]
        for name in ("Picture", "Animation", "Data", "Code", "Share"):
            dialog.turn_to(name)
            expect(dialog.panel.get_by_role("button").last).to_be_enabled()
            wide = dialog.element.evaluate(
                """(dialog) => [dialog, ...dialog.querySelectorAll('*')]
                  .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth
                    && !part.matches('pre, input, select, svg *'))
                  .map((part) => part.className || part.tagName)"""
            )
            assert wide == [], name
