"""What a visitor sees: painted frames a second, first frame, slider to frame."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from nnviz.live.codec import unpack
from nnviz.live.session import LiveSession
from tests import chromium
from tests.bench.report import note, say
from tests.serving import Server

STAGE = "document.querySelector('[data-testid=nnviz-stage]')"
# functions, because the page's security policy forbids to evaluate a text again and again
PAINTED = f"() => +{STAGE}?.dataset.frames > 0"
CHARTED = f"() => {STAGE}?.querySelectorAll('.js-plotly-plot').length === 3"
SECONDS = 5
RUNS = 3
PIXELS = 600  # along a side of the plot

BLANK = 'import streamlit as st\n\nst.write("ready")\n'

# counts frames in the page, and those whose picture did not change with them
WATCH = f"""(seconds) => new Promise((done) => {{
  const stage = {STAGE};
  let [frames, bare, last, shown] = [0, 0, stage.dataset.frames, null];
  const start = performance.now();
  const canvas = stage.querySelector('.nnviz-below canvas');
  const field = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    .data.reduce((sum, value, i) => (i % 7 ? sum : (31 * sum + value) % 1e9), 7);
  const look = () => {{
    const now = stage.dataset.frames;
    if (now !== last) {{
      frames += now - last;
      const picture = field();
      if (picture === shown) bare += 1;
      [last, shown] = [now, picture];
    }}
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed < seconds) requestAnimationFrame(look);
    else done([frames / elapsed, bare]);
  }};
  requestAnimationFrame(look);
}})"""

# from a key on a slider to the first frame of the new network, in ms
SLIDE = f"""() => new Promise((done) => {{
  const stage = {STAGE};
  const before = stage.dataset.frames;
  const start = performance.now();
  const look = () => {{
    if (stage.dataset.frames !== before) done(performance.now() - start);
    else requestAnimationFrame(look);
  }};
  look();
}})"""

# moves the time line to another epoch with every animation frame; frames painted a second
SCRUB = f"""(seconds) => new Promise((done) => {{
  const stage = {STAGE};
  const range = stage.querySelector('.nnviz-track input');
  const [last, before] = [Number(range.max), Number(stage.dataset.frames)];
  const start = performance.now();
  let count = 0;
  const move = () => {{
    count += 1;
    range.value = Math.round(last * (0.5 + 0.49 * Math.sin(count / 15)));
    range.dispatchEvent(new Event('input', {{ bubbles: true }}));
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed < seconds) requestAnimationFrame(move);
    else done((Number(stage.dataset.frames) - before) / elapsed);
  }};
  requestAnimationFrame(move);
}})"""

# from a step's frame to the same picture as fine as the plot, in ms
REFINE = f"""() => new Promise((done) => {{
  const stage = {STAGE};
  const before = stage.dataset.frames;
  let painted = null;
  const observer = new MutationObserver(() => {{
    if (stage.dataset.frames !== before) painted ??= performance.now();
    if (painted === null || stage.dataset.fine !== 'true') return;
    observer.disconnect();
    done(performance.now() - painted);
  }});
  observer.observe(stage, {{ attributes: true }});
  stage.querySelector('[data-do=step]').click();
}})"""

PAUSE = f"""() => new Promise((done) => {{
  const start = performance.now();
  {STAGE}.querySelector('[data-do=play]').click();
  const look = () => {{
    if ({STAGE}.dataset.state === 'paused') done(performance.now() - start);
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})"""

# TensorFlow Playground's default scene: its circles, 250 + 250 points, tanh
PLAYGROUND = "?samples=500&test_share=0.5&hidden=4,2&batch_size=10&learning_rate=0.03"

# with the diagram of the network and the time line showing
INSIDE = [
    ("circles, 10 hidden", "", 50),
    ("iris", "?data=iris", 45),
    ("3 hidden layers of 16", "?hidden=16,16,16&learning_rate=0.1", 30),
]

MANY_POINTS = "?data=moons&samples=5000"

# with plot, network and curves side by side
WIDE = [("circles, 2-10-2", ""), ("iris", "?data=iris")]


def main() -> None:
    print("Browser: headless Chromium, 1280 × 800")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        blank = Path(folder) / "blank.py"
        blank.write_text(BLANK)
        with Server() as server:
            _frames(browser, server.url, "circles, 10 hidden, 10 epochs a frame", "", 55)
            _frames(browser, server.url, "iris, three classes", "?data=iris", 50)
            _frames(browser, server.url, "TensorFlow Playground's default scene", PLAYGROUND, 57)
            _deep(browser, server.url)
            for what, query, promised in INSIDE:
                _frames(browser, server.url, f"{what}, network drawn", query, promised, "network")
            _frames(browser, server.url, "moons, 5,000 points", MANY_POINTS, 30)
            _frames(browser, server.url, "25 starts of circles beside it", "", 30, "starts")
            _side_by_side(browser, server.url)
            for what, query in WIDE:
                _wide(browser, server.url, what, query)
            _scrub(browser, server.url)
            _slider(browser, server.url)
            _refinement(browser, server.url)
            with Server(blank) as other:
                _load(browser, server.url, other.url)
        browser.close()


def open_page(browser: Browser, url: str, width: int = 1280, height: int = 800) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(url)
    page.wait_for_function(CHARTED)
    page.wait_for_load_state("networkidle")
    return page


def play(page: Page, pace: str = "10") -> list[list[float]]:
    page.select_option("[data-do=pace]", pace)
    page.click("[data-do=play]")
    page.evaluate(WATCH, 1)  # warm
    return [page.evaluate(WATCH, SECONDS) for _ in range(RUNS)]


def _frames(
    browser: Browser, url: str, what: str, query: str, promised: float, tab: str = "curves"
) -> None:
    page = open_page(browser, url + query)
    page.click(f"[data-tab={tab}]")
    runs = play(page)
    page.close()
    say(f"frames painted, {what}", median(rate for rate, _ in runs), promised, "/s")
    note(f"frames without a new picture: {sum(bare for _, bare in runs):.0f}")


def _side_by_side(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    page.click(".nnviz-presets summary")
    page.click(".nnviz-presets button >> nth=0")  # every optimiser
    page.wait_for_function("() => document.querySelectorAll('.nnviz-companion svg').length >= 3")
    runs = play(page, "5")
    page.close()
    say("frames painted, four runs of circles side by side, 5 epochs a frame",
        median(rate for rate, _ in runs), 50, "/s")  # fmt: skip
    note(f"frames without a new picture: {sum(bare for _, bare in runs):.0f}")


def _wide(browser: Browser, url: str, what: str, query: str) -> None:
    page = open_page(browser, url + query, 1920, 1080)
    runs = play(page, "5")
    page.close()
    say(
        f"frames painted, {what}, three panels at 1920 × 1080", median(r for r, _ in runs), 50, "/s"
    )


def _refinement(browser: Browser, url: str) -> None:
    """The fine picture at rest, and the work for the largest of its pieces on the server."""
    page = open_page(browser, url)
    page.wait_for_function(f"() => {STAGE}.dataset.fine === 'true'")
    times = [page.evaluate(REFINE) for _ in range(15)]
    page.close()
    say("last frame to a field as fine as the plot", median(times), 300, "ms", at_least=False)
    session, pieces, first = LiveSession(), [], 0
    session.handle({"op": "open", "recipe": {}})
    while first < PIXELS:
        begun = time.thread_time()
        request = {"op": "detail", "size": [PIXELS, PIXELS], "first": first}
        _, arrays = unpack(session.handle(request))
        pieces.append(1000 * (time.thread_time() - begun))
        first += arrays["planes"].shape[1]
    say(f"the largest of {len(pieces)} pieces, {PIXELS} × {PIXELS}", max(pieces), 8, "ms",
        at_least=False)  # fmt: skip


def _deep(browser: Browser, url: str) -> None:
    page = open_page(browser, f"{url}?hidden=64,64,64,64,64,64&learning_rate=0.01")
    runs = play(page)
    say("frames painted, 6 hidden layers of 64", median(rate for rate, _ in runs), 20, "/s")
    say("the same, pause to paused", page.evaluate(PAUSE), 100, "ms", at_least=False)
    page.close()


def _scrub(browser: Browser, url: str) -> None:
    """Through a run of circles of 5,000 epochs, the network drawn beside it."""
    page = open_page(browser, url)
    page.click("[data-tab=network]")
    page.select_option("[data-do=pace]", "50")
    page.click("[data-do=play]")
    page.wait_for_function(f"() => +{STAGE}.dataset.epoch >= 5000", timeout=60_000)
    page.click("[data-do=play]")
    rates = [page.evaluate(SCRUB, SECONDS) for _ in range(RUNS)]
    page.close()
    say("frames painted while scrubbing, 5,000 epochs, network drawn", median(rates), 30, "/s")


def _slider(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    page.get_by_role("spinbutton", name="Units in layer 1").focus()
    delays = []
    for step in range(12):
        waiting = page.evaluate_handle(f"() => {{ window.slid = ({SLIDE})(); }}")
        page.keyboard.press("ArrowUp" if step % 2 else "ArrowDown")
        delays.append(page.evaluate("() => window.slid"))
        waiting.dispose()
        time.sleep(0.3)
    page.close()
    what = "number of units changed to first frame of the new network"
    say(what, median(delays), 200, "ms", at_least=False)


def _load(browser: Browser, url: str, blank_url: str) -> None:
    ratios, ours, blanks, charted = [], [], [], []
    for _ in range(7):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        start = time.perf_counter()
        page.goto(blank_url)
        page.get_by_text("ready").wait_for()
        blanks.append(time.perf_counter() - start)
        context.close()
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        start = time.perf_counter()
        page.goto(url)
        page.wait_for_function(PAINTED)
        ours.append(time.perf_counter() - start)
        page.wait_for_function(CHARTED)
        charted.append(time.perf_counter() - start)
        context.close()
        ratios.append(ours[-1] / blanks[-1])
    note(
        f"blank page {median(blanks):.2f} s, first frame {median(ours):.2f} s,"
        f" all of Plotly's charts {median(charted):.2f} s (medians of 7)"
    )
    say("first frame / blank Streamlit page", median(ratios), 1.5, "×", at_least=False)
