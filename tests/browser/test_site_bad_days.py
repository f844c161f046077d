"""Bad days of the page of static files: each is a sentence, and a way on where there is one."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests import pyodide
from tests.browser.carriers import STARTING, ready
from tests.browser.conftest import LAPTOP, Stage

WITHOUT_WEB_ASSEMBLY = "delete self.WebAssembly;\n"

# as in a private window, or in a frame whose browser blocks what it stores
PRIVATE = """
Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
for (const name of ["localStorage", "sessionStorage"]) {
  const get = () => { throw new DOMException("blocked", "SecurityError"); };
  Object.defineProperty(window, name, { get });
}
"""


class WithoutWorkers(pyodide.Quiet):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "worker-src 'none'")
        super().end_headers()


@pytest.fixture
def opened(browser: Any, site_folder: Path) -> Iterator[Any]:
    """``opened(prepare, …)`` gives a Stage of the site in a context of its own.

    ``prepare(page)`` is called before the page is loaded.
    """
    with ExitStack() as all_of_it:

        def open_one(
            prepare: Any = lambda page: None, handler: Any = pyodide.Strict, workers: str = "block"
        ) -> Stage:
            root = all_of_it.enter_context(pyodide.served(site_folder, handler))
            context = browser.new_context(viewport=LAPTOP, service_workers=workers)
            all_of_it.callback(context.close)
            stage = Stage(context.new_page())
            prepare(stage.page)
            stage.page.goto(f"{root}{pyodide.PATH}/", wait_until="commit")
            return stage

        yield open_one


def says(stage: Stage, sentence: str) -> None:
    message = stage.root.locator("[data-show=message]")
    expect(message).to_contain_text(sentence, timeout=STARTING)


def plays(stage: Stage) -> None:
    ready(stage.page)
    stage.play_to(10)
    assert stage.shown("train_loss") == f"{stage.trainer().history[-1].train_loss:.4f}"


def test_no_web_assembly(opened: Any) -> None:
    def without(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=WITHOUT_WEB_ASSEMBLY + answer.text())

    stage = opened(lambda page: page.context.route("**/worker.js", without))
    stage.painted()  # the first picture needs no Python
    says(stage, "This browser has no WebAssembly, or it is switched off: Python cannot run here.")


def test_a_blocked_worker(opened: Any) -> None:
    stage = opened(handler=WithoutWorkers)
    stage.painted()
    says(stage, "it is missing on the host of this page, or web workers are blocked here.")


@pytest.mark.parametrize("name", ["engine.tar.gz", "pyodide.asm.wasm"])
def test_a_file_that_is_missing_and_comes_back(opened: Any, name: str) -> None:
    gone = re.compile(re.escape(name))
    missing = {"status": 404, "body": "gone"}
    stage = opened(lambda page: page.context.route(gone, lambda route: route.fulfill(**missing)))
    says(stage, f"{name} is missing on the host of this page (status 404).")
    stage.page.context.unroute(gone)
    plays(stage)


def test_an_archive_of_another_version(opened: Any, site_folder: Path) -> None:
    (engine,) = site_folder.glob("**/engine.tar.gz")
    other = without(engine.read_bytes(), "nnviz/live/session.py")
    stage = opened(
        lambda page: page.context.route("**/engine.tar.gz", lambda route: route.fulfill(body=other))
    )
    says(stage, "Python could not be started: ModuleNotFoundError: No module named")
    stage.page.context.unroute("**/engine.tar.gz")
    plays(stage)


def without(archive: bytes, name: str) -> bytes:
    """An archive but for a file."""
    packed = BytesIO()
    with (
        tarfile.open(fileobj=BytesIO(archive)) as before,
        tarfile.open(fileobj=packed, mode="w:gz") as after,
    ):
        for member in before.getmembers():
            if member.name != name:
                after.addfile(member, before.extractfile(member))
    return packed.getvalue()


def test_no_script_at_all(opened: Any) -> None:
    stage = opened(lambda page: page.context.route("**/site.js", lambda route: route.abort()))
    expect(stage.page.locator("#site-missing")).to_be_visible()
    expect(stage.page.locator("#site-missing")).to_contain_text("Reload the page.")


def test_a_network_that_goes_before_python_is_there(opened: Any) -> None:
    stage = opened(lambda page: page.context.route("**/pyodide-*/**", lambda route: route.abort()))
    stage.painted()
    says(stage, "pyodide.module.js cannot be loaded: there is no network, or the host")
    stage.page.context.unroute("**/pyodide-*/**")
    plays(stage)


def test_a_private_window_keeps_nothing_and_works(opened: Any) -> None:
    stage = opened(lambda page: page.add_init_script(PRIVATE))
    plays(stage)
    assert stage.errors == []


def test_a_full_storage(opened: Any) -> None:
    stage = opened(workers="allow")
    session = stage.page.context.new_cdp_session(stage.page)
    origin = stage.page.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 10_000})
    says(stage, "The browser could not keep the page, as it has no room or a file is missing")
    plays(stage)


def test_a_new_site_takes_the_place_of_the_one_that_was_kept(
    browser: Any, site_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(site_folder, tmp_path, dirs_exist_ok=True)
    aged(tmp_path)
    with ExitStack() as all_of_it:
        root = all_of_it.enter_context(pyodide.served(tmp_path, pyodide.Strict))
        context = browser.new_context(viewport=LAPTOP)
        all_of_it.callback(context.close)
        page = context.new_page()
        page.goto(f"{root}{pyodide.PATH}/")
        ready(page)
        page.wait_for_function("() => navigator.serviceWorker.controller")
        (before,) = page.evaluate("caches.keys()")
        folder = renewed(tmp_path / pyodide.PATH)
        page.goto("about:blank")  # a reload asks the host for everything
        page.goto(f"{root}{pyodide.PATH}/")
        ready(page)
        assert page.evaluate("(name) => document.scripts[0].src.includes(name)", folder)
        page.evaluate(UNTIL_KEPT_ALONE, before)
        assert folder in page.evaluate(KEPT_PAGE)
        stage = Stage(page)
        plays(stage)
        assert stage.errors == []


UNTIL_KEPT_ALONE = """async (before) => {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const names = await caches.keys();
    if (names.length === 1 && names[0] !== before) return;
    await new Promise(requestAnimationFrame);
  }
  throw new Error("the new site is not kept alone");
}"""

KEPT_PAGE = """async () => (await caches.match("./index.html")).text()"""


def aged(folder: Path) -> None:
    """Date all files 20 days back: a browser uses its copy of them for the next two days."""
    then = time.time() - 20 * 86_400
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def renewed(site: Path) -> str:
    """Build the site anew with other contents, and so under other names; returns its folder's."""
    (old,) = site.glob("nnviz-*/")
    new = "nnviz-0123456789abcdef"
    old.rename(site / new)
    for name in ("index.html", "sw.js"):
        text = (site / name).read_text("utf-8").replace(old.name, new)
        text = re.sub('const VERSION = "[0-9a-f]*"', 'const VERSION = "another"', text)
        (site / name).write_text(text, "utf-8")
    return new
