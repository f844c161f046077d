"""The page without a server: what it weighs, when it is there, and how fast it plays.

With ``NNVIZ_MINUTES=10`` in the environment also whether the memory of its tab stays what it is;
with ``NNVIZ_PLAYGROUND=FOLDER``, which holds TensorFlow Playground as its ``npm run build`` leaves
it in ``dist``, its first picture against that one's on the same server.
"""

from __future__ import annotations

import gzip
import os
import re
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from nnviz.site.pyodide import PACKAGES
from tests import chromium, pyodide
from tests.bench.report import note, say
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
PLAYGROUND = "playground"  # where the server has it, beside the site
PICTURE_THERE = "() => +document.querySelector('#loss-train')?.textContent > 0"  # drawn before that
ARRIVALS = 5  # for a ratio of medians

DEEP = "?hidden=64,64,64,64,64,64&learning_rate=0.01"


def main() -> None:
    print("Site: headless Chromium, 1280 × 800")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        _weigh(pyodide.built(folder))
        if given := os.environ.get("NNVIZ_PLAYGROUND"):
            (folder / PLAYGROUND).symlink_to(Path(given).absolute())
        browser = playwright.chromium.launch(
            executable_path=chromium.quickest(), args=chromium.ARGUMENTS
        )
        with pyodide.served(folder) as root, Server() as server:
            address = f"{root}{pyodide.PATH}/"
            _arrive(browser, address)
            if given:
                _compare(browser, address, f"{root}{PLAYGROUND}/")
            _play(browser, address, server.url)
            if minutes := float(os.environ.get("NNVIZ_MINUTES", 0)):
                _remember(browser, address, minutes)
        browser.close()


def _weigh(site: Path) -> None:
    """Bytes as a web server compresses them."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 6))
        for path in site.rglob("*")
        if path.is_file()
    }
    later = sizes.pop(PACKAGES["pillow"]["file_name"])  # once an animation is made
    say("whole transfer, compressed", sum(sizes.values()) / 1e6, 11, "MB", at_least=False)
    note(f"and {later / 1e6:.2f} MB with the first animation")
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


def _compare(browser: Browser, address: str, playground: str) -> None:
    """The first picture against TensorFlow Playground's, both without a cache and in turn."""
    ours, theirs = [], []
    for _ in range(ARRIVALS):
        ours.append(_seconds_to(browser, address, PAINTED))
        theirs.append(_seconds_to(browser, playground, PICTURE_THERE))
    ratio = median(ours) / median(theirs)
    note(f"first picture: {median(ours):.2f} s, TensorFlow Playground's {median(theirs):.2f} s")
    say("first picture / TensorFlow Playground's", ratio, 1.3, "×", at_least=False)


def _seconds_to(browser: Browser, address: str, picture: str) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(picture)
    seconds = time.perf_counter() - start
    page.wait_for_load_state("networkidle")  # files on their way slow down the next one
    context.close()
    return seconds


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


def _remember(browser: Browser, address: str, minutes: float) -> None:
    """Memory of the tab, its worker in it, at the end of so many minutes of play and at a tenth.

    Both after a collection: when the browser makes one is its own choice, some 60 MB later.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = _playing(context, f"{address}?epoch=0")
    found = []
    for share in (0.1, 0.9):
        page.wait_for_timeout(60_000 * minutes * share)
        uncollected = _memory(browser)
        page.request_gc()
        found.append(_memory(browser))
    before, after = found
    note(f"memory of the tab: {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB")
    note(
        f"at epoch {page.evaluate(f'{STAGE}.dataset.epoch')}, before it: {uncollected / 1e6:.0f} MB"
    )
    say(f"the same after {minutes:g} minutes of play", after / before, 1.1, "×", at_least=False)
    context.close()


def _memory(browser: Browser) -> int:
    """Bytes in memory of all tabs, as Linux counts them."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [process["id"] for process in processes if process["type"] == "renderer"]
    status = "".join(Path(f"/proc/{pid}/status").read_text() for pid in pids)
    return sum(1024 * int(kilobytes) for kilobytes in re.findall(r"VmRSS:\s+(\d+) kB", status))


def _playing(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function(PAINTED, timeout=120_000)
    page.wait_for_function(CHARTED, timeout=120_000)
    page.locator("select[data-do=pace]").select_option("10")
    page.locator("button[data-do=play]").click()
    page.evaluate(COUNT, 1)  # until the pace has settled
    return page
