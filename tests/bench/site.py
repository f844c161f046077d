"""The page without a server: what it weighs, when it is there, and how fast it plays."""

from __future__ import annotations

import gzip
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium, pyodide
from tests.bench.report import say
from tests.serving import Server

STAGE = "document.querySelector('[data-testid=nnviz-stage]')"
PAINTED = f"() => +{STAGE}?.dataset.frames > 0"
READY = "() => document.querySelector('#site-loading')?.hidden"
CHARTED = f"() => {STAGE}?.querySelectorAll('.js-plotly-plot').length === 3"
SECONDS = 5  # of play
FIRST = ("index.html", "start.js", "site.js")  # files of the first picture

COUNT = f"""(seconds) => new Promise((done) => {{
  const before = +{STAGE}.dataset.frames;
  const start = performance.now();
  const look = () => {{
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed < seconds) requestAnimationFrame(look);
    else done((+{STAGE}.dataset.frames - before) / elapsed);
  }};
  requestAnimationFrame(look);
}})"""

# from a choice in the form to the address that it leads to, in ms
CHOOSE = """() => new Promise((done) => {
  const toggle = document.querySelector('#site-field-standardise');
  const before = location.href;
  const start = performance.now();
  toggle.click();
  const look = () => {
    if (location.href !== before) done(performance.now() - start);
    else setTimeout(look);
  };
  look();
})"""

SCENES = [  # with 10 epochs a frame, and what is promised
    ("circles, 10 hidden units", "?epoch=0", 55),
    ("iris", "?data=iris", 50),
    ("batches of 10, 4 and 2 hidden units",
     "?samples=500&test_share=0.5&hidden=4,2&batch_size=10&learning_rate=0.03", 45),
    ("3 hidden layers of 16", "?hidden=16,16,16&learning_rate=0.1", 25),
]  # fmt: skip
DEEP = "?hidden=64,64,64,64,64,64&learning_rate=0.01"


def main() -> None:
    print("Site: headless Chromium, 1280 × 800")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        _weigh(pyodide.built(folder))
        browser = playwright.chromium.launch(
            executable_path=chromium.quickest(), args=chromium.ARGUMENTS
        )
        with pyodide.served(folder) as root, Server() as server:
            address = f"{root}{pyodide.PATH}/"
            _arrive(browser, address)
            _play(browser, address, server.url)
        browser.close()


def _weigh(site: Path) -> None:
    """Bytes as a web server compresses them."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 6))
        for path in site.rglob("*")
        if path.is_file()
    }
    say("whole transfer, compressed", sum(sizes.values()) / 1e6, 11, "MB", at_least=False)
    first = sum(sizes[name] for name in FIRST)
    say("of that the first picture", first / 1e3, 300, "kB", at_least=False)


def _arrive(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    for which, promised in (("first", 6.0), ("second", 4.0)):
        page = context.new_page()
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_function(PAINTED)
        painted = time.perf_counter()
        page.wait_for_function(READY, timeout=120_000)
        ready = time.perf_counter()
        say(f"first picture, {which} visit", painted - start, 0.5, "s", at_least=False)
        say(f"engine ready, {which} visit", ready - start, promised, "s", at_least=False)
        page.wait_for_function("() => navigator.serviceWorker.controller", timeout=120_000)
        page.close()
    context.close()


def _play(browser: Browser, address: str, server: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    for name, query, promised in SCENES:
        for where, url, least in (("site", address, promised), ("served", server, promised)):
            page = _playing(context, url + query)
            rate = page.evaluate(COUNT, SECONDS)
            say(f"painted frames, {name}: {where}", rate, least, "/s")
            page.close()
    page = _playing(context, address + DEEP)
    times = sorted(page.evaluate(CHOOSE) for _ in range(5))
    say("a control answers while 6 layers of 64 train", times[2], 100, "ms", at_least=False)
    context.close()


def _playing(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(PAINTED, timeout=120_000)
    page.wait_for_function(CHARTED, timeout=120_000)
    page.locator("select[data-do=pace]").select_option("10")
    page.locator("button[data-do=play]").click()
    page.evaluate(COUNT, 1)  # until the pace has settled
    return page
