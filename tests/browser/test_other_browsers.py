"""The stage in Firefox and WebKit: what a visitor does first, and what must fit."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from nnviz import Edit, Moment, Recipe, Trainer
from nnviz.choices.palette import CLASS_STYLES, channels
from tests.browser.conftest import LAPTOP, PHONE
from tests.other_browsers import KINDS, WATCH_FAILURES, Browser
from tests.serving import Server

PROJECTOR = {"width": 1280, "height": 720}
TRAINED = Moment(Recipe(), 200)
ENTER, LEFT = "\ue007", "\ue012"  # as WebDriver names these keys


@pytest.fixture(scope="module", params=KINDS.items(), ids=KINDS)
def browser(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    name, kind = request.param
    if not kind.is_installed:
        pytest.skip(f"{name} is not installed here (apt install {kind.packages})")
    with kind.start(tmp_path_factory.mktemp(name)) as browser:
        yield browser


@pytest.fixture
def stage(browser: Browser, server: Server) -> Iterator[OtherStage]:
    """A stage to be opened; nothing fails on it."""
    stage = OtherStage(browser, server)
    stage.resize(**LAPTOP)
    yield stage
    assert browser.run("return window.failures") == []


class OtherStage:
    """The stage as a test sees it, with a pointer and a keyboard."""

    def __init__(self, browser: Browser, server: Server):
        self.browser = browser
        self.resize = browser.resize
        self._url = server.url

    def open(self, moment: Moment | None = None) -> None:
        """Open the link of a moment and wait until it is shown, with all its charts."""
        self.browser.open(self._url + (f"?{moment.to_query()}" if moment else ""))
        # Firefox does so before the page's own scripts; WebKit's driver has nothing for that
        self.browser.run(f"if (!window.failures) {{ {WATCH_FAILURES} }}")
        self.wait("stage.querySelectorAll('.js-plotly-plot').length === 3")
        self.wait(f"stage.dataset.epoch === '{moment.epoch if moment else 0}'")

    def get(self, expression: str) -> Any:
        """A JavaScript expression in ``stage`` and ``find``."""
        return self.browser.run(f"{IN_STAGE} return {expression};")

    def wait(self, condition: str) -> None:
        """Until a JavaScript condition in ``stage`` and ``find`` holds."""
        held = self.browser.run(
            f"""const end = performance.now() + 30000;
            while (performance.now() < end) {{
              {IN_STAGE}
              if (stage && ({condition})) return true;
              await new Promise(requestAnimationFrame);
            }}
            return false;"""
        )
        assert held, condition

    def click(self, selector: str) -> None:
        self.press(self.get(f"middle(box('{selector}'))"))

    def press(self, *places: tuple[float, float]) -> None:
        """Press the pointer at the first place and let go at the last."""
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y)} for x, y in places]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self.browser.act([pointer | {"actions": [moves[0], down, *moves[1:], up]}])

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.browser.act([{"type": "key", "id": "keyboard", "actions": keys}])

    @property
    def numbers(self) -> tuple[int, list[float]]:
        """The epoch shown, and its losses in the training and the test part."""
        names = ["epoch", "train_loss", "test_loss"]
        epoch, *losses = self.get(
            f"{names}.map((name) => +find(`[data-show=${{name}}]`).textContent)"
        )
        return epoch, losses

    def shows(self, trainer: Trainer) -> None:
        """Wait for the epoch and the losses of a trainer."""
        self.wait(f"find('[data-show=epoch]').textContent === '{trainer.epoch}'")
        self.wait(
            f"Math.abs(find('[data-show=train_loss]').textContent - {losses(trainer)[0]}) < 1e-4"
        )
        assert self.numbers == (trainer.epoch, pytest.approx(losses(trainer), abs=1e-4))

    def download(self, selector: str) -> tuple[str, bytes]:
        """Name and content of the file that a button gives."""
        before = set(self._files())
        self.click(selector)
        self.wait("/^Saved .+\\.$/.test(find('.nnviz-export-status').textContent)")
        deadline = time.monotonic() + 30
        while not (new := set(self._files()) - before):
            assert time.monotonic() < deadline, "no file was saved"
            time.sleep(0.02)
        (file,) = new
        return file.name, file.read_bytes()

    def _files(self) -> list[Path]:
        """Those complete: Firefox begins with an empty one."""
        return [file for file in self.browser.downloads.glob("*.png") if file.stat().st_size]


IN_STAGE = """
  const stage = document.querySelector("[data-testid=nnviz-stage]");
  const find = (selector) => stage.querySelector(selector);
  const box = (selector) => find(selector).getBoundingClientRect();
  const middle = (a, b = a) => [(a.right + b.left) / 2, (a.top + a.bottom + b.top + b.bottom) / 4];
"""


def trained(recipe: Recipe, epoch: int) -> Trainer:
    trainer = Trainer(recipe)
    trainer.seek(epoch)
    return trainer


def losses(trainer: Trainer) -> list[float]:
    last = trainer.history[-1]
    return [last.train_loss, last.test_loss]


# --- what a visitor does first ----------------------------------------------------------


def test_first_sight_is_an_untrained_network_with_play_in_plain_view(stage: OtherStage) -> None:
    stage.open()
    assert stage.get("[stage.dataset.epoch, stage.dataset.state]") == ["0", "paused"]
    assert stage.get("find('.nnviz-line path').getAttribute('d')").startswith("M")
    pixels = "getContext('2d').getImageData(0, 0, 100, 100).data"
    assert stage.get(f"new Set(find('.nnviz-below canvas').{pixels}).size") > 20
    assert stage.get("box('.nnviz-play').bottom") < LAPTOP["height"]
    stage.shows(Trainer(Recipe()))


def test_play_trains_until_pause(stage: OtherStage) -> None:
    stage.open()
    path = "find('.nnviz-line path').getAttribute('d')"
    before = stage.get(path)
    stage.click(".nnviz-play")
    stage.wait("+stage.dataset.epoch >= 50 && +stage.dataset.frames > 5")
    stage.click(".nnviz-play")
    stage.wait("stage.dataset.state === 'paused'")
    assert stage.get(path) != before
    epoch, shown = stage.numbers
    assert shown == pytest.approx(losses(trained(Recipe(), epoch)), abs=1e-4)


def test_the_time_line_scrubs_by_pointer_and_by_keys(stage: OtherStage) -> None:
    stage.open(TRAINED)
    end, centre = stage.get("[box('.nnviz-track').right - 8, middle(box('.nnviz-track'))]")
    stage.press((end, centre[1]), centre)
    stage.wait("+stage.dataset.epoch < 150")
    epoch = stage.get("+stage.dataset.epoch")
    assert epoch == pytest.approx(100, abs=5)
    stage.shows(trained(Recipe(), epoch))
    stage.get("find('.nnviz-track input').focus()")  # in WebKit, a click alone does not
    stage.type(LEFT)
    stage.shows(trained(Recipe(), epoch - 1))


def test_a_weight_typed_is_in_force_and_in_the_link(stage: OtherStage) -> None:
    stage.open()
    stage.click("[role=tab][data-tab=network]")
    stage.wait("/bias −?\\d/.test(find('.nnviz-unit[data-layer=\"1\"]')?.ariaLabel)")
    unit = "box(`.nnviz-unit[data-layer='{}'][data-unit='0']`)".format
    stage.press(stage.get(f"middle({unit(0)}, {unit(1)})"))  # of the edge
    stage.wait("find('.nnviz-edit input') === document.activeElement")
    stage.type("-2.75" + ENTER)
    stage.wait("new URLSearchParams(location.search).has('edits')")
    recipe = Moment.from_query(urlsplit(stage.get("location.href")).query).recipe
    assert recipe.edits == (Edit(0, "weight", -2.75, (0, 1, 0)),)
    stage.shows(Trainer(recipe))


def test_a_link_opens_its_run_at_its_epoch(stage: OtherStage) -> None:
    edits = [[20, "learning_rate", 1.0], [30, "weight", 2.5, [0, 1, 0]]]
    recipe = Recipe(data="moons", hidden=[6, 4], edits=edits)
    stage.open(Moment(recipe, 120))
    stage.shows(trained(recipe, 120))
    assert Moment.from_query(urlsplit(stage.get("location.href")).query).recipe == recipe


def test_a_picture_is_exported_with_points_of_both_classes(stage: OtherStage) -> None:
    stage.open(TRAINED)
    stage.click("[data-do=export]")
    stage.wait("find('[aria-busy=false] > img[src]')")
    name, file = stage.download("[role=tabpanel]:not([hidden]) .nnviz-export-main")
    assert name == f"{TRAINED.name}.png"
    image = Image.open(io.BytesIO(file))
    assert image.size == (2 * 680, 2 * 690)
    pixels = np.asarray(image.convert("RGB"))
    for style in CLASS_STYLES[:2]:
        assert (pixels == channels(style.colour)).all(axis=-1).sum() > 1000, style


# --- what must fit ----------------------------------------------------------------------


def rows(stage: OtherStage, selector: str) -> int:
    """How many rows the elements stand in: two that overlap from top to bottom share one."""
    boxes = stage.get(
        f"[...stage.querySelectorAll('{selector}')].map((part) => part.getBoundingClientRect())"
        ".filter(({ height }) => height).map(({ top, bottom }) => [top, bottom])"
    )
    number, reach = 0, -np.inf
    for top, bottom in sorted(boxes):
        number += top >= reach
        reach = max(reach, bottom)
    return number


@pytest.mark.parametrize("size", [LAPTOP, PROJECTOR], ids=["800 high", "720 high"])
def test_the_numbers_and_the_time_line_take_one_row_each(
    stage: OtherStage, size: dict[str, int]
) -> None:
    stage.resize(**size)
    stage.open(Moment(Recipe(), 1500))
    assert rows(stage, ".nnviz-bar > *") == 1
    assert rows(stage, ".nnviz-time > :not(.nnviz-problem)") == 1
    assert stage.get("box('.nnviz-time').bottom") < size["height"]


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_no_control_is_cut(stage: OtherStage, size: dict[str, int]) -> None:
    stage.resize(**size)
    stage.open()
    assert stage.get("[innerWidth, innerHeight]") == [size["width"], size["height"]]
    assert stage.get("document.documentElement.scrollWidth") == size["width"]
    for tab in ("curves", "network", "space"):
        stage.get(f"find('[role=tab][data-tab={tab}]').click()")
        assert stage.get(
            "[...stage.querySelectorAll('button, select, summary, label, dt, dd, h2')]"
            ".filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth)"
            ".map((part) => part.textContent.trim())"
        ) == []  # fmt: skip
