"""Playing across a real network: painted frames a second, and how far they are behind."""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.bench.browser import CHARTED, STAGE, WATCH
from tests.bench.report import note, say
from tests.proxy import Link
from tests.serving import Server

SECONDS = 5
RUNS = 3

# round trip in ms, bytes a second, frames a second promised
LINKS = [(0, None, 57), (40, None, 55), (100, None, 50), (200, None, 40), (100, 250_000, 20)]
MOST_BEHIND = 0.5  # seconds, on the slow link

# when the frames of a run that plays were requested, in order
REQUESTED = """() => {
  window.requested = [];
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    if (JSON.parse(text).epochs) window.requested.push(performance.now());
    send.call(this, text);
  };
}"""

# for so many seconds of a run that starts: ms from each frame's request until it is painted
BEHIND = f"""(seconds) => new Promise((done) => {{
  const stage = {STAGE};
  const first = Number(stage.dataset.frames);
  const [asked, delays] = [window.requested, []];
  asked.length = 0;
  const start = performance.now();
  stage.querySelector('[data-do=play]').click();
  const look = () => {{
    const painted = Number(stage.dataset.frames) - first;
    while (delays.length < painted) delays.push(performance.now() - asked[delays.length]);
    if (performance.now() - start < 1000 * seconds) requestAnimationFrame(look);
    else done(delays);
  }};
  requestAnimationFrame(look);
}})"""


def main() -> None:
    print("Network: circles, 5 epochs a frame, 1280 × 800")
    with sync_playwright() as playwright, Server() as server:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        for round_trip, rate, promised in LINKS:
            with Link(server.port, round_trip / 1000, rate) as link:
                _play(browser, link, round_trip, rate, promised)
        browser.close()


def _play(browser: Browser, link: Link, round_trip: int, rate: int | None, promised: int) -> None:
    what = f"round trip {round_trip} ms" + (f" and {rate // 1000} kB/s" if rate else "")
    page = _open(browser, link)
    page.click("[data-do=play]")
    page.evaluate(WATCH, 1)  # warm
    before = link.carried
    runs = [page.evaluate(WATCH, SECONDS)[0] for _ in range(RUNS)]
    carried = (link.carried - before) / RUNS / SECONDS
    say(f"frames painted, {what}", median(runs), promised, "/s")
    page.click("[data-do=play]")
    delays = page.evaluate(BEHIND, SECONDS)
    note(
        f"from request to picture: median {median(delays):.0f}, most {max(delays):.0f} ms;"
        f" {carried / 1000:.0f} kB/s, {carried / median(runs) / 1000:.1f} kB a frame"
    )
    if rate:
        say(f"behind, {what}", max(delays) / 1000, MOST_BEHIND, "s", at_least=False)
    page.close()


def _open(browser: Browser, link: Link) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(f"({REQUESTED})()")
    page.goto(link.url, timeout=120_000)
    page.wait_for_function(CHARTED, timeout=120_000)
    page.wait_for_load_state("networkidle")
    page.select_option("[data-do=pace]", "5")
    return page


if __name__ == "__main__":
    main()
