"""The browser's shades and those of exported pictures are the same, view by view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from nnviz.choices.palette import CLASS_STYLES, SIGN_COLOURS, THEMES, channels
from nnviz.choices.views import VIEWS, shade, shade_signed
from nnviz.recipe.look import Look
from nnviz.stage.files import FOLDER

POINTS = 400

# one pixel is a little-endian 0xAABBGGRR
SHADES = """async ([view, planes, look]) => {
  const { SHADES } = await import("/plane/views.js");
  const shade = SHADES[view];
  return planes[0].map((_, i) => shade(planes.map((plane) => plane[i]), planes.length, look));
}"""
SIGNED = """async (signs) => {
  const { signedShades } = await import("/plane/views.js");
  return [...signedShades(signs)];
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def modules() -> Iterator[str]:
    """The stage's files alone, on a free port of this machine."""
    handler = partial(_Quiet, directory=str(FOLDER))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(browser: Browser, modules: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{modules}/stage.html")
    yield page
    page.close()


def bytes_of(k: int) -> Any:
    """Random class probabilities as bytes, ``(k, points)``; sure, unsure and even ones as well."""
    rng = np.random.default_rng(k)
    p = rng.dirichlet(np.ones(k), POINTS)
    p[: POINTS // 4] = rng.dirichlet(np.full(k, 0.1), POINTS // 4)
    p[:k] = np.eye(k)
    p[k] = 1 / k
    return np.rint(p.T * 255).astype(int)


def pixels(numbers: list[int]) -> Any:
    return np.array(numbers, "<u4").view("u1").reshape(-1, 4).astype(int)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("view", "k"),
    [(name, k) for name, view in VIEWS.items() for k in ([2] if view.two_classes else range(2, 7))],
)
def test_every_view_shades_alike(page: Page, view: str, k: int, theme: str) -> None:
    planes = bytes_of(k)
    for class_index, threshold in ((0, 0.5), (k - 1, 0.21)):
        look = {
            "class": class_index,
            "threshold": threshold,
            "colours": [channels(style.colour) for style in CLASS_STYLES[:k]],
            "ink": channels(THEMES[theme].ink),
        }
        seen = pixels(page.evaluate(SHADES, [view, planes.tolist(), look]))
        chosen = Look(view=view, class_index=class_index, threshold=threshold)
        taken = shade(planes[:, None] / 255, chosen, THEMES[theme])[0].astype(int)
        assert np.abs(seen - taken).max() <= 1  # of 255: halves are rounded either way
        assert np.ptp(seen, axis=0).max() > 0


def test_units_are_shaded_alike(page: Page) -> None:
    steps = np.arange(1, 256)  # a byte is 128 + 127 · value
    seen = pixels(page.evaluate(SIGNED, SIGN_COLOURS))[1:]
    taken = shade_signed((steps[None] - 128) / 127)[0].astype(int)
    shown = taken[:, 3] > 0  # a clear pixel may have any colour
    assert np.abs(seen - taken)[shown].max() <= 1
    np.testing.assert_array_equal(seen[~shown, 3], 0)


def test_the_browser_has_every_view_there_is_and_no_other(page: Page) -> None:
    names = page.evaluate("""async () => Object.keys((await import("/plane/views.js")).SHADES)""")
    assert set(names) == set(VIEWS)
