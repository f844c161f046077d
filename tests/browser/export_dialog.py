"""The Export dialog as a test uses it, at a moment of the first run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from nnviz import Recipe, Trainer
from nnviz.recipe.moment import Moment

MOMENT = Moment(Recipe(), 200)
NAME = "circles-2-10-2-tanh-epoch-200"
QUERY = "?" + MOMENT.to_query()
FIELDS = ("combobox", "textbox", "spinbutton", "checkbox")
CLIPBOARD = ["clipboard-read", "clipboard-write"]
SVG = "{http://www.w3.org/2000/svg}"


class Dialog:
    """The dialog as a test uses it."""

    def __init__(self, page: Page):
        self.page = page
        self.element = page.get_by_role("dialog", name="Export")
        self.says = self.element.locator(".nnviz-export-status")

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


def dialog_of(stage: Any, tab: str = "Picture") -> Dialog:
    """The dialog opened at a tab; a preview is waited for where there is one."""
    stage.do("export")
    dialog = Dialog(stage.page)
    dialog.turn_to(tab)
    if tab == "Picture":
        dialog.previewed()
    return dialog


def open_experiment(stage: Any, dialog: Dialog, moment: Moment) -> None:
    """Choose a file of that moment in the dialog, and wait until it is open."""
    dialog.turn_to("Share")
    file = {"name": "a.json", "mimeType": "application/json", "buffer": moment.to_json().encode()}
    dialog.panel.locator("[type=file]").set_input_files(file)
    expect(dialog.element).to_be_hidden()
    arrived(stage, moment)


def arrived(stage: Any, moment: Moment) -> None:
    """Until the URL says that moment, and the stage shows it."""
    stage.wait_for_url(**moment.to_params())
    stage.wait(f"stage.dataset.epoch === '{moment.epoch}'")
    stage.settled()


@contextmanager
def at_moment(open_stage: Any, query: str = QUERY, **options: Any) -> Iterator[Any]:
    """A stage at the moment of a link; nothing fails on it, and no other host is asked."""
    stage = open_stage(query, fresh=True, **options)
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
