"""Photograph the page itself, light and dark, as ``page-light.webp`` and ``page-dark.webp``.

``python assets/page.py``, with Chrome or Chromium on the machine. The app is started on a free port
and driven by the browser that draws the exported pictures too.
"""

from __future__ import annotations

import asyncio
import base64
import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from choreographer import Browser
from PIL import Image

from nnviz.export.atomic import write

ROOT = Path(__file__).resolve().parent.parent
LINK = "?data=circles&epoch=150"
WIDTH, HEIGHT = 1280, 800
SECONDS = 60  # until everything is drawn
QUALITY = 88  # of 100

# the picture of the epoch, Plotly's charts and the numbers are there, and nothing moves any more
DRAWN = """(() => {
  const stage = document.querySelector('.nnviz');
  return stage?.dataset.epoch === '150' && stage.querySelectorAll('.js-plotly-plot').length === 3
    && document.querySelectorAll('[data-testid=stSkeleton]').length === 0
    && document.querySelector('[data-show=epoch]').textContent === '150';
})()"""


@contextmanager
def running() -> Iterator[str]:
    """The address of the app while it runs."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true",
               "--server.address", "127.0.0.1", "--server.port", str(port),
               "--server.fileWatcherType", "none"]  # fmt: skip
    app = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        app.terminate()
        app.wait()


async def wait_for_app(url: str) -> None:
    for _ in range(10 * SECONDS):
        try:
            with urlopen(f"{url}_stcore/health"):
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit("the app does not start")


async def ask(tab: Any, command: str, **params: Any) -> Any:
    answer = await tab.send_command(command, params)
    return answer["result"]


async def photograph(browser: Browser, url: str, theme: str) -> bytes:
    tab = await browser.create_tab()
    media = [{"name": "prefers-color-scheme", "value": theme}]
    await ask(tab, "Emulation.setEmulatedMedia", features=media)
    await ask(
        tab, "Emulation.setDeviceMetricsOverride",
        width=WIDTH, height=HEIGHT, deviceScaleFactor=1.5, mobile=False,
    )  # fmt: skip
    await ask(tab, "Page.navigate", url=url)
    for _ in range(10 * SECONDS):
        found = await ask(tab, "Runtime.evaluate", expression=DRAWN)
        if found["result"].get("value"):
            break
        await asyncio.sleep(0.1)
    else:
        raise SystemExit("the page is not drawn")
    await asyncio.sleep(1)  # the field is drawn once more, finer, when it has come to rest
    shot = await ask(tab, "Page.captureScreenshot", format="png")
    await browser.close_tab(tab.target_id)
    return base64.b64decode(shot["data"])


async def main() -> None:
    with running() as url:
        await wait_for_app(url)
        async with Browser(headless=True) as browser:
            for theme in ("light", "dark"):
                picture = Image.open(io.BytesIO(await photograph(browser, url + LINK, theme)))
                small = io.BytesIO()
                picture.convert("RGB").save(small, "WEBP", quality=QUALITY)
                write(Path(__file__).with_name(f"page-{theme}.webp"), small.getvalue())


if __name__ == "__main__":
    asyncio.run(main())
