"""One server for all tests, and pages, watched for errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from nnviz import Moment, Recipe, Trainer
from tests import pyodide
from tests.browser.carriers import LAPTOP, SiteVisits, ready
from tests.browser.contexts import Contexts, page_of_its_own
from tests.browser.visits import KeptPages
from tests.serving import Server

PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: Server) -> Iterator[Contexts]:
    with Contexts(browser, server.url) as contexts:
        yield contexts


@pytest.fixture(scope="module")
def kept(contexts: Contexts, server: Server) -> Iterator[KeptPages]:
    """The pages that tests of a file share."""
    with ExitStack() as pages:
        yield KeptPages(partial(load, pages, partial(contexts.page, "kept"), server.url))


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page of static files in it, built once."""
    folder = tmp_path_factory.mktemp("web")
    pyodide.built(folder)
    return folder


@pytest.fixture(scope="session")
def site_visits(browser: Browser, site_folder: Path) -> Iterator[SiteVisits]:
    """The page of static files that tests share: Python takes seconds to start."""
    with ExitStack() as pages:
        root = pages.enter_context(pyodide.served(site_folder, pyodide.Strict))
        options = {"viewport": LAPTOP, "service_workers": "block"}
        stage = Stage(page_of_its_own(pages, browser, options))
        stage.page.set_default_timeout(60_000)  # Python shares the processor with the page
        stage.page.goto(f"{root}{pyodide.PATH}/", wait_until="commit")
        ready(stage.page)
        stage.charted()
        yield SiteVisits(stage)


@pytest.fixture
def open_stage(
    contexts: Contexts, server: Server, kept: KeptPages, request: pytest.FixtureRequest
) -> Iterator[Any]:
    """``open_stage(query="", **context options)`` gives a Stage with all its charts drawn.

    It follows the link in a page that an earlier test of the file has left, if there is one. A page
    of its own has a test that asks for it by ``fresh``, or by what only that can have: another
    ``url``, a ``script`` that runs before the page's own, or Plotly held (see ``load``).
    A test that is marked so (see ``carriers``) has the page of static files, too.
    """
    if getattr(request, "param", "served") == "site":
        yield request.getfixturevalue("site_visits").visit
        return
    shared: list[dict[str, Any]] = []

    def open_one(query: str = "", fresh: bool = False, **options: Any) -> Stage:
        if fresh or options in shared or not options.keys().isdisjoint(OWN):
            new_page = partial(contexts.page, options.get("script", "own"))
            return load(pages, new_page, options.pop("url", server.url), query, **options)
        shared.append(options)
        failures = request.session.testsfailed, getattr(request.node, "execution_count", 1)
        return kept.visit(query, options, failures)

    with ExitStack() as pages:
        yield open_one
    kept.pause()


OWN = ("url", "script", "hold_plotly")  # options of pages that are not shared


def load(
    pages: ExitStack,
    new_page: Callable[[dict[str, Any]], Page],
    url: str,
    query: str = "",
    hold_plotly: bool = False,
    script: str | None = None,
    **options: Any,
) -> Stage:
    """A page that is closed with ``pages``, with all its charts drawn.

    ``hold_plotly`` gives it after its first frame instead, with ``release_plotly`` to call. The
    page runs ``script`` before its own.
    """
    stage = Stage(new_page({"viewport": LAPTOP, **options}))
    pages.callback(stage.page.close)
    pages.callback(stage.let_go_of_plotly)
    if script:
        stage.page.add_init_script(script)
    if hold_plotly:
        stage.hold_plotly()
    stage.page.goto(url + query, wait_until="commit")
    stage.painted()
    if not hold_plotly:
        stage.charted()
    return stage


class Line:
    """A path, equal to another one along the same points, whatever pieces both came in."""

    def __init__(self, path: str) -> None:
        self.path = path
        numbers = re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path)
        self.points = np.array(numbers, dtype=float).reshape(-1, 2)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Line):
            return NotImplemented
        if not len(self.points) or not len(other.points):
            return len(self.points) == len(other.points)
        apart = np.abs(self.points[:, None] - other.points).max(axis=2)
        return bool(max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 1e-3)

    __hash__ = None  # type: ignore[assignment]


class Stage:
    """The stage as a test sees it: its data attributes, its controls, its charts."""

    def __init__(self, page: Page):
        self.page = page
        self.root = page.get_by_test_id("nnviz-stage")
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._held: list[Route] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("request", lambda request: self.requests.append(request.url))

    # --- looking ----------------------------------------------------------------------

    def data(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def epoch(self) -> int:
        return int(self.data("epoch"))

    @property
    def recipe(self) -> Recipe:
        """What the page's URL says."""
        return Moment.from_query(urlsplit(self.page.url).query).recipe

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    def chart(self, name: str, expression: str) -> Any:
        """A JavaScript expression in ``chart``, the Plotly figure of that part."""
        return self.page.evaluate(
            f"() => {{ const chart = document.querySelector('.nnviz-{name}');"
            f" return {expression}; }}"
        )

    def fine(self) -> None:
        """Until the picture of a run at rest is the fine one."""
        self.wait("stage.dataset.fine === 'true' || stage.dataset.state === 'running'")

    @property
    def boundary(self) -> Line:
        self.fine()
        return Line(self.path("line"))

    @property
    def picture(self) -> str:
        self.fine()
        return self.page.evaluate("document.querySelector('.nnviz-below canvas').toDataURL()")

    def path(self, layer: str) -> str:
        """In data units, of the boundary (``line``) or around points (``rings``)."""
        return self.root.locator(f".nnviz-{layer} path").get_attribute("d") or ""

    def shown(self, name: str) -> str:
        return self.root.locator(f"[data-show={name}]").inner_text()

    def trainer(self) -> Trainer:
        """A trainer of the URL's recipe at the epoch shown."""
        trainer = Trainer(self.recipe)
        trainer.seek(self.epoch)
        return trainer

    # --- doing ------------------------------------------------------------------------

    def do(self, action: str) -> None:
        self.root.locator(f"button[data-do={action}]").click()

    def play_to(self, epoch: int, pace: str = "5") -> None:
        """Play until that or a later epoch comes, then pause and wait for the last frame."""
        epoch = max(epoch, self.epoch + 1)
        self.root.locator("select[data-do=pace]").select_option(pace)
        self.do("play")
        self.wait(f"+stage.dataset.epoch >= {epoch}")
        self.do("play")
        self.settled()

    def wait(self, condition: str) -> None:
        """Until a JavaScript condition on ``stage`` holds."""
        self.page.wait_for_function(
            f"() => {{ const stage = document.querySelector('[data-testid=nnviz-stage]');"
            f" return stage && ({condition}); }}"
        )

    def painted(self) -> None:
        self.wait("+stage.dataset.frames > 0")

    def charted(self) -> None:
        self.wait("stage.querySelectorAll('.js-plotly-plot').length === 3")

    def hold_plotly(self) -> None:
        """Let Plotly's script wait until ``release_plotly``."""
        self.page.route("**/plotly.js", lambda route: self._held.append(route))

    def let_go_of_plotly(self) -> None:
        """Fail what is held, if anything is."""
        while self._held:
            self._held.pop().abort()

    def refuse_plotly(self) -> None:
        self._asked_for_plotly().abort()

    def release_plotly(self) -> None:
        self._asked_for_plotly().continue_()
        self.charted()

    def _asked_for_plotly(self) -> Route:
        """The request for Plotly; it comes after the first frame."""
        for _ in range(1000):
            if self._held:
                return self._held.pop()
            self.page.evaluate("new Promise(requestAnimationFrame)")
        raise AssertionError("the stage does not ask for Plotly")

    def settled(self) -> None:
        """Until the numbers shown are those of the frame shown; a paused run is still and fine."""
        self.wait("stage.dataset.state !== 'running'")
        self.page.evaluate(
            """() => new Promise((done) => {
              const stage = document.querySelector('[data-testid=nnviz-stage]');
              let [last, still] = [stage.dataset.frames, 0];
              const look = () => {
                const isFine = stage.dataset.fine === "true" || stage.dataset.state === "offline";
                still = isFine && stage.dataset.frames === last ? still + 1 : 0;
                last = stage.dataset.frames;
                still > 20 ? done() : requestAnimationFrame(look);
              };
              look();
            })"""
        )

    def wait_for_url(self, **fields: str) -> None:
        """Until the URL's query holds these texts."""
        self.page.wait_for_function(
            "(fields) => { const query = new URLSearchParams(location.search);"
            " return Object.entries(fields).every(([name, text]) => query.get(name) === text); }",
            arg=json.loads(json.dumps(fields)),
        )
