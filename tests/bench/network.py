"""Playing across a real network: painted frames a second, how far they are behind, and how soon
a changed setting shows."""

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
    const { op, epochs } = this.url.endsWith('/live') ? JSON.parse(text) : {};
    if (epochs) window.requested.push(performance.now());
    if (op === 'edit') window.edited = performance.now();
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

# from a key on the dial of the learning rate, while playing: ms until the edit is sent, and from
# then until the first frame with it
CHANGE = f"""() => new Promise((done) => {{
  const stage = {STAGE};
  const start = performance.now();
  window.edited = undefined;
  let frames;
  const look = () => {{
    if (window.edited && frames === undefined) frames = stage.dataset.frames;
    if (frames === undefined || stage.dataset.frames === frames) requestAnimationFrame(look);
    else done([window.edited - start, performance.now() - window.edited]);
  }};
  look();
}})"""
CHANGES = 7
MOST_LATE = 50  # ms more than a round trip
MOST_HELD = 50  # ms, at any round trip


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
    sent, shown = _change(page)
    say(
        f"from a key on a dial until its edit is sent, {what}",
        sent,
        MOST_HELD,
        "ms",
        at_least=False,
    )
    late = f"from an edit to its first frame, {what}: more than a round trip"
    say(late, shown - round_trip, MOST_LATE, "ms", at_least=False)
    if rate:
        say(f"behind, {what}", max(delays) / 1000, MOST_BEHIND, "s", at_least=False)
    page.close()


def _change(page: Page) -> tuple[float, float]:
    """Medians, in ms, until an edit is sent and from then to its first frame; the run plays."""
    page.get_by_role("slider", name="Learning rate").focus()
    times = []
    for number in range(CHANGES):
        page.evaluate(f"() => {{ window.changed = ({CHANGE})(); }}")
        page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")
        times.append(page.evaluate("() => window.changed"))
        page.evaluate(WATCH, 0.5)
    return median(sent for sent, _ in times), median(shown for _, shown in times)


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
