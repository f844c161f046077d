"""Points drawn one by one while circles play: each is an edit of the run."""

from __future__ import annotations

from statistics import mean, median

from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.bench.browser import STAGE, open_page, play
from tests.bench.report import note, say
from tests.serving import Server

TICKS = 20  # of the display, a third of a second
# of so many ticks, after a point is drawn or at once, those without another frame; each is looked
# at when all that the page does in it is done: whoever asks first for a tick is called first
DROPPED = f"""([ticks, isDrawn]) => new Promise((done) => {{
  const stage = {STAGE};
  const count = () => {{
    let [left, dropped, last] = [ticks, 0, stage.dataset.frames];
    const look = (isLast) => {{
      if (stage.dataset.frames === last) dropped += 1;
      last = stage.dataset.frames;
      if (isLast) done(dropped);
    }};
    const tick = () => {{
      left -= 1;
      setTimeout(look, 0, left === 0);
      if (left) requestAnimationFrame(tick);
    }};
    requestAnimationFrame(tick);
  }};
  const plot = stage.querySelector('.nnviz-boundary');
  if (isDrawn) plot.addEventListener('pointerdown', count, {{ once: true }});
  else count();
}})"""


def main() -> None:
    print("Drawing: headless Chromium, 1280 × 800")
    with sync_playwright() as playwright, Server() as server:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        _draw(browser, server.url)
        browser.close()


def _draw(browser: Browser, url: str) -> None:
    page = open_page(browser, url)
    page.click("[data-do=draw]")
    play(page)
    box = page.locator(".nnviz-boundary").bounding_box()
    assert box is not None
    plain, drawn = [], []
    for i in range(30):
        plain.append(page.evaluate(DROPPED, [TICKS, False]))
        page.evaluate(f"(args) => {{ window.dropped = ({DROPPED})(args); }}", [TICKS, True])
        x, y = 0.3 + 0.4 * (i % 6) / 5, 0.3 + 0.4 * (i // 6) / 5
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        drawn.append(page.evaluate("() => window.dropped"))
    page.close()
    beyond = median(drawn) - median(plain)
    say("frames dropped for a point drawn while circles play", beyond, 1, at_least=False)
    note(f"of {TICKS} ticks, on the mean {mean(drawn):.2f} without a frame (at most {max(drawn)}), "
         f"and {mean(plain):.2f} otherwise")  # fmt: skip
