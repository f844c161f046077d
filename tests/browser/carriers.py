"""Tests that run on the served page and on that of static files, which have one stage."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from nnviz import Moment

# a test of this marker has ``open_stage(query)`` twice: for the served page, and for the site
on_both_carriers = pytest.mark.parametrize("open_stage", ["served", "site"], indirect=True)

LAPTOP = {"width": 1280, "height": 800}
STARTING = 120_000  # ms that Python may take to start on a busy machine

TIDY = """() => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const box of document.querySelectorAll(".nnviz details")) box.open = false;
  document.activeElement.blur();
  document.querySelector("#site-panels [aria-pressed=true]")?.click();
}"""

FOLLOW = """(query) => {
  history.pushState(null, "", query);
  dispatchEvent(new PopStateEvent("popstate"));
}"""

ARRIVED = """(params) => {
  const shown = new URLSearchParams(location.search);
  return !(shown.has("edits") && !params.edits) && !shown.has("beside")
    && Object.entries(params).every(([name, text]) => shown.get(name) === text);
}"""


def ready(page: Any) -> None:
    """Until Python is there."""
    expect(page.locator("#site-loading")).to_be_hidden(timeout=STARTING)


class SiteVisits:
    """A page of the site that stays open from test to test; ``stage`` has its Python there."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage

    def visit(self, query: str = "", **_: Any) -> Any:
        """The stage of a link, followed within the page; options are those of a server's pages."""
        stage, moment = self._stage, Moment.salvage_query(urlsplit(query).query)[0]
        stage.page.set_viewport_size(LAPTOP)
        stage.page.emulate_media(color_scheme="light")
        stage.page.mouse.move(5, 5)
        stage.page.keyboard.press("Escape")
        stage.page.evaluate(TIDY)
        link = query if "epoch=" in query else f"{query or '?'}&epoch=0"
        # by way of another network: this run starts again, and its diagram as on a first visit
        for each in ("?data=linear&hidden=3&epoch=0", link):
            stage.page.evaluate(FOLLOW, each)
            recipe = Moment.salvage_query(each[1:])[0].recipe
            stage.page.wait_for_function(ARRIVED, arg=dict(parse_qsl(recipe.to_query())))
        stage.wait(f"stage.dataset.epoch === '{moment.epoch}'")
        stage.page.evaluate("document.querySelector('.nnviz [data-do=forget]').click()")
        stage.settled()
        stage.charted()
        stage.errors.clear()
        return stage
